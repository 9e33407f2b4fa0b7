import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Capabilities } from '../../lib/engine/capabilities.ts';
import { startEmbeddedEngine } from '../../lib/engine/embedded/engine.ts';
import { EngineError } from '../../lib/engine/errors.ts';
import type { Lists } from '../../lib/engine/lists.ts';
import type { Engine } from '../../lib/engine/port.ts';
import { SampledLists } from '../../lib/lists/sampled-lists.ts';
import { startMetrics } from '../../lib/metrics/metrics.ts';
import { DEFAULT_CLIENT_LIMITS } from '../../lib/server/client-limits.ts';
import { MemoryDefinitions } from '../lib/broker/memory-definitions.ts';
import { EngineFixture } from '../lib/engine/embedded/engine-fixture.ts';
import { engineContract } from './engine.ts';

/** What Warren's own broker promises. */
const FULL: Capabilities = {
  browse: { kind: 'harmless', reason: null },
  positions: { kind: 'lasting', reason: null },
  pause: { kind: 'stored', reason: null },
  move: { kind: 'exactly-once', reason: null },
  route: { kind: 'exact', reason: null },
  rates: { kind: 'measured', reason: null },
  samples: { kind: 'each-second', reason: null },
  events: { kind: 'at-once', reason: null },
  oldestAge: { kind: 'exact', reason: null },
  deaths: { kind: 'recorded', reason: null },
};

async function startEmbedded() {
  const dataDir = mkdtempSync(join(tmpdir(), 'warren-contract-'));
  const broker = await startEmbeddedEngine({
    ...{ hosts: ['127.0.0.1'], amqpPort: 0, consolePort: 0, tls: null, version: '0', dataDir },
    ...{ defaultUser: 'guest', defaultPass: 'guest', defaultVhost: '/', loopbackUsers: ['guest'] },
    clientLimits: DEFAULT_CLIENT_LIMITS,
    thresholds: { memoryBytesMax: null, diskFreeBytesMin: 0 },
    keepOrphansDays: null,
    definitionsToLoad: null,
    definitions: new MemoryDefinitions(),
    log: () => {},
    died: (text) => {
      throw new Error(text);
    },
  });
  const engine: Engine = { ...broker, lists: new SampledLists(broker, startMetrics(broker)) };
  const stop = async (): Promise<void> => {
    await broker.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { engine, stop };
}

engineContract('The embedded engine', { capabilities: FULL, start: startEmbedded });

/** Time goes by quickly there: a second in some milliseconds. */
async function startInMemory() {
  const fixture = await EngineFixture.start();
  return { engine: fixture.wholeEngine(), stop: async () => fixture.endTime() };
}

engineContract('The engine in memory', { capabilities: FULL, start: startInMemory });

/** As far as a broker goes that is reached by HTTP and AMQP alone, and has no way to look without touching. */
const LESSER: Capabilities = {
  ...FULL,
  browse: { kind: 'none', reason: 'This broker shows no message without taking it.' },
  positions: { kind: 'none', reason: 'This broker has no name for the place of a message.' },
  pause: { kind: 'none', reason: 'This broker gives its messages to whoever consumes.' },
  move: { kind: 'none', reason: 'This broker moves no messages.' },
  route: { kind: 'none', reason: 'This broker does not say where a message would go.' },
  rates: { kind: 'none', reason: 'This broker counts nothing.' },
  oldestAge: { kind: 'none', reason: 'This broker does not know when a message arrived.' },
  deaths: { kind: 'claimed', reason: 'This broker knows of deaths from headers alone.' },
  events: { kind: 'polled', reason: 'This broker is asked now and then.' },
};

async function startLesser() {
  const { engine, stop } = await startInMemory();
  const refused = async (): Promise<never> => {
    throw new EngineError('NOT_IMPLEMENTED', 'this broker cannot do that');
  };
  const lesser: Engine = {
    ...{
      ...engine,
      capabilities: LESSER,
      peek: refused,
      pauseQueue: refused,
      move: refused,
      checkMoves: refused,
      route: refused,
    },
    queue: async (...asked) => ({ ...(await engine.queue(...asked)), oldestReadyAtMs: null }),
    lists: Object.assign(Object.create(engine.lists) as Lists, {
      queues: async (...asked: Parameters<Lists['queues']>) => {
        const page = await engine.lists.queues(...asked);
        return { ...page, rows: page.rows.map((row) => ({ ...row, rates: null })) };
      },
    }),
  };
  lesser.watch = (onChanges) => engine.watch(() => onChanges(null));
  return { engine: lesser, stop };
}

engineContract('An engine of fewer capabilities', { capabilities: LESSER, start: startLesser });
