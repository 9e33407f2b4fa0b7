import { beforeEach, describe, expect, test } from 'vitest';
import { replay } from '../../../lib/deadletter/replay.ts';
import { death, texts } from './dead-message.ts';
import { EngineInMemory } from './engine-in-memory.ts';

const actor = { user: 'ops' };
let engine: EngineInMemory;

beforeEach(() => {
  engine = new EngineInMemory();
  engine.declare('dead');
  engine.declare('orders');
  engine.declare('mail');
});

const run = (request: Partial<Parameters<typeof replay>[2]> = {}) =>
  replay(engine.asEngine(), actor, { vhost: '/', queue: 'dead', force: false, ...request });

describe('all', () => {
  test('each goes back to where it came from, with the address it had', async () => {
    engine.put('dead');
    engine.put('dead', { deaths: [death({ queue: 'mail', exchange: '', routingKeys: ['mail'] })] });
    const result = await run();
    expect(result).toMatchObject({ moved: 2, skipped: [], bound: 2 });
    expect(engine.messages('dead')).toEqual([]);
    expect(engine.messages('orders')).toMatchObject([{ exchange: 'shop', routingKey: 'order.new' }]);
    expect(engine.messages('mail')).toMatchObject([{ exchange: '', routingKey: 'mail' }]);
  });

  test('more than a batch holds go in several', async () => {
    for (let i = 0; i < 1203; i++) engine.put('dead');
    expect(await run()).toMatchObject({ moved: 1203, bound: 1203 });
    expect(engine.messages('dead')).toEqual([]);
  });

  test('what comes back while it runs is not taken again', async () => {
    for (let i = 0; i < 700; i++) engine.put('dead');
    engine.afterMove = () => {
      engine.nowMs++;
      engine.messages('orders').pop();
      engine.put('dead');
    };
    expect(await run()).toMatchObject({ moved: 700, bound: 700 });
    expect(engine.messages('dead')).toHaveLength(700);
  });

  test('what comes back within the same millisecond is not taken either', async () => {
    for (let i = 0; i < 30; i++) engine.put('dead');
    engine.afterMove = () => {
      engine.put('dead');
    };
    expect(await run()).toMatchObject({ moved: 30 });
  });

  test('an empty queue is no error', async () => {
    expect(await run()).toMatchObject({ moved: 0, bound: 0, skipped: [] });
  });

  test('what needs a target stays, and the reason is told once with its count', async () => {
    engine.put('dead', { deaths: [] });
    engine.put('dead', { deaths: [] });
    engine.put('dead', { deaths: [death({ queue: 'gone' })] });
    engine.put('dead');
    const result = await run();
    expect(result.moved).toBe(1);
    expect(result.skipped.map(({ count }) => count)).toEqual([2, 1]);
    expect(result.skipped[1]?.reason).toContain("'gone'");
    expect(engine.messages('dead')).toHaveLength(3);
  });

  test('a chosen target takes them all', async () => {
    engine.put('dead', { deaths: [] });
    engine.put('dead');
    expect(await run({ target: 'mail' })).toMatchObject({ moved: 2, movedTo: [{ queue: 'mail', count: 2 }] });
  });

  test('a target that does not exist is refused before anything moves', async () => {
    engine.put('dead');
    await expect(run({ target: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(engine.messages('dead')).toHaveLength(1);
  });
});

describe('the loop guard', () => {
  const cameBack = (count: number) => ({
    properties: { headers: [{ name: 'replay-count', field: { type: 'I' as const, value: count } }] },
  });

  test('what has come back three times stays', async () => {
    engine.put('dead', cameBack(2));
    engine.put('dead', cameBack(3));
    const result = await run();
    expect(result).toMatchObject({ moved: 1, skipped: [{ count: 1 }] });
  });

  test('force sends it all the same', async () => {
    engine.put('dead', cameBack(7));
    expect(await run({ force: true })).toMatchObject({ moved: 1 });
    expect(engine.moves[0]?.properties.headers).toContainEqual({
      name: 'replay-count',
      field: { type: 'I', value: 8 },
    });
  });

  test('a count that is no number is no count', async () => {
    engine.put('dead', { properties: { headers: texts({ 'replay-count': 'many' }) } });
    expect(await run()).toMatchObject({ moved: 1 });
  });
});

describe('a selection', () => {
  test('only the chosen ones go', async () => {
    const positions = [1, 2, 3, 4].map(() => engine.put('dead'));
    const result = await run({ positions: [positions[1] as string, positions[3] as string] });
    expect(result.moved).toBe(2);
    expect(engine.messages('dead').map(({ position }) => position)).toEqual([positions[0], positions[2]]);
  });

  test('what has gone meanwhile is told', async () => {
    const position = engine.put('dead');
    const result = await run({ positions: [position, '999'] });
    expect(result).toMatchObject({ moved: 1, skipped: [{ count: 1, reason: expect.stringContaining('any more') }] });
  });

  test('one that lies behind a page is found', async () => {
    for (let i = 0; i < 600; i++) engine.put('dead');
    const last = engine.put('dead');
    expect(await run({ positions: [last] })).toMatchObject({ moved: 1 });
    expect(engine.messages('dead')).toHaveLength(600);
  });
});

test('a second replay of the same queue waits for nothing and is refused', async () => {
  engine.put('dead');
  const first = run();
  await expect(run()).rejects.toMatchObject({ code: 'RESOURCE_LOCKED' });
  await first;
  await expect(run()).resolves.toMatchObject({ moved: 0 });
});
