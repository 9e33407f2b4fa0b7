/**
 * Runs the built server. It changes into its own folder and knows Next's names of the settings only, so those are put
 * into the environment first, with absolute paths. What it prints comes as lines of Warren's log, from its first one on.
 */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Server } from 'node:http';
import { captureConsole, createLog, setLog } from '../lib/log.ts';
import { listenAlso } from '../lib/server/listening.ts';

const LISTENS = 'tracing:net.server.listen:asyncEnd';

/**
 * @param {import('../lib/config.ts').Config} config
 * @param {URL} server
 */
export async function serve(config, server) {
  Object.assign(process.env, {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(config.consolePort),
    HOSTNAME: config.hosts[0],
    WARREN_DATA_DIR: config.dataDir,
    DATABASE_URL: config.databaseUrl,
  });
  listenAtAll(config);
  setLog(createLog(config.logThreshold));
  captureConsole();
  await import(server.href);
}

/**
 * Next listens on one address and shows its server to nobody; Node tells of it.
 * @param {import('../lib/config.ts').Config} config
 */
function listenAtAll({ hosts, consolePort }) {
  const [, ...further] = hosts;
  /** @param {unknown} message */
  const listens = (message) => {
    const { server } = /** @type {{ server: import('node:net').Server }} */ (message);
    const address = server.address();
    if (!(server instanceof Server) || typeof address !== 'object' || address?.port !== consolePort) return;
    unsubscribe(LISTENS, listens);
    for (const host of further) {
      listenAlso(server, 'console', host, consolePort).catch((error) => {
        console.error(`Warren cannot start: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      });
    }
  };
  subscribe(LISTENS, listens);
}
