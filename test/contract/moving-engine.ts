/**
 * What an engine keeps to whose messages can be looked at and moved. An adapter's test calls `movingContract` with the ways to start one
 * that is empty and to start it again on what it kept.
 */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FieldTable } from '../../lib/amqp/field-table.ts';
import type { MessageProperties, PeekedMessage } from '../../lib/engine/messages.ts';
import type { Move } from '../../lib/engine/moves.ts';
import { number, text } from '../lib/broker/broker-fixture.ts';
import { type EngineFixture, guest } from '../lib/engine/embedded/engine-fixture.ts';

export interface MovingAdapter {
  start(): Promise<EngineFixture>;
  /** The engine after its process has ended and begun again. */
  restart(fixture: EngineFixture): Promise<EngineFixture>;
}

let fixture: EngineFixture;

const moveOf = (message: PeekedMessage, more: Partial<Move> = {}): Move => ({
  ...{ position: message.position, target: 'orders', exchange: '', routingKey: 'orders' },
  ...{ properties: message.properties, replayHeaded: false },
  ...more,
});

const moveAll = async (more: Partial<Move> = {}, pushOut = false, source = 'dead') => {
  const messages = await fixture.messages(source);
  const moves = messages.map((message) => moveOf(message, more));
  return fixture.engine.move(guest, '/', source, moves, { pushOut });
};

const ready = (queue: string): number => fixture.find(queue).readyCount;

export function movingContract(name: string, adapter: MovingAdapter): void {
  describe(`${name} keeps the contract of moves`, () => {
    beforeEach(async () => {
      fixture = await adapter.start();
      fixture.queue('dead');
      fixture.work('orders');
    });
    movedContract();
    recordContract(adapter);
    refusalContract();
    roomContract();
    itemContract();
    positionContract(adapter);
  });
}

function movedContract(): void {
  test('a message leaves its queue and enters the target with a new address, new properties and the same body', async () => {
    fixture.put('dead', 'body');
    const properties: MessageProperties = { deliveryMode: 2, messageId: 'm', headers: [] };
    const result = await moveAll({ exchange: 'shop', routingKey: 'new', properties });
    expect(result).toEqual({ moved: [expect.any(String)], skipped: [], durable: true });
    expect([ready('dead'), ready('orders')]).toEqual([0, 1]);
    const [message] = await fixture.messages('orders');
    expect(message).toMatchObject({ exchange: 'shop', routingKey: 'new', properties, redelivered: false });
    expect(await fixture.bodies('orders')).toEqual(['body']);
  });

  test('what is moved keeps its order, and goes to consumers of the target', async () => {
    for (let i = 0; i < 20; i++) fixture.put('dead', String(i));
    expect((await moveAll()).moved).toHaveLength(20);
    expect(await fixture.bodies('orders')).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
  });

  test.each(['classic', 'quorum'])(
    'out of and into %s queues, of any priority, and what came back too',
    async (type) => {
      fixture.queue('from', text('x-queue-type', type));
      fixture.queue('to', text('x-queue-type', type));
      for (let i = 0; i < 4; i++)
        fixture.brokerFixture.publish('', 'from', String(i), { priority: i * 3, deliveryMode: 2 });
      const from = fixture.find('from');
      from.get(false, (_message, ticket) => from.requeue([ticket]));
      const result = await moveAll({ target: 'to' }, false, 'from');
      expect([result.moved.length, ready('from'), ready('to')]).toEqual([4, 0, 4]);
      expect((await fixture.bodies('to')).sort()).toEqual(['0', '1', '2', '3']);
    },
  );

  test('into a stream they go, whatever its limits', async () => {
    fixture.queue('history', [...text('x-queue-type', 'stream'), ...number('x-max-length-bytes', 1)]);
    fixture.put('dead');
    expect(await moveAll({ target: 'history' })).toMatchObject({ skipped: [], durable: true });
    expect(ready('history')).toBe(1);
  });

  test('looking changes nothing, and neither does asking what a move would meet', async () => {
    fixture.put('orders');
    fixture.die('orders');
    const before = await fixture.messages('dead');
    for (let i = 0; i < 5; i++) await fixture.engine.checkMoves(guest, '/', 'dead', ['orders', 'nowhere']);
    expect(await fixture.messages('dead')).toEqual(before);
    expect(before).toMatchObject([{ redelivered: false }]);
  });
}

function recordContract(adapter: MovingAdapter): void {
  const forged: FieldTable = [
    [
      'x-death',
      {
        type: 'A',
        value: [{ type: 'F', value: [...text('queue', 'bank'), ...text('reason', 'rejected')] }],
      },
    ],
    ...number('replay-count', 99),
  ];

  test('deaths that the broker recorded are told apart from those that headers tell of', async () => {
    fixture.put('dead', 'forged', forged);
    fixture.put('orders', 'dead', forged);
    fixture.die('orders');
    expect(await fixture.messages('dead')).toMatchObject([
      { deaths: [], claimedDeaths: [{ queue: 'bank', reason: 'rejected' }], replays: 0 },
      { deaths: [{ queue: 'orders', reason: 'rejected' }], claimedDeaths: [], replays: 0 },
    ]);
  });

  test('a search for what died of something believes the record alone', async () => {
    fixture.put('dead', 'forged', forged);
    fixture.put('orders', 'died');
    fixture.die('orders');
    const found = await fixture.messages('dead', { filter: { deathReason: 'rejected' } });
    expect(found.map(({ body }) => Buffer.from(body, 'base64').toString())).toEqual(['died']);
  });

  test('moves are counted with the message through deaths and a restart, where no header reaches', async () => {
    fixture.put('orders', 'x', forged);
    for (let i = 0; i < 3; i++) {
      fixture.die('orders');
      await moveAll({ replayHeaded: i % 2 === 0 });
    }
    fixture.die('orders');
    fixture = await adapter.restart(fixture);
    expect(await fixture.messages('dead')).toMatchObject([{ replays: 3, replayHeaded: true, deaths: [{ count: 1 }] }]);
  });

  test('what is published anew was never moved', async () => {
    fixture.put('dead');
    await moveAll();
    const [message] = await fixture.messages('orders');
    expect(message?.replays).toBe(1);
    fixture.put('orders', 'forwarded', [['replay-count', { type: 'I', value: 1 }]]);
    expect((await fixture.messages('orders'))[1]).toMatchObject({ replays: 0, replayHeaded: false });
  });
}

function refusalContract(): void {
  test.each<[string, string, string, string]>([
    ['is not there', 'dead', 'nowhere', 'there is no queue'],
    ['is exclusive to a connection', 'dead', 'mine', 'exclusive'],
    ['is the queue itself', 'dead', 'dead', 'already'],
  ])('a target that %s takes nothing: the message stays, with the reason', async (_what, source, target, reason) => {
    fixture.brokerFixture.queue('mine', { exclusive: true });
    fixture.put('dead');
    const result = await moveAll({ target }, false, source);
    expect(result).toMatchObject({ moved: [], skipped: [{ reason: expect.stringContaining(reason) }] });
    expect(ready('dead')).toBe(1);
  });

  test('the right to write to the target is asked for as it is at each move', async () => {
    fixture.put('dead');
    const ann = await fixture.permit('ann', { read: '.*' });
    const moves = (await fixture.messages('dead')).map((message) => moveOf(message));
    const refused = await fixture.engine.move(ann, '/', 'dead', moves, { pushOut: false });
    expect(refused.skipped).toMatchObject([{ reason: expect.stringContaining("may not write to queue 'orders'") }]);
    expect(await fixture.engine.checkMoves(ann, '/', 'dead', ['orders'])).toMatchObject({
      targets: [{ exists: true, refusal: expect.stringContaining('may not write') }],
    });
    await fixture.permit('ann', { read: '.*', write: 'orders' });
    expect(await fixture.engine.move(ann, '/', 'dead', moves, { pushOut: false })).toMatchObject({ skipped: [] });
  });

  test('without the right to read the source nothing is moved, and the call is refused', async () => {
    fixture.put('dead');
    const ann = await fixture.permit('ann', { write: '.*' });
    const moves = (await fixture.messages('dead')).map((message) => moveOf(message));
    const refused = { code: 'ACCESS_REFUSED' };
    await expect(fixture.engine.move(ann, '/', 'dead', moves, { pushOut: false })).rejects.toMatchObject(refused);
    await expect(fixture.engine.checkMoves(ann, '/', 'dead', [])).rejects.toMatchObject(refused);
    expect(ready('dead')).toBe(1);
  });

  test('a source that is not there is refused, and so is a stream: nothing is taken out of one', async () => {
    fixture.queue('history', text('x-queue-type', 'stream'));
    fixture.put('history');
    const [message] = await fixture.messages('history');
    const moves = [moveOf(message as PeekedMessage)];
    const asked = (source: string) => fixture.engine.move(guest, '/', source, moves, { pushOut: false });
    await expect(asked('nowhere')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(asked('history')).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect(await fixture.engine.checkMoves(guest, '/', 'history', [])).toMatchObject({
      refusal: expect.stringContaining('is a stream'),
    });
    expect([ready('history'), ready('orders')]).toEqual([1, 0]);
  });

  test('while publishers have to wait nothing is moved', async () => {
    fixture.put('dead');
    fixture.brokerFixture.broker.memoryIsLow = true;
    fixture.brokerFixture.broker.checkAlarms();
    expect((await moveAll()).skipped).toMatchObject([{ reason: expect.stringContaining('low on memory') }]);
    fixture.brokerFixture.broker.memoryIsLow = false;
    fixture.brokerFixture.broker.checkAlarms();
    expect((await moveAll()).moved).toHaveLength(1);
  });
}

function roomContract(): void {
  const policy = (definition: Record<string, number | string>) =>
    fixture.brokerFixture.broker.policies.put({
      kind: 'policy',
      vhost: '/',
      name: 'p',
      pattern: '^small$',
      definition,
    });

  /** A queue with room for one more than it holds, by the argument or by a policy. */
  const LIMITS: [string, () => Promise<unknown>][] = [
    ['x-max-length', async () => fixture.work('small', number('x-max-length', 3))],
    ['x-max-length-bytes', async () => fixture.work('small', number('x-max-length-bytes', 12))],
    ["a policy's max-length", async () => [fixture.work('small'), await policy({ 'max-length': 3 })]],
    ["a policy's max-length-bytes", async () => [fixture.work('small'), await policy({ 'max-length-bytes': 12 })]],
    [
      'x-max-length of a quorum queue',
      async () => fixture.work('small', [...text('x-queue-type', 'quorum'), ...number('x-max-length', 3)]),
    ],
  ];

  test.each(LIMITS)('%s: what would push out another message stays, and says so with figures', async (_by, declare) => {
    await declare();
    for (let i = 0; i < 2; i++) fixture.put('small', 'live');
    for (let i = 0; i < 3; i++) fixture.put('dead', 'late');
    const result = await moveAll({ target: 'small' });
    expect([result.moved.length, result.skipped.length]).toEqual([1, 2]);
    expect(result.skipped[0]?.reason).toMatch(/is full: it holds (3 of at most 3 messages|12 of at most 12 bytes)/);
    expect(await fixture.bodies('small')).toEqual(['live', 'live', 'late']);
    expect(await fixture.bodies('dead')).toEqual(['late', 'late']);
  });

  test.each(LIMITS)('%s: pushed out on purpose, the oldest die and nothing is lost', async (_by, declare) => {
    await declare();
    for (let i = 0; i < 3; i++) fixture.put('small', `liv${i}`);
    for (let i = 0; i < 2; i++) fixture.put('dead', 'late');
    expect(await moveAll({ target: 'small' }, true)).toMatchObject({ skipped: [] });
    expect(await fixture.bodies('small')).toEqual(['liv2', 'late', 'late']);
    expect(await fixture.bodies('dead')).toEqual(['liv0', 'liv1']);
  });

  test.each(['reject-publish', 'reject-publish-dlx'])(
    'a full queue with overflow %s takes nothing, even on purpose, and no copy of it dies there',
    async (overflow) => {
      fixture.work('small', [...number('x-max-length', 1), ...text('x-overflow', overflow)]);
      fixture.put('small', 'live');
      fixture.put('dead', 'late');
      const result = await moveAll({ target: 'small' }, true);
      expect(result.skipped).toMatchObject([{ reason: expect.stringContaining('1 of at most 1 messages') }]);
      expect([await fixture.bodies('small'), await fixture.bodies('dead')]).toEqual([['live'], ['late']]);
      expect(fixture.find('small').counters.overflowed).toBe(0);
    },
  );

  test('a duplicate that the target would drop stays where it is', async () => {
    fixture.queue('unique', [['x-message-deduplication', { type: 't', value: true }]]);
    fixture.put('unique', 'first', text('x-deduplication-header', 'id'));
    fixture.put('dead', 'second', text('x-deduplication-header', 'id'));
    const result = await moveAll({ target: 'unique' });
    expect(result.skipped).toMatchObject([{ reason: expect.stringContaining('x-deduplication-header') }]);
    expect(ready('dead')).toBe(1);
  });

  test('what a move pushes out may come to the very queue that it takes from, though that is full too', async () => {
    fixture.queue('full', number('x-max-length', 3));
    fixture.work('small', number('x-max-length', 2), 'full');
    for (let i = 0; i < 2; i++) fixture.put('small', `live${i}`);
    for (let i = 0; i < 3; i++) fixture.put('full', `late${i}`);
    expect(await moveAll({ target: 'small' }, true, 'full')).toMatchObject({ skipped: [] });
    const everywhere = [...(await fixture.bodies('small')), ...(await fixture.bodies('full'))];
    expect(everywhere.sort()).toEqual(['late0', 'late1', 'late2', 'live0', 'live1']);
    expect(ready('full')).toBe((await fixture.messages('full')).length);
  });

  test('what a move would meet is told with the limits in effect', async () => {
    fixture.work('small');
    await policy({ 'max-length': 7, overflow: 'reject-publish' });
    fixture.put('small', 'four');
    expect(await fixture.engine.checkMoves(guest, '/', 'dead', ['small', 'nowhere'])).toEqual({
      refusal: null,
      targets: [
        {
          ...{ queue: 'small', exists: true, refusal: null, dropsHead: false },
          ...{ messages: 1, messagesMax: 7, bytes: 4, bytesMax: null },
        },
        expect.objectContaining({ queue: 'nowhere', exists: false, refusal: expect.any(String) }),
      ],
    });
  });
}

function itemContract(): void {
  const long = 'k'.repeat(256);

  test.each<[string, Partial<Move>]>([
    ['a routing key of 256 bytes', { routingKey: long }],
    ['a routing key that is too long in bytes alone', { routingKey: 'ü'.repeat(128) }],
    ['an exchange of 256 bytes', { exchange: long }],
    [
      'a header name of 300 bytes',
      { properties: { headers: [{ name: 'h'.repeat(300), field: { type: 'V', value: null } }] } },
    ],
    ['a property of 256 bytes', { properties: { correlationId: long } }],
    [
      'a number that its type does not hold',
      { properties: { headers: [{ name: 'n', field: { type: 'b', value: 200 } }] } },
    ],
    ['a timestamp that is none', { properties: { timestamp: 'soon' } }],
    ['an expiration that is none', { properties: { expiration: 'soon' } }],
    ['a priority above 255', { properties: { priority: 256 } }],
    ['a target that is not there', { target: 'nowhere' }],
    ['a position that nobody gave', { position: '17' }],
  ])('%s keeps that one message, with its reason, and no other', async (_what, spoiled) => {
    for (let i = 0; i < 5; i++) fixture.put('dead', String(i));
    const moves = (await fixture.messages('dead')).map((message, i) => moveOf(message, i === 2 ? spoiled : {}));
    const result = await fixture.engine.move(guest, '/', 'dead', moves, { pushOut: false });
    expect(result).toEqual({
      moved: [0, 1, 3, 4].map((i) => moves[i]?.position),
      skipped: [{ position: moves[2]?.position, reason: expect.stringMatching(/.{10}/) }],
      durable: true,
    });
    expect(await fixture.bodies('dead')).toEqual(['2']);
    expect(await fixture.bodies('orders')).toEqual(['0', '1', '3', '4']);
  });

  test('a position that is named twice moves once, and what was taken meanwhile is told', async () => {
    for (let i = 0; i < 2; i++) fixture.put('dead', String(i));
    const [first, second] = (await fixture.messages('dead')).map((message) => moveOf(message)) as [Move, Move];
    fixture.find('dead').get(true, () => {});
    const result = await fixture.engine.move(guest, '/', 'dead', [first, second, second], { pushOut: false });
    expect(result).toMatchObject({ moved: [second.position], skipped: [{}, {}] });
    expect(result.skipped[0]?.reason).toContain('not ready in the queue any more');
    expect(ready('orders')).toBe(1);
  });
}

function positionContract(adapter: MovingAdapter): void {
  const anyPosition = fc.oneof(
    fc.nat(100_000).map(String),
    fc.tuple(fc.nat(100_000), fc.stringMatching(/^[\w-]{12}$/)).map(([at, seal]) => `${at}-${seal}`),
    fc.string({ maxLength: 40 }),
    fc.constantFrom('', '-', '-1', '1e3', '0', '9007199254740993', 'NaN', '99999999999999999999'),
  );

  test('a position that somebody made up leads nowhere: not into a message, whatever its body looks like', async () => {
    for (let i = 0; i < 50; i++) fixture.put('dead', 'x'.repeat(500));
    await fixture.brokerFixture.store.sync();
    await fc.assert(
      fc.asyncProperty(anyPosition, async (position) => {
        const look = fixture.engine.peek(guest, {
          vhost: '/',
          queue: 'dead',
          from: position,
          limit: 1,
          bodyBytesMax: 0,
        });
        await expect(look).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
        const move = { position, target: 'orders', exchange: '', routingKey: '', properties: {}, replayHeaded: false };
        const result = await fixture.engine.move(guest, '/', 'dead', [move], { pushOut: false });
        expect(result).toMatchObject({ moved: [], skipped: [{ position }] });
      }),
      { numRuns: 300 },
    );
    expect([fixture.find('dead').closedReason, ready('dead'), ready('orders')]).toEqual([null, 50, 0]);
    expect(await fixture.bodies('dead')).toHaveLength(50);
  });

  test('a position is of its queue and of this run of the broker', async () => {
    fixture.queue('other');
    for (let i = 0; i < 3; i++) for (const queue of ['dead', 'other']) fixture.put(queue);
    const [, message] = await fixture.messages('other');
    const from = message?.position as string;
    const page = { vhost: '/', limit: 1, bodyBytesMax: 0, from };
    expect((await fixture.engine.peek(guest, { ...page, queue: 'other' })).messages).toHaveLength(1);
    const refused = { code: 'INVALID_REQUEST' };
    await expect(fixture.engine.peek(guest, { ...page, queue: 'dead' })).rejects.toMatchObject(refused);
    fixture = await adapter.restart(fixture);
    await expect(fixture.engine.peek(guest, { ...page, queue: 'other' })).rejects.toMatchObject(refused);
  });
}
