/** Looks through the ready messages of a queue in blocks, so that deliveries go on in between. */
import type { MessageView } from './message.ts';

/** A queue whose messages can be read in place. */
interface Peekable {
  peek(
    from: number,
    limit: number,
    onMessage: (message: MessageView, ticket: number, redelivered: boolean) => void,
  ): number;
}

export interface ScanBounds {
  /** A ticket to begin at; -1: the head. */
  from: number;
  /** The scan ends when so many messages were wanted … */
  wanted: number;
  /** … or when this much time has gone by, in milliseconds. */
  timeMs: number;
}

export interface ScanEnd {
  /** The ticket to go on with; -1 at the end of the queue. */
  next: number;
  scanned: number;
}

/** Few enough that a block is over before anybody notices. */
const BLOCK = 256;

/**
 * Calls `isWanted` with one message after the other, each valid only during its call.
 * What is delivered while the scan waits is not seen; what comes behind it is.
 */
export async function scan(
  queue: Peekable,
  { from, wanted, timeMs }: ScanBounds,
  isWanted: (message: MessageView, ticket: number, redelivered: boolean) => boolean,
): Promise<ScanEnd> {
  const end = performance.now() + timeMs;
  let next = from;
  let scanned = 0;
  let found = 0;
  let stopped = -1;
  for (;;) {
    next = queue.peek(next, BLOCK, (message, ticket, redelivered) => {
      if (found === wanted) {
        if (stopped < 0) stopped = ticket;
        return;
      }
      scanned++;
      if (isWanted(message, ticket, redelivered)) found++;
    });
    if (stopped >= 0) return { next: stopped, scanned };
    if (next < 0 || found === wanted || performance.now() >= end) return { next, scanned };
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** True when the bytes occur in the message's exchange name, routing key, properties or body. */
export function contains(message: MessageView, needle: Buffer): boolean {
  const { addressBytes, addressStart, headerBytes, headerStart, bodyBytes, bodyStart, bodyEnd } = message;
  // A stored message lies in one piece.
  if (addressBytes === bodyBytes && headerBytes === bodyBytes && addressStart < bodyStart)
    return bodyBytes.subarray(addressStart, bodyEnd).indexOf(needle) >= 0;
  return (
    addressBytes.subarray(addressStart, message.addressEnd).indexOf(needle) >= 0 ||
    headerBytes.subarray(headerStart, message.headerEnd).indexOf(needle) >= 0 ||
    bodyBytes.subarray(bodyStart, bodyEnd).indexOf(needle) >= 0
  );
}
