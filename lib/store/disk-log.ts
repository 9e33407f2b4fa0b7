/**
 * The messages of one queue (of one priority of it) in segments on disk, the newest in memory until they are written.
 * Reading goes through a window of the file; nothing is kept per message but a bit that says whether it is gone.
 * Invariant: segments are in the order of their bases, and only the last one takes records.
 */
import { get32 } from '../amqp/bytes.ts';
import type { Message, MessageView, Origin } from '../broker/messages/message.ts';
import type { LogTerms, MessageLog, Stretch } from '../broker/ports.ts';
import type { Disk } from './disk.ts';
import {
  isSoundRecord,
  RECORD_HEAD_BYTES,
  readRecord,
  recordBodyBytes,
  recordExpiresAtMs,
  recordLength,
  recordOffset,
} from './record.ts';
import { FILE_HEAD_BYTES, Segment } from './segment.ts';
import { DELIVERED, NOTED, writeAcks, writeRecords, writeSum } from './segment-files.ts';
import type { Windows } from './windows.ts';

/** What a log asks of its store. */
export interface LogSurroundings {
  disk: Disk;
  windows: Windows;
  segmentBytesMax: number;
  /** Called when the log has something to write. */
  touched(log: DiskLog): void;
  /** Deliveries came further: to be noted before they go out. */
  delivering(log: DiskLog): void;
  /** Called when a message that leaves another place was appended at `position`. */
  moved(origin: Origin, log: DiskLog, position: number): void;
}

/** A log whose messages need not survive begins with segments of this size … */
const SMALL_BYTES = 1024 * 1024;
/** … while it has no more than so many. */
const SMALL_SEGMENTS_MAX = 16;

export class CorruptLogError extends Error {
  override readonly name = 'CorruptLogError';
}

export class DiskLog implements MessageLog {
  readonly name: string;
  readonly folder: string;
  /** False: the log's messages need not survive the process. */
  readonly durable: boolean;
  liveCount = 0;
  liveBytes = 0;
  deliveredUpTo = 0;
  readonly notes: Map<number, number>;
  /** Why the log's messages cannot be read; null: they can. */
  corrupt: string | null = null;
  deleted = false;
  /** True while the store has this log on its list of logs to write. */
  isTouched = false;
  /** True when deliveries came further since the store last noted that they go out. */
  isDelivering = false;
  /** True while the log's folder has names that may not survive a power cut; perhaps from a process before this one. */
  hasNewNames = true;
  private readonly around: LogSurroundings;
  private segmentBytesMax: number;
  private keepsTransient = false;
  private holdsCopies = false;
  private segments: Segment[];
  /** Emptied segments whose files wait for the end of the batch. */
  private doomed: Segment[] = [];
  private nextBase: number;
  private deliveredMark = 0;
  /** The memory in which `locate` found a record, and the record's offset there. */
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;

  constructor(
    around: LogSurroundings,
    name: string,
    folder: string,
    durable: boolean,
    segments: Segment[],
    deliveredUpTo: number,
    nextBase: number,
    notes: Map<number, number>,
  ) {
    this.around = around;
    this.notes = notes;
    this.segmentBytesMax = around.segmentBytesMax;
    this.name = name;
    this.folder = folder;
    this.durable = durable;
    this.segments = segments;
    this.deliveredUpTo = deliveredUpTo;
    this.deliveredMark = deliveredUpTo;
    for (const segment of segments) {
      this.liveCount += segment.liveCount;
      this.liveBytes += segment.liveBytes;
    }
    this.nextBase = nextBase;
  }

  /** From the next message on. */
  agree({ stretchBytesMax, keepsTransient = false, holdsCopies = false }: LogTerms): void {
    const { segmentBytesMax } = this.around;
    this.segmentBytesMax = Math.min(stretchBytesMax ?? segmentBytesMax, segmentBytesMax);
    this.keepsTransient = keepsTransient;
    this.holdsCopies = holdsCopies;
  }

  append(message: Message, arrivedAtMs: number, expiresAtMs: number, streamOffset = -1): number {
    const length = recordLength(message, streamOffset);
    let segment = this.segments[this.segments.length - 1];
    if (segment === undefined || !segment.hasRoom(length, this.segmentRoom)) segment = this.extend(segment);
    const isPersistent = message.persistent || this.keepsTransient;
    const offset = segment.append(message, length, arrivedAtMs, expiresAtMs, streamOffset, isPersistent);
    this.liveCount++;
    this.liveBytes += message.bodyEnd - message.bodyStart;
    // What need not survive goes to disk only to save memory.
    if (!this.isTouched && (this.durable || segment.chunks.length > 1)) this.around.touched(this);
    const position = segment.base + offset;
    if (message.movedFrom !== null && !this.holdsCopies) this.around.moved(message.movedFrom, this, position);
    return position;
  }

  read(position: number, into: MessageView): void {
    this.locate(position, true);
    readRecord(this.bytes, this.at, into);
  }

  expiresAtMs(position: number): number {
    this.locate(position, false);
    return recordExpiresAtMs(this.bytes, this.at);
  }

  offset(position: number): number {
    this.locate(position, false);
    return recordOffset(this.bytes, this.at);
  }

  after(position: number): number {
    this.locate(position, false);
    return position + get32(this.bytes, this.at);
  }

  seek(position: number): number {
    for (let index = this.indexFrom(position); index < this.segments.length; index++) {
      const segment = this.segments[index] as Segment;
      if (segment.liveCount === 0) continue;
      let offset = Math.max(0, position - segment.base);
      while (offset < segment.used) {
        if (!segment.isRemoved(offset)) return segment.base + offset;
        this.locate(segment.base + offset, false);
        offset += get32(this.bytes, this.at);
      }
    }
    return -1;
  }

  remove(position: number, bodyBytes: number): boolean {
    const index = this.indexFrom(position);
    const segment = this.segments[index];
    if (segment === undefined || position < segment.base || !segment.remove(position - segment.base, bodyBytes))
      return false;
    this.liveCount--;
    this.liveBytes -= bodyBytes;
    if (this.notes.size > 0) this.notes.delete(position);
    // Also of a segment that goes: its files may survive a crash that comes before they are deleted.
    if (this.durable) segment.acks.push(position - segment.base, bodyBytes);
    if (segment.liveCount === 0 && (segment.full || segment.file === null)) this.empty(index, segment);
    if (this.durable && !this.isTouched) this.around.touched(this);
    return true;
  }

  removeFrom(position: number): void {
    for (let index = this.segments.length - 1; index >= 0; index--) {
      const segment = this.segments[index] as Segment;
      if (segment.end <= position) break;
      // A start may leave one that was begun: the next message takes its place and its file.
      if (segment.used === 0 && !segment.full) continue;
      if (segment.base >= position && !this.mustStay(segment)) this.removeSegment(index, segment);
      else this.removeRecords(Math.max(position, segment.base), segment.end);
    }
    if (this.durable && !this.isTouched) this.around.touched(this);
  }

  removeBefore(position: number): void {
    for (let index = this.segments.length - 1; index >= 0; index--) {
      const segment = this.segments[index] as Segment;
      if (segment.base >= position || segment.liveCount === 0) continue;
      if (segment.end <= position && !this.mustStay(segment)) this.removeSegment(index, segment);
      else this.removeRecords(segment.base, Math.min(position, segment.end));
    }
    if (this.durable && !this.isTouched) this.around.touched(this);
  }

  stretches(): Stretch[] {
    return this.segments
      .filter(({ liveCount }) => liveCount > 0)
      .map(({ base, used }) => ({ start: base, bytes: used }));
  }

  note(position: number, value: number): void {
    this.notes.set(position, value);
    const segment = this.segments[this.indexFrom(position)];
    if (!this.durable || segment === undefined) return;
    segment.acks.push(position - segment.base, NOTED + value);
    if (!this.isTouched) this.around.touched(this);
  }

  delivered(upTo: number): void {
    if (upTo <= this.deliveredUpTo) return;
    this.deliveredUpTo = upTo;
    if (!this.durable) return;
    if (!this.isTouched) this.around.touched(this);
    if (!this.isDelivering) this.around.delivering(this);
  }

  /** The message at that position was appended elsewhere and is about to be removed here. */
  leaving(position: number): void {
    const segment = this.segments[this.indexFrom(position)];
    if (segment !== undefined) segment.isLeft = true;
  }

  get hasFiles(): boolean {
    return this.segments.some(({ file }) => file !== null);
  }

  /** True when a record was written at that position, whether it lives or not. */
  holds(position: number): boolean {
    const segment = this.segments[this.indexFrom(position)];
    return segment !== undefined && position >= segment.base;
  }

  /** True when the message at that position, where one was appended once, lives. */
  isLive(position: number): boolean {
    return this.corrupt === null && this.holds(position) && this.seek(position) === position;
  }

  /** Ends the life of one message if it lives. */
  removeIfLive(position: number): void {
    if (!this.isLive(position)) return;
    this.locate(position, false);
    this.remove(position, recordBodyBytes(this.bytes, this.at));
  }

  /**
   * Before deliveries go out: notes how far they have come, where a crash would make it matter: in the last file that
   * has something of what was delivered.
   */
  markDelivered(): void {
    if (!this.durable || this.deliveredUpTo === this.deliveredMark) return;
    for (let index = this.segments.length - 1; index >= 0; index--) {
      const segment = this.segments[index] as Segment;
      if (segment.writtenTo === 0 || segment.base >= this.deliveredUpTo) continue;
      const upTo = Math.min(this.deliveredUpTo, segment.end);
      if (upTo <= this.deliveredMark) return;
      writeAcks(this.around.disk, segment, [upTo - segment.base, DELIVERED]);
      this.deliveredMark = upTo;
      return;
    }
  }

  /** True when some message must survive and is not yet safe. */
  get mustSync(): boolean {
    return this.durable && this.segments.some(({ mustSync }) => mustSync);
  }

  /** Bytes of records that only memory has, and need not survive: 0 where some must. */
  get keptBytes(): number {
    if (this.deleted || this.mustSync) return 0;
    let bytes = 0;
    for (const { used, writtenTo } of this.segments) bytes += used - writtenTo;
    return bytes;
  }

  /**
   * Writes what is only in memory, of one segment after the other, as far as `limit`. Returns the first one that must be
   * synced before the next is begun: behind a torn file there is never another. Unless `savesMemory`, a log without
   * anything that must survive is left as it is.
   */
  writeTails(limit: number, savesMemory: boolean): Segment | null {
    if (!savesMemory && !this.mustSync) return null;
    for (const segment of this.segments) {
      const upTo = Math.min(segment.used, limit - segment.base);
      if (upTo <= (this.durable ? segment.syncedTo : segment.writtenTo)) continue;
      // What need not survive goes to disk only to save memory, or because something behind it must.
      const isLast = segment.end >= limit;
      if (!(this.durable && segment.mustSync) && isLast && !segment.full && segment.chunks.length < 2) continue;
      if (segment.file === null) this.hasNewNames = true;
      writeRecords(this.around.disk, segment, this.folder, upTo);
      // What went to a consumer before it went to the file must not come back as if it had not.
      this.markDelivered();
      if (this.durable) return segment;
      segment.forgetChunks(segment.writtenTo);
    }
    return null;
  }

  /** Takes the removals and emptied segments that the batch which begins may make final. */
  takeEnds(): { acks: [Segment, number[]][]; doomed: Segment[]; limit: number } {
    for (let index = this.segments.length - 1; index >= 0; index--) {
      const segment = this.segments[index] as Segment;
      if (segment.liveCount === 0 && segment.full) this.empty(index, segment);
    }
    const { doomed } = this;
    const acks: [Segment, number[]][] = [];
    for (const segment of [...doomed, ...this.segments]) {
      if (segment.acks.length === 0) continue;
      acks.push([segment, segment.acks]);
      segment.acks = [];
    }
    this.doomed = [];
    return { acks, doomed, limit: this.segments.at(-1)?.end ?? 0 };
  }

  /** Writes the removals of a start. */
  writeRemovalsNow(): void {
    const { acks, doomed } = this.takeEnds();
    this.doomed = doomed;
    for (const [segment, pairs] of acks) writeAcks(this.around.disk, segment, pairs);
  }

  /** Makes the removal at that position survive a power cut; returns when it does. */
  syncRemovalNow(position: number): void {
    const segment = [...this.doomed, ...this.segments].find(({ base, end }) => position >= base && position < end);
    if (segment === undefined || segment.ackFile === null) return;
    this.around.disk.syncNow(segment.ackFile);
    this.around.disk.syncFolderNow(this.folder);
  }

  /** The sync of everything before `upTo` in that segment is done. */
  synced(segment: Segment, upTo: number): void {
    segment.syncedTo = upTo;
    if (upTo === segment.used) segment.mustSync = false;
    segment.forgetChunks(upTo);
    if (segment.full && segment.writtenTo === segment.used) writeSum(this.around.disk, segment);
  }

  /** A sync failed: the file may have lost anything since the last one that did not. */
  unsynced(segment: Segment): void {
    segment.writtenTo = segment.syncedTo;
  }

  /** Closes all files; with `remove` they are deleted. */
  close(remove: boolean): void {
    const { disk, windows } = this.around;
    windows.release(this);
    for (const segment of [...this.segments, ...this.doomed]) {
      if (segment.file !== null) disk.close(segment.file);
      if (segment.ackFile !== null) disk.close(segment.ackFile);
      segment.file = null;
      segment.ackFile = null;
    }
    this.segments = [];
    this.doomed = [];
    if (remove) disk.remove(this.folder);
  }

  private removeSegment(index: number, segment: Segment): void {
    this.liveCount -= segment.liveCount;
    this.liveBytes -= segment.liveBytes;
    for (const position of this.notes.keys()) {
      if (position >= segment.base && position < segment.end) this.notes.delete(position);
    }
    segment.liveCount = 0;
    segment.full = true;
    this.empty(index, segment);
  }

  private removeRecords(from: number, to: number): void {
    for (let at = this.seek(from); at >= 0 && at < to; at = this.seek(at)) {
      this.locate(at, false);
      this.remove(at, recordBodyBytes(this.bytes, this.at));
    }
  }

  /** What passes through memory gives its memory back in small pieces; a backlog has few files. */
  private get segmentRoom(): number {
    const { durable, segments, segmentBytesMax } = this;
    return durable || segments.length > SMALL_SEGMENTS_MAX ? segmentBytesMax : Math.min(segmentBytesMax, SMALL_BYTES);
  }

  private extend(before: Segment | undefined): Segment {
    if (before !== undefined) {
      before.full = true;
      if (before.liveCount === 0) this.empty(this.segments.length - 1, before);
    }
    const base = Math.max(before?.end ?? 0, this.nextBase);
    const segment = new Segment(base, `${this.folder}/${Segment.nameOf(base)}`);
    this.segments.push(segment);
    this.nextBase = base;
    return segment;
  }

  /**
   * True of a segment that must reach the disk though nothing in it may live: what moved away is not yet safe where it
   * went, or its file is begun, and a start takes a torn file with another behind it for a corrupt one.
   */
  private mustStay(segment: Segment): boolean {
    if (!this.durable || segment.syncedTo === segment.used) return false;
    return segment.file !== null || (segment.isLeft && segment.mustSync);
  }

  /** The last live message of a segment is gone. */
  private empty(index: number, segment: Segment): void {
    if (this.mustStay(segment)) return;
    if (segment.file === null && !segment.full) {
      segment.restart();
      return;
    }
    this.nextBase = Math.max(this.nextBase, segment.end);
    this.segments.splice(index, 1);
    segment.dropChunks();
    // How far deliveries have come is noted in the segment that goes: what lives before it was delivered too.
    const before = this.segments[index - 1];
    if (this.durable && before !== undefined && this.deliveredUpTo > segment.base)
      before.acks.push(before.used, DELIVERED);
    if (segment.file !== null) this.doomed.push(segment);
  }

  /** Finds the bytes of a live record. With `check` they are compared with their checksum when they come from a file. */
  private locate(position: number, check: boolean): void {
    const segment = this.segments[this.indexFrom(position)];
    if (segment === undefined || position < segment.base) throw new RangeError(`no message at position ${position}`);
    const offset = position - segment.base;
    const chunk = segment.chunkAt(offset);
    if (chunk !== undefined) {
      this.bytes = chunk.buffer;
      this.at = offset - chunk.start;
      return;
    }
    const window = this.around.windows.of(this, segment, offset, RECORD_HEAD_BYTES);
    let at = offset - window.start;
    const length = get32(window.buffer, at);
    if (length < RECORD_HEAD_BYTES || offset + length > segment.used) throw this.corruptAt(segment, offset);
    if (at + length > window.length) {
      this.around.windows.of(this, segment, offset, length);
      at = offset - window.start;
    }
    if (check && !isSoundRecord(window.buffer, at, window.length - at)) throw this.corruptAt(segment, offset);
    this.bytes = window.buffer;
    this.at = at;
  }

  private corruptAt(segment: Segment, offset: number): CorruptLogError {
    this.corrupt = `${segment.path}.log is corrupt at byte ${offset + FILE_HEAD_BYTES}`;
    return new CorruptLogError(this.corrupt);
  }

  /** Index of the segment that holds `position`, else of the first one behind it. */
  private indexFrom(position: number): number {
    const { segments } = this;
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (position < (segments[middle] as Segment).end) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
