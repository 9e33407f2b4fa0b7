/** Warren without its console, as the child of a test. Ends when its parent does. */
import { once } from 'node:events';
import { join } from 'node:path';
import { boot } from '../../lib/boot.ts';
import { running } from '../../lib/running.ts';
import { serveApi } from './api-server.ts';
import type { Command, CommandAnswer } from './command.ts';

const warren = await boot(join(import.meta.dirname, '../..'));

const api = serveApi(warren.config.consolePort);
await once(api, 'listening');

process.once('disconnect', () => {
  api.close();
  void warren.stop().finally(() => process.exit());
});
process.on('message', ({ id, name, args }: Command) => {
  const run = running().desk.engine[name] as (...args: unknown[]) => Promise<unknown>;
  const answer = (rest: Omit<CommandAnswer, 'id'>): void => void process.send?.({ id, ...rest });
  run(...args).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.send?.('ready');
