/** `npm test`: everything, on a machine that has run `npm ci`. The last line says how many passed and failed. */
import { requireNode } from './node-version.mjs';

requireNode();
const { conclude, staticChecks, tally } = await import('./checks.mjs');
const { runVitest } = await import('./vitest-run.mjs');
const { build, isBuilt } = await import('./production-build.mjs');
const { runBrowserTests } = await import('./browser-run.mjs');

await staticChecks();
await runVitest(['unit', 'contract']);
console.log('\n== build');
const built = isBuilt() || (await build()) === 0;
if (built) {
  tally.passed++;
  await runVitest(['conformance', 'slow']);
  await runBrowserTests();
} else {
  tally.failed++;
  console.error('The build failed: conformance, container and browser tests did not run.');
}
conclude();
