/** The environment as typed settings. Nothing else in lib looks at process.env. */
import { join, resolve } from 'node:path';
import type { PerObject } from './prometheus/per-object.ts';
import { type ClientLimits, DEFAULT_CLIENT_LIMITS } from './server/client-limits.ts';
import { LOOPBACK } from './server/listening.ts';
import type { TlsOptions } from './server/tls-port.ts';
import { TrustedProxies } from './web/trusted-proxies.ts';

export type LogThreshold = 'debug' | 'info' | 'warning' | 'error' | 'none';

export interface Config {
  /** Addresses on which everything listens; the first one has to be there. */
  hosts: readonly string[];
  consolePort: number;
  amqpPort: number;
  /** Null: no AMQPS. Paths are absolute. */
  tls: TlsOptions | null;
  /** Null: no port for Prometheus. `isDefault`: nobody asked for it, so Warren starts without it when it is taken. */
  prometheus: { port: number; isDefault: boolean } | null;
  /** Who may have metrics that name queues, vhosts and clients. */
  metricsPerObject: PerObject;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string;
  /** A file of definitions that every start imports, absolute; null: none. */
  definitionsFile: string | null;
  /** Made on the very first start. */
  defaultUser: string;
  defaultPass: string;
  defaultVhost: string;
  /** Users that may come only from this machine. */
  loopbackUsers: readonly string[];
  /** Addresses and networks whose word counts about where a request comes from. */
  trustedProxies: readonly string[];
  /** A data directory and a database that are to be used together although they do not belong together; null: none. */
  pairToJoin: string | null;
  logThreshold: LogThreshold;
  /** How long the audit keeps what was done. */
  auditDays: number;
  /** How long messages are kept that belong to no queue; null: for ever. */
  keepOrphansDays: number | null;
  clientLimits: ClientLimits;
  thresholds: Thresholds;
}

/** Where publishers have to wait. Bytes. */
export interface Thresholds {
  /** Resident memory of the process; null: nine tenths of what the machine gives it. */
  memoryBytesMax: number | null;
  /** Free on the disk. */
  diskFreeBytesMin: number;
}

const LOG_THRESHOLDS: readonly string[] = ['debug', 'info', 'warning', 'error', 'none'];

const COUNT_MAX = 1_000_000_000_000;
const TIMER_MS_MAX = 0x7fffffff;
/** The default of free room on the disk: RabbitMQ's disk_free_limit, with room for what is on its way. */
const DISK_FREE_BYTES_MIN = 256 * 1024 * 1024;
/** As RabbitMQ writes sizes. */
const BYTES: Record<string, number> = {
  '': 1,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};
/** No message can be larger on the wire. */
const BODY_BYTES_MAX = 536_870_912;

/** Throws an Error with one clear line for a value that cannot be. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  // An empty value is what docker-compose passes for a variable that is not set.
  const text = (name: string, fallback: string): string => env[name] || fallback;
  const port = (name: string, fallback: number): number => {
    const value = text(name, String(fallback));
    if (/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535) return Number(value);
    throw new Error(`${name} is '${value}', but must be a port number from 1 to 65535`);
  };
  const whole = (name: string, fallback: number, min: number, max: number): number => {
    const value = text(name, String(fallback));
    if (/^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max) return Number(value);
    throw new Error(`${name} is '${value}', but must be a whole number from ${min} to ${max}`);
  };
  /** A number of which 0 stands for no limit. */
  const limit = (name: string): number | null => whole(name, 0, 0, COUNT_MAX) || null;
  const bytes = (name: string, fallback: number): number => {
    const value = text(name, String(fallback));
    const [, digits, unit] = /^(\d{1,15})([a-zA-Z]*)$/.exec(value) ?? [];
    const factor = BYTES[unit ?? 'none'];
    if (factor !== undefined && Number.isSafeInteger(Number(digits) * factor)) return Number(digits) * factor;
    throw new Error(`${name} is '${value}', but must be a number of bytes, such as 16777216, 16MiB or 2GB`);
  };
  const logThreshold = text('WARREN_LOG_LEVEL', 'info');
  if (!LOG_THRESHOLDS.includes(logThreshold)) {
    throw new Error(`WARREN_LOG_LEVEL is '${logThreshold}', but must be one of ${LOG_THRESHOLDS.join(', ')}`);
  }
  // The bundler would take the folder for a part of the program and pack everything in it.
  const absolute = (path: string): string => resolve(/* turbopackIgnore: true */ path);
  const dataDir = absolute(text('WARREN_DATA_DIR', './data'));
  const configuredUrl = text('DATABASE_URL', `file:${join(dataDir, 'warren.db')}`);
  const databaseUrl = configuredUrl.startsWith('file:')
    ? `file:${absolute(configuredUrl.slice('file:'.length))}`
    : configuredUrl;
  if (!/^(file:|postgres(ql)?:\/\/)/.test(databaseUrl)) {
    throw new Error('DATABASE_URL must start with file: or postgresql://');
  }
  const oneOf = <T extends string>(name: string, values: readonly [T, ...T[]]): T => {
    const value = text(name, values[0]);
    const found = values.find((known) => known === value);
    if (found !== undefined) return found;
    throw new Error(`${name} is '${value}', but must be one of ${values.join(', ')}`);
  };
  const pair = (name: string): string | null => {
    const value = text(name, '');
    if (value === '' || /^(new|old|[0-9a-f]{8})\+(empty|old|moved|[0-9a-f]{8})$/.test(value)) return value || null;
    throw new Error(`${name} is '${value}', but must be a pair as a refused start names it, such as 1a2b3c4d+empty`);
  };
  const tls = (): TlsOptions | null => {
    const [cert, key, ca] = [text('WARREN_TLS_CERT', ''), text('WARREN_TLS_KEY', ''), text('WARREN_TLS_CA', '')];
    const wanted = ['WARREN_AMQPS_PORT', 'WARREN_TLS_CERT', 'WARREN_TLS_KEY', 'WARREN_TLS_CA'].find(
      (name) => env[name],
    );
    if (wanted === undefined) return null;
    if (cert === '' || key === '') throw new Error(`${wanted} needs WARREN_TLS_CERT and WARREN_TLS_KEY`);
    const clientCertificate = oneOf('WARREN_TLS_CLIENT_CERT', ['optional', 'required']);
    if (clientCertificate === 'required' && ca === '') throw new Error('WARREN_TLS_CLIENT_CERT needs WARREN_TLS_CA');
    return {
      port: port('WARREN_AMQPS_PORT', 5_671),
      cert: absolute(cert),
      key: absolute(key),
      ca: ca === '' ? null : absolute(ca),
      clientCertificate,
      loginFrom: oneOf('WARREN_TLS_LOGIN_FROM', ['distinguished_name', 'common_name']),
    };
  };
  const config: Config = {
    hosts: env.HOST && env.HOST !== 'localhost' ? [env.HOST] : LOOPBACK,
    consolePort: port('PORT', 15_672),
    amqpPort: port('WARREN_AMQP_PORT', 5_672),
    tls: tls(),
    prometheus:
      env.WARREN_PROMETHEUS_PORT === '0'
        ? null
        : { port: port('WARREN_PROMETHEUS_PORT', 15_692), isDefault: !env.WARREN_PROMETHEUS_PORT },
    metricsPerObject: oneOf('WARREN_METRICS_PER_OBJECT', ['loopback', 'everyone', 'off']),
    dataDir,
    databaseUrl,
    definitionsFile: env.WARREN_LOAD_DEFINITIONS ? absolute(env.WARREN_LOAD_DEFINITIONS) : null,
    defaultUser: text('RABBITMQ_DEFAULT_USER', 'guest'),
    defaultPass: text('RABBITMQ_DEFAULT_PASS', 'guest'),
    defaultVhost: text('RABBITMQ_DEFAULT_VHOST', '/'),
    loopbackUsers: namesOf(text('WARREN_LOOPBACK_USERS', 'guest')),
    trustedProxies: proxiesOf(text('WARREN_TRUSTED_PROXIES', 'none')),
    pairToJoin: pair('WARREN_JOIN'),
    logThreshold: logThreshold as LogThreshold,
    auditDays: whole('WARREN_AUDIT_DAYS', 365, 1, 36_500),
    keepOrphansDays: whole('WARREN_ORPHANED_DAYS', 30, 0, 36_500) || null,
    clientLimits: {
      handshakeMs: whole('WARREN_HANDSHAKE_TIMEOUT', DEFAULT_CLIENT_LIMITS.handshakeMs, 1, TIMER_MS_MAX),
      heartbeatSeconds: whole('WARREN_HEARTBEAT', DEFAULT_CLIENT_LIMITS.heartbeatSeconds, 0, 65_535),
      channelsMax: whole('WARREN_CHANNEL_MAX', DEFAULT_CLIENT_LIMITS.channelsMax, 1, 65_535),
      nodeConnectionsMax: limit('WARREN_CONNECTION_MAX'),
      nodeChannelsMax: limit('WARREN_CHANNEL_MAX_PER_NODE'),
      messageBytesMax: bytes('WARREN_MAX_MESSAGE_SIZE', DEFAULT_CLIENT_LIMITS.messageBytesMax),
      ackTimeoutMs: whole('WARREN_CONSUMER_TIMEOUT', DEFAULT_CLIENT_LIMITS.ackTimeoutMs ?? 0, 0, COUNT_MAX) || null,
      sendTimeoutMs: whole('WARREN_SEND_TIMEOUT', DEFAULT_CLIENT_LIMITS.sendTimeoutMs ?? 0, 0, COUNT_MAX) || null,
    },
    thresholds: {
      memoryBytesMax: bytes('WARREN_MEMORY_LIMIT', 0) || null,
      diskFreeBytesMin: bytes('WARREN_DISK_FREE_LIMIT', DISK_FREE_BYTES_MIN),
    },
  };
  if (config.clientLimits.messageBytesMax < 1 || config.clientLimits.messageBytesMax > BODY_BYTES_MAX) {
    throw new Error(`WARREN_MAX_MESSAGE_SIZE must be from 1 to ${BODY_BYTES_MAX} bytes`);
  }
  if (config.tls && [config.consolePort, config.amqpPort].includes(config.tls.port)) {
    throw new Error(`WARREN_AMQPS_PORT ${config.tls.port} is another port's already`);
  }
  if (config.consolePort === config.amqpPort) throw new Error(`PORT and WARREN_AMQP_PORT are both ${config.amqpPort}`);
  return config;
}

/** Names with commas between them; `none`: nobody. */
function namesOf(list: string): string[] {
  if (list === 'none') return [];
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function proxiesOf(list: string): string[] {
  const entries = namesOf(list);
  try {
    new TrustedProxies(entries);
    return entries;
  } catch (error) {
    throw new Error(`WARREN_TRUSTED_PROXIES: ${error instanceof Error ? error.message : String(error)}`);
  }
}
