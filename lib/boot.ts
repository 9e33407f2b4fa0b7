/** Builds everything in its order, and ends it in the reverse one. The only place that picks adapters. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSecretKey } from './auth/secret-key.ts';
import { Sessions } from './auth/sessions.ts';
import { setRecords } from './auth/slot.ts';
import { type Config, readConfig } from './config.ts';
import { EventHub } from './console/event-hub.ts';
import { setEvents } from './console/event-slot.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { AuditRecords } from './db/audit.ts';
import { startAuditRetention } from './db/audit-retention.ts';
import { openDatabase } from './db/database.ts';
import { PrismaDefinitionStore } from './db/definitions.ts';
import { SessionRecords } from './db/sessions.ts';
import { readDefinitions } from './definitions/definition-file.ts';
import type { DefinitionImport } from './engine/definitions.ts';
import { startEmbeddedEngine } from './engine/embedded/engine.ts';
import type { Engine } from './engine/port.ts';
import { setEngine } from './engine/slot.ts';
import { createLog, type Log, setLog, startLines } from './log.ts';
import { startMetrics } from './metrics/metrics.ts';
import { setMetrics } from './metrics/slot.ts';
import { listenForPrometheus, type PrometheusListener } from './prometheus/listener.ts';
import { setPrometheusPort } from './prometheus/slot.ts';

export interface Warren {
  config: Config;
  log: Log;
  /** Listeners, then connections (320 CONNECTION_FORCED), then what is left to write. */
  stop(): Promise<void>;
}

/** Rejects with an Error whose message is one clear line. `root` is the folder with package.json and prisma/. */
export async function boot(root: string): Promise<Warren> {
  const config = readConfig();
  const log = createLog(config.logThreshold);
  setLog(log);
  const definitionsToLoad = config.definitionsFile === null ? null : definitionsIn(config.definitionsFile);
  const unlock = lockDataDir(config.dataDir);
  const secretKey = openSecretKey(config.dataDir);
  const database = await openDatabase(config.databaseUrl, join(root, 'prisma/migrations'));
  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  const sessions = new Sessions(new SessionRecords(database), secretKey);
  const engine = await startEmbeddedEngine({
    host: config.host,
    amqpPort: config.amqpPort,
    consolePort: config.consolePort,
    defaultUser: config.defaultUser,
    defaultPass: config.defaultPass,
    defaultVhost: config.defaultVhost,
    loopbackUsers: config.loopbackUsers,
    version,
    tls: config.tls,
    clientLimits: config.clientLimits,
    thresholds: config.thresholds,
    dataDir: config.dataDir,
    definitionsToLoad,
    definitions: new PrismaDefinitionStore(database, (user) => sessions.forget(user)),
    log,
    died: (text) => {
      log('error', text);
      process.exit(1);
    },
  });
  const audit = new AuditRecords(database);
  const stopRetention = startAuditRetention(audit, config.auditDays, (text) => log('warning', text));
  setRecords({ sessions, audit });
  const metrics = startMetrics(engine);
  const events = new EventHub(engine, metrics);
  setMetrics(metrics);
  setEvents(events);
  const prometheus = await startPrometheus(config, engine, log);
  setPrometheusPort(prometheus?.port);
  setEngine(engine);
  announce(config);
  return {
    config,
    log,
    async stop() {
      // First: an answer that does not end would keep the HTTP server open.
      events.stop();
      stopRetention();
      setEvents(undefined);
      await prometheus?.stop();
      setPrometheusPort(undefined);
      await engine.stop();
      setEngine(undefined);
      setMetrics(undefined);
      setRecords(undefined);
      await database.$disconnect();
      unlock();
    },
  };
}

/** The console's port has the same pages, so a start does without a port that nobody asked for. */
async function startPrometheus(config: Config, engine: Engine, log: Log): Promise<PrometheusListener | null> {
  if (config.prometheus === null) return null;
  const { port, isDefault } = config.prometheus;
  try {
    return await listenForPrometheus({ monitoring: engine, host: config.host, port, log });
  } catch (error) {
    if (!isDefault) throw error;
    log('warning', `${error instanceof Error ? error.message : String(error)}: metrics are on the console's port only`);
    return null;
  }
}

/** Read before anything is opened: whoever mistyped wants to know at once. */
function definitionsIn(path: string): DefinitionImport {
  const setting = `WARREN_LOAD_DEFINITIONS ${path}`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${setting} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return readDefinitions(text);
  } catch (error) {
    throw new Error(`${setting}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function announce(config: Config): void {
  const host = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(config.host) ? 'localhost' : config.host;
  const guest = config.defaultUser === 'guest' && config.defaultPass === 'guest';
  const vhost = config.defaultVhost === '/' ? '' : `/${encodeURIComponent(config.defaultVhost)}`;
  startLines.begun(
    [
      `Console  http://${host}:${config.consolePort}${guest ? '  (sign in as guest / guest)' : `  (sign in as ${config.defaultUser})`}`,
      `AMQP     amqp://${guest ? 'guest:guest@' : ''}${host}:${config.amqpPort}${vhost}`,
      ...(config.tls ? [`AMQPS    amqps://${host}:${config.tls.port}${vhost}`] : []),
      `Data     ${config.dataDir}`,
    ].join('\n'),
  );
}
