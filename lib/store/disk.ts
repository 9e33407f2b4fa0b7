/**
 * What the store asks of a file system. A port of its own, so that tests can break it: short writes, failed syncs, no room.
 * Messages are for the eyes of the process's user only.
 */
import * as fs from 'node:fs';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o077;

export interface Disk {
  /** Makes the folder and those above; a folder that is there is fine. */
  makeFolder(path: string): void;
  /** Names in the folder, sorted; [] when it does not exist. */
  list(path: string): string[];
  /** Deletes a file or a folder with all in it; nothing there is fine. */
  remove(path: string): void;
  /** Gives a folder another path; nothing is there yet. */
  rename(from: string, to: string): void;
  /** Opens for reading and writing, making the file when it is not there. Returns a descriptor. */
  open(path: string): number;
  close(file: number): void;
  size(file: number): number;
  /** Writes all of the range at `at`, or throws. */
  write(file: number, bytes: Buffer, start: number, end: number, at: number): void;
  /** Reads into the buffer from its start; returns how many bytes there were, fewer than `length` at the end only. */
  read(file: number, into: Buffer, length: number, at: number): number;
  truncate(file: number, size: number): void;
  /** Resolves when what was written so far survives a power cut. */
  sync(file: number): Promise<void>;
  /** Syncs the file before the call returns: for a start. */
  syncNow(file: number): void;
  /** Syncs the names in a folder. */
  syncFolder(path: string): Promise<void>;
  syncFolderNow(path: string): void;
  /** Bytes that may still be written where the path is. */
  freeBytes(path: string): number;
}

export const systemDisk: Disk = {
  makeFolder(path) {
    fs.mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
    if ((fs.statSync(path).mode & OTHERS) !== 0) mend(() => fs.chmodSync(path, FOLDER_MODE));
  },
  list: (path) => (fs.existsSync(path) ? fs.readdirSync(path).sort() : []),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.rmSync(path, { recursive: true, force: true }),
  open(path) {
    const file = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_CREAT, FILE_MODE);
    if ((fs.fstatSync(file).mode & OTHERS) !== 0) mend(() => fs.fchmodSync(file, FILE_MODE));
    return file;
  },
  close: (file) => fs.closeSync(file),
  size: (file) => fs.fstatSync(file).size,
  write(file, bytes, start, end, at) {
    for (let from = start; from < end; ) from += fs.writeSync(file, bytes, from, end - from, at + from - start);
  },
  read(file, into, length, at) {
    let done = 0;
    while (done < length) {
      const count = fs.readSync(file, into, done, length - done, at + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  },
  truncate: (file, size) => fs.ftruncateSync(file, size),
  sync: (file) => new Promise((resolve, reject) => fs.fdatasync(file, (error) => (error ? reject(error) : resolve()))),
  syncNow: (file) => fs.fdatasyncSync(file),
  async syncFolder(path) {
    const folder = await fs.promises.open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  syncFolderNow(path) {
    const folder = fs.openSync(path, 'r');
    try {
      fs.fsyncSync(folder);
    } finally {
      fs.closeSync(folder);
    }
  },
  freeBytes(path) {
    const { bavail, bsize } = fs.statfsSync(path);
    return bavail * bsize;
  },
};

/**
 * Mends the rights of files that were brought here with others. Where they cannot be changed, messages go on all the
 * same.
 */
function mend(change: () => void): void {
  try {
    change();
  } catch {}
}
