import { describe, expect, test } from 'vitest';
import { drain, getOne, QueueFixture } from '../queue-fixture.ts';
import { consume, RecordingSink } from '../recording-sink.ts';
import { bodyOf, sampleMessage } from '../sample-message.ts';

const publishAll = (queue: ReturnType<QueueFixture['queue']>, bodies: string[]): void => {
  for (const body of bodies) queue.publish(sampleMessage(body));
};

describe('time to live', () => {
  test('messages of a queue with x-message-ttl die at their moment, with reason expired', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ messageTtlMs: 100 });
    publishAll(queue, ['a']);
    fixture.clock.advance(50);
    publishAll(queue, ['b']);
    fixture.clock.advance(49);
    expect(queue.readyCount).toBe(2);
    fixture.clock.advance(1);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'expired' }]);
    fixture.clock.advance(50);
    expect(fixture.dead.map(({ body }) => body)).toEqual(['a', 'b']);
    expect([queue.readyCount, queue.readyBytes]).toEqual([0, 0]);
    expect(queue.counters.expired).toBe(2);
    expect(fixture.clock.waiting).toBe(0);
  });

  test('a message that expires as it comes back takes nobody’s turn', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ messageTtlMs: 0 });
    const sinks = [new RecordingSink(), new RecordingSink()];
    for (const sink of sinks) consume(queue, sink);
    publishAll(queue, ['a']);
    queue.requeue([sinks[0]?.delivery('a').ticket as number]);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'expired' }]);
    publishAll(queue, ['b', 'c']);
    expect(sinks.map(({ bodies }) => bodies)).toEqual([['a', 'c'], ['b']]);
  });

  test('the shorter of queue TTL and expiration counts', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ messageTtlMs: 100 });
    queue.publish(sampleMessage('own', { expiration: '30' }));
    fixture.clock.advance(30);
    expect(fixture.dead.map(({ body }) => body)).toEqual(['own']);
    queue.publish(sampleMessage('longer', { expiration: '5000' }));
    fixture.clock.advance(100);
    expect(fixture.dead.map(({ body }) => body)).toEqual(['own', 'longer']);
  });

  test('an expired message behind one that lives longer stays until it is at the head', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    queue.publish(sampleMessage('long', { expiration: '1000' }));
    queue.publish(sampleMessage('short', { expiration: '10' }));
    queue.publish(sampleMessage('for ever'));
    fixture.clock.advance(500);
    expect(queue.readyCount).toBe(3);
    expect(fixture.dead).toEqual([]);
    expect(getOne(queue, true)?.body).toBe('long');
    fixture.clock.advance(0);
    expect(fixture.dead).toEqual([{ body: 'short', reason: 'expired' }]);
    expect(drain(queue)).toEqual(['for ever']);
  });

  test('an expired message is never handed out, not even in the moment before its timer', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    queue.publish(sampleMessage('first', { expiration: '100' }));
    queue.publish(sampleMessage('second', { expiration: '10' }));
    queue.publish(sampleMessage('third'));
    fixture.clock.advance(50);
    const sink = new RecordingSink();
    consume(queue, sink);
    expect(sink.bodies).toEqual(['first', 'third']);
    expect(fixture.dead).toEqual([{ body: 'second', reason: 'expired' }]);
  });

  test('TTL 0 delivers to a waiting consumer, else the message dies at once', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ messageTtlMs: 0 });
    publishAll(queue, ['nobody']);
    expect(fixture.dead).toEqual([{ body: 'nobody', reason: 'expired' }]);
    expect(queue.readyCount).toBe(0);
    const sink = new RecordingSink();
    consume(queue, sink);
    publishAll(queue, ['somebody']);
    expect(sink.bodies).toEqual(['somebody']);
    expect(fixture.dead).toHaveLength(1);
  });

  test('expiration 0 is a TTL of 0', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    queue.publish(sampleMessage('now', { expiration: '0' }));
    expect(fixture.dead).toEqual([{ body: 'now', reason: 'expired' }]);
  });

  test('expiration 0 waits behind what does not expire, and is not counted once it comes to the head', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    publishAll(queue, ['first']);
    queue.publish(sampleMessage('second', { expiration: '0' }));
    expect([queue.readyCount, fixture.dead]).toEqual([2, []]);
    queue.get(true, (message) => {
      expect([bodyOf(message), queue.readyCount]).toEqual(['first', 0]);
    });
    expect(fixture.dead).toEqual([{ body: 'second', reason: 'expired' }]);
  });

  test('a requeued message keeps its deadline', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ messageTtlMs: 100 });
    publishAll(queue, ['a']);
    const ticket = getOne(queue)?.ticket as number;
    fixture.clock.advance(60);
    queue.requeue([ticket]);
    fixture.clock.advance(39);
    expect(queue.readyCount).toBe(1);
    fixture.clock.advance(1);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'expired' }]);
  });

  test('a message that went to a consumer at once keeps its deadline when it comes back', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ messageTtlMs: 100 });
    const sink = new RecordingSink();
    const consumer = consume(queue, sink);
    publishAll(queue, ['a']);
    queue.unsubscribe(consumer);
    queue.requeue([sink.delivery('a').ticket]);
    fixture.clock.advance(99);
    expect(queue.readyCount).toBe(1);
    fixture.clock.advance(1);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'expired' }]);
  });

  test('a message requeued after its deadline dies and is not delivered again', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ messageTtlMs: 100 });
    publishAll(queue, ['a']);
    const ticket = getOne(queue)?.ticket as number;
    fixture.clock.advance(500);
    queue.requeue([ticket]);
    expect(getOne(queue)).toBeUndefined();
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'expired' }]);
  });

  test('a message whose turn comes behind a full consumer dies at its own moment', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    queue.publish(sampleMessage('long', { expiration: '1000' }));
    queue.publish(sampleMessage('short', { expiration: '10' }));
    const sink = new RecordingSink();
    consume(queue, sink, { prefetch: 1 });
    expect(sink.bodies).toEqual(['long']);
    fixture.clock.advance(10);
    expect(fixture.dead).toEqual([{ body: 'short', reason: 'expired' }]);
  });

  test('an unacked message does not expire', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ messageTtlMs: 100 });
    publishAll(queue, ['a']);
    const ticket = getOne(queue)?.ticket as number;
    fixture.clock.advance(1000);
    expect(fixture.dead).toEqual([]);
    queue.ack(ticket, 1);
    expect(queue.unackedCount).toBe(0);
  });

  test('a message expires at the head of the whole queue, not behind a higher priority', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ priorityMax: 1 });
    queue.publish(sampleMessage('high', { priority: 1, expiration: '1000' }));
    queue.publish(sampleMessage('low', { expiration: '10' }));
    fixture.clock.advance(999);
    expect(fixture.dead).toEqual([]);
    fixture.clock.advance(1);
    expect(fixture.dead).toEqual([
      { body: 'high', reason: 'expired' },
      { body: 'low', reason: 'expired' },
    ]);
  });

  test('thousands that expire in one moment all die, in order', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ messageTtlMs: 5 });
    const bodies = Array.from({ length: 3500 }, (_, i) => String(i));
    publishAll(queue, bodies);
    fixture.clock.advance(5);
    expect(fixture.dead.map(({ body }) => body)).toEqual(bodies);
    expect(fixture.clock.waiting).toBe(0);
  });
});

describe('x-expires', () => {
  test('a queue that nobody uses ends after x-expires, with nothing dead-lettered', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ expiresMs: 1000 });
    publishAll(queue, ['a']);
    fixture.clock.advance(999);
    expect(fixture.ends).toEqual([]);
    fixture.clock.advance(1);
    expect(fixture.ends).toEqual(['q']);
    expect(fixture.dead).toEqual([]);
  });

  test('publishing does not renew x-expires; basic.get and a declare do', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ expiresMs: 1000 });
    fixture.clock.advance(900);
    getOne(queue);
    fixture.clock.advance(900);
    queue.used();
    fixture.clock.advance(900);
    expect(fixture.ends).toEqual([]);
    publishAll(queue, ['a']);
    fixture.clock.advance(100);
    expect(fixture.ends).toEqual(['q']);
  });

  test('a queue with a consumer does not end; the time runs from the last one that leaves', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ expiresMs: 1000 });
    const consumer = consume(queue, new RecordingSink());
    fixture.clock.advance(10_000);
    expect(fixture.ends).toEqual([]);
    queue.unsubscribe(consumer);
    fixture.clock.advance(999);
    expect(fixture.ends).toEqual([]);
    fixture.clock.advance(1);
    expect(fixture.ends).toEqual(['q']);
  });
});

describe('length limits', () => {
  test('drop-head drops the oldest with reason maxlen', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ lengthMax: 2 });
    publishAll(queue, ['a', 'b', 'c', 'd']);
    expect(fixture.dead).toEqual([
      { body: 'a', reason: 'maxlen' },
      { body: 'b', reason: 'maxlen' },
    ]);
    expect(queue.counters.overflowed).toBe(2);
    expect(drain(queue)).toEqual(['c', 'd']);
  });

  test('only ready messages count', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ lengthMax: 1 });
    publishAll(queue, ['a']);
    getOne(queue);
    publishAll(queue, ['b']);
    expect(fixture.dead).toEqual([]);
  });

  test('a requeue beyond the limit drops from the head', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ lengthMax: 1 });
    publishAll(queue, ['a']);
    const ticket = getOne(queue)?.ticket as number;
    publishAll(queue, ['b']);
    queue.requeue([ticket]);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'maxlen' }]);
    expect(drain(queue)).toEqual(['b']);
  });

  test('a length of 0 keeps nothing but serves a waiting consumer', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ lengthMax: 0 });
    publishAll(queue, ['a']);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'maxlen' }]);
    const sink = new RecordingSink();
    consume(queue, sink);
    publishAll(queue, ['b']);
    expect(sink.bodies).toEqual(['b']);
  });

  test('bytes are those of ready bodies, and as many go as it takes', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ bytesMax: 10 });
    publishAll(queue, ['1234', '12345', '1']);
    expect(fixture.dead).toEqual([]);
    publishAll(queue, ['123456']);
    expect(fixture.dead.map(({ body }) => body)).toEqual(['1234', '12345']);
    expect(queue.readyBytes).toBe(7);
  });

  test('a message larger than the limit in bytes pushes out all and itself', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ bytesMax: 3 });
    publishAll(queue, ['1', '1234']);
    expect(fixture.dead.map(({ body }) => body)).toEqual(['1', '1234']);
    expect([queue.readyCount, queue.readyBytes]).toEqual([0, 0]);
  });

  test('reject-publish refuses the newest and dead-letters nothing', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ lengthMax: 1, overflow: 'reject-publish' });
    expect(queue.publish(sampleMessage('a'))).toBe(true);
    expect(queue.publish(sampleMessage('b'))).toBe(false);
    expect(fixture.dead).toEqual([]);
    expect(queue.counters.published).toBe(1);
    expect(drain(queue)).toEqual(['a']);
    expect(queue.publish(sampleMessage('c'))).toBe(true);
  });

  test('reject-publish counts bytes too', () => {
    const queue = new QueueFixture().queue({ bytesMax: 4, overflow: 'reject-publish' });
    expect(queue.publish(sampleMessage('123'))).toBe(true);
    expect(queue.publish(sampleMessage('12'))).toBe(false);
    expect(queue.publish(sampleMessage('1'))).toBe(true);
  });

  test('reject-publish-dlx refuses the newest and dead-letters it with reason maxlen', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ lengthMax: 1, overflow: 'reject-publish-dlx' });
    queue.publish(sampleMessage('a'));
    expect(queue.publish(sampleMessage('b'))).toBe(false);
    expect(fixture.dead).toEqual([{ body: 'b', reason: 'maxlen' }]);
  });

  test('with priorities the head that is dropped is that of the highest priority', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ lengthMax: 2, priorityMax: 5 });
    queue.publish(sampleMessage('low', { priority: 1 }));
    queue.publish(sampleMessage('high', { priority: 5 }));
    queue.publish(sampleMessage('low too', { priority: 1 }));
    expect(fixture.dead).toEqual([{ body: 'high', reason: 'maxlen' }]);
  });
});
