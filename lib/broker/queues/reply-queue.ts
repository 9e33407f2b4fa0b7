/**
 * Direct reply-to: a client that asks for answers gets a place for them without declaring a queue. The place is a
 * queue that nobody can list, bind or consume from; it lives as long as its one consumer. [rabbit: direct-reply-to]
 */
import { randomBytes } from 'node:crypto';
import { Queue } from './queue.ts';
import { readQueueArguments } from './queue-arguments.ts';
import type { QueueSurroundings } from './queue-surroundings.ts';

/** The name that a client consumes from, and puts into reply-to. */
export const REPLY_TO = 'amq.rabbitmq.reply-to';

/** True for the name that clients use and for those that stand for one client's place. */
export function isReplyName(name: string): boolean {
  return name === REPLY_TO || name.startsWith(`${REPLY_TO}.`);
}

/** A vhost as it keeps places for answers. */
interface ReplySurroundings extends QueueSurroundings {
  readonly name: string;
  readonly replyQueues: Map<string, Queue>;
  version: number;
}

/** Makes a place for answers; it ends with its first consumer. */
export function openReplyQueue(vhost: ReplySurroundings): Queue {
  // Two parts, as RabbitMQ makes them: clients' tests look for the shape.
  const [id, key] = [randomBytes(21), randomBytes(16)].map((bytes) => bytes.toString('base64'));
  const name = `${REPLY_TO}.${id}.${key}`;
  const identity = { vhost: vhost.name, name, id: name, durable: false, autoDelete: true, owner: null };
  const queue = new Queue(vhost, identity, [], readQueueArguments([], vhost.name, name));
  vhost.replyQueues.set(name, queue);
  vhost.version++;
  return queue;
}
