/**
 * A disk in memory that fails as disks do: short writes, no room, failed syncs that lose what they were to keep, and
 * crashes. It keeps for each file what was written and what was synced; a power cut leaves any mixture of both.
 */
import type { Disk } from '../../../lib/store/disk.ts';
import type { Random } from './random.ts';

const BLOCK_BYTES = 512;

interface File {
  written: Buffer;
  synced: Buffer;
  /** True when the file's name is in the folder also after a power cut. */
  isNameSynced: boolean;
  /** Counts syncs, so that one that ends late does not undo a later one. */
  syncs: number;
  syncedBy: number;
}

interface PendingSync {
  resolve(): void;
  reject(error: Error): void;
}

export class FaultyDisk implements Disk {
  /** How likely a write, a sync or the making of a file fails. */
  writeFailure = 0;
  syncFailure = 0;
  /** Syncs wait until `settleSync` is called; else they are done at once. */
  holdsSyncs = false;
  free = 1e12;
  /** Writes that failed; syncs that failed. */
  failures = 0;
  failedSyncs = 0;
  /** The process has ended: whatever it still does goes nowhere. */
  ended = false;
  files = new Map<string, File>();
  private readonly random: Random;
  private readonly open_ = new Map<number, { path: string; file: File }>();
  private lastDescriptor = 0;
  private pending: PendingSync[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  /** The disk as the next process finds it. Power cut: any mixture of what was synced and written; else all that was written. */
  crash(powerCut: boolean): FaultyDisk {
    this.ended = true;
    const after = new FaultyDisk(this.random);
    for (const [path, file] of this.files) {
      if (!powerCut) after.files.set(path, { ...file, written: Buffer.from(file.written) });
      else if (file.isNameSynced || this.random.chance(0.5)) after.files.set(path, this.cut(file));
    }
    return after;
  }

  /** Ends one waiting sync; false when none waits. */
  settleSync(): boolean {
    const [sync] = this.pending.splice(this.random.below(this.pending.length), 1);
    sync?.resolve();
    return sync !== undefined;
  }

  get waitingSyncs(): number {
    return this.pending.length;
  }

  makeFolder(): void {}

  list(path: string): string[] {
    const names = new Set<string>();
    for (const file of this.files.keys()) {
      if (file.startsWith(`${path}/`)) names.add(file.slice(path.length + 1).split('/')[0] as string);
    }
    return [...names].sort();
  }

  remove(path: string): void {
    this.mustRun();
    for (const file of [...this.files.keys()])
      if (file === path || file.startsWith(`${path}/`)) this.files.delete(file);
  }

  rename(from: string, to: string): void {
    this.mustRun();
    for (const [path, file] of [...this.files]) {
      if (!path.startsWith(`${from}/`)) continue;
      this.files.delete(path);
      this.files.set(to + path.slice(from.length), file);
    }
  }

  open(path: string): number {
    this.mustRun();
    let file = this.files.get(path);
    if (file === undefined) {
      this.maybeFail(this.writeFailure, 'ENOSPC: no space left on device, open');
      file = { written: Buffer.alloc(0), synced: Buffer.alloc(0), isNameSynced: false, syncs: 0, syncedBy: 0 };
      this.files.set(path, file);
    }
    this.open_.set(++this.lastDescriptor, { path, file });
    return this.lastDescriptor;
  }

  close(file: number): void {
    if (!this.open_.delete(file)) throw new Error('EBADF: bad file descriptor, close');
  }

  size(file: number): number {
    return this.of(file).written.length;
  }

  write(descriptor: number, bytes: Buffer, start: number, end: number, at: number): void {
    this.mustRun();
    const file = this.of(descriptor);
    const fails = this.random.chance(this.writeFailure);
    const stop = fails ? start + this.random.below(end - start) : end;
    const size = Math.max(file.written.length, at + stop - start);
    if (size > file.written.length) {
      file.written = Buffer.concat([file.written], size);
    }
    bytes.copy(file.written, at, start, stop);
    if (!fails) return;
    this.failures++;
    throw new Error('ENOSPC: no space left on device, write');
  }

  read(descriptor: number, into: Buffer, length: number, at: number): number {
    if (length < 0) throw new RangeError(`a read of ${length} bytes`);
    return this.of(descriptor).written.copy(into, 0, at, at + length);
  }

  truncate(descriptor: number, size: number): void {
    this.mustRun();
    const file = this.of(descriptor);
    file.written = Buffer.from(file.written.subarray(0, size));
    file.synced = Buffer.from(file.written);
  }

  sync(descriptor: number): Promise<void> {
    const file = this.of(descriptor);
    const snapshot = Buffer.from(file.written);
    const turn = ++file.syncs;
    return this.later(
      () => {
        if (turn < file.syncedBy) return;
        file.syncedBy = turn;
        file.synced = snapshot;
      },
      () => {
        // The kernel may drop what it could not write and call it clean.
        if (this.random.chance(0.5)) file.written = this.cut(file).written;
      },
    );
  }

  syncNow(descriptor: number): void {
    const file = this.of(descriptor);
    file.synced = Buffer.from(file.written);
    file.syncedBy = ++file.syncs;
  }

  syncFolderNow(path: string): void {
    for (const file of this.inside(path)) file.isNameSynced = true;
  }

  syncFolder(path: string): Promise<void> {
    const inside = this.inside(path);
    return this.later(
      () => {
        for (const file of inside) file.isNameSynced = true;
      },
      () => {},
    );
  }

  private inside(path: string): File[] {
    return [...this.files].filter(([name]) => name.startsWith(`${path}/`)).map(([, file]) => file);
  }

  freeBytes(): number {
    return this.free;
  }

  private later(done: () => void, failed: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        if (this.ended) return;
        if (this.random.chance(this.syncFailure)) {
          this.failedSyncs++;
          failed();
          reject(new Error('EIO: i/o error, fdatasync'));
        } else {
          done();
          resolve();
        }
      };
      if (this.holdsSyncs) this.pending.push({ resolve: settle, reject });
      else settle();
    });
  }

  /** Each block is as it was written or as it was synced; so is the length. */
  private cut(file: File): File {
    const { written, synced } = file;
    const shorter = Math.min(written.length, synced.length);
    const longer = Math.max(written.length, synced.length);
    const size = this.random.chance(0.3) ? written.length : shorter + this.random.below(longer - shorter + 1);
    const left = Buffer.alloc(size);
    const style = this.random.next();
    for (let at = 0; at < size; at += BLOCK_BYTES) {
      const isWritten = style < 0.3 || (style < 0.9 && this.random.chance(0.6));
      const from = isWritten ? written : synced;
      if (at < from.length) from.copy(left, at, at, Math.min(at + BLOCK_BYTES, size));
    }
    return { written: left, synced: Buffer.from(left), isNameSynced: true, syncs: 0, syncedBy: 0 };
  }

  private of(descriptor: number): File {
    const open = this.open_.get(descriptor);
    if (open === undefined) throw new Error('EBADF: bad file descriptor');
    return open.file;
  }

  private maybeFail(probability: number, text: string): void {
    if (!this.random.chance(probability)) return;
    this.failures++;
    throw new Error(text);
  }

  private mustRun(): void {
    if (this.ended) throw new Error('the process has ended');
  }
}
