import { describe, expect, test } from 'vitest';
import { drain, getOne, QueueFixture } from './queue-fixture.ts';
import { consume, RecordingSink } from './recording-sink.ts';
import { bodyOf, sampleMessage } from './sample-message.ts';

const publishAll = (queue: ReturnType<QueueFixture['queue']>, bodies: string[]): void => {
  for (const body of bodies) queue.publish(sampleMessage(body));
};

describe('time to live', () => {
  test('messages of a queue with x-message-ttl die at their moment, with reason expired', () => {
    const place = new QueueFixture();
    const queue = place.queue({ messageTtlMs: 100 });
    publishAll(queue, ['a']);
    place.clock.advance(50);
    publishAll(queue, ['b']);
    place.clock.advance(49);
    expect(queue.readyCount).toBe(2);
    place.clock.advance(1);
    expect(place.dead).toEqual([{ body: 'a', reason: 'expired' }]);
    place.clock.advance(50);
    expect(place.dead.map(({ body }) => body)).toEqual(['a', 'b']);
    expect([queue.readyCount, queue.readyBytes]).toEqual([0, 0]);
    expect(queue.counters.expired).toBe(2);
    expect(place.clock.waiting).toBe(0);
  });

  test('a message that expires as it comes back takes nobody’s turn', () => {
    const place = new QueueFixture();
    const queue = place.queue({ messageTtlMs: 0 });
    const sinks = [new RecordingSink(), new RecordingSink()];
    for (const sink of sinks) consume(queue, sink);
    publishAll(queue, ['a']);
    queue.requeue([sinks[0]?.delivery('a').ticket as number]);
    expect(place.dead).toEqual([{ body: 'a', reason: 'expired' }]);
    publishAll(queue, ['b', 'c']);
    expect(sinks.map(({ bodies }) => bodies)).toEqual([['a', 'c'], ['b']]);
  });

  test('the shorter of queue TTL and expiration counts', () => {
    const place = new QueueFixture();
    const queue = place.queue({ messageTtlMs: 100 });
    queue.publish(sampleMessage('own', { expiration: '30' }));
    place.clock.advance(30);
    expect(place.dead.map(({ body }) => body)).toEqual(['own']);
    queue.publish(sampleMessage('longer', { expiration: '5000' }));
    place.clock.advance(100);
    expect(place.dead.map(({ body }) => body)).toEqual(['own', 'longer']);
  });

  test('an expired message behind one that lives longer stays until it is at the head', () => {
    const place = new QueueFixture();
    const queue = place.queue();
    queue.publish(sampleMessage('long', { expiration: '1000' }));
    queue.publish(sampleMessage('short', { expiration: '10' }));
    queue.publish(sampleMessage('for ever'));
    place.clock.advance(500);
    expect(queue.readyCount).toBe(3);
    expect(place.dead).toEqual([]);
    expect(getOne(queue, true)?.body).toBe('long');
    place.clock.advance(0);
    expect(place.dead).toEqual([{ body: 'short', reason: 'expired' }]);
    expect(drain(queue)).toEqual(['for ever']);
  });

  test('an expired message is never handed out, not even in the moment before its timer', () => {
    const place = new QueueFixture();
    const queue = place.queue();
    queue.publish(sampleMessage('first', { expiration: '100' }));
    queue.publish(sampleMessage('second', { expiration: '10' }));
    queue.publish(sampleMessage('third'));
    place.clock.advance(50);
    const sink = new RecordingSink();
    consume(queue, sink);
    expect(sink.bodies).toEqual(['first', 'third']);
    expect(place.dead).toEqual([{ body: 'second', reason: 'expired' }]);
  });

  test('TTL 0 delivers to a waiting consumer, else the message dies at once', () => {
    const place = new QueueFixture();
    const queue = place.queue({ messageTtlMs: 0 });
    publishAll(queue, ['nobody']);
    expect(place.dead).toEqual([{ body: 'nobody', reason: 'expired' }]);
    expect(queue.readyCount).toBe(0);
    const sink = new RecordingSink();
    consume(queue, sink);
    publishAll(queue, ['somebody']);
    expect(sink.bodies).toEqual(['somebody']);
    expect(place.dead).toHaveLength(1);
  });

  test('expiration 0 is a TTL of 0', () => {
    const place = new QueueFixture();
    const queue = place.queue();
    queue.publish(sampleMessage('now', { expiration: '0' }));
    expect(place.dead).toEqual([{ body: 'now', reason: 'expired' }]);
  });

  test('expiration 0 waits behind what does not expire, and is not counted once it comes to the head', () => {
    const place = new QueueFixture();
    const queue = place.queue();
    publishAll(queue, ['first']);
    queue.publish(sampleMessage('second', { expiration: '0' }));
    expect([queue.readyCount, place.dead]).toEqual([2, []]);
    queue.get(true, (message) => {
      expect([bodyOf(message), queue.readyCount]).toEqual(['first', 0]);
    });
    expect(place.dead).toEqual([{ body: 'second', reason: 'expired' }]);
  });

  test('a requeued message keeps its deadline', () => {
    const place = new QueueFixture();
    const queue = place.queue({ messageTtlMs: 100 });
    publishAll(queue, ['a']);
    const ticket = getOne(queue)?.ticket as number;
    place.clock.advance(60);
    queue.requeue([ticket]);
    place.clock.advance(39);
    expect(queue.readyCount).toBe(1);
    place.clock.advance(1);
    expect(place.dead).toEqual([{ body: 'a', reason: 'expired' }]);
  });

  test('a message that went to a consumer at once keeps its deadline when it comes back', () => {
    const place = new QueueFixture();
    const queue = place.queue({ messageTtlMs: 100 });
    const sink = new RecordingSink();
    const consumer = consume(queue, sink);
    publishAll(queue, ['a']);
    queue.unsubscribe(consumer);
    queue.requeue([sink.delivery('a').ticket]);
    place.clock.advance(99);
    expect(queue.readyCount).toBe(1);
    place.clock.advance(1);
    expect(place.dead).toEqual([{ body: 'a', reason: 'expired' }]);
  });

  test('a message requeued after its deadline dies and is not delivered again', () => {
    const place = new QueueFixture();
    const queue = place.queue({ messageTtlMs: 100 });
    publishAll(queue, ['a']);
    const ticket = getOne(queue)?.ticket as number;
    place.clock.advance(500);
    queue.requeue([ticket]);
    expect(getOne(queue)).toBeUndefined();
    expect(place.dead).toEqual([{ body: 'a', reason: 'expired' }]);
  });

  test('a message whose turn comes behind a full consumer dies at its own moment', () => {
    const place = new QueueFixture();
    const queue = place.queue();
    queue.publish(sampleMessage('long', { expiration: '1000' }));
    queue.publish(sampleMessage('short', { expiration: '10' }));
    const sink = new RecordingSink();
    consume(queue, sink, { prefetch: 1 });
    expect(sink.bodies).toEqual(['long']);
    place.clock.advance(10);
    expect(place.dead).toEqual([{ body: 'short', reason: 'expired' }]);
  });

  test('an unacked message does not expire', () => {
    const place = new QueueFixture();
    const queue = place.queue({ messageTtlMs: 100 });
    publishAll(queue, ['a']);
    const ticket = getOne(queue)?.ticket as number;
    place.clock.advance(1000);
    expect(place.dead).toEqual([]);
    queue.ack(ticket, 1);
    expect(queue.unackedCount).toBe(0);
  });

  test('a message expires at the head of the whole queue, not behind a higher priority', () => {
    const place = new QueueFixture();
    const queue = place.queue({ priorityMax: 1 });
    queue.publish(sampleMessage('high', { priority: 1, expiration: '1000' }));
    queue.publish(sampleMessage('low', { expiration: '10' }));
    place.clock.advance(999);
    expect(place.dead).toEqual([]);
    place.clock.advance(1);
    expect(place.dead).toEqual([
      { body: 'high', reason: 'expired' },
      { body: 'low', reason: 'expired' },
    ]);
  });

  test('thousands that expire in one moment all die, in order', () => {
    const place = new QueueFixture();
    const queue = place.queue({ messageTtlMs: 5 });
    const bodies = Array.from({ length: 3500 }, (_, i) => String(i));
    publishAll(queue, bodies);
    place.clock.advance(5);
    expect(place.dead.map(({ body }) => body)).toEqual(bodies);
    expect(place.clock.waiting).toBe(0);
  });
});

describe('x-expires', () => {
  test('a queue that nobody uses ends after x-expires, with nothing dead-lettered', () => {
    const place = new QueueFixture();
    const queue = place.queue({ expiresMs: 1000 });
    publishAll(queue, ['a']);
    place.clock.advance(999);
    expect(place.ends).toEqual([]);
    place.clock.advance(1);
    expect(place.ends).toEqual(['q']);
    expect(place.dead).toEqual([]);
  });

  test('publishing does not renew x-expires; basic.get and a declare do', () => {
    const place = new QueueFixture();
    const queue = place.queue({ expiresMs: 1000 });
    place.clock.advance(900);
    getOne(queue);
    place.clock.advance(900);
    queue.used();
    place.clock.advance(900);
    expect(place.ends).toEqual([]);
    publishAll(queue, ['a']);
    place.clock.advance(100);
    expect(place.ends).toEqual(['q']);
  });

  test('a queue with a consumer does not end; the time runs from the last one that leaves', () => {
    const place = new QueueFixture();
    const queue = place.queue({ expiresMs: 1000 });
    const consumer = consume(queue, new RecordingSink());
    place.clock.advance(10_000);
    expect(place.ends).toEqual([]);
    queue.unsubscribe(consumer);
    place.clock.advance(999);
    expect(place.ends).toEqual([]);
    place.clock.advance(1);
    expect(place.ends).toEqual(['q']);
  });
});

describe('length limits', () => {
  test('drop-head drops the oldest with reason maxlen', () => {
    const place = new QueueFixture();
    const queue = place.queue({ lengthMax: 2 });
    publishAll(queue, ['a', 'b', 'c', 'd']);
    expect(place.dead).toEqual([
      { body: 'a', reason: 'maxlen' },
      { body: 'b', reason: 'maxlen' },
    ]);
    expect(queue.counters.overflowed).toBe(2);
    expect(drain(queue)).toEqual(['c', 'd']);
  });

  test('only ready messages count', () => {
    const place = new QueueFixture();
    const queue = place.queue({ lengthMax: 1 });
    publishAll(queue, ['a']);
    getOne(queue);
    publishAll(queue, ['b']);
    expect(place.dead).toEqual([]);
  });

  test('a requeue beyond the limit drops from the head', () => {
    const place = new QueueFixture();
    const queue = place.queue({ lengthMax: 1 });
    publishAll(queue, ['a']);
    const ticket = getOne(queue)?.ticket as number;
    publishAll(queue, ['b']);
    queue.requeue([ticket]);
    expect(place.dead).toEqual([{ body: 'a', reason: 'maxlen' }]);
    expect(drain(queue)).toEqual(['b']);
  });

  test('a length of 0 keeps nothing but serves a waiting consumer', () => {
    const place = new QueueFixture();
    const queue = place.queue({ lengthMax: 0 });
    publishAll(queue, ['a']);
    expect(place.dead).toEqual([{ body: 'a', reason: 'maxlen' }]);
    const sink = new RecordingSink();
    consume(queue, sink);
    publishAll(queue, ['b']);
    expect(sink.bodies).toEqual(['b']);
  });

  test('bytes are those of ready bodies, and as many go as it takes', () => {
    const place = new QueueFixture();
    const queue = place.queue({ bytesMax: 10 });
    publishAll(queue, ['1234', '12345', '1']);
    expect(place.dead).toEqual([]);
    publishAll(queue, ['123456']);
    expect(place.dead.map(({ body }) => body)).toEqual(['1234', '12345']);
    expect(queue.readyBytes).toBe(7);
  });

  test('a message larger than the limit in bytes pushes out all and itself', () => {
    const place = new QueueFixture();
    const queue = place.queue({ bytesMax: 3 });
    publishAll(queue, ['1', '1234']);
    expect(place.dead.map(({ body }) => body)).toEqual(['1', '1234']);
    expect([queue.readyCount, queue.readyBytes]).toEqual([0, 0]);
  });

  test('reject-publish refuses the newest and dead-letters nothing', () => {
    const place = new QueueFixture();
    const queue = place.queue({ lengthMax: 1, overflow: 'reject-publish' });
    expect(queue.publish(sampleMessage('a'))).toBe(true);
    expect(queue.publish(sampleMessage('b'))).toBe(false);
    expect(place.dead).toEqual([]);
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
    const place = new QueueFixture();
    const queue = place.queue({ lengthMax: 1, overflow: 'reject-publish-dlx' });
    queue.publish(sampleMessage('a'));
    expect(queue.publish(sampleMessage('b'))).toBe(false);
    expect(place.dead).toEqual([{ body: 'b', reason: 'maxlen' }]);
  });

  test('with priorities the head that is dropped is that of the highest priority', () => {
    const place = new QueueFixture();
    const queue = place.queue({ lengthMax: 2, priorityMax: 5 });
    queue.publish(sampleMessage('low', { priority: 1 }));
    queue.publish(sampleMessage('high', { priority: 5 }));
    queue.publish(sampleMessage('low too', { priority: 1 }));
    expect(place.dead).toEqual([{ body: 'high', reason: 'maxlen' }]);
  });
});
