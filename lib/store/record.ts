/**
 * One message as bytes, the same in memory and on disk. Big endian.
 *
 *    0  length u32 (all of it)        4  checksum u32 (CRC-32 of all from byte 8 on)
 *    8  flags u8                      9  priority u8          10  address length u16
 *   12  header length u32            16  arrived at u48       22  expires at u48 (0: never)
 *   28  with flag 8: offset in a stream u64, and all that follows 8 bytes later
 *   28  address, header, body: as on the wire. Behind the address, and counted as part of it, stand with flag 16 the
 *       message's replay mark, u8, and with flag 4 its blind keys
 */
import { crc32 } from 'node:zlib';
import { copyBytes, get32, get48, get64, put32, put48, put64 } from '../amqp/bytes.ts';
import { addressEndOf, type Message, type MessageView } from '../broker/messages/message.ts';

export const RECORD_HEAD_BYTES = 28;
const CHECKED_FROM = 8;
const PERSISTENT = 1;
const DIED = 2;
const BLIND = 4;
const OFFSET = 8;
const REPLAYED = 16;
const OFFSET_BYTES = 8;

/** `offset` -1: the message has none. */
export function recordLength(message: Message, offset: number): number {
  const { addressStart, addressEnd, headerStart, headerEnd, bodyStart, bodyEnd, blindKeys } = message;
  const headLength = offset < 0 ? RECORD_HEAD_BYTES : RECORD_HEAD_BYTES + OFFSET_BYTES;
  const hiddenLength = (message.replayMark === 0 ? 0 : 1) + (blindKeys === null ? 0 : blindKeys.length);
  return headLength + addressEnd - addressStart + hiddenLength + headerEnd - headerStart + bodyEnd - bodyStart;
}

/** Writes the record at `at`; its length must fit. The checksum is left for `seal`. */
export function writeRecord(
  to: Buffer,
  at: number,
  length: number,
  message: Message,
  arrivedAtMs: number,
  expiresAtMs: number,
  offset: number,
  isPersistent: boolean,
): void {
  const { blindKeys, replayMark } = message;
  let addressLength = message.addressEnd - message.addressStart;
  let next = at + RECORD_HEAD_BYTES;
  let flags = (isPersistent ? PERSISTENT : 0) | (message.died ? DIED : 0) | (blindKeys === null ? 0 : BLIND);
  if (offset >= 0) {
    flags |= OFFSET;
    put64(to, next, offset);
    next += OFFSET_BYTES;
  }
  copyBytes(message.addressBytes, message.addressStart, message.addressEnd, to, next);
  next += addressLength;
  if (replayMark !== 0) {
    flags |= REPLAYED;
    to[next++] = replayMark;
    addressLength++;
  }
  if (blindKeys !== null) {
    copyBytes(blindKeys, 0, blindKeys.length, to, next);
    next += blindKeys.length;
    addressLength += blindKeys.length;
  }
  const headerLength = message.headerEnd - message.headerStart;
  put32(to, at, length);
  to[at + 8] = flags;
  to[at + 9] = message.priority;
  to[at + 10] = addressLength >>> 8;
  to[at + 11] = addressLength;
  put32(to, at + 12, headerLength);
  put48(to, at + 16, arrivedAtMs);
  put48(to, at + 22, expiresAtMs);
  copyBytes(message.headerBytes, message.headerStart, message.headerEnd, to, next);
  next += headerLength;
  copyBytes(message.bodyBytes, message.bodyStart, message.bodyEnd, to, next);
}

/** Points the view at the record's parts. */
export function readRecord(from: Buffer, at: number, into: MessageView): void {
  const flags = from[at + 8] as number;
  let addressStart = at + RECORD_HEAD_BYTES;
  into.offset = -1;
  if ((flags & OFFSET) !== 0) {
    into.offset = get64(from, addressStart);
    addressStart += OFFSET_BYTES;
  }
  const headerStart = addressStart + (((from[at + 10] as number) << 8) | (from[at + 11] as number));
  const bodyStart = headerStart + get32(from, at + 12);
  into.addressBytes = from;
  into.addressStart = addressStart;
  if ((flags & (BLIND | REPLAYED)) === 0) {
    into.addressEnd = headerStart;
    into.blindKeys = null;
    into.replayMark = 0;
  } else {
    let hidden = addressEndOf(from, addressStart);
    into.addressEnd = hidden;
    into.replayMark = (flags & REPLAYED) === 0 ? 0 : (from[hidden++] as number);
    into.blindKeys = (flags & BLIND) === 0 ? null : from.subarray(hidden, headerStart);
  }
  into.headerBytes = from;
  into.headerStart = headerStart;
  into.headerEnd = bodyStart;
  into.bodyBytes = from;
  into.bodyStart = bodyStart;
  into.bodyEnd = at + get32(from, at);
  into.persistent = (flags & PERSISTENT) !== 0;
  into.died = (flags & DIED) !== 0;
  into.priority = from[at + 9] as number;
  into.arrivedAtMs = get48(from, at + 16);
  into.expiresAtMs = get48(from, at + 22);
}

export function recordExpiresAtMs(from: Buffer, at: number): number {
  return get48(from, at + 22);
}

/** -1: the record has none. */
export function recordOffset(from: Buffer, at: number): number {
  return ((from[at + 8] as number) & OFFSET) === 0 ? -1 : get64(from, at + RECORD_HEAD_BYTES);
}

export function isPersistentRecord(from: Buffer, at: number): boolean {
  return ((from[at + 8] as number) & PERSISTENT) !== 0;
}

/** Body bytes of a whole record. */
export function recordBodyBytes(from: Buffer, at: number): number {
  const addressLength = ((from[at + 10] as number) << 8) | (from[at + 11] as number);
  const offsetLength = ((from[at + 8] as number) & OFFSET) === 0 ? 0 : OFFSET_BYTES;
  return get32(from, at) - RECORD_HEAD_BYTES - offsetLength - addressLength - get32(from, at + 12);
}

/** Puts the checksum in: done when the record goes to disk, so that what never goes there does not pay for it. */
export function sealRecord(bytes: Buffer, at: number): void {
  put32(bytes, at + 4, checksum(bytes, at));
}

/** True when `available` bytes at `at` begin with a whole record as it was written. */
export function isSoundRecord(bytes: Buffer, at: number, available: number): boolean {
  if (available < RECORD_HEAD_BYTES) return false;
  const length = get32(bytes, at);
  if (length < RECORD_HEAD_BYTES || length > available) return false;
  return get32(bytes, at + 4) === checksum(bytes, at) && recordBodyBytes(bytes, at) >= 0;
}

function checksum(bytes: Buffer, at: number): number {
  return crc32(bytes.subarray(at + CHECKED_FROM, at + get32(bytes, at)));
}
