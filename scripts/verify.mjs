/** `npm run verify`: what must hold before a change is shown to others; half a minute, no build, no browser. */
import { requireNode } from './node-version.mjs';

requireNode();
const { conclude, staticChecks } = await import('./checks.mjs');
const { runVitest } = await import('./vitest-run.mjs');

await staticChecks();
await runVitest(['unit']);
conclude();
