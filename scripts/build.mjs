/** `npm run build` */
import { requireNode } from './node-version.mjs';

requireNode();
const { build } = await import('./production-build.mjs');
process.exitCode = await build();
