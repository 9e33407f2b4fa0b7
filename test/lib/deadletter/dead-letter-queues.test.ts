import { expect, test } from 'vitest';
import { DeadLetterQueues } from '../../../lib/deadletter/dead-letter-queues.ts';
import { EngineInMemory } from './engine-in-memory.ts';

const actor = { user: 'ops' };

async function list(engine: EngineInMemory) {
  const queues = await engine.listQueues(actor);
  const found = await new DeadLetterQueues(engine.asEngine()).list(actor, queues);
  return found.map(({ info, sources }) => ({ name: info.name, sources }));
}

test('a queue that dead letters are routed to is one, before the first death', async () => {
  const engine = new EngineInMemory();
  engine.declare('orders', { deadLetterExchange: 'dlx', deadLetterTargets: ['dead'] });
  engine.declare('dead');
  expect(await list(engine)).toEqual([{ name: 'dead', sources: ['orders'] }]);
});

test('a queue that has taken dead letters is one, though nothing is routed there any more', async () => {
  const engine = new EngineInMemory();
  engine.declare('old', { counters: { deadLettersIn: 3 } as never });
  engine.declare('plain');
  expect(await list(engine)).toEqual([{ name: 'old', sources: [] }]);
});

test('queues that share exchange and key share the answer; the fullest comes first', async () => {
  const engine = new EngineInMemory();
  let asked = 0;
  const queue = engine.queue.bind(engine);
  engine.queue = (...question) => {
    asked++;
    return queue(...question);
  };
  const shared = { deadLetterExchange: 'dlx', deadLetterRoutingKey: 'k', deadLetterTargets: ['dead'] };
  engine.declare('a', shared);
  engine.declare('b', shared);
  engine.declare('c', { deadLetterExchange: 'dlx', deadLetterTargets: ['fuller'] });
  engine.declare('dead');
  engine.declare('fuller');
  engine.put('fuller');
  expect(await list(engine)).toEqual([
    { name: 'fuller', sources: ['c'] },
    { name: 'dead', sources: ['a', 'b'] },
  ]);
  expect(asked).toBe(2);
});
