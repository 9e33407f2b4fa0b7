/** Messages as a store is given them and as it gives them back. */
import fc from 'fast-check';
import { Message, MessageView } from '../../lib/broker/messages/message.ts';
import type { MessageLog } from '../../lib/broker/ports.ts';

interface Sample {
  address: Buffer;
  header: Buffer;
  body: Buffer;
  persistent: boolean;
  priority: number;
  died: boolean;
  replayMark: number;
  blindKeys: Buffer | null;
  arrivedAtMs: number;
  expiresAtMs: number;
  /** The offset in a stream; -1: none. */
  offset: number;
}

export const PLAIN: Sample = {
  address: Buffer.from('\x00\x01q', 'latin1'),
  header: Buffer.from('header bytes'),
  body: Buffer.from('body'),
  persistent: false,
  priority: 0,
  died: false,
  replayMark: 0,
  blindKeys: null,
  arrivedAtMs: 1,
  expiresAtMs: 0,
  offset: -1,
};

/** The message as a socket would give it: ranges in the middle of larger chunks. */
export function messageOf(sample: Sample): Message {
  const message = new Message();
  const within = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from('before'), bytes, Buffer.from('behind')]);
  message.addressBytes = within(sample.address);
  message.addressStart = 6;
  message.addressEnd = 6 + sample.address.length;
  message.headerBytes = within(sample.header);
  message.headerStart = 6;
  message.headerEnd = 6 + sample.header.length;
  message.bodyBytes = within(sample.body);
  message.bodyStart = 6;
  message.bodyEnd = 6 + sample.body.length;
  message.persistent = sample.persistent;
  message.priority = sample.priority;
  message.died = sample.died;
  message.replayMark = sample.replayMark;
  message.blindKeys = sample.blindKeys;
  return message;
}

export function append(log: MessageLog, sample: Partial<Sample> = {}): number {
  const whole = { ...PLAIN, ...sample };
  return log.append(messageOf(whole), whole.arrivedAtMs, whole.expiresAtMs, whole.offset);
}

export function read(log: MessageLog, position: number): Sample {
  const view = new MessageView();
  log.read(position, view);
  return {
    address: Buffer.from(view.addressBytes.subarray(view.addressStart, view.addressEnd)),
    header: Buffer.from(view.headerBytes.subarray(view.headerStart, view.headerEnd)),
    body: Buffer.from(view.bodyBytes.subarray(view.bodyStart, view.bodyEnd)),
    persistent: view.persistent,
    priority: view.priority,
    died: view.died,
    replayMark: view.replayMark,
    blindKeys: view.blindKeys === null ? null : Buffer.from(view.blindKeys),
    arrivedAtMs: view.arrivedAtMs,
    expiresAtMs: view.expiresAtMs,
    offset: view.offset,
  };
}

const shortStrings = fc
  .uint8Array({ maxLength: 255 })
  .map((bytes) => Buffer.concat([Buffer.of(bytes.length), Buffer.from(bytes)]));

export const samples = fc.record({
  address: fc.tuple(shortStrings, shortStrings).map((parts) => Buffer.concat(parts)),
  header: fc.uint8Array({ minLength: 14, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  body: fc
    .oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 300 }) },
      { weight: 1, arbitrary: fc.integer({ min: 300, max: 20_000 }) },
    )
    .map((size) => Buffer.alloc(size, size)),
  persistent: fc.boolean(),
  priority: fc.integer({ min: 0, max: 255 }),
  died: fc.boolean(),
  replayMark: fc.integer({ min: 0, max: 255 }),
  blindKeys: fc.option(fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes))),
  arrivedAtMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  expiresAtMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  offset: fc.oneof(fc.constant(-1), fc.maxSafeNat()),
});
