import { beforeEach, describe, expect, test } from 'vitest';
import type { FieldTable } from '../../../lib/amqp/field-table.ts';
import { number, text } from '../broker/broker-fixture.ts';
import { drain } from '../broker/queue-fixture.ts';
import { ChannelFixture } from './channel-fixture.ts';

const unknownTag = (tag: number) =>
  expect.objectContaining({ reply: 'PRECONDITION_FAILED', message: `unknown delivery tag ${tag}` });

let here: ChannelFixture;

beforeEach(async () => {
  here = await ChannelFixture.start();
  here.brokerFixture.queue('q');
});

/** Publishes and consumes so that `bodies` are out with tags 1, 2, 3 … */
function deliver(...bodies: string[]): void {
  here.send('basic.consume', { queue: 'q', consumerTag: 'c' });
  for (const body of bodies) here.publish('q', body);
  here.heard();
}

const counts = (name = 'q'): number[] => {
  const queue = here.brokerFixture.queue(name, { passive: true });
  return [queue.readyCount, queue.unackedCount];
};

describe('settling deliveries', () => {
  test('deliveries are numbered from 1, those of get and those without ack included', () => {
    for (const body of ['a', 'b', 'c']) here.publish('q', body);
    here.send('basic.get', { queue: 'q', noAck: true });
    here.send('basic.get', { queue: 'q' });
    here.send('basic.consume', { queue: 'q', consumerTag: 'c' });
    here.send('basic.get', { queue: 'q' });
    expect(here.heard()).toEqual([
      'basic.get-ok 1 "a"',
      'basic.get-ok 2 "b"',
      'basic.consume-ok',
      'basic.deliver 3 "c"',
      'basic.get-empty',
    ]);
  });

  test('an ack with multiple settles everything up to its tag, tag 0 everything', () => {
    deliver('a', 'b', 'c', 'd');
    here.send('basic.ack', { deliveryTag: 2, multiple: true });
    expect(counts()).toEqual([0, 2]);
    here.send('basic.ack', { deliveryTag: 0, multiple: true });
    expect(counts()).toEqual([0, 0]);
    here.send('basic.ack', { deliveryTag: 0, multiple: true });
  });

  test.each<[string, () => unknown, number]>([
    ['one that was settled', () => here.send('basic.ack', { deliveryTag: 1 }), 1],
    ['one that was never given', () => here.send('basic.ack', { deliveryTag: 9 }), 9],
    ['0 without multiple', () => here.send('basic.ack', { deliveryTag: 0 }), 0],
    [
      'multiple up to a settled one, although lower ones are open',
      () => here.send('basic.ack', { deliveryTag: 3, multiple: true }),
      3,
    ],
    ['a rejected one', () => here.send('basic.reject', { deliveryTag: 1 }), 1],
    ['a nacked one', () => here.send('basic.nack', { deliveryTag: 1, requeue: true }), 1],
  ])('an unknown tag is refused: %s', (_, act, tag) => {
    deliver('a', 'b', 'c');
    here.send('basic.ack', { deliveryTag: 1 });
    here.send('basic.ack', { deliveryTag: 3 });
    expect(act).toThrow(unknownTag(tag));
    expect(counts()).toEqual([0, 1]);
  });

  test('a delivery without ack has no tag to settle', () => {
    here.publish('q', 'a');
    here.send('basic.get', { queue: 'q', noAck: true });
    expect(() => here.send('basic.ack', { deliveryTag: 1 })).toThrow(unknownTag(1));
  });

  test('a nack with requeue brings messages back in order, marked redelivered', () => {
    deliver('a', 'b', 'c');
    here.send('basic.nack', { deliveryTag: 0, multiple: true, requeue: true });
    expect(here.heard()).toEqual([
      'basic.deliver 4 again "a"',
      'basic.deliver 5 again "b"',
      'basic.deliver 6 again "c"',
    ]);
  });

  test('recover answers, then what came back is delivered', () => {
    deliver('a');
    here.send('basic.recover', { requeue: true });
    expect(here.heard()).toEqual(['basic.recover-ok', 'basic.deliver 2 again "a"']);
  });

  test('what comes back may go to who gave it back, when its turn is before others', () => {
    here.send('basic.qos', { prefetchCount: 1 });
    const args: FieldTable = [['x-priority', { type: 'I', value: 1 }]];
    here.send('basic.consume', { queue: 'q', consumerTag: 'first', arguments: args });
    here.publish('q', 'a');
    here.publish('q', 'b');
    here.send('basic.consume', { queue: 'q', consumerTag: 'second' });
    here.send('basic.ack', { deliveryTag: 2 });
    here.heard();
    here.send('basic.nack', { deliveryTag: 1, requeue: true });
    expect(here.channel.consumers.get('first')?.unackedCount).toBe(1);
    expect(here.heard()).toEqual(['basic.deliver 3 again "a"']);
  });

  test('recover brings back what basic.get gave, and cannot do anything but bring back', () => {
    here.publish('q', 'a');
    here.send('basic.get', { queue: 'q' });
    here.send('basic.recover', { requeue: true });
    expect(here.heard()).toEqual(['basic.get-ok 1 "a"', 'basic.recover-ok']);
    expect(counts()).toEqual([1, 0]);
    expect(() => here.send('basic.recover', { requeue: false })).toThrow(
      expect.objectContaining({ reply: 'NOT_IMPLEMENTED', message: 'requeue=false' }),
    );
  });

  test('acks of a deleted queue’s messages are fine while their tags are outstanding', () => {
    deliver('a', 'b');
    here.send('queue.delete', { queue: 'q' });
    expect(here.heard()).toEqual(['queue.delete-ok', 'basic.cancel']);
    here.send('basic.ack', { deliveryTag: 1 });
    here.send('basic.nack', { deliveryTag: 2, requeue: true });
    expect(() => here.send('basic.ack', { deliveryTag: 1 })).toThrow(unknownTag(1));
  });

  test('what comes back is what was got, one by one, then what each consumer had: a length limit sees one after the other', () => {
    here.brokerFixture.queue('short', { arguments: number('x-max-length', 1) });
    here.send('basic.consume', { queue: 'short', consumerTag: 'c' });
    here.publish('short', 'delivered');
    here.send('basic.cancel', { consumerTag: 'c' });
    here.publish('short', 'got');
    here.send('basic.get', { queue: 'short' });
    here.send('basic.consume', { queue: 'short', consumerTag: 'c' });
    here.heard();
    here.send('basic.recover', { requeue: true });
    expect(here.heard()).toEqual([
      'basic.recover-ok',
      'basic.deliver 3 again "got"',
      'basic.deliver 4 again "delivered"',
    ]);
  });

  test('dead letters of one nack come in that order too', () => {
    const dead = here.brokerFixture.queue('dead');
    here.brokerFixture.queue('work', {
      arguments: [...text('x-dead-letter-exchange', ''), ...text('x-dead-letter-routing-key', 'dead')],
    });
    for (const consumerTag of ['z', 'a']) {
      here.send('basic.qos', { prefetchCount: 1 });
      here.send('basic.consume', { queue: 'work', consumerTag });
      here.publish('work', consumerTag);
    }
    here.publish('work', 'got');
    here.send('basic.get', { queue: 'work' });
    here.send('basic.nack', { deliveryTag: 0, multiple: true, requeue: false });
    expect(drain(dead)).toEqual(['got', 'a', 'z']);
  });

  test('a dead letter that comes to the same channel while all is rejected is not rejected with it', () => {
    here.brokerFixture.queue('dead');
    here.brokerFixture.queue('work', {
      arguments: [...text('x-dead-letter-exchange', ''), ...text('x-dead-letter-routing-key', 'dead')],
    });
    for (const queue of ['work', 'dead']) here.send('basic.consume', { queue, consumerTag: queue });
    for (const body of ['a', 'b']) here.publish('work', body);
    here.send('basic.nack', { deliveryTag: 0, multiple: true, requeue: false });
    expect(counts('work')).toEqual([0, 0]);
    expect(counts('dead')).toEqual([0, 2]);
    expect(here.heard().slice(-2)).toEqual(['basic.deliver 3 "a"', 'basic.deliver 4 "b"']);
  });

  test('after a cancel what is held can be acked, and nothing more comes', () => {
    here.send('basic.qos', { prefetchCount: 1 });
    deliver('a', 'b');
    here.send('basic.cancel', { consumerTag: 'c' });
    here.send('basic.ack', { deliveryTag: 1 });
    expect(here.heard()).toEqual(['basic.cancel-ok']);
    expect(counts()).toEqual([1, 0]);
  });

  test('the end of a channel gives everything back in order', () => {
    deliver('a', 'b', 'c');
    here.send('basic.ack', { deliveryTag: 2 });
    here.channel.release();
    expect(counts()).toEqual([2, 0]);
    const queue = here.brokerFixture.queue('q', { passive: true });
    const seen: [string, boolean][] = [];
    queue.peek(-1, 9, (message, _, redelivered) => {
      seen.push([message.bodyBytes.toString('utf8', message.bodyStart, message.bodyEnd), redelivered]);
    });
    expect(seen).toEqual([
      ['a', true],
      ['c', true],
    ]);
  });
});

describe('prefetch', () => {
  test('of one consumer: it applies to those that come later', () => {
    here.send('basic.qos', { prefetchCount: 2 });
    deliver('a', 'b', 'c');
    expect(counts()).toEqual([1, 2]);
    here.send('basic.ack', { deliveryTag: 1 });
    expect(here.heard()).toEqual(['basic.deliver 3 "c"']);
  });

  test('of the channel: all its consumers share it; what was got before counts for ever, what is got later never', () => {
    here.brokerFixture.queue('r');
    here.publish('r', 'got');
    here.send('basic.get', { queue: 'r' });
    here.send('basic.qos', { prefetchCount: 2, global: true });
    for (const queue of ['q', 'r']) here.send('basic.consume', { queue, consumerTag: queue });
    here.heard();
    for (const body of ['a', 'b']) here.publish('q', body);
    here.publish('r', 'c');
    expect(here.heard()).toEqual(['basic.deliver 2 "a"']);
    here.send('basic.ack', { deliveryTag: 1 });
    here.send('basic.get', { queue: 'q' });
    expect(here.heard()).toEqual(['basic.get-ok 3 "b"']);
    here.send('basic.ack', { deliveryTag: 2 });
    expect(here.heard()).toEqual(['basic.deliver 4 "c"']);
    here.publish('q', 'd');
    here.send('basic.qos', { prefetchCount: 0, global: true });
    expect(here.heard()).toEqual(['basic.qos-ok', 'basic.deliver 5 "d"']);
  });

  test('of the channel: a consumer without acks waits for the others', () => {
    here.send('basic.qos', { prefetchCount: 1, global: true });
    deliver('a');
    here.brokerFixture.queue('r');
    here.send('basic.consume', { queue: 'r', consumerTag: 'n', noAck: true });
    here.publish('r', 'b');
    expect(here.heard()).toEqual(['basic.consume-ok']);
    here.send('basic.ack', { deliveryTag: 1 });
    expect(here.heard()).toEqual(['basic.deliver 2 "b"']);
  });

  test('of the channel: consumers take turns', () => {
    here.send('basic.qos', { prefetchCount: 1, global: true });
    here.brokerFixture.queue('r');
    for (const queue of ['q', 'r']) for (const body of ['1', '2']) here.publish(queue, queue + body);
    for (const queue of ['q', 'r']) here.send('basic.consume', { queue, consumerTag: queue });
    for (let deliveryTag = 1; deliveryTag < 4; deliveryTag++) here.send('basic.ack', { deliveryTag });
    expect(here.heard().filter((text) => text.includes('deliver'))).toEqual([
      'basic.deliver 1 "q1"',
      'basic.deliver 2 "r1"',
      'basic.deliver 3 "q2"',
      'basic.deliver 4 "r2"',
    ]);
  });
});

test('a tag that is taken is refused before anybody asks for the queue', () => {
  here.send('basic.consume', { queue: 'q', consumerTag: 'c' });
  expect(() => here.send('basic.consume', { queue: 'none', consumerTag: 'c' })).toThrow(
    expect.objectContaining({ reply: 'NOT_ALLOWED' }),
  );
});

describe('confirms', () => {
  test('come at the end of the turn, with multiple, after the return of what was unroutable', () => {
    here.send('confirm.select');
    here.publish('nobody', 'b', { mandatory: true });
    here.publish('q', 'a');
    here.publish('nobody', 'c');
    expect(here.heard()).toEqual(['confirm.select-ok', 'basic.return 312 "b"', 'basic.ack 3+']);
  });

  test('of what was published before a return come before it', () => {
    here.send('confirm.select');
    here.publish('q', 'a');
    here.publish('nobody', 'b', { mandatory: true });
    here.publish('nobody', 'c', { mandatory: true });
    expect(here.heard()).toEqual([
      'confirm.select-ok',
      ...['basic.ack 1', 'basic.return 312 "b"', 'basic.ack 2', 'basic.return 312 "c"', 'basic.ack 3'],
    ]);
  });

  test('a publish that a queue refused is nacked', () => {
    here.brokerFixture.queue('full', {
      arguments: [...number('x-max-length', 1), ...text('x-overflow', 'reject-publish')],
    });
    here.send('confirm.select');
    here.heard();
    for (const body of ['a', 'b']) here.publish('full', body);
    here.publish('q', 'c');
    expect(here.heard()).toEqual(['basic.ack 1', 'basic.nack 2', 'basic.ack 3']);
  });

  test('do not go together with transactions', () => {
    here.send('confirm.select');
    expect(() => here.send('tx.select')).toThrow('cannot switch from confirm to tx mode');
  });
});

test('a limit for the whole channel does not hold for a quorum queue that was consumed before', () => {
  here.brokerFixture.queue('log', { durable: true, arguments: text('x-queue-type', 'quorum') });
  for (const queue of ['log', 'q']) here.send('basic.consume', { queue, consumerTag: queue });
  here.send('basic.qos', { prefetchCount: 1, global: true });
  for (const queue of ['q', 'q', 'log', 'log']) here.publish(queue, queue);
  expect([counts('q'), counts('log')]).toEqual([
    [1, 1],
    [0, 2],
  ]);
});

test('a method between method and header of a publish is UNEXPECTED_FRAME', () => {
  here.send('basic.publish', { routingKey: 'q' });
  expect(() => here.send('basic.get', { queue: 'q' })).toThrow(
    expect.objectContaining({
      reply: 'UNEXPECTED_FRAME',
      message: 'expected content header for class 60, got non content header frame instead',
    }),
  );
});

test('a body larger than a frame goes out in several, and comes together again', () => {
  const body = 'x'.repeat(300_000);
  here.publish('q', body);
  here.send('basic.get', { queue: 'q' });
  const [line] = here.heard();
  expect(line?.match(/x+/g)?.map((part) => part.length)).toEqual([131_064, 131_064, 37_872]);
});

describe('a delivery that waits for its ack', () => {
  const timedOut = (ms: number) =>
    expect.objectContaining({
      reply: 'PRECONDITION_FAILED',
      message: `delivery acknowledgement on channel 1 timed out. Timeout value used: ${ms} ms. This timeout value can be configured, see consumers doc guide to learn more`,
    });

  test('ends the channel after half an hour, unless it is settled before', () => {
    deliver('a');
    here.channel.checkAckTimeout(0);
    here.channel.checkAckTimeout(30 * 60_000 - 1);
    expect(() => here.channel.checkAckTimeout(30 * 60_000)).toThrow(timedOut(1_800_000));
    expect(here.channel.current).toEqual({ classId: 0, methodId: 0 });
    here.send('basic.ack', { deliveryTag: 1 });
    here.channel.checkAckTimeout(60 * 60_000);
    here.publish('q', 'b');
    here.channel.checkAckTimeout(61 * 60_000);
  });

  test('ends it as soon as an argument or a policy of its queue says, the lower of both', async () => {
    here.brokerFixture.queue('short', { arguments: number('x-consumer-timeout', 5000) });
    here.send('basic.consume', { queue: 'short', consumerTag: 'c' });
    here.publish('short', 'a');
    here.channel.checkAckTimeout(0);
    here.channel.checkAckTimeout(4999);
    expect(() => here.channel.checkAckTimeout(5000)).toThrow(timedOut(5000));
    const policy = { kind: 'policy' as const, vhost: '/', name: 'p', pattern: 'short' };
    await here.brokerFixture.broker.policies.put({ ...policy, definition: { 'consumer-timeout': 2000 } });
    expect(() => here.channel.checkAckTimeout(4000)).toThrow(timedOut(2000));
  });

  test('needs no ack when it was sent without', () => {
    here.send('basic.consume', { queue: 'q', consumerTag: 'c', noAck: true });
    here.publish('q', 'a');
    here.channel.checkAckTimeout(0);
    here.channel.checkAckTimeout(60 * 60_000);
  });
});
