/** The container's entry point: no build, no npm; the standalone server lies beside the folder of this file. */
import { serve } from './serve.mjs';
import { readSettings } from './settings.mjs';

await serve(await readSettings(), new URL('../server.js', import.meta.url));
