/** Warren without its console, as the child of a test. Ends when its parent does. */
import { join } from 'node:path';
import { boot } from '../../lib/boot.ts';

const warren = await boot(join(import.meta.dirname, '../..'));

process.once('disconnect', () => {
  void warren.stop().finally(() => process.exit());
});
process.send?.('ready');
