/**
 * Read windows on segment files, one a log, a bounded number in all: what is read goes forward, so one block read ahead
 * serves many messages. The most recent windows are never taken away, because a message may still be looked at.
 */
import type { Disk } from './disk.ts';
import { FILE_HEAD_BYTES, type Segment } from './segment.ts';

const WINDOW_BYTES = 256 * 1024;
const WINDOWS_MAX = 64;

export interface Window {
  segment: Segment;
  /** Offset in the segment of the first byte of `buffer`. */
  start: number;
  length: number;
  buffer: Buffer;
}

export class Windows {
  private readonly disk: Disk;
  /** Least recently loaded first. */
  private readonly windows = new Map<object, Window>();
  private spare: Buffer[] = [];

  constructor(disk: Disk) {
    this.disk = disk;
  }

  /** The owner's window, loaded so that it has `needed` bytes from `offset` on, as far as the file goes. */
  of(owner: object, segment: Segment, offset: number, needed: number): Window {
    let window = this.windows.get(owner);
    const holds =
      window !== undefined &&
      window.segment === segment &&
      offset >= window.start &&
      offset + needed <= window.start + window.length;
    if (window !== undefined && holds) return window;
    window ??= { segment, start: 0, length: 0, buffer: this.spare.pop() ?? Buffer.allocUnsafeSlow(WINDOW_BYTES) };
    if (needed > window.buffer.length) window.buffer = Buffer.allocUnsafeSlow(needed);
    else if (window.buffer.length > WINDOW_BYTES)
      window.buffer = this.spare.pop() ?? Buffer.allocUnsafeSlow(WINDOW_BYTES);
    window.segment = segment;
    window.start = offset;
    const length = Math.min(window.buffer.length, segment.writtenTo - offset);
    window.length = this.disk.read(segment.file as number, window.buffer, length, FILE_HEAD_BYTES + offset);
    // Behind what the file has stands whatever was there before: nobody may take it for a record.
    if (window.length < needed) window.buffer.fill(0, window.length, Math.min(window.buffer.length, needed));
    this.windows.delete(owner);
    this.windows.set(owner, window);
    this.bound();
    return window;
  }

  /** What the owner's window holds is no longer what the file holds, or the owner is gone. */
  release(owner: object): void {
    const window = this.windows.get(owner);
    if (window === undefined) return;
    this.windows.delete(owner);
    if (window.buffer.length === WINDOW_BYTES && this.spare.length < WINDOWS_MAX) this.spare.push(window.buffer);
  }

  private bound(): void {
    if (this.windows.size <= WINDOWS_MAX) return;
    const [oldest] = this.windows.keys();
    if (oldest !== undefined) this.release(oldest);
  }
}
