/** `npm start`: builds where no current build is, then serves in this same process, so that signals need no forwarding. */
import { requireNode } from './node-version.mjs';

requireNode();
const { readSettings } = await import('./settings.mjs');
const { build, isBuilt } = await import('./production-build.mjs');
const { serve } = await import('./serve.mjs');

const config = await readSettings();
if (!isBuilt()) {
  console.log('Building Warren; this is needed once after an installation or a change.');
  const code = await build();
  if (code !== 0) process.exit(code);
}
await serve(config, new URL('../.next/standalone/server.js', import.meta.url));
