/** The environment as typed settings, read once. The only place that looks at process.env. */
import { join, resolve } from 'node:path';

export type LogThreshold = 'debug' | 'info' | 'warning' | 'error' | 'none';

export interface Config {
  host: string;
  consolePort: number;
  amqpPort: number;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string;
  /** A file of definitions that every start imports, absolute; null: none. */
  definitionsFile: string | null;
  /** Made on the very first start. */
  defaultUser: string;
  defaultPass: string;
  defaultVhost: string;
  logThreshold: LogThreshold;
}

const LOG_THRESHOLDS: readonly string[] = ['debug', 'info', 'warning', 'error', 'none'];

/** Throws an Error with one clear line for a value that cannot be. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  // An empty value is what docker-compose passes for a variable that is not set.
  const text = (name: string, fallback: string): string => env[name] || fallback;
  const port = (name: string, fallback: number): number => {
    const value = text(name, String(fallback));
    if (/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535) return Number(value);
    throw new Error(`${name} is '${value}', but must be a port number from 1 to 65535`);
  };
  const logThreshold = text('WARREN_LOG_LEVEL', 'info');
  if (!LOG_THRESHOLDS.includes(logThreshold)) {
    throw new Error(`WARREN_LOG_LEVEL is '${logThreshold}', but must be one of ${LOG_THRESHOLDS.join(', ')}`);
  }
  // The bundler would take the folder for a part of the program and pack everything in it.
  const absolute = (path: string): string => resolve(/* turbopackIgnore: true */ path);
  const dataDir = absolute(text('WARREN_DATA_DIR', './data'));
  const givenUrl = text('DATABASE_URL', `file:${join(dataDir, 'warren.db')}`);
  const databaseUrl = givenUrl.startsWith('file:') ? `file:${absolute(givenUrl.slice('file:'.length))}` : givenUrl;
  if (!/^(file:|postgres(ql)?:\/\/)/.test(databaseUrl)) {
    throw new Error('DATABASE_URL must start with file: or postgresql://');
  }
  const config: Config = {
    host: text('HOST', '127.0.0.1'),
    consolePort: port('PORT', 15_672),
    amqpPort: port('WARREN_AMQP_PORT', 5_672),
    dataDir,
    databaseUrl,
    definitionsFile: env.WARREN_LOAD_DEFINITIONS ? absolute(env.WARREN_LOAD_DEFINITIONS) : null,
    defaultUser: text('RABBITMQ_DEFAULT_USER', 'guest'),
    defaultPass: text('RABBITMQ_DEFAULT_PASS', 'guest'),
    defaultVhost: text('RABBITMQ_DEFAULT_VHOST', '/'),
    logThreshold: logThreshold as LogThreshold,
  };
  if (config.consolePort === config.amqpPort) throw new Error(`PORT and WARREN_AMQP_PORT are both ${config.amqpPort}`);
  return config;
}
