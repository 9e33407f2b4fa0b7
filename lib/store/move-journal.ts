/**
 * Messages that are leaving one log for another: written before either log is, so that after a crash each of them is in
 * exactly one. Holds the moves of one batch; the next batch writes over them.
 *
 *   count u32 · length u32 · CRC-32 of the rest · moves: source name, target name (u8 length + bytes), source
 *   position u64, target position u64
 */
import { crc32 } from 'node:zlib';
import { get64, put64 } from '../amqp/bytes.ts';
import type { Disk } from './disk.ts';

const HEAD_BYTES = 12;

export interface JournaledMove {
  source: string;
  sourcePosition: number;
  target: string;
  targetPosition: number;
}

/** Where a message lies: a position in a log. */
export interface LogPosition {
  log: string;
  position: number;
}

/**
 * What became of the moves of an interrupted batch: a message that arrived at all its targets has left its source
 * (`left`); else it never moved, and what did arrive must go again (`undone`, with the source it came from). One that
 * went on from a target has arrived there. `holds`: a record was written at that place.
 */
export function outcomeOf(
  moves: readonly JournaledMove[],
  holds: (log: string, position: number) => boolean,
): { left: LogPosition[]; undone: { at: LogPosition; from: LogPosition }[] } {
  const bySource = new Map<string, JournaledMove[]>();
  for (const move of moves) {
    const key = `${move.sourcePosition}@${move.source}`;
    const group = bySource.get(key);
    if (group) group.push(move);
    else bySource.set(key, [move]);
  }
  const left: LogPosition[] = [];
  const undone: { at: LogPosition; from: LogPosition }[] = [];
  const wentOn = new Set<string>();
  // Later ones first: a message can only go on from where it came to.
  for (const [key, group] of [...bySource].reverse()) {
    const [first] = group as [JournaledMove];
    const from = { log: first.source, position: first.sourcePosition };
    const arrived = group.filter(
      ({ target, targetPosition }) => wentOn.has(`${targetPosition}@${target}`) || holds(target, targetPosition),
    );
    if (arrived.length === group.length) {
      left.push(from);
      wentOn.add(key);
    } else for (const move of arrived) undone.push({ at: { log: move.target, position: move.targetPosition }, from });
  }
  return { left, undone };
}

export class MoveJournal {
  private readonly disk: Disk;
  private readonly file: number;

  constructor(disk: Disk, path: string) {
    this.disk = disk;
    this.file = disk.open(path);
  }

  /** The moves of the last batch; [] when it was not written whole. */
  read(): JournaledMove[] {
    const size = this.disk.size(this.file);
    const bytes = Buffer.alloc(size);
    if (this.disk.read(this.file, bytes, size, 0) < HEAD_BYTES) return [];
    const end = HEAD_BYTES + bytes.readUInt32BE(4);
    if (end > size || crc32(bytes.subarray(HEAD_BYTES, end)) !== bytes.readUInt32BE(8)) return [];
    const moves: JournaledMove[] = [];
    let at = HEAD_BYTES;
    const name = (): string => {
      const from = at + 1;
      at = from + (bytes[at] as number);
      return bytes.toString('utf8', from, at);
    };
    const position = (): number => {
      at += 8;
      return get64(bytes, at - 8);
    };
    for (let i = bytes.readUInt32BE(0); i > 0; i--) {
      moves.push({ source: name(), target: name(), sourcePosition: position(), targetPosition: position() });
    }
    return moves;
  }

  /** Writes the moves of a batch; resolves when they survive a power cut. */
  async write(moves: JournaledMove[]): Promise<void> {
    const body = Buffer.concat(moves.map(encode));
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32BE(moves.length, 0);
    head.writeUInt32BE(body.length, 4);
    head.writeUInt32BE(crc32(body), 8);
    const bytes = Buffer.concat([head, body]);
    this.disk.write(this.file, bytes, 0, bytes.length, 0);
    await this.disk.sync(this.file);
  }

  /** To be called when all moves are finished: positions of emptied logs may be used again. */
  clear(): void {
    this.disk.truncate(this.file, 0);
    this.disk.syncNow(this.file);
  }

  close(): void {
    this.disk.close(this.file);
  }
}

function encode(move: JournaledMove): Buffer {
  const names = [move.source, move.target].map((name) => Buffer.from(name));
  const positions = Buffer.alloc(16);
  put64(positions, 0, move.sourcePosition);
  put64(positions, 8, move.targetPosition);
  return Buffer.concat([...names.flatMap((name) => [Buffer.of(name.length), name]), positions]);
}
