/**
 * What a start makes of the files of one log: which records live, how far deliveries had come, and what had to be cut.
 * A full segment with a sum is not read; the last one is, and a torn or corrupt end of it is cut at the last good record.
 */
import { crc32 } from 'node:zlib';
import { get32, get48 } from '../amqp/bytes.ts';
import type { Disk } from './disk.ts';
import { isPersistentRecord, isSoundRecord, recordBodyBytes } from './record.ts';
import { FILE_HEAD_BYTES, Segment } from './segment.ts';
import {
  ACK_ENTRY_BYTES,
  ackCheck,
  DELIVERED,
  FORMAT_VERSION,
  fileHead,
  MAGIC,
  NOTED,
  removeFiles,
  SUM_BYTES,
  writeAcks,
} from './segment-files.ts';

export interface Recovered {
  segments: Segment[];
  deliveredUpTo: number;
  /** How often messages have come back. */
  notes: Map<number, number>;
  /** The position at which the log goes on: none before it may be used again. */
  nextBase: number;
  /** For people: what was cut or is missing. */
  reports: string[];
  /** Why this log cannot be used; null when it can. */
  corrupt: string | null;
}

/** A log with files of a format that this version does not know cannot be used: it says so, others go on. */
export function recoverLog(disk: Disk, folder: string): Recovered {
  const recovered: Recovered = {
    segments: [],
    deliveredUpTo: 0,
    notes: new Map(),
    nextBase: 0,
    reports: [],
    corrupt: null,
  };
  const all = disk.list(folder);
  const names = all.filter((name) => name.endsWith('.log'));
  // The end of a segment was interrupted: what is left of it must not speak of one that has its base again.
  for (const name of all) {
    if (/\.(ack|sum)$/.test(name) && !names.includes(`${name.slice(0, -4)}.log`)) disk.remove(`${folder}/${name}`);
  }
  names.forEach((name, index) => {
    const isLast = index === names.length - 1;
    const path = `${folder}/${name.slice(0, -4)}`;
    const segment = openSegment(disk, path, recovered, isLast);
    if (segment === null) return;
    recovered.segments.push(segment);
    readAcks(disk, segment, recovered);
  });
  const last = recovered.segments.at(-1);
  recovered.nextBase = Math.max(recovered.nextBase, last?.end ?? 0);
  // Removals and deliveries of records that were lost are noted there: others must not take their offsets.
  if (last !== undefined && recovered.nextBase > last.end) last.full = true;
  if (recovered.corrupt !== null) return recovered;
  // What was written by a process that ended in between.
  const kept: Segment[] = [];
  for (const segment of recovered.segments) {
    if (segment.liveCount > 0 || segment === last) {
      kept.push(segment);
      continue;
    }
    // How far deliveries had come may be noted in this one alone.
    const before = kept.at(-1);
    if (before !== undefined && recovered.deliveredUpTo > segment.base)
      writeAcks(disk, before, [before.used, DELIVERED]);
    removeFiles(disk, segment);
  }
  recovered.segments = kept;
  return recovered;
}

function openSegment(disk: Disk, path: string, recovered: Recovered, isLast: boolean): Segment | null {
  const file = disk.open(`${path}.log`);
  const size = disk.size(file);
  const head = Buffer.alloc(FILE_HEAD_BYTES);
  disk.read(file, head, FILE_HEAD_BYTES, 0);
  // The first write of it never reached the disk whole, so nothing in it was confirmed.
  if (isLast && (size < FILE_HEAD_BYTES || isTornHead(head, path))) {
    disk.close(file);
    for (const extension of ['log', 'ack', 'sum']) disk.remove(`${path}.${extension}`);
    recovered.reports.push(`${path}.log was begun and not written: removed`);
    return null;
  }
  const base = Number(head.readBigUInt64BE(8));
  if (!head.subarray(0, 4).equals(MAGIC) || !path.endsWith(String(base).padStart(16, '0'))) {
    recovered.corrupt ??= `${path}.log does not begin as a log does`;
    disk.close(file);
    return null;
  }
  const version = head.readUInt16BE(4);
  if (version < 1 || version > FORMAT_VERSION) {
    recovered.corrupt ??= `${path}.log has format ${version}; this version of Warren reads 1 to ${FORMAT_VERSION}`;
    disk.close(file);
    return null;
  }
  const segment = new Segment(base, path);
  segment.file = file;
  if (isLast || !readSum(disk, segment, size)) scan(disk, segment, size, recovered, isLast);
  // A file keeps to the format that its head names; one without records begins anew.
  segment.full = !isLast || (version < FORMAT_VERSION && segment.used > 0);
  segment.syncedTo = segment.used;
  segment.writtenTo = segment.used;
  return segment;
}

/** True of a head that ends in zeros where it should not, whatever the format of the process that began it. */
function isTornHead(head: Buffer, path: string): boolean {
  const base = Number(path.slice(path.lastIndexOf('/') + 1));
  for (let version = 1; version <= FORMAT_VERSION; version++) {
    const torn = fileHead(base, version).findIndex((byte, at) => head[at] !== byte);
    if (torn >= 0 && head.subarray(torn).every((byte) => byte === 0)) return true;
  }
  return false;
}

/** False when there is no good sum, or when there are transient records, which must be found. */
function readSum(disk: Disk, segment: Segment, size: number): boolean {
  const file = disk.open(`${segment.path}.sum`);
  const bytes = Buffer.alloc(SUM_BYTES);
  const length = disk.read(file, bytes, SUM_BYTES, 0);
  disk.close(file);
  if (length < SUM_BYTES || get32(bytes, 18) !== crc32(bytes.subarray(0, 18))) {
    disk.remove(`${segment.path}.sum`);
    return false;
  }
  const used = get32(bytes, 14);
  if (get32(bytes, 10) > 0 || size !== FILE_HEAD_BYTES + used) return false;
  segment.recordCount = get32(bytes, 0);
  segment.liveCount = segment.recordCount;
  segment.bodyBytes = get48(bytes, 4);
  segment.liveBytes = segment.bodyBytes;
  segment.used = used;
  segment.hasSum = true;
  return true;
}

/** Reads every record. A bad one in the last segment is where it ends; elsewhere the log is corrupt. */
function scan(disk: Disk, segment: Segment, size: number, recovered: Recovered, isLast: boolean): void {
  const records = size - FILE_HEAD_BYTES;
  const bytes = Buffer.allocUnsafeSlow(records);
  const length = disk.read(segment.file as number, bytes, records, FILE_HEAD_BYTES);
  const transient: number[] = [];
  let offset = 0;
  while (isSoundRecord(bytes, offset, length - offset)) {
    const bodyBytes = recordBodyBytes(bytes, offset);
    if (!isPersistentRecord(bytes, offset)) transient.push(offset, bodyBytes);
    segment.recordCount++;
    segment.liveCount++;
    segment.bodyBytes += bodyBytes;
    offset += get32(bytes, offset);
  }
  segment.used = offset;
  if (offset < records) {
    if (isLast) {
      recovered.reports.push(`${segment.path}.log ended in ${records - offset} bytes that are no whole record: cut`);
      disk.truncate(segment.file as number, FILE_HEAD_BYTES + offset);
    } else recovered.corrupt ??= `${segment.path}.log is corrupt at byte ${FILE_HEAD_BYTES + offset}`;
  }
  // What is only in the page cache could be lost by a failed sync, under what is written behind it.
  disk.syncNow(segment.file as number);
  segment.transientCount = transient.length / 2;
  segment.liveBytes = segment.bodyBytes;
  for (let i = 0; i < transient.length; i += 2) segment.remove(transient[i] as number, transient[i + 1] as number);
}

function readAcks(disk: Disk, segment: Segment, recovered: Recovered): void {
  const file = disk.open(`${segment.path}.ack`);
  const size = disk.size(file);
  const bytes = Buffer.allocUnsafe(size);
  const length = disk.read(file, bytes, size, 0);
  const whole = length - (length % ACK_ENTRY_BYTES);
  let bad = 0;
  for (let at = 0; at < whole; at += ACK_ENTRY_BYTES) {
    const offset = get32(bytes, at);
    const bodyBytes = get32(bytes, at + 4);
    if (get32(bytes, at + 8) !== ackCheck(bytes, at, segment.base)) {
      bad++;
      continue;
    }
    const position = segment.base + offset;
    recovered.nextBase = Math.max(recovered.nextBase, bodyBytes === DELIVERED ? position : position + 1);
    if (bodyBytes === DELIVERED) recovered.deliveredUpTo = Math.max(recovered.deliveredUpTo, position);
    else if (bodyBytes >= NOTED) recovered.notes.set(position, bodyBytes - NOTED);
    else if (offset < segment.used) {
      segment.remove(offset, bodyBytes);
      recovered.notes.delete(position);
    }
  }
  if (bad > 0) recovered.reports.push(`${segment.path}.ack has ${bad} bad entries: their messages come back`);
  segment.ackFile = file;
  segment.ackFileBytes = whole;
}
