/**
 * Messages in memory, in the shape they will have on disk: segments of records, positions, a segment freed when its
 * last live message is removed, never compacted.
 * Invariant: `liveCount` of a segment is the number of its records whose live byte is 1; segments are in order of base.
 *
 *   record    0  length u32 (all of it)      4  live u8        5  persistent u8     6  priority u8    7  died u8
 *             8  address length u16         10  blind u8      11  replay mark u8         12  header length u32
 *            16  arrived at u48             22  expires at u48     28  offset u64, plus 1; 0: none
 *            36  address, header, body; when byte 10 is 1, the blind keys are behind the address and part of its length
 *
 * A position is the number of record bytes that came before it in this log's life, so positions ascend and none is
 * used twice.
 */
import { copyBytes, freeBytes, get32, get48, get64, put32, put48, put64 } from '../../../lib/amqp/bytes.ts';
import { addressEndOf, type Message, MessageView } from '../../../lib/broker/messages/message.ts';
import type { LogTerms, MessageLog, Stretch } from '../../../lib/broker/ports.ts';

const SEGMENT_BYTES_MIN = 4 * 1024;
const SEGMENT_BYTES_MAX = 1024 * 1024;
const RECORD_HEAD = 36;

interface Segment {
  base: number;
  buffer: Buffer;
  used: number;
  liveCount: number;
}

export class MemoryLog implements MessageLog {
  liveCount = 0;
  liveBytes = 0;
  deliveredUpTo = 0;
  readonly notes = new Map<number, number>();
  readonly corrupt = null;
  private readonly view = new MessageView();
  private segments: Segment[] = [];
  private last: Segment | null = null;
  /** The segment of the latest look-up; neighbours are asked for together. */
  private recent: Segment | null = null;
  private readonly bytesChanged: (bytes: number) => void;
  private readonly segmentBytesMax: number;
  private readonly keepsTransient: boolean;

  /** `bytesChanged` is called with every change of the bytes that this log holds. */
  constructor(bytesChanged: (bytes: number) => void, { stretchBytesMax, keepsTransient = false }: LogTerms = {}) {
    this.bytesChanged = bytesChanged;
    this.segmentBytesMax = Math.min(stretchBytesMax ?? SEGMENT_BYTES_MAX, SEGMENT_BYTES_MAX);
    this.keepsTransient = keepsTransient;
  }

  append(message: Message, arrivedAtMs: number, expiresAtMs: number, offset = -1): number {
    const { blindKeys } = message;
    const shownLength = message.addressEnd - message.addressStart;
    const addressLength = shownLength + (blindKeys === null ? 0 : blindKeys.length);
    const headerLength = message.headerEnd - message.headerStart;
    const bodyLength = message.bodyEnd - message.bodyStart;
    const length = RECORD_HEAD + addressLength + headerLength + bodyLength;
    let segment = this.last;
    if (segment === null || segment.used + length > segment.buffer.length) segment = this.extend(length);
    const { buffer, used } = segment;
    put32(buffer, used, length);
    buffer[used + 4] = 1;
    buffer[used + 5] = message.persistent || this.keepsTransient ? 1 : 0;
    buffer[used + 6] = message.priority;
    buffer[used + 7] = message.died ? 1 : 0;
    buffer[used + 8] = addressLength >>> 8;
    buffer[used + 9] = addressLength;
    buffer[used + 10] = blindKeys === null ? 0 : 1;
    buffer[used + 11] = message.replayMark;
    put32(buffer, used + 12, headerLength);
    put48(buffer, used + 16, arrivedAtMs);
    put48(buffer, used + 22, expiresAtMs);
    put64(buffer, used + 28, offset + 1);
    let at = used + RECORD_HEAD;
    copyBytes(message.addressBytes, message.addressStart, message.addressEnd, buffer, at);
    if (blindKeys !== null) copyBytes(blindKeys, 0, blindKeys.length, buffer, at + shownLength);
    at += addressLength;
    copyBytes(message.headerBytes, message.headerStart, message.headerEnd, buffer, at);
    at += headerLength;
    copyBytes(message.bodyBytes, message.bodyStart, message.bodyEnd, buffer, at);
    segment.used = used + length;
    segment.liveCount++;
    this.liveCount++;
    this.liveBytes += bodyLength;
    return segment.base + used;
  }

  read(position: number, into: MessageView): void {
    const segment = this.segmentOf(position);
    const { buffer } = segment;
    const start = position - segment.base;
    const addressStart = start + RECORD_HEAD;
    const headerStart = addressStart + (((buffer[start + 8] as number) << 8) | (buffer[start + 9] as number));
    const bodyStart = headerStart + get32(buffer, start + 12);
    into.addressBytes = buffer;
    into.addressStart = addressStart;
    if (buffer[start + 10] === 0) {
      into.addressEnd = headerStart;
      into.blindKeys = null;
    } else {
      into.addressEnd = addressEndOf(buffer, addressStart);
      into.blindKeys = buffer.subarray(into.addressEnd, headerStart);
    }
    into.headerBytes = buffer;
    into.headerStart = headerStart;
    into.headerEnd = bodyStart;
    into.bodyBytes = buffer;
    into.bodyStart = bodyStart;
    into.bodyEnd = start + get32(buffer, start);
    into.persistent = buffer[start + 5] === 1;
    into.priority = buffer[start + 6] as number;
    into.died = buffer[start + 7] === 1;
    into.replayMark = buffer[start + 11] as number;
    into.arrivedAtMs = get48(buffer, start + 16);
    into.expiresAtMs = get48(buffer, start + 22);
    into.offset = get64(buffer, start + 28) - 1;
  }

  expiresAtMs(position: number): number {
    const segment = this.segmentOf(position);
    return get48(segment.buffer, position - segment.base + 22);
  }

  offset(position: number): number {
    const segment = this.segmentOf(position);
    return get64(segment.buffer, position - segment.base + 28) - 1;
  }

  seek(position: number): number {
    let index = this.indexFrom(position);
    for (; index < this.segments.length; index++) {
      const segment = this.segments[index] as Segment;
      if (segment.liveCount === 0) continue;
      let at = Math.max(0, position - segment.base);
      while (at < segment.used) {
        if (segment.buffer[at + 4] === 1) return segment.base + at;
        at += get32(segment.buffer, at);
      }
    }
    return -1;
  }

  after(position: number): number {
    const segment = this.segmentOf(position);
    return position + get32(segment.buffer, position - segment.base);
  }

  removeFrom(position: number): void {
    for (let at = this.seek(position); at >= 0; at = this.seek(at)) {
      this.read(at, this.view);
      this.remove(at, this.view.bodySize);
    }
  }

  removeBefore(position: number): void {
    for (let at = this.seek(0); at >= 0 && at < position; at = this.seek(at)) {
      this.read(at, this.view);
      this.remove(at, this.view.bodySize);
    }
  }

  stretches(): Stretch[] {
    return this.segments
      .filter(({ liveCount }) => liveCount > 0)
      .map(({ base, used }) => ({ start: base, bytes: used }));
  }

  note(position: number, value: number): void {
    this.notes.set(position, value);
  }

  delivered(upTo: number): void {
    this.deliveredUpTo = upTo;
  }

  remove(position: number, bodyBytes: number): boolean {
    const index = this.indexFrom(position);
    const segment = this.segments[index];
    if (segment === undefined || position < segment.base || position >= segment.base + segment.used) return false;
    const live = position - segment.base + 4;
    if (segment.buffer[live] !== 1) return false;
    segment.buffer[live] = 0;
    if (this.notes.size > 0) this.notes.delete(position);
    segment.liveCount--;
    this.liveCount--;
    this.liveBytes -= bodyBytes;
    if (segment.liveCount === 0) this.release(index, segment);
    return true;
  }

  drop(): void {
    let bytes = 0;
    for (const { buffer } of this.segments) {
      bytes += buffer.length;
      freeBytes(buffer);
    }
    this.bytesChanged(-bytes);
    this.segments = [];
    this.last = null;
    this.recent = null;
  }

  private extend(length: number): Segment {
    const before = this.last;
    const wanted = before === null ? SEGMENT_BYTES_MIN : before.buffer.length * 4;
    const size = Math.min(this.segmentBytesMax, wanted);
    const segment = {
      base: before === null ? 0 : before.base + before.used,
      buffer: Buffer.allocUnsafeSlow(Math.max(size, length)),
      used: 0,
      liveCount: 0,
    };
    if (before !== null && before.liveCount === 0) this.forget(this.segments.length - 1, before);
    this.bytesChanged(segment.buffer.length);
    this.segments.push(segment);
    this.last = segment;
    return segment;
  }

  /** An empty segment goes; the last one starts over with the same memory, so that a short queue allocates nothing. */
  private release(index: number, segment: Segment): void {
    if (segment !== this.last) this.forget(index, segment);
    else if (segment.used > segment.buffer.length / 2) {
      segment.base += segment.used;
      segment.used = 0;
    }
  }

  private forget(index: number, segment: Segment): void {
    this.bytesChanged(-segment.buffer.length);
    freeBytes(segment.buffer);
    if (index === 0) this.segments.shift();
    else this.segments.splice(index, 1);
    if (this.recent === segment) this.recent = null;
  }

  private segmentOf(position: number): Segment {
    const recent = this.recent;
    if (recent !== null && position >= recent.base && position < recent.base + recent.used) return recent;
    const segment = this.segments[this.indexFrom(position)];
    if (segment === undefined) throw new RangeError(`no message at position ${position}`);
    this.recent = segment;
    return segment;
  }

  /** Index of the segment that holds `position`, else of the first one behind it. */
  private indexFrom(position: number): number {
    const { segments } = this;
    const { length } = segments;
    if (length === 0) return 0;
    const first = segments[0] as Segment;
    if (position < first.base + first.used) return 0;
    const final = segments[length - 1] as Segment;
    if (position >= final.base) return position < final.base + final.used ? length - 1 : length;
    let low = 1;
    let high = length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const segment = segments[middle] as Segment;
      if (position < segment.base + segment.used) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
