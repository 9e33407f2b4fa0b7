/** `npm run dev`: pages change as they are edited; a change to the broker needs a restart. */
import { requireNode } from './node-version.mjs';

requireNode();
const { readSettings } = await import('./settings.mjs');
const { runNode } = await import('./child.mjs');

const { hosts, consolePort } = await readSettings();
await runNode(['scripts/prisma-generate.mjs']);
const next = [
  'node_modules/next/dist/bin/next',
  'dev',
  '--hostname',
  hosts[0] ?? 'localhost',
  '--port',
  String(consolePort),
];
process.exitCode = await runNode(next, { env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } });
