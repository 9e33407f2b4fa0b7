import { describe, expect, test } from 'vitest';
import { drain, getOne, QueueFixture } from '../queue-fixture.ts';
import { consume, newConsumer, RecordingSink } from '../recording-sink.ts';
import { bodyOf, sampleMessage } from '../sample-message.ts';

const publishAll = (queue: ReturnType<QueueFixture['queue']>, bodies: string[]): void => {
  for (const body of bodies) queue.publish(sampleMessage(body));
};

describe('order', () => {
  test('messages leave in the order in which they came', () => {
    const queue = new QueueFixture().queue();
    publishAll(queue, ['a', 'b', 'c']);
    expect(drain(queue)).toEqual(['a', 'b', 'c']);
  });

  test('a requeued message goes back to its original place and is marked redelivered', () => {
    const queue = new QueueFixture().queue();
    publishAll(queue, ['a', 'b', 'c']);
    const first = getOne(queue);
    expect(first).toMatchObject({ body: 'a', redelivered: false });
    queue.requeue([first?.ticket as number]);
    publishAll(queue, ['d']);
    expect(getOne(queue, true)).toMatchObject({ body: 'a', redelivered: true });
    expect(getOne(queue, true)).toMatchObject({ body: 'b', redelivered: false });
    expect(drain(queue)).toEqual(['c', 'd']);
  });

  test('requeued messages keep their order, whatever the order of their tickets', () => {
    const queue = new QueueFixture().queue();
    publishAll(queue, ['a', 'b', 'c', 'd']);
    const tickets = [1, 2, 3].map(() => getOne(queue)?.ticket as number);
    queue.requeue([tickets[2], tickets[0], tickets[1]] as number[]);
    expect(drain(queue)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a message between unacked ones goes back between its neighbours', () => {
    const queue = new QueueFixture().queue();
    publishAll(queue, ['a', 'b', 'c']);
    const [a, b, c] = [1, 2, 3].map(() => getOne(queue)?.ticket as number) as [number, number, number];
    queue.requeue([b]);
    queue.requeue([c]);
    queue.requeue([a]);
    expect(drain(queue)).toEqual(['a', 'b', 'c']);
  });

  test('a requeued message goes to a waiting consumer at once', () => {
    const queue = new QueueFixture().queue();
    const sink = new RecordingSink();
    consume(queue, sink);
    publishAll(queue, ['a']);
    queue.requeue([sink.delivery('a').ticket]);
    expect(sink.deliveries.map(({ body, redelivered }) => [body, redelivered])).toEqual([
      ['a', false],
      ['a', true],
    ]);
  });
});

describe('priority', () => {
  const withPriority = (queue: ReturnType<QueueFixture['queue']>, list: [string, number | undefined][]): void => {
    for (const [body, priority] of list) queue.publish(sampleMessage(body, priority === undefined ? {} : { priority }));
  };

  test('higher priorities leave first, and within one the order of arrival holds', () => {
    const queue = new QueueFixture().queue({ priorityMax: 10 });
    withPriority(queue, [
      ['low 1', 1],
      ['high 1', 9],
      ['none', undefined],
      ['low 2', 1],
      ['high 2', 9],
    ]);
    expect(drain(queue)).toEqual(['high 1', 'high 2', 'low 1', 'low 2', 'none']);
  });

  test('a priority above the maximum counts as the maximum', () => {
    const queue = new QueueFixture().queue({ priorityMax: 3 });
    withPriority(queue, [
      ['three', 3],
      ['two hundred', 200],
    ]);
    expect(drain(queue)).toEqual(['three', 'two hundred']);
  });

  test('without x-max-priority the property changes nothing', () => {
    const queue = new QueueFixture().queue();
    withPriority(queue, [
      ['a', 0],
      ['b', 9],
    ]);
    expect(drain(queue)).toEqual(['a', 'b']);
  });

  test('a requeued message keeps its priority', () => {
    const queue = new QueueFixture().queue({ priorityMax: 255 });
    withPriority(queue, [['high', 255]]);
    const ticket = getOne(queue)?.ticket as number;
    withPriority(queue, [
      ['low', 0],
      ['higher still', 255],
    ]);
    queue.requeue([ticket]);
    expect(drain(queue)).toEqual(['high', 'higher still', 'low']);
  });
});

describe('settlement', () => {
  test('ack ends a message', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    publishAll(queue, ['abc', 'de']);
    const ticket = getOne(queue)?.ticket as number;
    expect([queue.readyCount, queue.readyBytes, queue.unackedCount, queue.unackedBytes]).toEqual([1, 2, 1, 3]);
    queue.ack(ticket, 3);
    expect([queue.readyCount, queue.readyBytes, queue.unackedCount, queue.unackedBytes]).toEqual([1, 2, 0, 0]);
    expect(fixture.dead).toEqual([]);
  });

  test('reject ends a message with reason rejected', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    publishAll(queue, ['a']);
    queue.reject(getOne(queue)?.ticket as number);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'rejected' }]);
    expect([queue.readyCount, queue.unackedCount, queue.unackedBytes, queue.counters.rejected]).toEqual([0, 0, 0, 1]);
  });

  test('a message taken without ack is gone', () => {
    const queue = new QueueFixture().queue();
    publishAll(queue, ['a', 'b']);
    expect(getOne(queue, true)).toMatchObject({ body: 'a', ticket: -1 });
    const sink = new RecordingSink();
    consume(queue, sink, { noAck: true });
    expect(sink.deliveries).toMatchObject([{ body: 'b', ticket: -1 }]);
    publishAll(queue, ['c']);
    expect(sink.delivery('c').ticket).toBe(-1);
    expect([queue.readyCount, queue.unackedCount]).toEqual([0, 0]);
  });

  test('purge takes what is ready, leaves what is unacked, and dead-letters nothing', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ priorityMax: 2 });
    publishAll(queue, ['unacked', 'back', 'a', 'b']);
    const unacked = getOne(queue)?.ticket as number;
    queue.requeue([getOne(queue)?.ticket as number]);
    queue.publish(sampleMessage('high', { priority: 2 }));
    expect(queue.purge()).toBe(4);
    expect([queue.readyCount, queue.readyBytes, queue.unackedCount]).toEqual([0, 0, 1]);
    expect(fixture.dead).toEqual([]);
    queue.requeue([unacked]);
    expect(drain(queue)).toEqual(['unacked']);
    expect(queue.purge()).toBe(0);
  });

  test('acks, rejects and requeues that come after a delete are fine and do nothing', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    publishAll(queue, ['a', 'b', 'c', 'd']);
    const [a, b, c] = [1, 2, 3].map(() => getOne(queue)?.ticket as number) as [number, number, number];
    queue.delete();
    queue.ack(a, 1);
    queue.reject(b);
    queue.requeue([c]);
    expect(fixture.dead).toEqual([]);
    expect([queue.readyCount, queue.readyBytes, queue.unackedCount, queue.unackedBytes]).toEqual([0, 0, 0, 0]);
    expect(fixture.store.bytes).toBe(0);
  });

  test('a deleted queue tells its consumers and has no timers left', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ expiresMs: 50, messageTtlMs: 10 });
    const sink = new RecordingSink();
    const busy = consume(queue, sink, { tag: 'one', prefetch: 1 });
    consume(queue, sink, { tag: 'two', prefetch: 1 });
    publishAll(queue, ['a', 'b', 'c']);
    queue.delete();
    expect(sink.cancelledTags).toEqual(['one', 'two']);
    expect(fixture.clock.waiting).toBe(0);
    queue.unsubscribe(busy);
    fixture.clock.advance(1000);
    expect(fixture.ends).toEqual([]);
  });
});

describe('auto-delete', () => {
  test('the queue ends with its last consumer', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({}, { autoDelete: true });
    const [one, two] = [consume(queue, new RecordingSink()), consume(queue, new RecordingSink())];
    queue.unsubscribe(one);
    expect(fixture.ends).toEqual([]);
    queue.unsubscribe(two);
    expect(fixture.ends).toEqual(['q']);
  });

  test('a queue that never had a consumer stays; basic.get does not count', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({}, { autoDelete: true });
    publishAll(queue, ['a']);
    drain(queue);
    fixture.clock.advance(1_000_000);
    expect(fixture.ends).toEqual([]);
  });
});

describe('consumers', () => {
  test('an exclusive consumer keeps others out', () => {
    const queue = new QueueFixture().queue();
    const sink = new RecordingSink();
    const exclusive = consume(queue, sink, { exclusive: true });
    expect(() => consume(queue, sink)).toThrow("queue 'q' in vhost '/' in exclusive use");
    expect(() => consume(queue, sink, { exclusive: true })).toThrow('in exclusive use');
    queue.unsubscribe(exclusive);
    consume(queue, sink);
    expect(() => consume(queue, sink, { exclusive: true })).toThrow(
      expect.objectContaining({ reply: 'ACCESS_REFUSED', message: "queue 'q' in vhost '/' in exclusive use" }),
    );
  });

  test('a single active consumer gets everything, the next one only after it leaves', () => {
    const queue = new QueueFixture().queue({ singleActiveConsumer: true });
    const [first, second] = [new RecordingSink(), new RecordingSink()];
    const active = consume(queue, first);
    consume(queue, second, { priority: 10 });
    publishAll(queue, ['a', 'b']);
    expect(first.bodies).toEqual(['a', 'b']);
    expect(second.bodies).toEqual([]);
    queue.unsubscribe(active);
    publishAll(queue, ['c']);
    expect(second.bodies).toEqual(['c']);
  });

  test('what waits behind a full active consumer goes to its successor at once', () => {
    const queue = new QueueFixture().queue({ singleActiveConsumer: true });
    const [first, second] = [new RecordingSink(), new RecordingSink()];
    const active = consume(queue, first, { prefetch: 1 });
    consume(queue, second);
    publishAll(queue, ['a', 'b', 'c']);
    expect(second.bodies).toEqual([]);
    queue.unsubscribe(active);
    expect(second.bodies).toEqual(['b', 'c']);
    expect(queue.unackedCount).toBe(3);
  });

  test('an exclusive consumer is refused where a single active consumer is asked for', () => {
    const queue = new QueueFixture().queue({ singleActiveConsumer: true });
    expect(() => consume(queue, new RecordingSink(), { exclusive: true })).toThrow('in exclusive use');
  });

  test('consumers are served round robin', () => {
    const queue = new QueueFixture().queue();
    const sinks = [new RecordingSink(), new RecordingSink(), new RecordingSink()];
    for (const sink of sinks) consume(queue, sink);
    publishAll(queue, ['1', '2', '3', '4', '5', '6', '7']);
    expect(sinks.map((sink) => sink.bodies)).toEqual([
      ['1', '4', '7'],
      ['2', '5'],
      ['3', '6'],
    ]);
  });

  test('a backlog is shared round robin too', () => {
    const queue = new QueueFixture().queue();
    const sinks = [new RecordingSink(), new RecordingSink()];
    publishAll(queue, ['1', '2', '3', '4']);
    for (const sink of sinks) queue.subscribe(newConsumer(queue, sink));
    queue.dispatch();
    expect(sinks.map((sink) => sink.bodies)).toEqual([
      ['1', '3'],
      ['2', '4'],
    ]);
  });

  test('prefetch bounds what a consumer holds unacked', () => {
    const queue = new QueueFixture().queue();
    const sink = new RecordingSink();
    consume(queue, sink, { prefetch: 2 });
    publishAll(queue, ['a', 'b', 'c', 'd']);
    expect(sink.bodies).toEqual(['a', 'b']);
    sink.ack('a');
    expect(sink.bodies).toEqual(['a', 'b', 'c']);
    sink.ack('c');
    expect(sink.bodies).toEqual(['a', 'b', 'c', 'd']);
    expect(queue.readyCount).toBe(0);
  });

  test('prefetch does not bound a consumer without acks', () => {
    const queue = new QueueFixture().queue();
    const sink = new RecordingSink();
    consume(queue, sink, { prefetch: 1, noAck: true });
    publishAll(queue, ['a', 'b', 'c']);
    expect(sink.bodies).toEqual(['a', 'b', 'c']);
  });

  test('a higher priority gets everything while it can take it', () => {
    const queue = new QueueFixture().queue();
    const [low, high] = [new RecordingSink(), new RecordingSink()];
    consume(queue, low, { priority: -1 });
    consume(queue, high, { priority: 5, prefetch: 2 });
    publishAll(queue, ['a', 'b', 'c']);
    expect([high.bodies, low.bodies]).toEqual([['a', 'b'], ['c']]);
    high.ack('a');
    publishAll(queue, ['d', 'e']);
    expect([high.bodies, low.bodies]).toEqual([
      ['a', 'b', 'd'],
      ['c', 'e'],
    ]);
  });

  test('a consumer whose socket is full gets nothing until it is woken', () => {
    const queue = new QueueFixture().queue();
    const sink = new RecordingSink();
    const consumer = consume(queue, sink);
    sink.room = false;
    publishAll(queue, ['a', 'b']);
    expect(sink.bodies).toEqual([]);
    sink.room = true;
    queue.wake(consumer);
    expect(sink.bodies).toEqual(['a', 'b']);
  });

  test('a cancelled consumer gets nothing more, also when it acks what it still holds', () => {
    const queue = new QueueFixture().queue();
    const sink = new RecordingSink();
    const consumer = consume(queue, sink, { prefetch: 1 });
    publishAll(queue, ['a', 'b']);
    queue.unsubscribe(consumer);
    sink.ack('a');
    expect(sink.bodies).toEqual(['a']);
    expect(queue.readyCount).toBe(1);
  });

  test('what a cancelled consumer holds stays unacked', () => {
    const queue = new QueueFixture().queue();
    const sink = new RecordingSink();
    queue.unsubscribe(
      (() => {
        const consumer = consume(queue, sink);
        publishAll(queue, ['a']);
        return consumer;
      })(),
    );
    expect([queue.readyCount, queue.unackedCount]).toEqual([0, 1]);
    queue.ack(sink.delivery('a').ticket, 1);
    expect(queue.unackedCount).toBe(0);
  });
});

describe('for the console', () => {
  const peekPage = (queue: ReturnType<QueueFixture['queue']>, from = -1, limit = 100) => {
    const seen: { body: string; ticket: number; redelivered: boolean }[] = [];
    const next = queue.peek(from, limit, (message, ticket, redelivered) => {
      seen.push({ body: bodyOf(message), ticket, redelivered });
    });
    return { seen, bodies: seen.map(({ body }) => body), next };
  };

  test('peek shows ready messages in the order of their delivery and touches nothing', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ priorityMax: 1 });
    publishAll(queue, ['a', 'b', 'c']);
    queue.requeue([getOne(queue)?.ticket as number]);
    queue.publish(sampleMessage('high', { priority: 1 }));
    const before = { ...queue.counters, ready: queue.readyCount, bytes: queue.readyBytes };
    expect(peekPage(queue).seen.map(({ body, redelivered }) => [body, redelivered])).toEqual([
      ['high', false],
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
    expect(peekPage(queue).bodies).toEqual(['high', 'a', 'b', 'c']);
    expect({ ...queue.counters, ready: queue.readyCount, bytes: queue.readyBytes }).toEqual(before);
    expect(getOne(queue)).toMatchObject({ body: 'high', redelivered: false });
    expect(getOne(queue)).toMatchObject({ body: 'a', redelivered: true });
    expect(getOne(queue)).toMatchObject({ body: 'b', redelivered: false });
  });

  test.each([1, 2, 3, 4, 5, 7])(
    'pages of %i show every message once, through priorities and returned ones',
    (limit) => {
      const queue = new QueueFixture().queue({ priorityMax: 2 });
      publishAll(queue, ['e', 'f', 'g']);
      for (const body of ['c', 'd']) queue.publish(sampleMessage(body, { priority: 1 }));
      for (const body of ['a', 'b']) queue.publish(sampleMessage(body, { priority: 2 }));
      queue.requeue([getOne(queue)?.ticket as number]);
      const pages: string[] = [];
      let from = -1;
      do {
        const page = peekPage(queue, from, limit);
        expect(page.bodies.length).toBeLessThanOrEqual(limit);
        pages.push(...page.bodies);
        from = page.next;
      } while (from >= 0);
      expect(pages).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    },
  );

  test('takeOut takes one message from the middle, once', () => {
    const queue = new QueueFixture().queue();
    publishAll(queue, ['a', 'b', 'c', 'd']);
    queue.requeue([getOne(queue), getOne(queue)].map((got) => got?.ticket as number));
    const { seen } = peekPage(queue);
    const taken: string[] = [];
    const use = (message: Parameters<typeof bodyOf>[0]): boolean => taken.push(bodyOf(message)) > 0;
    expect(queue.takeOut(seen[1]?.ticket as number, use)).toBe(true);
    expect(queue.takeOut(seen[2]?.ticket as number, use)).toBe(true);
    expect(queue.takeOut(seen[1]?.ticket as number, use)).toBe(false);
    expect(taken).toEqual(['b', 'c']);
    expect([queue.readyCount, queue.readyBytes]).toEqual([2, 2]);
    expect(drain(queue)).toEqual(['a', 'd']);
  });

  test('takeOut leaves a message where it is when it found no other place', () => {
    const queue = new QueueFixture().queue();
    publishAll(queue, ['a', 'b']);
    expect(queue.takeOut(peekPage(queue).seen[1]?.ticket as number, () => false)).toBe(false);
    expect(drain(queue)).toEqual(['a', 'b']);
  });

  test('takeOut refuses an unacked message and a ticket that never was', () => {
    const queue = new QueueFixture().queue();
    publishAll(queue, ['a', 'b']);
    const ticket = getOne(queue)?.ticket as number;
    expect(queue.takeOut(ticket, () => true)).toBe(false);
    expect(queue.takeOut(10_000_000, () => true)).toBe(false);
    expect([queue.readyCount, queue.unackedCount]).toEqual([1, 1]);
  });

  test('oldestReadyAtMs is the arrival of the oldest ready message of all priorities', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue({ priorityMax: 1 });
    expect(queue.oldestReadyAtMs()).toBeNull();
    const start = fixture.clock.now();
    publishAll(queue, ['a']);
    fixture.clock.advance(10);
    queue.publish(sampleMessage('high', { priority: 1 }));
    expect(queue.oldestReadyAtMs()).toBe(start);
    drain(queue);
    expect(queue.oldestReadyAtMs()).toBeNull();
  });

  test('a queue is idle since the moment when nothing was ready, unacked or consuming', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    expect(queue.idleSinceMs).toBe(fixture.clock.now());
    publishAll(queue, ['a']);
    expect(queue.idleSinceMs).toBeNull();
    fixture.clock.advance(10);
    const ticket = getOne(queue)?.ticket as number;
    expect(queue.idleSinceMs).toBeNull();
    queue.ack(ticket, 1);
    expect(queue.idleSinceMs).toBe(fixture.clock.now());
  });

  test('a queue whose message died in the moment it came is idle', () => {
    const expiring = new QueueFixture().queue({ messageTtlMs: 0 });
    publishAll(expiring, ['a']);
    expect(expiring.idleSinceMs).not.toBeNull();
    const bounded = new QueueFixture().queue({ lengthMax: 0 });
    publishAll(bounded, ['a']);
    expect(bounded.idleSinceMs).not.toBeNull();
  });
});

test('deliveries are counted by who asked for them, and together', () => {
  const queue = new QueueFixture().queue();
  publishAll(queue, ['a', 'b', 'c', 'd']);
  getOne(queue);
  getOne(queue, true);
  consume(queue, new RecordingSink(), { prefetch: 1 });
  consume(queue, new RecordingSink(), { noAck: true });
  getOne(queue);
  expect(queue.counters).toMatchObject({ delivered: 4, got: 1, gotNoAck: 1, deliveredNoAck: 1, gotEmpty: 1 });
});
