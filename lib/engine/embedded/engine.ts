/** The embedded engine: the broker in its own thread, spoken to by messages. Lives on the main thread. */
import { Worker } from 'node:worker_threads';
import type { DefinitionChange, DefinitionStore } from '../../broker/ports.ts';
import type { ClientLimits } from '../../server/client-limits.ts';
import type { TlsOptions } from '../../server/tls-port.ts';
import { IDENTITIES } from '../actor.ts';
import { ADMINISTRATION } from '../administration.ts';
import { BINDINGS } from '../bindings.ts';
import { CLIENTS } from '../clients.ts';
import { DEFINITION_TRANSFER, type DefinitionImport } from '../definitions.ts';
import { EXCHANGES } from '../exchanges.ts';
import { MESSAGES } from '../messages.ts';
import { MOVING } from '../moves.ts';
import { NODES, type NodeNow } from '../node.ts';
import type { ObjectChange } from '../object-change.ts';
import type { Engine } from '../port.ts';
import { QUEUES } from '../queues.ts';
import { RABBIT_FACTS, type RabbitFacts } from '../rabbit-facts.ts';
import { ROUTING } from '../routing.ts';
import { type CounterTable, SAMPLE_TABLES, type Sample } from '../sample.ts';
import { EMBEDDED_CAPABILITIES } from './capabilities.ts';
import type { Commands } from './commands.ts';
import { KnownLogins } from './known-logins.ts';
import type { SentSample } from './sampler.ts';
import { ThreadCalls } from './thread-calls.ts';
import type { FromThread, LogLevel, ThreadOptions, ToThread } from './thread-messages.ts';

export interface EmbeddedEngineOptions {
  /** Addresses that clients connect to. */
  hosts: readonly string[];
  amqpPort: number;
  consolePort: number;
  defaultUser: string;
  defaultPass: string;
  defaultVhost: string;
  /** Users that may come only from this machine. */
  loopbackUsers: readonly string[];
  version: string;
  clientLimits: ClientLimits;
  /** Null: no AMQPS. */
  tls: TlsOptions | null;
  /** Where publishers have to wait, in bytes. */
  thresholds: { memoryBytesMax: number | null; diskFreeBytesMin: number };
  dataDir: string;
  /** Days for which messages are kept that belong to no queue; null: for ever. */
  keepOrphansDays: number | null;
  /** Imported before clients can connect; null: nothing. Where the definitions have users, no default user is made. */
  definitionsToLoad: DefinitionImport | null;
  definitions: DefinitionStore;
  log: (level: LogLevel, text: string) => void;
  /** The broker's thread has ended by itself; nothing works any more. */
  died: (text: string) => void;
}

/** After this time watchers hear of a second ago. */
const PATIENCE_MS = 5;

const COMMANDS = Object.keys({
  ...IDENTITIES,
  ...NODES,
  ...QUEUES,
  ...EXCHANGES,
  ...BINDINGS,
  ...MESSAGES,
  ...MOVING,
  ...ROUTING,
  ...CLIENTS,
  ...ADMINISTRATION,
  ...DEFINITION_TRANSFER,
  ...RABBIT_FACTS,
} satisfies Record<keyof Commands, true>) as (keyof Commands)[];

/** The engine without lists: these come from samples, and whoever keeps the samples adds them. */
export interface EmbeddedEngine extends Omit<Engine, 'lists'>, RabbitFacts {
  amqpPort: number;
  stop(): Promise<void>;
}

/** Resolves when AMQP clients can connect; rejects with an Error whose message is one clear line, and leaves no thread then. */
export async function startEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const { definitions, log, died, ...rest } = options;
  const workerData: ThreadOptions = rest;
  const worker = new Worker(new URL('./broker-thread.ts', import.meta.url), { name: 'broker', workerData });
  const send = (message: ToThread): void => worker.postMessage(message);
  const calls = new ThreadCalls({ send, log });
  const subscribers = new Set<(sample: Sample) => void>();
  const watchers = new Set<(changes: ObjectChange[] | null) => void>();
  let latest: Sample | undefined;
  const logins = new KnownLogins();
  /** True also before the thread is up: whoever waits for the start is told why it failed, and nobody else. */
  let isExpectedToEnd = true;
  let stopping = false;
  let onStopped = (): void => {};

  const definitionsAnswer = (
    id: number,
    answer: Promise<Extract<ToThread, { kind: 'definitions' }>['result'] | undefined>,
  ) => {
    answer.then(
      (result) => send({ kind: 'definitions', id, result }),
      (error: unknown) =>
        send({ kind: 'definitions-failed', id, text: error instanceof Error ? error.message : String(error) }),
    );
  };

  const amqpPort = await new Promise<number>((resolve, reject) => {
    worker.on('message', (message: FromThread) => {
      calls.heard();
      switch (message.kind) {
        case 'ready':
          isExpectedToEnd = false;
          return resolve(message.amqpPort);
        case 'failed':
          return reject(new Error(message.text));
        case 'stopped':
          return onStopped();
        case 'result':
          return calls.resolve(message.id, message.result);
        case 'error':
          return calls.reject(message.id, message.code, message.text);
        case 'load':
          return definitionsAnswer(message.id, definitions.load());
        case 'apply':
          if (message.changes.some(mayChangeLogins)) logins.forgetAll();
          return definitionsAnswer(
            message.id,
            definitions.apply(message.changes).then(() => undefined),
          );
        case 'sample':
          latest = received(message.sample, message.node, latest);
          for (const subscriber of subscribers) subscriber(latest);
          return;
        case 'changes':
          for (const watcher of watchers) watcher(message.changes);
          return;
        case 'log':
          return log(message.level, message.text);
      }
    });
    worker.on('error', (error) => {
      reject(error);
      if (!isExpectedToEnd)
        died(`the broker thread failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
    worker.on('exit', () => {
      reject(new Error('the broker thread has ended'));
      calls.end('the broker has stopped');
      onStopped();
      if (!isExpectedToEnd) died('the broker thread has ended');
    });
  }).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  calls.start();

  const commands = Object.fromEntries(
    COMMANDS.map((command) => [command, (...args: unknown[]) => calls.call(command, args)]),
  ) as unknown as Commands;

  return {
    ...commands,
    amqpPort,
    capabilities: EMBEDDED_CAPABILITIES,
    health: () => ({ ...calls.health(), figuresAtMs: latest?.atMs ?? null }),
    async authenticate(name, password, remoteAddress) {
      const key = logins.key(name, password, remoteAddress);
      const known = logins.find(key, Date.now());
      // The broker is asked in any case: it counts logins, and has the last word on the next one.
      const answer = commands.authenticate(name, password, remoteAddress).then((identity) => {
        logins.keep(key, identity, Date.now());
        return identity;
      });
      if (known === null || calls.isHanging) return answer;
      answer.catch(() => {});
      return known;
    },
    overview() {
      return soonOr(commands.overview(), () => latest && { ...latest.node, nowMs: Date.now() });
    },
    subscribe(onSample) {
      subscribers.add(onSample);
      if (latest !== undefined) onSample(latest);
      return () => subscribers.delete(onSample);
    },
    watch(onChanges) {
      watchers.add(onChanges);
      return () => watchers.delete(onChanges);
    },
    async stop() {
      if (stopping) return;
      stopping = true;
      isExpectedToEnd = true;
      calls.close('the broker is stopping');
      const stopped = new Promise<void>((resolve) => {
        onStopped = resolve;
      });
      send({ kind: 'stop' });
      await stopped;
      await worker.terminate();
    },
  };
}

/** All but the topology, which changes all the time. */
function mayChangeLogins(change: DefinitionChange): boolean {
  const kind = 'put' in change ? change.put : change.delete;
  return kind !== 'queue' && kind !== 'exchange' && kind !== 'binding';
}

/** The fresh answer, or the `known` one where a busy broker would keep its watchers waiting; undefined: none yet. */
function soonOr<T>(fresh: Promise<T>, known: () => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => {
      const then = known();
      if (then !== undefined) resolve(then);
    }, PATIENCE_MS);
    fresh.then(resolve, reject).finally(() => clearTimeout(patience));
  });
}

/** A sample as it was sent, with the names that it left out because they are those of the sample before. */
function received(sent: SentSample, node: NodeNow, before: Sample | undefined): Sample {
  const tables = SAMPLE_TABLES.map((name): [string, CounterTable] => {
    const { keys, values } = sent[name];
    return [name, { keys: keys ?? before?.[name].keys ?? [], values }];
  });
  return { ...sent, node, ...(Object.fromEntries(tables) as Record<(typeof SAMPLE_TABLES)[number], CounterTable>) };
}
