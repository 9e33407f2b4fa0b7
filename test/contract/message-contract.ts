/** The part of the engine's contract that is about messages: looking at them, and moving them. */
import { expect, test } from 'vitest';
import type { TypedTable } from '../../lib/fields/typed-field.ts';
import { codeOf, engine, guest, PATIENCE, peek, publish, queue, type TestWhere, textOf } from './engine-under-test.ts';

export function messageContract(testWhere: TestWhere): void {
  const browsing = ['harmless', 'redelivers'] as const;

  testWhere('browse', browsing, 'what was published is shown in its order, with types and bytes as sent', async () => {
    const of = await queue();
    const headers: TypedTable = [
      { name: 'big', field: { type: 'l', value: '9007199254740993' } },
      { name: 'whole', field: { type: 'd', value: 5 } },
      { name: 'text', field: { type: 'S', value: 'ü' } },
    ];
    const body = Buffer.from([0, 255, 128, 10]);
    await publish(of, '', { body: body.toString('base64'), properties: { headers, messageId: 'm1', priority: 3 } });
    await publish(of, 'second');
    await expect.poll(async () => (await peek(of)).length, PATIENCE).toBe(2);
    const [first, second] = await peek(of);
    expect(first?.properties).toMatchObject({ messageId: 'm1', priority: 3, headers });
    expect(Buffer.from(first?.body ?? '', 'base64')).toEqual(body);
    expect(second && textOf(second)).toBe('second');
  });

  testWhere('browse', ['harmless'], 'looking leaves messages as they were', async () => {
    const of = await queue();
    await publish(of);
    for (let i = 0; i < 3; i++) expect((await peek(of)).map(({ redelivered }) => redelivered)).toEqual([false]);
    expect(await engine.queue(guest, '/', of)).toMatchObject({ ready: 1, unacked: 0 });
  });

  testWhere('browse', browsing, 'a body is cut where it was asked for, and its size is told', async () => {
    const of = await queue();
    await publish(of, 'x'.repeat(10_000));
    const [message] = await peek(of, { bodyBytesMax: 5 });
    expect([message && textOf(message), message?.bodySize]).toEqual(['xxxxx', 10_000]);
  });

  testWhere('positions', ['lasting'], 'a position finds the same message, whatever came behind it', async () => {
    const of = await queue();
    for (const body of ['a', 'b', 'c']) await publish(of, body);
    const [, middle] = await peek(of);
    await publish(of, 'd');
    const found = await peek(of, { from: middle?.position ?? '', limit: 1 });
    expect(found.map(textOf)).toEqual(['b']);
  });

  testWhere(
    'deaths',
    ['recorded'],
    'a death is recorded by the broker; what a publisher writes is a claim',
    async () => {
      const dead = await queue();
      const of = await queue([
        { name: 'x-max-length', field: { type: 'l', value: '1' } },
        { name: 'x-dead-letter-exchange', field: { type: 'S', value: '' } },
        { name: 'x-dead-letter-routing-key', field: { type: 'S', value: dead } },
      ]);
      for (const body of ['first', 'second']) await publish(of, body);
      const entry: TypedTable = [
        { name: 'queue', field: { type: 'S', value: 'made-up' } },
        { name: 'reason', field: { type: 'S', value: 'rejected' } },
        { name: 'count', field: { type: 'l', value: '1' } },
        { name: 'exchange', field: { type: 'S', value: '' } },
      ];
      const headers: TypedTable = [{ name: 'x-death', field: { type: 'A', value: [{ type: 'F', value: entry }] } }];
      await publish(dead, 'forged', { properties: { headers } });
      await expect.poll(async () => (await peek(dead)).length, PATIENCE).toBe(2);
      const told = (await peek(dead)).map((message) => [
        textOf(message),
        message.deaths.map(({ queue: place, reason, count }) => ({ place, reason, count })),
        message.claimedDeaths.map(({ queue: place }) => place),
      ]);
      expect(told).toEqual([
        ['first', [{ place: of, reason: 'maxlen', count: 1 }], []],
        ['forged', [], ['made-up']],
      ]);
    },
  );

  testWhere('oldestAge', ['exact', 'estimated'], 'a queue tells when its oldest ready message arrived', async () => {
    const of = await queue();
    expect(await engine.queue(guest, '/', of)).toMatchObject({ oldestReadyAtMs: null });
    await publish(of, 'a');
    const oldest = async () => (await engine.queue(guest, '/', of)).oldestReadyAtMs;
    await expect.poll(oldest, PATIENCE).toBeGreaterThan(0);
    const arrivedAtMs = await oldest();
    await publish(of, 'b');
    expect(await oldest()).toBe(arrivedAtMs);
    await engine.purgeQueue(guest, '/', of);
    expect(await oldest()).toBeNull();
  });

  testWhere('browse', browsing, 'to look into a queue that is not there is refused', async () => {
    expect(await codeOf(peek('nowhere'))).toBe('NOT_FOUND');
  });

  test('publishing to an exchange that is not there is refused', async () => {
    expect(await codeOf(publish('x', 'x', { exchange: 'nowhere' }))).toBe('NOT_FOUND');
  });
}

export function moveContract(testWhere: TestWhere): void {
  const moving = ['exactly-once', 'confirmed-copy'] as const;
  const move = async (from: string, target: string, pushOut = false) => {
    const moves = (await peek(from)).map(({ position, properties }) => ({ position, properties, replayHeaded: false }));
    const to = { target, exchange: '', routingKey: target };
    return engine.move(
      guest,
      '/',
      from,
      moves.map((one) => ({ ...one, ...to })),
      { pushOut },
    );
  };

  testWhere('move', moving, 'messages leave their queue and enter the target with the same bodies', async () => {
    const [from, to] = [await queue(), await queue()];
    for (const body of ['a', 'b']) await publish(from, body);
    const result = await move(from, to);
    expect([result.moved.length, result.skipped]).toEqual([2, []]);
    expect([(await peek(from)).length, (await peek(to)).map(textOf)]).toEqual([0, ['a', 'b']]);
  });

  testWhere('move', moving, 'what the target does not take stays, and says why', async () => {
    const full = await queue([
      { name: 'x-max-length', field: { type: 'l', value: '1' } },
      { name: 'x-overflow', field: { type: 'S', value: 'reject-publish' } },
    ]);
    const from = await queue();
    for (const body of ['a', 'b', 'c']) await publish(from, body);
    const result = await move(from, full);
    expect([result.moved.length, result.skipped.length]).toEqual([1, 2]);
    for (const { reason } of result.skipped) expect(reason).toContain(full);
    expect((await peek(from)).map(textOf)).toEqual(['b', 'c']);
  });

  testWhere('move', moving, 'what would be met is told before, and nothing moves', async () => {
    const [from, to] = [await queue(), await queue()];
    await publish(from);
    const { refusal, targets } = await engine.checkMoves(guest, '/', from, [to, 'nowhere']);
    expect([refusal, targets.map(({ exists }) => exists)]).toEqual([null, [true, false]]);
    expect((await peek(from)).length).toBe(1);
  });
}
