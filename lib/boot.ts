/** Builds everything in its order, and ends it in the reverse one. Engine and definition store are picked here only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RefusedSignIns } from './audit/refused-sign-ins.ts';
import { startAuditRetention } from './audit/retention.ts';
import { openSecretKey } from './auth/secret-key.ts';
import { Sessions } from './auth/sessions.ts';
import { SignInAttempts } from './auth/sign-in-attempts.ts';
import { SignIns } from './auth/sign-ins.ts';
import { Clusters } from './clusters.ts';
import { type Config, readConfig } from './config.ts';
import { EventHub } from './console/event-hub.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { AuditRecords } from './db/audit.ts';
import { type Database, openDatabase } from './db/database.ts';
import { PrismaDefinitionStore } from './db/definitions.ts';
import { lockDefinitions } from './db/definitions-lock.ts';
import { startDeletedLogRetention } from './db/deleted-logs.ts';
import { SessionRecords } from './db/sessions.ts';
import { readDefinitions } from './definitions/definition-file.ts';
import type { DefinitionImport } from './engine/definitions.ts';
import { type EmbeddedEngine, startEmbeddedEngine } from './engine/embedded/engine.ts';
import type { Monitoring } from './engine/figures.ts';
import { Health } from './health/health.ts';
import { recognise } from './installation/installation.ts';
import { SampledLists } from './lists/sampled-lists.ts';
import { LOCAL_CLUSTER } from './local-cluster.ts';
import { createLog, type Log, setLog, startLines } from './log.ts';
import { startMetrics } from './metrics/metrics.ts';
import { listenForPrometheus, type PrometheusListener } from './prometheus/listener.ts';
import { setRunning } from './running.ts';
import { LOOPBACK, listenOn } from './server/listening.ts';
import { StartSequence } from './start-sequence.ts';
import { TrustedProxies } from './web/trusted-proxies.ts';

export interface Warren {
  config: Config;
  log: Log;
  /**
   * Ends streams of events, writes what the audit still gathers, closes the port for Prometheus; then the broker: its
   * listeners, its connections (320 CONNECTION_FORCED), what is left to write; then the database and the locks.
   */
  stop(): Promise<void>;
}

/** What hangs while a failed start is undone must not keep the process. */
const UNDO_MS = 5_000;

/**
 * Rejects with an Error whose message is one clear line; what it had begun by then is ended. `root` is the folder with
 * package.json and prisma/.
 */
export async function boot(root: string, config: Config = readConfig()): Promise<Warren> {
  const log = createLog(config.logThreshold);
  setLog(log);
  const definitionsToLoad = config.definitionsFile === null ? null : definitionsIn(config.definitionsFile);
  const sequence = new StartSequence(log);
  try {
    const records = await openRecords(root, config, log, sequence);
    const engine = await startEngine(root, config, log, sequence, records, definitionsToLoad);
    await startConsole(config, log, sequence, records, engine);
  } catch (error) {
    await Promise.race([sequence.undo(), new Promise((resolve) => setTimeout(resolve, UNDO_MS).unref())]);
    throw error;
  }
  announce(config);
  return { config, log, stop: () => sequence.undo() };
}

interface Records {
  database: Database;
  definitions: PrismaDefinitionStore;
  sessions: Sessions;
  audit: AuditRecords;
}

/** Data directory and database: locked first, then looked at, and only then changed. */
async function openRecords(root: string, config: Config, log: Log, sequence: StartSequence): Promise<Records> {
  const { dataDir, databaseUrl } = config;
  await sequence.step(
    'the lock on the data directory',
    () => lockDataDir(dataDir),
    (unlock) => unlock(),
  );
  const lost = (text: string): void => end(log, text);
  await sequence.step(
    'the lock on the definitions',
    () => lockDefinitions(databaseUrl, { log, lost }),
    (lock) => lock.release(),
  );
  const installation = await recognise(config);
  const database = await sequence.step(
    'the database',
    () => openDatabase(databaseUrl, join(root, 'prisma/migrations')),
    (opened) => opened.$disconnect(),
  );
  await installation.settle(database);
  const sessions = new Sessions(new SessionRecords(database), openSecretKey(dataDir));
  const audit = new AuditRecords(database);
  const definitions = new PrismaDefinitionStore(database, (user) => sessions.forget(user));
  return { database, definitions, sessions, audit };
}

async function startEngine(
  root: string,
  config: Config,
  log: Log,
  sequence: StartSequence,
  { database, definitions }: Records,
  definitionsToLoad: DefinitionImport | null,
): Promise<EmbeddedEngine> {
  const before = Date.now();
  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  const engine = await sequence.step(
    'the broker',
    () =>
      startEmbeddedEngine({
        hosts: config.hosts,
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
        keepOrphansDays: config.keepOrphansDays,
        definitionsToLoad,
        definitions,
        log,
        died: (text) => end(log, text),
      }),
    (started) => started.stop(),
  );
  await sequence.step(
    'the retention of names of deleted logs',
    () => startDeletedLogRetention(database, before, (text) => log('warning', text)),
    (stopRetention) => stopRetention(),
  );
  return engine;
}

/** What pages and doors need, and the port for Prometheus. */
async function startConsole(
  config: Config,
  log: Log,
  sequence: StartSequence,
  { sessions, audit }: Records,
  broker: EmbeddedEngine,
): Promise<void> {
  const prometheus = await sequence.step(
    'the metrics port',
    () => startPrometheus(config, broker, log),
    (listener) => listener?.stop(),
  );
  await sequence.step(
    'the retention of the audit',
    () => startAuditRetention(audit, config.auditDays, (text) => log('warning', text)),
    (stopRetention) => stopRetention(),
  );
  const refusedSignIns = new RefusedSignIns(audit, (text) => log('warning', text));
  const metrics = startMetrics(broker);
  const signIns = new SignIns(new SignInAttempts(), refusedSignIns);
  await sequence.step(
    'the console',
    () => {
      const engine = { ...broker, lists: new SampledLists(broker, metrics) };
      const events = new EventHub(engine, metrics);
      const health = new Health(metrics);
      const prometheusPort = prometheus?.port ?? null;
      const local = { engine, metrics, health, events };
      const clusters = new Clusters(new Map([[LOCAL_CLUSTER, local]]));
      const desk = { ...local, facts: broker, audit, sessions, signIns, prometheusPort };
      setRunning({ clusters, desk, sessions, metricsPerObject: config.metricsPerObject });
      return clusters;
    },
    (clusters) => {
      // First: an answer that does not end would keep the HTTP server open.
      clusters.stop();
      setRunning(undefined);
      return refusedSignIns.write();
    },
  );
}

/** When there is nothing left that could be done in order: what is on disk is as good as after a kill. */
function end(log: Log, text: string): void {
  log('error', text);
  process.exit(1);
}

/** The console's port has the same pages, so a start does without a port that nobody asked for. */
async function startPrometheus(config: Config, monitoring: Monitoring, log: Log): Promise<PrometheusListener | null> {
  if (config.prometheus === null) return null;
  const { port, isDefault } = config.prometheus;
  try {
    return await listenForPrometheus({
      monitoring,
      perObject: config.metricsPerObject,
      trusted: new TrustedProxies(config.trustedProxies),
      port,
      log,
      listen: (server, port) => listenOn(server, 'Prometheus', config.hosts, port),
    });
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
  const address = config.hosts[0] as string;
  const host = ['0.0.0.0', '::', ...LOOPBACK].includes(address) ? 'localhost' : address;
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
