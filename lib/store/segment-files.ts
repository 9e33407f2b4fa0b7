/** The files of a segment: how they are begun, appended to, summed up and deleted. Drawn in segment.ts. */
import { crc32 } from 'node:zlib';
import { put32, put48 } from '../amqp/bytes.ts';
import type { Disk } from './disk.ts';
import { FILE_HEAD_BYTES, type Segment } from './segment.ts';

/** Format 1 knew no offsets in records; a stream had them in the place of the expiry. */
export const FORMAT_VERSION = 2;
export const MAGIC = Buffer.from('WRNL');
export const ACK_ENTRY_BYTES = 12;
export const SUM_BYTES = 22;
/** In place of the body bytes: not a removal, but how far deliveries have come. */
export const DELIVERED = 0xffffffff;
/** In place of the body bytes, plus a number: not a removal, but a number that is kept with the message. */
export const NOTED = 0xff000000;

/** The bytes that a log file begins with. */
export function fileHead(base: number, version = FORMAT_VERSION): Buffer {
  const head = Buffer.alloc(FILE_HEAD_BYTES);
  MAGIC.copy(head);
  head.writeUInt16BE(version, 4);
  head.writeBigUInt64BE(BigInt(base), 8);
  return head;
}

/** Brings the log file up to what memory has before the offset `limit`; makes it when it is not there. */
export function writeRecords(disk: Disk, segment: Segment, folder: string, limit: number): void {
  if (segment.file === null) {
    disk.makeFolder(folder);
    segment.file = disk.open(`${segment.path}.log`);
  }
  const { file } = segment;
  // Also when it was written before: a failed sync may have lost it.
  if (segment.writtenTo === 0) {
    const head = fileHead(segment.base);
    disk.write(file, head, 0, head.length, 0);
  }
  segment.unwritten(limit, (bytes, start, end, offset) =>
    disk.write(file, bytes, start, end, FILE_HEAD_BYTES + offset),
  );
}

/** Appends pairs of offset and body bytes to the ack file. */
export function writeAcks(disk: Disk, segment: Segment, pairs: number[]): void {
  segment.ackFile ??= disk.open(`${segment.path}.ack`);
  const bytes = Buffer.allocUnsafe((pairs.length / 2) * ACK_ENTRY_BYTES);
  for (let i = 0, at = 0; i < pairs.length; i += 2, at += ACK_ENTRY_BYTES) {
    put32(bytes, at, pairs[i] as number);
    put32(bytes, at + 4, pairs[i + 1] as number);
    put32(bytes, at + 8, ackCheck(bytes, at, segment.base));
  }
  disk.write(segment.ackFile, bytes, 0, bytes.length, segment.ackFileBytes);
  segment.ackFileBytes += bytes.length;
}

export function ackCheck(bytes: Buffer, at: number, base: number): number {
  return crc32(bytes.subarray(at, at + 8), base >>> 0);
}

/** Writes the sum of a full segment: what a start must know of it without reading it. */
export function writeSum(disk: Disk, segment: Segment): void {
  if (segment.hasSum) return;
  const bytes = Buffer.alloc(SUM_BYTES);
  put32(bytes, 0, segment.recordCount);
  put48(bytes, 4, segment.bodyBytes);
  put32(bytes, 10, segment.transientCount);
  put32(bytes, 14, segment.used);
  put32(bytes, 18, crc32(bytes.subarray(0, 18)));
  const file = disk.open(`${segment.path}.sum`);
  try {
    disk.write(file, bytes, 0, bytes.length, 0);
  } finally {
    disk.close(file);
  }
  segment.hasSum = true;
}

/** Closes and deletes all files of a segment. */
export function removeFiles(disk: Disk, segment: Segment): void {
  if (segment.file !== null) disk.close(segment.file);
  if (segment.ackFile !== null) disk.close(segment.ackFile);
  segment.file = null;
  segment.ackFile = null;
  // The log first, so that what its acks ended does not come back; a start clears acks and sums without a log.
  for (const extension of ['log', 'ack', 'sum']) disk.remove(`${segment.path}.${extension}`);
}
