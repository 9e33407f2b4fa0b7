/** Warren's boot as the child of a test, with nothing that would end the process: what a failed start leaves keeps it alive. */
import { join } from 'node:path';
import { boot } from '../lib/boot.ts';

try {
  const warren = await boot(join(import.meta.dirname, '..'));
  process.once('disconnect', () => void warren.stop());
  process.send?.('ready');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
  process.disconnect?.();
}
