import { describe, expect, test } from 'vitest';
import { type Field, type FieldTable, findField } from '../../../../lib/amqp/field-table.ts';
import type { Consumer } from '../../../../lib/broker/consumers/consumer.ts';
import type { Message } from '../../../../lib/broker/messages/message.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import type { QueueOptions } from '../../../../lib/broker/queues/queue-arguments.ts';
import { getOne, QueueFixture } from '../queue-fixture.ts';
import { newConsumer, RecordingSink } from '../recording-sink.ts';
import { bodyOf, headersOf, sampleMessage } from '../sample-message.ts';

const streamOf = (fixture = new QueueFixture(), options: Partial<QueueOptions> = {}): Queue =>
  fixture.queue({ type: 'stream', ...options });

const publishAll = (queue: Queue, bodies: string[], filterValue?: string): void => {
  const headers: FieldTable =
    filterValue === undefined ? [] : [['x-stream-filter-value', { type: 'S', value: filterValue }]];
  for (const body of bodies) queue.publish(sampleMessage(body, { headers }));
};

const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `m${from + i}`);

/** Takes notes of offsets, and settles like a channel. */
class Reading extends RecordingSink {
  readonly offsets: number[] = [];

  override deliver(consumer: Consumer, message: Message, ticket: number, redelivered: boolean): void {
    const field = findField(headersOf(message), 'x-stream-offset');
    this.offsets.push(field?.type === 'l' ? Number(field.value) : -1);
    super.deliver(consumer, message, ticket, redelivered);
  }
}

function readFrom(queue: Queue, offset: Field | null, more: FieldTable = [], prefetch = 1000): Reading {
  const sink = new Reading();
  const args: FieldTable = offset === null ? more : [['x-stream-offset', offset], ...more];
  const consumer = newConsumer(queue, sink, { prefetch, arguments: args });
  queue.subscribe(consumer);
  queue.dispatch();
  return sink;
}

const text = (value: string): Field => ({ type: 'S', value });
const number = (value: number): Field => ({ type: 'l', value: BigInt(value) });

describe('reading', () => {
  test('everybody reads everything, with its offset, and nothing goes', () => {
    const queue = streamOf();
    publishAll(queue, numbered(3));
    const [one, two] = [readFrom(queue, text('first')), readFrom(queue, text('first'))];
    publishAll(queue, ['m3']);
    for (const sink of [one, two]) {
      expect(sink.bodies).toEqual(['m0', 'm1', 'm2', 'm3']);
      expect(sink.offsets).toEqual([0, 1, 2, 3]);
    }
    for (const body of one.bodies) one.ack(body);
    expect(queue.readyCount).toBe(4);
    expect(queue.unackedCount).toBe(4);
  });

  test.each<[string, Field | null, string[]]>([
    ['nothing: the next one', null, ['m5']],
    ['next', text('next'), ['m5']],
    ['last', text('last'), ['m4', 'm5']],
    ['first', text('first'), ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']],
    ['an offset', number(3), ['m3', 'm4', 'm5']],
    ['an offset of another width', { type: 'I', value: 4 }, ['m4', 'm5']],
    ['an offset below all', number(-1), ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']],
    ['an offset that is not there yet', number(100), ['m5']],
    ['a moment', { type: 'T', value: 1_002n }, ['m2', 'm3', 'm4', 'm5']],
    ['a moment before all', { type: 'T', value: 0n }, ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']],
    ['a moment to come', { type: 'T', value: 10_000n }, ['m5']],
    ['an interval', text('3s'), ['m2', 'm3', 'm4', 'm5']],
    ['a long interval', text('1h'), ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']],
  ])('begins where it is asked for: %s', (_, offset, expected) => {
    const fixture = new QueueFixture();
    const queue = streamOf(fixture);
    for (const body of numbered(5)) {
      publishAll(queue, [body]);
      fixture.clock.advance(1000);
    }
    const sink = readFrom(queue, offset);
    publishAll(queue, ['m5']);
    expect(sink.bodies).toEqual(expected);
  });

  test('an empty stream is read from its beginning, whatever is asked for', () => {
    for (const offset of [null, text('first'), text('last'), text('next'), number(0), text('1h')]) {
      const queue = streamOf();
      const sink = readFrom(queue, offset);
      publishAll(queue, ['m0']);
      expect(sink.bodies).toEqual(['m0']);
    }
  });

  test.each<[Field, string]>([
    [text('bogus'), '{longstr,<<"bogus">>}'],
    [text('1x'), '{longstr,<<"1x">>}'],
    [{ type: 't', value: true }, '{bool,true}'],
  ])('an offset that is none is refused: case %$', (offset, shown) => {
    expect(() => readFrom(streamOf(), offset)).toThrow(
      expect.objectContaining({
        reply: 'PRECONDITION_FAILED',
        message: `invalid arg 'x-stream-offset' for queue 'q' in vhost '/': {invalid_stream_offset_arg,${shown}}`,
      }),
    );
  });

  test('credit is what was not settled; every way to settle returns it, and brings nothing back', () => {
    const queue = streamOf();
    publishAll(queue, numbered(10));
    const sink = readFrom(queue, text('first'), [], 2);
    expect(sink.bodies).toEqual(['m0', 'm1']);
    sink.ack('m0');
    expect(sink.bodies).toEqual(['m0', 'm1', 'm2']);
    const { consumer, ticket } = sink.delivery('m1');
    consumer.unackedCount--;
    queue.reject(ticket);
    queue.wake(consumer);
    expect(sink.bodies).toEqual(['m0', 'm1', 'm2', 'm3']);
    consumer.unackedCount -= 2;
    queue.requeue([sink.delivery('m2').ticket, sink.delivery('m3').ticket]);
    queue.wake(consumer);
    expect(sink.bodies).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5']);
    expect(queue.unackedCount).toBe(2);
    expect(queue.readyCount).toBe(10);
    expect(sink.deliveries.some((delivery) => delivery.redelivered)).toBe(false);
  });

  test('a consumer that left and came back reads on where it says', () => {
    const queue = streamOf();
    publishAll(queue, numbered(4));
    const first = readFrom(queue, text('first'), [], 2);
    const { consumer } = first.delivery('m0');
    expect(queue.offsetOf(consumer)).toBe(2);
    queue.unsubscribe(consumer);
    expect(queue.offsetOf(consumer)).toBeNull();
    expect(readFrom(queue, number(2)).bodies).toEqual(['m2', 'm3']);
    expect(first.bodies).toEqual(['m0', 'm1']);
  });

  test.each([
    [{ noAck: true }, 'NOT_IMPLEMENTED', "automatic acknowledgement not supported by stream queue 'q' in vhost '/'"],
    [{ prefetch: 0 }, 'PRECONDITION_FAILED', "consumer prefetch count is not set for stream queue 'q' in vhost '/'"],
  ])('a consumer must have credit and return it: case %$', (wishes, reply, message) => {
    const queue = streamOf();
    expect(() => queue.subscribe(newConsumer(queue, new RecordingSink(), wishes))).toThrow(
      expect.objectContaining({ reply, message }),
    );
    expect(queue.consumers.all).toEqual([]);
  });
});

test('what a stream cannot do', () => {
  const queue = streamOf();
  publishAll(queue, ['a']);
  expect(() => getOne(queue)).toThrow(
    expect.objectContaining({
      reply: 'NOT_IMPLEMENTED',
      message: "basic.get not supported by stream queues queue 'q' in vhost '/'",
    }),
  );
  expect(() => queue.purge()).toThrow(expect.objectContaining({ reply: 'NOT_IMPLEMENTED' }));
  expect(queue.takeOut(0, () => true)).toBe(false);
  expect(queue.isBehind).toBe(false);
});

test('messages do not expire, not even by their own wish', () => {
  const fixture = new QueueFixture();
  const queue = streamOf(fixture);
  queue.publish(sampleMessage('a', { expiration: '0' }));
  fixture.clock.advance(1_000_000);
  expect(readFrom(queue, text('first')).bodies).toEqual(['a']);
});

test('who peeks sees offsets, and no expiry', () => {
  const queue = streamOf();
  publishAll(queue, numbered(3));
  const seen: string[] = [];
  const see = (message: Message): void => {
    seen.push(bodyOf(message));
  };
  const next = queue.peek(-1, 2, see);
  expect(queue.peek(next, 2, see)).toBe(-1);
  queue.peek(-1, 1, (message) => {
    expect(findField(headersOf(message), 'x-stream-offset')).toEqual({ type: 'l', value: 0n });
    expect(message.expiresAtMs).toBe(0);
  });
  expect(seen).toEqual(['m0', 'm1', 'm2']);
});

describe('a filter', () => {
  const wanting = (...values: string[]): FieldTable => [
    ['x-stream-filter', values.length === 1 ? text(values[0] as string) : { type: 'A', value: values.map(text) }],
  ];

  test('lets through what carries one of its values', () => {
    const queue = streamOf();
    publishAll(queue, ['a1', 'a2'], 'a');
    publishAll(queue, ['b1'], 'b');
    publishAll(queue, ['none']);
    publishAll(queue, ['c1'], 'c');
    expect(readFrom(queue, text('first'), wanting('b')).bodies).toEqual(['b1']);
    expect(readFrom(queue, text('first'), wanting('a', 'c')).bodies).toEqual(['a1', 'a2', 'c1']);
    const unfiltered: FieldTable = [...wanting('b'), ['x-stream-match-unfiltered', { type: 't', value: true }]];
    expect(readFrom(queue, text('first'), unfiltered).bodies).toEqual(['b1', 'none']);
    expect(readFrom(queue, text('first'), wanting('c')).offsets).toEqual([4]);
  });

  test('that passes over many messages lets others have their turn', () => {
    const fixture = new QueueFixture();
    const queue = streamOf(fixture);
    publishAll(queue, numbered(2500), 'a');
    publishAll(queue, ['b1'], 'b');
    const sink = readFrom(queue, text('first'), wanting('b'));
    expect(sink.bodies).toEqual([]);
    fixture.clock.advance(0);
    expect(sink.bodies).toEqual(['b1']);
  });

  test('that is none is refused', () => {
    const filter: FieldTable = [['x-stream-filter', { type: 'I', value: 1 }]];
    expect(() => readFrom(streamOf(), null, filter)).toThrow(expect.objectContaining({ reply: 'PRECONDITION_FAILED' }));
  });
});

describe('retention', () => {
  const body = 'x'.repeat(500);

  test('by length gives up whole segments, the oldest first, and offsets go on', () => {
    const queue = streamOf(undefined, { bytesMax: 15_000, segmentBytesMax: 5000 });
    publishAll(
      queue,
      Array.from({ length: 100 }, () => body),
    );
    const { firstOffset, nextOffset, segments } = queue.stream as NonNullable<Queue['stream']>;
    expect(nextOffset).toBe(100);
    expect(firstOffset).toBeGreaterThan(60);
    expect(segments).toBeLessThanOrEqual(4);
    expect(queue.readyCount).toBe(100 - firstOffset);
    const sink = readFrom(queue, text('first'));
    expect([sink.offsets[0], sink.offsets.length]).toEqual([firstOffset, 100 - firstOffset]);
    expect(readFrom(queue, number(5)).offsets[0]).toBe(firstOffset);
  });

  test('by age gives up segments in which everything is too old', () => {
    const fixture = new QueueFixture();
    const queue = streamOf(fixture, { maxAgeMs: 60_000, segmentBytesMax: 5000 });
    publishAll(
      queue,
      Array.from({ length: 50 }, () => body),
    );
    fixture.clock.advance(30_000);
    publishAll(
      queue,
      Array.from({ length: 20 }, () => body),
    );
    expect(queue.stream?.firstOffset).toBe(0);
    fixture.clock.advance(31_000);
    publishAll(
      queue,
      Array.from({ length: 10 }, () => body),
    );
    expect(queue.stream?.firstOffset).toBeGreaterThan(40);
    expect(queue.stream?.firstOffset).toBeLessThanOrEqual(50);
    fixture.clock.advance(1_000_000);
    publishAll(
      queue,
      Array.from({ length: 20 }, () => body),
    );
    expect(queue.stream?.firstOffset).toBeGreaterThan(70);
  });

  test('overtakes a slow consumer, which goes on with what is left', () => {
    const queue = streamOf(undefined, { bytesMax: 10_000, segmentBytesMax: 5000 });
    publishAll(queue, [body]);
    const sink = readFrom(queue, text('first'), [], 1);
    publishAll(
      queue,
      Array.from({ length: 100 }, () => body),
    );
    sink.ack(body);
    expect(sink.offsets).toEqual([0, queue.stream?.firstOffset]);
  });
});

test('a restart keeps offsets, also those of messages that are gone', () => {
  const fixture = new QueueFixture();
  const options = { bytesMax: 10_000, segmentBytesMax: 5000 };
  const before = streamOf(fixture, options);
  publishAll(
    before,
    Array.from({ length: 50 }, (_, i) => `m${String(i).padStart(500)}`),
  );
  const facts = before.stream;
  const after = streamOf(fixture, options);
  expect(after.stream).toEqual(facts);
  publishAll(after, ['new']);
  const sink = readFrom(after, text('last'));
  expect([sink.bodies, sink.offsets]).toEqual([['new'], [50]]);
  expect(readFrom(after, text('first')).offsets[0]).toBe(facts?.firstOffset);
});

test('a deleted stream tells its consumers, and takes settlements that come late', () => {
  const queue = streamOf();
  publishAll(queue, numbered(2));
  const sink = readFrom(queue, text('first'));
  queue.delete();
  expect(sink.cancelledTags).toEqual(['c']);
  sink.ack('m0');
  expect(queue.unackedCount).toBe(0);
});
