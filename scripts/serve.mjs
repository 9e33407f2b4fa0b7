/**
 * Runs the built server. It changes into its own folder and knows Next's names of the settings only, so those are put
 * into the environment first, with absolute paths. What it prints comes as lines of Warren's log, from its first one on.
 */
import { captureConsole, createLog, setLog } from '../lib/log.ts';

/**
 * @param {import('../lib/config.ts').Config} config
 * @param {URL} server
 */
export async function serve(config, server) {
  Object.assign(process.env, {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(config.consolePort),
    HOST: config.host,
    HOSTNAME: config.host,
    WARREN_DATA_DIR: config.dataDir,
    DATABASE_URL: config.databaseUrl,
  });
  setLog(createLog(config.logThreshold));
  captureConsole();
  await import(server.href);
}
