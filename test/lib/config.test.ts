import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../lib/config.ts';

const defaults = readConfig({});

describe('settings', () => {
  test('without any, Warren listens on this machine only, where RabbitMQ would, and keeps its data in ./data', () => {
    expect(defaults).toEqual({
      hosts: ['127.0.0.1', '::1'],
      consolePort: 15_672,
      amqpPort: 5672,
      tls: null,
      prometheus: { port: 15_692, isDefault: true },
      metricsPerObject: 'loopback',
      dataDir: resolve('data'),
      databaseUrl: `file:${resolve('data/warren.db')}`,
      definitionsFile: null,
      defaultUser: 'guest',
      defaultPass: 'guest',
      defaultVhost: '/',
      loopbackUsers: ['guest'],
      trustedProxies: [],
      pairToJoin: null,
      logThreshold: 'info',
      auditDays: 365,
      keepOrphansDays: 30,
      clientLimits: {
        handshakeMs: 10_000,
        heartbeatSeconds: 60,
        channelsMax: 2047,
        nodeConnectionsMax: null,
        nodeChannelsMax: null,
        messageBytesMax: 16 * 1024 * 1024,
        ackTimeoutMs: 1_800_000,
        sendTimeoutMs: 30_000,
      },
      thresholds: { memoryBytesMax: null, diskFreeBytesMin: 256 * 1024 * 1024 },
    });
  });

  test.each<[Record<string, string>, object]>([
    [{ HOST: '0.0.0.0' }, { hosts: ['0.0.0.0'] }],
    [{ HOST: 'localhost' }, { hosts: ['127.0.0.1', '::1'] }],
    [{ PORT: '8080' }, { consolePort: 8080 }],
    [{ WARREN_PROMETHEUS_PORT: '9419' }, { prometheus: { port: 9419, isDefault: false } }],
    [{ WARREN_PROMETHEUS_PORT: '0' }, { prometheus: null }],
    [{ WARREN_AMQP_PORT: '1' }, { amqpPort: 1 }],
    [{ WARREN_AMQP_PORT: '65535' }, { amqpPort: 65_535 }],
    [{ WARREN_DATA_DIR: '/srv/w' }, { dataDir: '/srv/w', databaseUrl: 'file:/srv/w/warren.db' }],
    [{ WARREN_DATA_DIR: 'w' }, { dataDir: resolve('w'), databaseUrl: `file:${resolve('w/warren.db')}` }],
    [{ DATABASE_URL: 'file:./x.db' }, { databaseUrl: `file:${resolve('x.db')}` }],
    [{ DATABASE_URL: 'file:/tmp/x.db' }, { databaseUrl: 'file:/tmp/x.db' }],
    [
      { DATABASE_URL: 'postgresql://u:p@h:5432/d?sslmode=require' },
      { databaseUrl: 'postgresql://u:p@h:5432/d?sslmode=require' },
    ],
    [{ DATABASE_URL: 'postgres://h/d' }, { databaseUrl: 'postgres://h/d' }],
    [{ WARREN_LOAD_DEFINITIONS: 'd.yaml' }, { definitionsFile: resolve('d.yaml') }],
    [{ RABBITMQ_DEFAULT_USER: 'ann' }, { defaultUser: 'ann' }],
    [{ RABBITMQ_DEFAULT_PASS: ' p w ' }, { defaultPass: ' p w ' }],
    [{ RABBITMQ_DEFAULT_VHOST: 'prod' }, { defaultVhost: 'prod' }],
    [{ WARREN_ORPHANED_DAYS: '7' }, { keepOrphansDays: 7 }],
    [{ WARREN_ORPHANED_DAYS: '0' }, { keepOrphansDays: null }],
    [{ WARREN_JOIN: 'new+1a2b3c4d' }, { pairToJoin: 'new+1a2b3c4d' }],
    [{ WARREN_LOOPBACK_USERS: 'none' }, { loopbackUsers: [] }],
    [{ WARREN_LOOPBACK_USERS: 'guest, ops' }, { loopbackUsers: ['guest', 'ops'] }],
    [{ WARREN_METRICS_PER_OBJECT: 'everyone' }, { metricsPerObject: 'everyone' }],
    [{ WARREN_TRUSTED_PROXIES: 'none' }, { trustedProxies: [] }],
    [{ WARREN_TRUSTED_PROXIES: '127.0.0.1, fd00::/8' }, { trustedProxies: ['127.0.0.1', 'fd00::/8'] }],
    [{ WARREN_LOG_LEVEL: 'none' }, { logThreshold: 'none' }],
  ])('%j changes %j and nothing else', (env, expected) => {
    expect(readConfig(env)).toEqual({ ...defaults, ...expected });
  });

  test.each<[Record<string, string>, object]>([
    [{ WARREN_HANDSHAKE_TIMEOUT: '500' }, { handshakeMs: 500 }],
    [{ WARREN_HEARTBEAT: '0' }, { heartbeatSeconds: 0 }],
    [{ WARREN_CHANNEL_MAX: '7' }, { channelsMax: 7 }],
    [{ WARREN_CONNECTION_MAX: '100' }, { nodeConnectionsMax: 100 }],
    [{ WARREN_CHANNEL_MAX_PER_NODE: '100' }, { nodeChannelsMax: 100 }],
    [{ WARREN_MAX_MESSAGE_SIZE: '128MiB' }, { messageBytesMax: 128 * 1024 * 1024 }],
    [{ WARREN_MAX_MESSAGE_SIZE: '2kB' }, { messageBytesMax: 2000 }],
    [{ WARREN_CONSUMER_TIMEOUT: '60000' }, { ackTimeoutMs: 60_000 }],
    [{ WARREN_CONSUMER_TIMEOUT: '0' }, { ackTimeoutMs: null }],
    [{ WARREN_SEND_TIMEOUT: '1500' }, { sendTimeoutMs: 1_500 }],
    [{ WARREN_SEND_TIMEOUT: '0' }, { sendTimeoutMs: null }],
  ])('%j sets a limit for clients: %j', (env, expected) => {
    expect(readConfig(env).clientLimits).toEqual({ ...defaults.clientLimits, ...expected });
  });

  test('a certificate opens the AMQPS port; all about it can be set', () => {
    const pair = { WARREN_TLS_CERT: '/etc/c.pem', WARREN_TLS_KEY: 'k.pem' };
    const tls = {
      port: 5671,
      cert: '/etc/c.pem',
      key: resolve('k.pem'),
      ca: null,
      clientCertificate: 'optional',
      loginFrom: 'distinguished_name',
    };
    expect(readConfig(pair).tls).toEqual(tls);
    const more = {
      WARREN_AMQPS_PORT: '7000',
      WARREN_TLS_CA: '/etc/ca.pem',
      WARREN_TLS_CLIENT_CERT: 'required',
      WARREN_TLS_LOGIN_FROM: 'common_name',
    };
    expect(readConfig({ ...pair, ...more }).tls).toEqual({
      ...tls,
      port: 7000,
      ca: '/etc/ca.pem',
      clientCertificate: 'required',
      loginFrom: 'common_name',
    });
  });

  test.each<[Record<string, string>, object]>([
    [{ WARREN_MEMORY_LIMIT: '2GiB' }, { memoryBytesMax: 2 * 1024 ** 3 }],
    [{ WARREN_DISK_FREE_LIMIT: '50MB' }, { diskFreeBytesMin: 50_000_000 }],
  ])('%j sets when publishers have to wait: %j', (env, expected) => {
    expect(readConfig(env).thresholds).toEqual({ ...defaults.thresholds, ...expected });
  });

  test('an empty value is no value, as docker-compose passes variables that are not set', () => {
    const names = [
      'HOST',
      'PORT',
      'WARREN_AMQP_PORT',
      'WARREN_DATA_DIR',
      'DATABASE_URL',
      'RABBITMQ_DEFAULT_USER',
      'WARREN_LOG_LEVEL',
    ];
    expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(defaults);
  });
});

describe('a value that cannot be is one clear line', () => {
  const port = (name: string, value: string): string =>
    `${name} is '${value}', but must be a port number from 1 to 65535`;
  test.each<[Record<string, string>, string]>([
    [{ PORT: 'abc' }, port('PORT', 'abc')],
    [
      { WARREN_METRICS_PER_OBJECT: 'yes' },
      "WARREN_METRICS_PER_OBJECT is 'yes', but must be one of loopback, everyone, off",
    ],
    [
      { WARREN_TRUSTED_PROXIES: '10.0.0.1,10.0.0.0/33' },
      "WARREN_TRUSTED_PROXIES: '10.0.0.0/33' is no address and no network, such as 10.0.0.1, 10.0.0.0/8 or fd00::/8",
    ],
    [{ PORT: '0' }, port('PORT', '0')],
    [{ PORT: '65536' }, port('PORT', '65536')],
    [{ PORT: '-1' }, port('PORT', '-1')],
    [{ PORT: '80.5' }, port('PORT', '80.5')],
    [{ PORT: ' 80' }, port('PORT', ' 80')],
    [{ WARREN_AMQP_PORT: '1e3' }, port('WARREN_AMQP_PORT', '1e3')],
    [{ WARREN_AMQP_PORT: '0x50' }, port('WARREN_AMQP_PORT', '0x50')],
    [{ PORT: '5672' }, 'PORT and WARREN_AMQP_PORT are both 5672'],
    [{ WARREN_HEARTBEAT: '65536' }, "WARREN_HEARTBEAT is '65536', but must be a whole number from 0 to 65535"],
    [{ WARREN_CHANNEL_MAX: '0' }, "WARREN_CHANNEL_MAX is '0', but must be a whole number from 1 to 65535"],
    [
      { WARREN_MEMORY_LIMIT: '2 GB' },
      "WARREN_MEMORY_LIMIT is '2 GB', but must be a number of bytes, such as 16777216, 16MiB or 2GB",
    ],
    [
      { WARREN_MAX_MESSAGE_SIZE: '16mib' },
      "WARREN_MAX_MESSAGE_SIZE is '16mib', but must be a number of bytes, such as 16777216, 16MiB or 2GB",
    ],
    [{ WARREN_MAX_MESSAGE_SIZE: '1GB' }, 'WARREN_MAX_MESSAGE_SIZE must be from 1 to 536870912 bytes'],
    [{ WARREN_AMQPS_PORT: '5671' }, 'WARREN_AMQPS_PORT needs WARREN_TLS_CERT and WARREN_TLS_KEY'],
    [{ WARREN_TLS_CERT: 'c' }, 'WARREN_TLS_CERT needs WARREN_TLS_CERT and WARREN_TLS_KEY'],
    [
      { WARREN_TLS_CERT: 'c', WARREN_TLS_KEY: 'k', WARREN_TLS_CLIENT_CERT: 'required' },
      'WARREN_TLS_CLIENT_CERT needs WARREN_TLS_CA',
    ],
    [
      { WARREN_TLS_CERT: 'c', WARREN_TLS_KEY: 'k', WARREN_TLS_LOGIN_FROM: 'dn' },
      "WARREN_TLS_LOGIN_FROM is 'dn', but must be one of distinguished_name, common_name",
    ],
    [
      { WARREN_TLS_CERT: 'c', WARREN_TLS_KEY: 'k', WARREN_AMQPS_PORT: '5672' },
      "WARREN_AMQPS_PORT 5672 is another port's already",
    ],
    [{ WARREN_LOG_LEVEL: 'loud' }, "WARREN_LOG_LEVEL is 'loud', but must be one of debug, info, warning, error, none"],
    [
      { WARREN_JOIN: 'yes' },
      "WARREN_JOIN is 'yes', but must be a pair as a refused start names it, such as 1a2b3c4d+empty",
    ],
    [{ WARREN_LOG_LEVEL: 'INFO' }, "WARREN_LOG_LEVEL is 'INFO', but must be one of debug, info, warning, error, none"],
    [{ DATABASE_URL: 'mysql://h/d' }, 'DATABASE_URL must start with file: or postgresql://'],
    [{ DATABASE_URL: '/tmp/x.db' }, 'DATABASE_URL must start with file: or postgresql://'],
  ])('%j', (env, message) => {
    expect(() => readConfig(env)).toThrow(new Error(message));
    expect(message).not.toContain('\n');
  });

  test('a database URL that is refused is not repeated: it may have a password in it', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://u:secret@h/d' })).toThrow(/^(?!.*secret)/);
  });
});
