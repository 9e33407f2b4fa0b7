import { describe, expect, test } from 'vitest';
import { findField } from '../../../../lib/amqp/field-table.ts';
import { MessageView } from '../../../../lib/broker/messages/message.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import type { QueueOptions } from '../../../../lib/broker/queues/queue-arguments.ts';
import { drain, getOne, QueueFixture } from '../queue-fixture.ts';
import { consume, RecordingSink } from '../recording-sink.ts';
import { bodyOf, headersOf, sampleMessage } from '../sample-message.ts';

const quorum = (fixture = new QueueFixture(), options: Partial<QueueOptions> = {}): Queue =>
  fixture.queue({ type: 'quorum', ...options });

const publishAll = (queue: Queue, bodies: string[], priority?: number): void => {
  for (const body of bodies) queue.publish(sampleMessage(body, priority === undefined ? {} : { priority }));
};

const ticketOf = (queue: Queue): number => getOne(queue)?.ticket as number;

/** x-delivery-count of the head, which comes back once more. */
function countOfHead(queue: Queue): number | undefined {
  let count: number | undefined;
  let ticket = -1;
  queue.get(false, (message, taken) => {
    const field = findField(headersOf(message), 'x-delivery-count');
    count = field?.type === 'l' ? Number(field.value) : undefined;
    ticket = taken;
  });
  queue.requeue([ticket]);
  return count;
}

test('what comes back goes to consumers before the length counts', () => {
  const fixture = new QueueFixture();
  const queue = quorum(fixture, { lengthMax: 1 });
  const sink = new RecordingSink();
  const first = consume(queue, sink);
  publishAll(queue, ['a', 'b', 'c']);
  const tickets = sink.deliveries.map(({ ticket }) => ticket);
  queue.unsubscribe(first);
  const next = new RecordingSink();
  consume(queue, next);
  queue.requeue(tickets);
  expect([next.bodies, fixture.dead]).toEqual([['a', 'b', 'c'], []]);
});

test('there are no exclusive consumers', () => {
  const queue = quorum();
  const sink = new RecordingSink();
  consume(queue, sink, { tag: 'a', exclusive: true });
  consume(queue, sink, { tag: 'b' });
  consume(queue, sink, { tag: 'c', exclusive: true });
  publishAll(queue, ['1', '2', '3']);
  expect(sink.deliveries.map(({ consumer }) => consumer.tag)).toEqual(['a', 'b', 'c']);
});

describe('what comes back', () => {
  test('is served before what is ready, in the order in which it came back', () => {
    const queue = quorum();
    publishAll(queue, ['a', 'b', 'c', 'd']);
    const [a, b] = [ticketOf(queue), ticketOf(queue)];
    queue.requeue([b]);
    queue.requeue([a]);
    expect(drain(queue)).toEqual(['b', 'a', 'c', 'd']);
  });

  test('is told how often it did, from the first redelivery on', () => {
    const queue = quorum();
    publishAll(queue, ['a']);
    expect([1, 2, 3].map(() => countOfHead(queue))).toEqual([undefined, 1, 2]);
  });

  test('does not say so in its dead letter', () => {
    const fixture = new QueueFixture();
    const letters: unknown[] = [];
    fixture.deadLetter = (_, message) => letters.push([bodyOf(message), headersOf(message)]);
    const queue = quorum(fixture, { lengthMax: 1 });
    publishAll(queue, ['a']);
    queue.requeue([ticketOf(queue)]);
    publishAll(queue, ['b']);
    expect(letters).toEqual([['a', []]]);
  });

  test('dies when it has come back more than 20 times: 21 deliveries', () => {
    const fixture = new QueueFixture();
    const queue = quorum(fixture);
    publishAll(queue, ['a']);
    for (let delivery = 1; delivery <= 21; delivery++) {
      expect(fixture.dead).toEqual([]);
      queue.requeue([ticketOf(queue)]);
    }
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'delivery_limit' }]);
    expect([queue.readyCount, queue.readyBytes, queue.unackedCount, queue.unackedBytes]).toEqual([0, 0, 0, 0]);
    expect(queue.counters.deliveryLimited).toBe(1);
  });

  test('dies at once with a limit of 0', () => {
    const fixture = new QueueFixture();
    const queue = quorum(fixture, { deliveryLimit: 0 });
    publishAll(queue, ['a', 'b']);
    queue.requeue([ticketOf(queue)]);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'delivery_limit' }]);
    expect(drain(queue)).toEqual(['b']);
  });

  test('without a limit waits behind what was there, and never dies', () => {
    const fixture = new QueueFixture();
    const queue = quorum(fixture, { deliveryLimit: -1 });
    publishAll(queue, ['a', 'b', 'c']);
    queue.requeue([ticketOf(queue)]);
    publishAll(queue, ['d']);
    expect(drain(queue)).toEqual(['b', 'c', 'a', 'd']);
    publishAll(queue, ['z']);
    for (let i = 0; i < 50; i++) queue.requeue([ticketOf(queue)]);
    expect(drain(queue)).toEqual(['z']);
    expect(fixture.dead).toEqual([]);
  });

  test('expires at its time', () => {
    const fixture = new QueueFixture();
    const queue = quorum(fixture, { messageTtlMs: 100 });
    publishAll(queue, ['a', 'b']);
    const a = ticketOf(queue);
    fixture.clock.advance(50);
    queue.requeue([a]);
    fixture.clock.advance(50);
    expect(fixture.dead).toEqual([
      { body: 'a', reason: 'expired' },
      { body: 'b', reason: 'expired' },
    ]);
    expect(fixture.clock.waiting).toBe(0);
  });

  test('is purged with the others, seen by who peeks, and can be taken out', () => {
    const queue = quorum();
    publishAll(queue, ['a', 'b', 'c', 'd']);
    queue.requeue([ticketOf(queue), ticketOf(queue)]);
    const seen: string[] = [];
    let next = -1;
    do {
      next = queue.peek(next, 1, (message, _, redelivered) => seen.push(`${bodyOf(message)} ${redelivered}`));
    } while (next >= 0);
    expect(seen).toEqual(['a true', 'b true', 'c false', 'd false']);
    let a = -1;
    queue.peek(-1, 1, (_, ticket) => {
      a = ticket;
    });
    expect(queue.takeOut(a, () => true)).toBe(true);
    expect(queue.readyCount).toBe(3);
    expect(queue.purge()).toBe(3);
    expect([queue.readyCount, queue.readyBytes]).toEqual([0, 0]);
    expect(drain(queue)).toEqual([]);
  });
});

describe('priorities', () => {
  test('above 4 are high, and high ones get two turns of three', () => {
    const queue = quorum();
    publishAll(queue, ['n1', 'n2', 'n3', 'n4'], 4);
    publishAll(queue, ['h1', 'h2', 'h3', 'h4'], 5);
    expect(drain(queue)).toEqual(['h1', 'h2', 'n1', 'h3', 'h4', 'n2', 'n3', 'n4']);
  });
});

test('every message is persistent, and the one that was published is as it was', () => {
  const fixture = new QueueFixture();
  const queue = quorum(fixture);
  const message = sampleMessage('a');
  queue.publish(message);
  consume(queue, new RecordingSink());
  queue.publish(message);
  expect(message.persistent).toBe(false);
  const log = fixture.store.open('id');
  const view = new MessageView();
  const persistent: boolean[] = [];
  for (let at = log.seek(0); at >= 0; at = log.seek(log.after(at))) {
    log.read(at, view);
    persistent.push(view.persistent);
  }
  expect(persistent).toEqual([true, true]);
});

test('a restart counts as one more return of what was at consumers', () => {
  const fixture = new QueueFixture();
  const before = quorum(fixture);
  publishAll(before, ['a']);
  before.requeue([ticketOf(before)]);
  before.requeue([ticketOf(before)]);
  ticketOf(before);
  expect(countOfHead(quorum(fixture))).toBe(3);
});

test('what an earlier process had delivered comes first, counted as one attempt', () => {
  const fixture = new QueueFixture();
  const before = quorum(fixture);
  publishAll(before, ['a', 'b', 'c']);
  ticketOf(before);
  const after = quorum(fixture);
  expect(countOfHead(after)).toBe(1);
  expect(drain(after)).toEqual(['a', 'b', 'c']);
});

test('reject-publish-dlx is drop-head', () => {
  const fixture = new QueueFixture();
  const queue = quorum(fixture, { lengthMax: 1, overflow: 'reject-publish-dlx' });
  publishAll(queue, ['a', 'b']);
  expect(fixture.dead).toEqual([{ body: 'a', reason: 'maxlen' }]);
  expect(drain(queue)).toEqual(['b']);
});

describe('a single active consumer', () => {
  test('gives way to one of higher priority when it has settled everything', () => {
    const queue = quorum(undefined, { singleActiveConsumer: true });
    const [low, high] = [new RecordingSink(), new RecordingSink()];
    publishAll(queue, ['a']);
    consume(queue, low, { tag: 'low' });
    consume(queue, high, { tag: 'high', priority: 1 });
    publishAll(queue, ['b']);
    expect([low.bodies, high.bodies]).toEqual([['a'], []]);
    low.ack('a');
    expect([low.bodies, high.bodies]).toEqual([['a'], ['b']]);
    expect(queue.consumers.active?.tag).toBe('high');
  });

  test('is followed by the first of the highest priority', () => {
    const queue = quorum(undefined, { singleActiveConsumer: true });
    const sink = new RecordingSink();
    const first = consume(queue, sink, { tag: 'first', priority: 3 });
    for (const [tag, priority] of [
      ['a', 0],
      ['b', 2],
      ['c', 2],
    ] as const)
      consume(queue, sink, { tag, priority });
    queue.unsubscribe(first);
    publishAll(queue, ['x']);
    expect(sink.delivery('x').consumer.tag).toBe('b');
  });

  test('goes on when the better one left before it was its turn', () => {
    const queue = quorum(undefined, { singleActiveConsumer: true });
    const sink = new RecordingSink();
    publishAll(queue, ['a']);
    consume(queue, sink, { tag: 'low' });
    queue.unsubscribe(consume(queue, sink, { tag: 'high', priority: 1 }));
    publishAll(queue, ['b']);
    expect(sink.delivery('b').consumer.tag).toBe('low');
  });

  test('rules out basic.get', () => {
    const queue = quorum(undefined, { singleActiveConsumer: true });
    expect(() => getOne(queue)).toThrow(expect.objectContaining({ reply: 'RESOURCE_LOCKED' }));
  });
});

test.each([
  [{ unused: true, empty: false }, 'if-unused'],
  [{ unused: false, empty: true }, 'if-empty'],
])('it cannot be deleted on a condition: case %$', (onlyIf, flag) => {
  expect(() => quorum().checkDelete(onlyIf)).toThrow(
    expect.objectContaining({
      reply: 'NOT_IMPLEMENTED',
      message: `cannot delete queue 'q' in vhost '/'. queue.delete operations with ${flag} flag set are not supported by quorum queues`,
    }),
  );
});

describe('dead letters that must arrive', () => {
  const sure = { deadLetterAtLeastOnce: true, overflow: 'reject-publish', deadLetterExchange: 'dlx' } as const;

  test('are kept until they have', () => {
    const fixture = new QueueFixture();
    fixture.arrives = false;
    const queue = quorum(fixture, sure);
    publishAll(queue, ['a', 'b']);
    queue.reject(ticketOf(queue));
    expect(queue.readyCount).toBe(1);
    expect([fixture.store.open('id').liveCount, queue.unackedCount]).toEqual([2, 0]);
    fixture.clock.advance(5_000);
    expect(fixture.dead).toEqual([]);
    fixture.arrives = true;
    fixture.clock.advance(5_000);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'rejected' }]);
    expect(fixture.store.open('id').liveCount).toBe(1);
    expect(fixture.clock.waiting).toBe(0);
  });

  test('count for the length while they wait', () => {
    const fixture = new QueueFixture();
    fixture.arrives = false;
    const queue = quorum(fixture, { ...sure, lengthMax: 2 });
    publishAll(queue, ['a', 'b']);
    queue.reject(ticketOf(queue));
    expect([queue.readyCount, queue.waitingLetters]).toEqual([1, 1]);
    expect(queue.publish(sampleMessage('c'))).toBe(false);
    fixture.arrives = true;
    fixture.clock.advance(5_000);
    expect(queue.waitingLetters).toBe(0);
    expect(queue.publish(sampleMessage('c'))).toBe(true);
  });

  test('in thousands go in turns, without a wait while they move', () => {
    const fixture = new QueueFixture();
    fixture.arrives = false;
    const queue = quorum(fixture, { ...sure, messageTtlMs: 10 });
    publishAll(
      queue,
      Array.from({ length: 2500 }, (_, i) => String(i)),
    );
    fixture.clock.advance(10);
    expect(queue.waitingLetters).toBe(2500);
    fixture.arrives = true;
    fixture.clock.advance(5_000);
    expect(fixture.dead.map(({ body }) => Number(body))).toEqual(Array.from({ length: 2500 }, (_, i) => i));
  });

  test('are kept also when nobody was there to take them in time', () => {
    const fixture = new QueueFixture();
    fixture.arrives = false;
    const queue = quorum(fixture, { ...sure, messageTtlMs: 0 });
    publishAll(queue, ['a']);
    fixture.clock.advance(0);
    expect([queue.readyCount, fixture.store.open('id').liveCount]).toEqual([0, 1]);
    fixture.arrives = true;
    fixture.clock.advance(5_000);
    expect(fixture.dead).toEqual([{ body: 'a', reason: 'expired' }]);
  });
});
