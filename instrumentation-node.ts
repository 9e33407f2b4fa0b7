import { boot, type Warren } from './lib/boot.ts';
import { readConfig } from './lib/config.ts';
import { startLines } from './lib/log.ts';
import { watchRequests } from './lib/web/front.ts';
import { TrustedProxies } from './lib/web/trusted-proxies.ts';

/** After a signal everything is gone within this time, whatever hangs. */
const STOP_MS = 9_000;

/** Starts the broker with the server and stops it before the server stops. */
export async function register(): Promise<void> {
  try {
    const config = readConfig();
    const trusted = new TrustedProxies(config.trustedProxies);
    watchRequests({ trusted, isDevelopment: process.env.NODE_ENV === 'development' });
    const warren = await boot(process.cwd(), config);
    stopBeforeNext(warren);
  } catch (error) {
    startLines.refused(`Warren cannot start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

/** Next ends the process soon after a signal: its handlers run only when the broker has stopped. */
function stopBeforeNext(warren: Warren): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const handlers = process.listeners(signal);
    process.removeAllListeners(signal);
    let stopping = false;
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      warren.log('info', `${signal}: stopping`);
      setTimeout(() => process.exit(1), STOP_MS).unref();
      warren
        .stop()
        .catch((error: unknown) => warren.log('error', `stop failed: ${String(error)}`))
        .finally(() => {
          for (const handler of handlers) handler(signal);
          if (handlers.length === 0) process.exit(0);
        });
    });
  }
}
