import { beforeEach, describe, expect, test } from 'vitest';
import type { FieldTable } from '../../../lib/amqp/field-table.ts';
import { type ReplayRequest, replay } from '../../../lib/deadletter/replay.ts';
import { number, text } from '../broker/broker-fixture.ts';
import { apiUser } from '../engine/api-user.ts';
import { EngineFixture, guest } from '../engine/embedded/engine-fixture.ts';

let place: EngineFixture;

beforeEach(async () => {
  place = await EngineFixture.start();
  place.queue('dead');
  place.work('orders');
  place.work('mail');
});

const request = (more: Partial<ReplayRequest> = {}): ReplayRequest => ({
  ...{ vhost: '/', queue: 'dead', force: false, pushOut: false, targetFor: 'all' },
  ...more,
});
const run = (more: Partial<ReplayRequest> = {}) => replay(place.engine, guest, request(more));

/** Dies in a queue, so that it lies in `dead`. */
function deadFrom(queue: string, count = 1, headers?: FieldTable): void {
  for (let i = 0; i < count; i++) place.put(queue, String(i), headers);
  for (let i = 0; i < count; i++) place.die(queue);
}

const ready = (queue: string) => place.find(queue).readyCount;

describe('all', () => {
  test('each goes back to where it came from, with the address it had', async () => {
    place.brokerFixture.bind('amq.topic', 'orders', 'order.#');
    place.brokerFixture.publish('amq.topic', 'order.new', 'o');
    place.die('orders');
    deadFrom('mail');
    expect(await run()).toMatchObject({ moved: 2, skipped: [], stopped: null, bound: 2 });
    expect(ready('dead')).toBe(0);
    expect(await place.messages('orders')).toMatchObject([
      { exchange: 'amq.topic', routingKey: 'order.new', replays: 1, deaths: [], claimedDeaths: [] },
    ]);
    expect(await place.messages('mail')).toMatchObject([{ exchange: '', routingKey: 'mail' }]);
  });

  test('more than a batch holds go in several, in their order', async () => {
    deadFrom('orders', 1203);
    expect(await run()).toMatchObject({ moved: 1203, bound: 1203 });
    expect(ready('dead')).toBe(0);
    const [first] = await place.bodies('orders');
    expect(first).toBe('0');
  });

  test('what comes back while it runs, also within the same millisecond, is not taken again', async () => {
    deadFrom('orders', 700);
    let cameBack = 0;
    // As with a consumer that rejects at once all that it gets.
    const engine = {
      ...place.engine,
      move: async (...asked: Parameters<typeof place.engine.move>) => {
        const result = await place.engine.move(...asked);
        for (; ready('orders') > 0; cameBack++) place.die('orders');
        return result;
      },
    };
    expect(await replay(engine, guest, request())).toMatchObject({ moved: 700, bound: 700, stopped: null });
    expect([cameBack, ready('dead')]).toEqual([700, 700]);
  });

  test('an empty queue is no error', async () => {
    expect(await run()).toMatchObject({ moved: 0, bound: 0, skipped: [], stopped: null });
  });

  test('what needs a target stays, and the reason is told once with its count', async () => {
    place.put('dead');
    place.put('dead');
    place.work('gone');
    deadFrom('gone');
    await place.engine.deleteQueue(guest, '/', 'gone', { unused: false, empty: false });
    deadFrom('orders');
    const result = await run();
    expect(result.moved).toBe(1);
    expect(result.skipped.map(({ count }) => count)).toEqual([2, 1]);
    expect(result.skipped[1]?.reason).toContain("'gone'");
    expect(ready('dead')).toBe(3);
  });

  test('a chosen target takes them all', async () => {
    place.put('dead');
    deadFrom('orders');
    expect(await run({ target: 'mail' })).toMatchObject({ moved: 2, movedTo: [{ queue: 'mail', count: 2 }] });
  });

  test('a target chosen for those in need leaves the others their way back', async () => {
    place.put('dead');
    deadFrom('orders');
    place.work('gone');
    deadFrom('gone');
    await place.engine.deleteQueue(guest, '/', 'gone', { unused: false, empty: false });
    const result = await run({ target: 'mail', targetFor: 'needing' });
    expect(result.movedTo).toEqual([
      { queue: 'mail', count: 2 },
      { queue: 'orders', count: 1 },
    ]);
  });

  test('a target that does not exist is refused before anything moves', async () => {
    deadFrom('orders');
    await expect(run({ target: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(ready('dead')).toBe(1);
  });

  test('a filter narrows what is meant', async () => {
    place.put('orders', 'yes');
    place.put('orders', 'no');
    place.put('orders', 'yes');
    for (let i = 0; i < 3; i++) place.die('orders');
    expect(await run({ filter: { containing: 'yes' } })).toMatchObject({ moved: 2 });
    expect(await place.bodies('dead')).toEqual(['no']);
  });
});

describe('only what the broker recorded is believed', () => {
  test('a forged history and headers of a replay move nothing', async () => {
    const death: FieldTable = [
      ...text('queue', 'mail'),
      ...text('reason', 'rejected'),
      ...text('exchange', 'x'),
      ['routing-keys', { type: 'A', value: [{ type: 'S', value: 'k' }] }],
    ];
    place.put('dead', 'forged', [
      ['x-death', { type: 'A', value: [{ type: 'F', value: death }] }],
      ...text('replay-original-queue', 'orders'),
      ...text('replay-original-exchange', 'amq.topic'),
    ]);
    expect(await run()).toMatchObject({ moved: 0, skipped: [{ count: 1, reason: expect.stringContaining("'mail'") }] });
    const [message] = await place.messages('dead');
    expect(message).toMatchObject({ deaths: [], claimedDeaths: [{ queue: 'mail' }] });
    // Somebody chose: it goes there, with the address it has.
    expect(await run({ target: 'mail' })).toMatchObject({ moved: 1 });
    expect(await place.messages('mail')).toMatchObject([{ exchange: '', routingKey: 'dead' }]);
  });

  test('what was replayed, forwarded with its headers and died in the next queue goes back to that one', async () => {
    deadFrom('orders');
    await run();
    const orders = place.find('orders');
    const [message] = await place.messages('orders');
    orders.get(true, () => {});
    // Headers copied, as a consumer does that passes on what it got.
    const headers = (message?.properties.headers ?? []).map(({ name, field }): FieldTable[number] => [
      name,
      field.type === 'S' ? { type: 'S', value: field.value } : { type: 'S', value: String(field.value) },
    ]);
    place.put('mail', 'forwarded', headers);
    place.die('mail');
    expect(await run()).toMatchObject({ movedTo: [{ queue: 'mail', count: 1 }] });
  });

  test('after a replay a newer death decides', async () => {
    deadFrom('orders');
    await run({ target: 'mail' });
    place.die('mail');
    expect(await run()).toMatchObject({ movedTo: [{ queue: 'mail', count: 1 }] });
  });

  test('what was moved into a queue of dead letters and did not die since needs a target', async () => {
    place.queue('parked');
    deadFrom('orders');
    await run({ target: 'parked' });
    expect(await run({ queue: 'parked' })).toMatchObject({
      moved: 0,
      skipped: [{ reason: expect.stringContaining("replay-original-queue says 'orders'") }],
    });
  });
});

describe('the loop guard', () => {
  async function comeBack(times: number): Promise<void> {
    deadFrom('orders');
    for (let i = 0; i < times; i++) {
      expect(await run()).toMatchObject({ moved: 1 });
      place.die('orders');
    }
  }

  test('what has come back three times stays; force sends it all the same', async () => {
    await comeBack(3);
    expect(await run()).toMatchObject({ moved: 0, skipped: [{ count: 1 }] });
    expect(await run({ force: true })).toMatchObject({ moved: 1 });
    expect(await place.messages('orders')).toMatchObject([{ replays: 4 }]);
  });

  test("a publisher's count neither guards a message nor lets it pass", async () => {
    deadFrom('orders', 1, number('replay-count', 99));
    expect(await run()).toMatchObject({ moved: 1, skipped: [] });
    const [message] = await place.messages('orders');
    expect(message?.properties.headers).toEqual([{ name: 'replay-count', field: { type: 'I', value: 99 } }]);
    for (let i = 0; i < 2; i++) {
      place.die('orders');
      await run();
    }
    place.die('orders');
    expect(await run()).toMatchObject({ moved: 0, skipped: [{ count: 1 }] });
  });
});

describe('a selection', () => {
  const positions = async () => (await place.messages('dead')).map(({ position }) => position);

  test('only the chosen ones go', async () => {
    deadFrom('orders', 4);
    const all = await positions();
    const result = await run({ positions: [all[1] as string, all[3] as string, all[3] as string] });
    expect(result).toMatchObject({ moved: 2, bound: 2 });
    expect(await place.bodies('dead')).toEqual(['0', '2']);
  });

  test('what has gone meanwhile is told, and so is a position that nobody gave', async () => {
    deadFrom('orders', 2);
    const [first, second] = await positions();
    place.find('dead').get(true, () => {});
    const result = await run({ positions: [first as string, second as string, '999', '0-AAAAAAAAAAAA'] });
    expect(result).toMatchObject({ moved: 1, skipped: [{ count: 3, reason: expect.stringContaining('any more') }] });
  });

  test('one that lies behind a page is found', async () => {
    deadFrom('orders', 600);
    const last = (await place.messages('dead', { filter: { containing: '599' } }))[0]?.position as string;
    expect(await run({ positions: [last] })).toMatchObject({ moved: 1 });
    expect(ready('dead')).toBe(599);
  });
});

describe('whatever happens, what has moved is counted', () => {
  test('the user loses the right to read between two batches: the result says how far it came', async () => {
    const ann = apiUser('ann');
    const { broker } = place.brokerFixture;
    await broker.accounts.putUser({ name: 'ann', password: 'p', tags: 'management' } as never);
    await broker.accounts.putPermission({ user: 'ann', vhost: '/', configure: '', write: '.*', read: '.*' });
    deadFrom('orders', 600);
    let batches = 0;
    const engine = {
      ...place.engine,
      move: (...move: Parameters<typeof place.engine.move>) => {
        if (++batches === 2)
          broker.users.get('ann')?.permit({ user: 'ann', vhost: '/', configure: '', write: '.*', read: '' });
        return place.engine.move(...move);
      },
    };
    const result = await replay(engine, ann, request());
    expect(result).toMatchObject({ moved: 500, stopped: expect.stringContaining('read access') });
    expect(ready('dead') + ready('orders')).toBe(600);
  });

  test('one that cannot go is skipped with its reason, never the batch', async () => {
    deadFrom('orders', 5);
    const { engine } = place;
    const long = 'k'.repeat(256);
    const spoiled = {
      ...engine,
      peek: async (...question: Parameters<typeof engine.peek>) => {
        const page = await engine.peek(...question);
        const [one] = page.messages[2]?.deaths ?? [];
        if (one) one.routingKeys = [long];
        return page;
      },
    };
    expect(await replay(spoiled, guest, request())).toMatchObject({
      moved: 4,
      skipped: [{ count: 1, reason: 'Its routing key is longer than 255 bytes.' }],
      stopped: null,
    });
  });

  test('reasons are told apart up to a bound, however many queues strangers name', async () => {
    for (let i = 0; i < 200; i++) place.put('dead', 'x', text('replay-original-queue', `q${i}`));
    const { skipped } = await run();
    expect(skipped.length).toBeLessThanOrEqual(51);
    expect(skipped.reduce((sum, { count }) => sum + count, 0)).toBe(200);
  });
});

test('a second replay of the same queue waits for nothing and is refused', async () => {
  deadFrom('orders');
  const first = run();
  await expect(run()).rejects.toMatchObject({ code: 'RESOURCE_LOCKED' });
  await first;
  await expect(run()).resolves.toMatchObject({ moved: 0 });
});

test('out of a stream nothing is replayed, and the reason is said', async () => {
  place.queue('history', text('x-queue-type', 'stream'));
  place.put('history');
  await expect(run({ queue: 'history', target: 'mail' })).rejects.toMatchObject({
    code: 'PRECONDITION_FAILED',
    message: expect.stringContaining('is a stream: nothing is ever taken out of one'),
  });
});
