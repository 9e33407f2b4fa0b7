/**
 * Moves one message from a queue to another, in one step: it is in exactly one of the two at any time, and what cannot
 * be done leaves it where it is. Who may, and what the target has room for, is decided here as it is at that moment.
 */

import type { Properties } from '../../amqp/properties.ts';
import { fitsShortString } from '../../amqp/short-string.ts';
import { type Message, newMessage } from '../messages/message.ts';
import { nextMark } from '../messages/replay-mark.ts';
import type { Session } from '../session.ts';
import { DeduplicatingQueue } from './deduplicating-queue.ts';
import type { Queue } from './queue.ts';

/** What a message is like in its new queue; the body stays. */
export interface Relocation {
  target: string;
  exchange: string;
  routingKey: string;
  properties: Properties;
  /** The properties have the headers of a replay, and no others of these names. */
  headed: boolean;
  /** A full target that drops its head may do so. */
  pushOut: boolean;
}

/** Why nothing can be moved out of a queue; null: it can. */
export function sourceRefusal(queue: Queue): string | null {
  if (queue.closedReason !== null) return closedText(queue);
  if (queue.options.type === 'stream')
    return `${queue.text} is a stream: nothing is ever taken out of one, so a move would leave a second copy behind`;
  return null;
}

/** Why a queue takes no message from that user; null: it may, as far as it has room. */
export function targetRefusal({ vhost, user }: Session, name: string): string | null {
  const queue = vhost.queues.get(name);
  if (!queue) return `there is no queue '${name}' in vhost '${vhost.name}'`;
  if (!user.may('write', vhost.name, name)) return `user '${user.name}' may not write to queue '${name}'`;
  if (queue.owner !== null) return `${queue.text} is exclusive to its connection`;
  return queue.closedReason === null ? null : closedText(queue);
}

/** Moves the message with that ticket; returns why it stays, null when it has moved. Throws nothing that it foresees. */
export function moveMessage(session: Session, source: Queue, ticket: number, to: Relocation): string | null {
  const target = session.vhost.queues.get(to.target);
  const refusal = sourceRefusal(source) ?? targetRefusal(session, to.target);
  if (refusal !== null || target === undefined) return refusal;
  if (target === source) return `it is in queue '${to.target}' already`;
  if (!fitsShortString(to.exchange)) return 'the name of its exchange is longer than 255 bytes';
  if (!fitsShortString(to.routingKey)) return 'its routing key is longer than 255 bytes';
  let reason: string | null = 'it is not ready in the queue any more: delivered, expired or moved';
  session.vhost.whileMoving(() =>
    source.takeOut(ticket, (message) => {
      const copy = newMessage(to.exchange, to.routingKey, to.properties, message);
      copy.replayMark = nextMark(message.replayMark, to.headed);
      copy.movedFrom = source.originOf(ticket);
      reason = roomRefusal(target, copy, to.pushOut);
      if (reason === null && !target.publish(copy)) reason = `${target.text} did not take it`;
      return reason === null;
    }),
  );
  return source.closedReason === null ? reason : reason && closedText(source);
}

/** Why the message would not come into the queue, or would make another one go; null: it comes in and nothing else happens. */
function roomRefusal(queue: Queue, message: Message, pushOut: boolean): string | null {
  if (queue instanceof DeduplicatingQueue && queue.isDuplicate(message))
    return `${queue.text} holds a message with the same x-deduplication-header and would drop this one`;
  if (queue.options.type === 'stream' || !queue.isFullFor(message)) return null;
  if (queue.options.overflow !== 'drop-head') return `${fullText(queue)} and takes no more`;
  return pushOut ? null : `${fullText(queue)} and would push out its oldest message`;
}

function fullText(queue: Queue): string {
  const { lengthMax, bytesMax } = queue.options;
  const count = queue.readyCount + queue.waitingLetters;
  const parts = [
    lengthMax === null ? [] : [`${count} of at most ${lengthMax} messages`],
    bytesMax === null ? [] : [`${queue.readyBytes + queue.waitingLetterBytes} of at most ${bytesMax} bytes`],
  ].flat();
  return `${queue.text} is full: it holds ${parts.join(' and ')}`;
}

function closedText(queue: Queue): string {
  return `${queue.text} is closed: ${queue.closedReason}`;
}
