import { beforeEach, expect, test } from 'vitest';
import { type ReplayRequest, replay } from '../../../lib/deadletter/replay.ts';
import { planReplay } from '../../../lib/deadletter/replay-plan.ts';
import { number, text } from '../broker/broker-fixture.ts';
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
const plan = (more: Partial<ReplayRequest> = {}) => planReplay(place.engine, guest, request(more));

function deadFrom(queue: string, count: number, body = 'x'): void {
  for (let i = 0; i < count; i++) place.put(queue, body);
  for (let i = 0; i < count; i++) place.die(queue);
}

test('all of a queue is looked at, not its first page: the numbers are those of what would move and stay', async () => {
  for (let i = 0; i < 950; i++) place.put('dead');
  deadFrom('orders', 1500);
  deadFrom('mail', 100);
  const planned = await plan();
  expect(planned).toMatchObject({
    ...{ refusal: null, complete: true, examined: 2550, moves: 1600 },
    movesTo: [
      { queue: 'orders', count: 1500 },
      { queue: 'mail', count: 100 },
    ],
    stays: [{ count: 950, reason: expect.stringContaining('Needs a target.') }],
  });
  const result = await replay(place.engine, guest, request());
  expect(result).toMatchObject({ moved: planned.moves, movedTo: planned.movesTo, skipped: planned.stays });
});

test('a plan moves nothing and marks nothing', async () => {
  deadFrom('orders', 3);
  await plan();
  expect(await place.messages('dead')).toMatchObject([
    { redelivered: false, replays: 0 },
    { redelivered: false, replays: 0 },
    { redelivered: false, replays: 0 },
  ]);
  expect(place.find('orders').counters.published).toBe(3);
});

test('where all would stay nothing moves, and the hints say what headers name', async () => {
  for (let i = 0; i < 3; i++) place.put('dead', 'x', text('replay-original-queue', 'orders'));
  place.put('dead', 'x', text('x-original-queue', 'mail'));
  expect(await plan()).toMatchObject({
    moves: 0,
    movesTo: [],
    hints: [
      { queue: 'orders', header: 'replay-original-queue', count: 3 },
      { queue: 'mail', header: 'x-original-queue', count: 1 },
    ],
  });
  expect(await plan({ target: 'orders', targetFor: 'needing' })).toMatchObject({ moves: 4, stays: [] });
});

test('of a selection and of a filter only that is counted', async () => {
  deadFrom('orders', 5, 'yes');
  deadFrom('orders', 7, 'no');
  expect(await plan({ filter: { containing: 'yes' } })).toMatchObject({ examined: 5, moves: 5, complete: true });
  const positions = (await place.messages('dead')).slice(0, 2).map(({ position }) => position);
  expect(await plan({ positions: [...positions, '7'] })).toMatchObject({
    examined: 3,
    moves: 2,
    stays: [{ count: 1 }],
  });
});

test('what a full queue would push out is counted before, and stays by default', async () => {
  place.work('small', number('x-max-length', 4));
  deadFrom('small', 4);
  for (let i = 0; i < 3; i++) place.put('small', 'live');
  expect(await plan()).toMatchObject({ moves: 1, full: 3, pushedOut: 0, stays: [{ count: 3 }] });
  expect(await plan({ pushOut: true })).toMatchObject({ moves: 4, full: 0, pushedOut: 3, stays: [] });
});

test("bytes and a policy's limits count as an argument's", async () => {
  deadFrom('orders', 5, '12345');
  await place.brokerFixture.broker.policies.put({
    ...{ kind: 'policy', vhost: '/', name: 'short', pattern: '^orders$', definition: { 'max-length-bytes': 12 } },
  });
  expect(await plan()).toMatchObject({ moves: 2, full: 3 });
});

test.each([
  ['is not there', 'nowhere', "No queue 'nowhere' in vhost '/'."],
  ['is exclusive', 'mine', 'is exclusive to its connection'],
])('a chosen target that %s is said, and nothing would move', async (_what, target, reason) => {
  place.brokerFixture.queue('mine', { exclusive: true });
  deadFrom('orders', 1);
  expect(await plan({ target })).toMatchObject({ moves: 0, refusal: expect.stringContaining(reason) });
});

test('a target that takes nothing, chosen for those in need, keeps those alone; plan and replay agree', async () => {
  place.brokerFixture.queue('mine', { exclusive: true });
  deadFrom('orders', 2);
  place.put('dead');
  const wish = { target: 'mine', targetFor: 'needing' } as const;
  expect(await plan(wish)).toMatchObject({ refusal: null, moves: 2, stays: [{ count: 1 }] });
  expect(await replay(place.engine, guest, request(wish))).toMatchObject({ moved: 2, skipped: [{ count: 1 }] });
});

test('of a stream it is said that nothing leaves it', async () => {
  place.queue('history', text('x-queue-type', 'stream'));
  place.put('history');
  expect(await plan({ queue: 'history' })).toMatchObject({ moves: 0, refusal: expect.stringContaining('is a stream') });
});

test('what was guarded is told apart', async () => {
  deadFrom('orders', 1);
  for (let i = 0; i < 3; i++) {
    await replay(place.engine, guest, request());
    place.die('orders');
  }
  expect(await plan()).toMatchObject({ moves: 0, guarded: 1 });
  expect(await plan({ force: true })).toMatchObject({ moves: 1 });
});
