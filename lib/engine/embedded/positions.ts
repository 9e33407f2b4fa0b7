/**
 * Names of messages in queues, as the port gives them away and takes them back. A ticket leads to bytes of a log: one
 * that somebody made up would lead into the middle of a message, whose body may be written to look like another. So
 * each name is sealed for its queue, by a key that lives as long as the process.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Queue } from '../../broker/queues/queue.ts';
import { EngineError } from '../errors.ts';

const SEAL_CHARACTERS = 12;

export class Positions {
  private readonly key = randomBytes(32);

  /** The name of the message with that ticket. */
  textOf(queue: Queue, ticket: number): string {
    return `${ticket}-${this.seal(queue, ticket)}`;
  }

  /** The ticket by its name; throws INVALID_REQUEST for a name that this queue did not give since the broker's start. */
  ticketOf(queue: Queue, text: string): number {
    const ticket = Number(/^\d{1,16}(?=-)/.exec(text)?.[0]);
    if (!Number.isSafeInteger(ticket) || text !== this.textOf(queue, ticket))
      throw new EngineError(
        'INVALID_REQUEST',
        `'${text.slice(0, 40)}' is no position in queue '${queue.name}'; it changes when the broker starts: look at the queue again`,
      );
    return ticket;
  }

  private seal(queue: Queue, ticket: number): string {
    const sealed = createHmac('sha256', this.key).update(`${queue.id}/${ticket}`);
    return sealed.digest('base64url').slice(0, SEAL_CHARACTERS);
  }
}
