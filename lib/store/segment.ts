/**
 * One stretch of a log: records in their order, the newest in memory, the rest in a file; and which of them are gone.
 * Invariants: memory holds everything that is not in the file, and everything that must be synced and is not;
 * `liveCount` is the number of records whose bit in `removed` is not set.
 *
 *   BASE.log   magic "WRNL" · version u16 · 0 u16 · base u64, then records
 *   BASE.ack   entries: offset u32 · body bytes u32 (0xffffffff: delivered up to here;
 *              0xff000000 + n: came back n times) · CRC-32 of both and the base
 *   BASE.sum   of a full segment: records u32 · body bytes u48 · transient records u32 · used u32 · CRC-32
 */
import { get32 } from '../amqp/bytes.ts';
import type { Message } from '../broker/messages/message.ts';
import { RECORD_HEAD_BYTES, sealRecord, writeRecord } from './record.ts';

export const SEGMENT_BYTES = 8 * 1024 * 1024;
export const FILE_HEAD_BYTES = 16;
const CHUNK_BYTES_MIN = 4 * 1024;
const CHUNK_BYTES_MAX = 256 * 1024;
/** No record is shorter, so an offset divided by it names one record at most. */
const OFFSET_SHIFT = 5;

/** Memory of chunks that are gone, for those that come: fresh memory costs as much as what is copied into it. */
const spare: Buffer[] = [];
const SPARE_MAX = 32;

/** Whole records that are in memory. */
export interface Chunk {
  /** Offset of the chunk's first record in the segment. */
  start: number;
  buffer: Buffer;
  used: number;
}

export class Segment {
  /** Position of the segment's first record. */
  base: number;
  /** Path of the segment's files without the extension; it ends in the base. */
  path: string;
  used = 0;
  liveCount = 0;
  liveBytes = 0;
  recordCount = 0;
  bodyBytes = 0;
  transientCount = 0;
  /** Takes no more records. */
  full = false;
  /** Descriptor of the log file; null while nothing was written. */
  file: number | null = null;
  ackFile: number | null = null;
  ackFileBytes = 0;
  /** Records before this offset are in the file … */
  writtenTo = 0;
  /** … and before this one survive a power cut. */
  syncedTo = 0;
  /** True when some record must be synced and is not. */
  mustSync = false;
  /** True when a message has moved away from this segment, perhaps after a confirm was asked for it here. */
  isLeft = false;
  hasSum = false;
  chunks: Chunk[] = [];
  /** Removals that are not in the ack file yet: offset, body bytes, offset, … */
  acks: number[] = [];
  private removed = new Uint8Array(0);

  constructor(base: number, path: string) {
    this.base = base;
    this.path = path;
  }

  static nameOf(base: number): string {
    return String(base).padStart(16, '0');
  }

  get end(): number {
    return this.base + this.used;
  }

  hasRoom(length: number, segmentBytesMax: number): boolean {
    return !this.full && (this.used === 0 || this.used + length <= segmentBytesMax);
  }

  /** Returns the offset of the new record. */
  append(
    message: Message,
    length: number,
    arrivedAtMs: number,
    expiresAtMs: number,
    streamOffset: number,
    isPersistent: boolean,
  ): number {
    let chunk = this.chunks[this.chunks.length - 1];
    if (chunk === undefined || chunk.used + length > chunk.buffer.length) chunk = this.addChunk(length);
    writeRecord(chunk.buffer, chunk.used, length, message, arrivedAtMs, expiresAtMs, streamOffset, isPersistent);
    chunk.used += length;
    const offset = this.used;
    this.used += length;
    this.liveCount++;
    this.recordCount++;
    this.bodyBytes += message.bodyEnd - message.bodyStart;
    this.liveBytes += message.bodyEnd - message.bodyStart;
    if (isPersistent) this.mustSync = true;
    else this.transientCount++;
    return offset;
  }

  isRemoved(offset: number): boolean {
    const bit = offset >>> OFFSET_SHIFT;
    return (((this.removed[bit >>> 3] ?? 0) >>> (bit & 7)) & 1) === 1;
  }

  /** Marks the record with that many body bytes; false when it was removed before. */
  remove(offset: number, bodyBytes: number): boolean {
    const bit = offset >>> OFFSET_SHIFT;
    const at = bit >>> 3;
    if (at >= this.removed.length) {
      const grown = new Uint8Array(
        Math.max(64, at + 1, Math.min(this.removed.length * 4, SEGMENT_BYTES >>> (OFFSET_SHIFT + 3))),
      );
      grown.set(this.removed);
      this.removed = grown;
    }
    const mask = 1 << (bit & 7);
    if (((this.removed[at] as number) & mask) !== 0) return false;
    this.removed[at] = (this.removed[at] as number) | mask;
    this.liveCount--;
    this.liveBytes -= bodyBytes;
    return true;
  }

  /** The chunk that holds the record at `offset`; undefined when only the file has it. */
  chunkAt(offset: number): Chunk | undefined {
    for (let i = this.chunks.length - 1; i >= 0; i--) {
      const chunk = this.chunks[i] as Chunk;
      if (offset >= chunk.start) return offset < chunk.start + chunk.used ? chunk : undefined;
    }
    return undefined;
  }

  /** Starts over without files: everything in it is gone and nothing was written. */
  restart(): void {
    const folder = this.path.slice(0, -Segment.nameOf(this.base).length);
    this.base += this.used;
    this.path = folder + Segment.nameOf(this.base);
    this.used = 0;
    this.recordCount = 0;
    this.bodyBytes = 0;
    this.liveBytes = 0;
    this.transientCount = 0;
    this.mustSync = false;
    this.acks.length = 0;
    this.removed.fill(0);
    const chunk = this.chunks[this.chunks.length - 1];
    this.chunks = [];
    if (chunk !== undefined && chunk.buffer.length <= CHUNK_BYTES_MAX) {
      chunk.start = 0;
      chunk.used = 0;
      this.chunks.push(chunk);
    }
  }

  /** Calls back with each range of memory before `limit` that is not in the file, sealed, and its offset. */
  unwritten(limit: number, write: (bytes: Buffer, start: number, end: number, offset: number) => void): void {
    for (const chunk of this.chunks) {
      const from = Math.max(0, this.writtenTo - chunk.start);
      const end = Math.min(chunk.used, limit - chunk.start);
      if (from >= end) continue;
      for (let at = from; at < end; at += get32(chunk.buffer, at)) sealRecord(chunk.buffer, at);
      write(chunk.buffer, from, end, chunk.start + from);
      this.writtenTo = chunk.start + end;
    }
  }

  /** Lets go of memory that the file has; the chunk that still grows stays. */
  forgetChunks(upTo: number): void {
    let keep = 0;
    while (keep < this.chunks.length) {
      const chunk = this.chunks[keep] as Chunk;
      const grows =
        !this.full && keep === this.chunks.length - 1 && chunk.used + RECORD_HEAD_BYTES < chunk.buffer.length;
      if (grows || chunk.start + chunk.used > upTo) break;
      keep++;
    }
    if (keep > 0) for (const chunk of this.chunks.splice(0, keep)) recycle(chunk);
  }

  /** Lets go of all memory: nothing in the segment is looked at any more. */
  dropChunks(): void {
    for (const chunk of this.chunks) recycle(chunk);
    this.chunks = [];
  }

  private addChunk(length: number): Chunk {
    const before = this.chunks[this.chunks.length - 1];
    const size =
      before === undefined
        ? this.used === 0
          ? CHUNK_BYTES_MIN
          : CHUNK_BYTES_MAX
        : Math.min(CHUNK_BYTES_MAX, before.buffer.length * 4);
    const isSpare = size === CHUNK_BYTES_MAX && length <= size;
    const buffer = (isSpare ? spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(Math.max(size, length));
    const chunk = { start: this.used, buffer, used: 0 };
    this.chunks.push(chunk);
    return chunk;
  }
}

function recycle({ buffer }: Chunk): void {
  if (buffer.length === CHUNK_BYTES_MAX && spare.length < SPARE_MAX) spare.push(buffer);
}
