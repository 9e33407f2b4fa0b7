/**
 * The broker's thread: builds message store, broker and listener, answers commands, sends samples. The database is the
 * main thread's: definitions are asked for and changed over there.
 */
import { hostname, totalmem } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { hashPassword, verifyPassword } from '../../auth/password.ts';
import { SignInAttempts } from '../../auth/sign-in-attempts.ts';
import { Broker } from '../../broker/broker.ts';
import { systemClock } from '../../broker/clock.ts';
import { EXCHANGE_TYPE_NAMES } from '../../broker/exchanges/exchange-types.ts';
import type { DefinitionStore, Definitions } from '../../broker/ports.ts';
import { Listener } from '../../server/listener.ts';
import { systemDisk } from '../../store/disk.ts';
import { DiskStore } from '../../store/disk-store.ts';
import { SAMPLE_TABLES } from '../sample.ts';
import { type Commands, createCommands, engineErrorOf, nodeNow } from './commands.ts';
import { importDefinitions } from './definitions.ts';
import { createMonitoring } from './monitoring.ts';
import { Sampler } from './sampler.ts';
import type { FromThread, LogLevel, ThreadOptions, ToThread } from './thread-messages.ts';

/** The RabbitMQ release whose behaviour clients meet: by this number they and tools decide what the broker can do. */
const COMPATIBLE_WITH = '4.2.9';
const SAMPLE_MS = 1_000;
/** What happens together is told together. */
const CHANGES_MS = 50;
/** Share of the machine's memory. More than RabbitMQ takes: what Node has freed stays resident for a while. */
const MEMORY_SHARE_MAX = 0.9;

const port = parentPort;
if (!port) throw new Error('the broker thread is started by the embedded engine');
const options = workerData as ThreadOptions;
const post = (message: FromThread, moved: ArrayBuffer[] = []): void => port.postMessage(message, moved);
const log = (level: LogLevel, text: string): void => post({ kind: 'log', level, text });

const waiting = new Map<
  number,
  { resolve: (result: Definitions | undefined) => void; reject: (error: Error) => void }
>();
let lastId = 0;
const ask = (message: (id: number) => FromThread): Promise<Definitions | undefined> =>
  new Promise((resolve, reject) => {
    const id = ++lastId;
    waiting.set(id, { resolve, reject });
    post(message(id));
  });

/** The definition store is on the other side: its queries must not hold up messages. */
const definitions: DefinitionStore = {
  load: async () => (await ask((id) => ({ kind: 'load', id }))) as Definitions,
  apply: async (changes) => void (await ask((id) => ({ kind: 'apply', id, changes }))),
};

const node = `rabbit@${hostname()}`;
const store = new DiskStore({
  disk: systemDisk,
  dataDir: options.dataDir,
  freeBytesMin: options.thresholds.diskFreeBytesMin,
  keepOrphansDays: options.keepOrphansDays,
  log,
});
const broker = new Broker({
  node,
  clock: systemClock,
  store,
  definitions,
  verifyPassword: (user, password) => verifyPassword(user, password),
  hashPassword: (password) => hashPassword(password),
  loopbackUsers: options.loopbackUsers,
  log,
});
const memoryBytesMax = options.thresholds.memoryBytesMax ?? Math.floor(machineBytes() * MEMORY_SHARE_MAX);
const listener = new Listener({
  broker,
  hosts: options.hosts,
  port: options.amqpPort,
  tls: options.tls,
  limits: options.clientLimits,
  loginAttempts: new SignInAttempts(),
  clusterName: node,
  compatibleWith: COMPATIBLE_WITH,
  version: options.version,
  log,
});
let commands: Commands | null = null;

port.on('message', (message: ToThread) => {
  if (message.kind === 'call') void call(message);
  else if (message.kind === 'stop') void stop();
  else {
    const answer = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'definitions') answer?.resolve(message.result);
    else answer?.reject(new Error(message.text));
  }
});

async function call({ id, command, args }: Extract<ToThread, { kind: 'call' }>): Promise<void> {
  try {
    if (!commands) throw new Error('the broker is not ready');
    const run = commands[command] as (...args: unknown[]) => Promise<unknown>;
    post({ kind: 'result', id, result: await run(...args) });
  } catch (error) {
    const { code, message: text } = engineErrorOf(error);
    if (code === 'INTERNAL_ERROR') log('error', `${command}: ${error instanceof Error ? error.stack : String(error)}`);
    post({ kind: 'error', id, code, text });
  }
}

/** What a container allows, where there is one. */
function machineBytes(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}

async function stop(): Promise<void> {
  await listener.stop();
  await store.close();
  post({ kind: 'stopped' });
  port?.close();
}

try {
  const { definitionsToLoad: toLoad, defaultUser, defaultPass: password, defaultVhost } = options;
  // A file that brings users says who may come in: then nobody else may.
  const bringsUsers = toLoad !== null && toLoad.users.length > 0;
  await broker.start({
    user: bringsUsers ? null : defaultUser,
    password,
    vhost: bringsUsers && toLoad.vhosts.length > 0 ? null : defaultVhost,
  });
  if (toLoad) {
    await importDefinitions(broker, toLoad, { by: '', takesAnyPattern: true }).catch((error: unknown) => {
      throw new Error(`definitions were not loaded: ${engineErrorOf(error).message}`);
    });
    broker.reportUnusablePatterns();
  }
  const { amqpPort, amqpsPort, hosts } = await listener.listen();
  const { version } = options;
  const facts = {
    node,
    version,
    compatibleWith: COMPATIBLE_WITH,
    clusterName: node,
    exchangeTypes: [...EXCHANGE_TYPE_NAMES],
    startedAtMs: Date.now(),
    amqpPort,
    amqpsPort,
    consolePort: options.consolePort,
    hosts,
    dataDir: options.dataDir,
    connectionsMax: options.clientLimits.nodeConnectionsMax,
    memoryBytesMax,
    diskFreeBytesMin: options.thresholds.diskFreeBytesMin,
  };
  const freeBytes = (): number => systemDisk.freeBytes(options.dataDir);
  commands = { ...createCommands(broker, listener, facts), ...createMonitoring(broker, listener, facts, freeBytes) };
  const checkAlarms = (): void => {
    broker.memoryIsLow = process.memoryUsage.rss() > memoryBytesMax;
    broker.checkAlarms();
  };
  const sampler = new Sampler(broker, listener);
  const sendSample = (): void => {
    checkAlarms();
    const sample = sampler.take();
    const node = nodeNow(broker, listener, facts);
    post(
      { kind: 'sample', sample, node },
      SAMPLE_TABLES.map((table) => sample[table].values.buffer),
    );
  };
  // The first one comes before anybody can ask.
  sendSample();
  setInterval(sendSample, SAMPLE_MS).unref();
  broker.changes.watch(() => {
    setTimeout(() => post({ kind: 'changes', changes: broker.changes.take() }), CHANGES_MS).unref();
  });
  post({ kind: 'ready', amqpPort });
} catch (error) {
  // A port that is open already takes nobody in, and what was begun on the disk is written to its end.
  await listener.stop();
  await store.close();
  post({ kind: 'failed', text: error instanceof Error ? error.message : String(error) });
}
