import { deadLetter } from '../../../lib/broker/dead-letters/dead-letter.ts';
import type { Message } from '../../../lib/broker/messages/message.ts';
import type { Queue } from '../../../lib/broker/queues/queue.ts';
import { type QueueOptions, readQueueArguments } from '../../../lib/broker/queues/queue-arguments.ts';
import type { QueueSurroundings } from '../../../lib/broker/queues/queue-surroundings.ts';
import { makeQueue } from '../../../lib/broker/queues/queue-types.ts';
import { Activity } from '../../../lib/broker/vhosts/activity.ts';
import type { DeathReason } from '../../../lib/figures/death-reason.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { FakeClock } from './fake-clock.ts';
import { bodyOf } from './sample-message.ts';

/** What a queue needs of a vhost, for tests: notes the messages that died and the queues that ended. */
export class QueueFixture implements QueueSurroundings {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore();
  readonly activity = new Activity();
  readonly dead: { body: string; reason: DeathReason }[] = [];
  readonly ends: string[] = [];

  deadLetter(queue: Queue, message: Message, reason: DeathReason): void {
    // Made and thrown away: whoever dies must be readable as a whole.
    deadLetter(message, queue.name, reason, { exchange: 'dlx', routingKey: null }, 0);
    this.dead.push({ body: bodyOf(message), reason });
  }

  /** Whether dead letters that are kept until they have arrived do arrive. */
  arrives = true;

  deadLetterSurely(queue: Queue, message: Message, reason: DeathReason): boolean {
    if (this.arrives) this.deadLetter(queue, message, reason);
    return this.arrives;
  }

  closed(): void {}

  ended(queue: Queue): void {
    this.ends.push(queue.name);
    queue.delete();
  }

  queue(options: Partial<QueueOptions> = {}, more: { autoDelete?: boolean } = {}): Queue {
    const identity = {
      vhost: '/',
      name: 'q',
      id: 'id',
      durable: true,
      autoDelete: more.autoDelete ?? false,
      owner: null,
    };
    return makeQueue(this, identity, [], { ...readQueueArguments([], '/', 'q'), ...options });
  }
}

/** Gets one message; undefined when none is ready. */
export function getOne(
  queue: Queue,
  noAck = false,
): { body: string; ticket: number; redelivered: boolean } | undefined {
  let got: { body: string; ticket: number; redelivered: boolean } | undefined;
  queue.get(noAck, (message, ticket, redelivered) => {
    got = { body: bodyOf(message), ticket, redelivered };
  });
  return got;
}

/** Gets all that is ready, without acks. */
export function drain(queue: Queue): string[] {
  const bodies: string[] = [];
  for (let got = getOne(queue, true); got; got = getOne(queue, true)) bodies.push(got.body);
  return bodies;
}
