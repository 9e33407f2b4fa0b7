import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../lib/broker/limits.ts';
import { getOne, QueueFixture } from '../queue-fixture.ts';
import { consume, newConsumer, RecordingSink } from '../recording-sink.ts';
import { sampleMessage } from '../sample-message.ts';

const publishAll = (queue: ReturnType<QueueFixture['queue']>, bodies: string[]): void => {
  for (const body of bodies) queue.publish(sampleMessage(body));
};

describe('paused', () => {
  test.each(['classic', 'quorum', 'stream'] as const)(
    'a %s queue takes messages and gives none until it is resumed',
    (type) => {
      const queue = new QueueFixture().queue({ type });
      const sink = new RecordingSink();
      const consumer = newConsumer(queue, sink, { prefetch: 10 });
      queue.subscribe(consumer);
      publishAll(queue, ['a']);
      queue.consumers.isPaused = true;
      publishAll(queue, ['b', 'c']);
      queue.wake(consumer);
      queue.dispatch();
      expect(sink.deliveries.map(({ body }) => body)).toEqual(['a']);
      queue.consumers.isPaused = false;
      queue.dispatch();
      expect(sink.deliveries.map(({ body }) => body)).toEqual(['a', 'b', 'c']);
    },
  );

  test('a get finds nothing, what is unacked is settled, and what expires goes', () => {
    const fixture = new QueueFixture();
    const queue = fixture.queue();
    publishAll(queue, ['a', 'b']);
    const ticket = getOne(queue)?.ticket as number;
    queue.consumers.isPaused = true;
    expect(getOne(queue)).toBeUndefined();
    queue.ack(ticket, 1);
    expect([queue.readyCount, queue.unackedCount]).toEqual([1, 0]);
    queue.publish(sampleMessage('c', { expiration: '10' }));
    queue.purge();
    queue.publish(sampleMessage('d', { expiration: '10' }));
    fixture.clock.advance(20);
    expect(queue.readyCount).toBe(0);
    expect(fixture.dead).toEqual([{ body: 'd', reason: 'expired' }]);
  });

  test('its consumers have no room to speak of, and its publishers are not slowed for it', () => {
    const queue = new QueueFixture().queue();
    consume(queue, new RecordingSink());
    queue.consumers.isPaused = true;
    queue.consumers.measure();
    expect(queue.consumers.capacity).toBe(0);
    for (let i = 0; i <= LIMITS.backlogBeforeThrottle; i++) queue.publish(sampleMessage('x'));
    expect(queue.isBehind).toBe(false);
    queue.consumers.isPaused = false;
    expect(queue.isBehind).toBe(true);
  });
});
