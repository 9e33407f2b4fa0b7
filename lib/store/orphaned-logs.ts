/**
 * Logs that a start found and that belong to nothing: messages that nobody can get at, and that nobody deleted. They lie in
 * messages/orphaned/NAME-DATE as they were, until they are as old as the user allows, or a start finds their owner again.
 */
import type { OrphanFacts } from '../broker/ports.ts';
import type { Disk } from './disk.ts';

const DAY_MS = 86_400_000;
const DATED = /^(.+)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

interface Orphan {
  /** The name of the log's folder. */
  name: string;
  log: string;
  sinceMs: number;
  bytes: number;
}

export interface OrphanedLogsOptions {
  disk: Disk;
  folder: string;
  /** Null: for ever. */
  keepDays: number | null;
  log: (level: 'info' | 'warning' | 'error', text: string) => void;
}

export class OrphanedLogs {
  private readonly options: OrphanedLogsOptions;
  /** By the name of the log, each list in the order of time. */
  private readonly orphans = new Map<string, Orphan[]>();
  /** Undefined: to be counted anew. */
  private known: OrphanFacts | null | undefined;

  constructor(options: OrphanedLogsOptions) {
    this.options = options;
    const { disk, folder } = options;
    // Their names are in the order of log and time.
    for (const name of disk.list(folder)) {
      const orphan = orphanOf(disk, folder, name);
      if (orphan !== null) this.keep(orphan);
    }
  }

  /** Null: nothing is set aside. */
  get facts(): OrphanFacts | null {
    if (this.known === undefined) this.known = this.count();
    return this.known;
  }

  /**
   * Takes the logs of those names out of `from`. A log that cannot be taken stays where it is, and the store's log says
   * so.
   */
  setAside(from: string, logs: readonly string[], nowMs: number): void {
    if (logs.length === 0) return;
    const { disk, folder, keepDays, log: say } = this.options;
    disk.makeFolder(folder);
    let count = 0;
    let bytes = 0;
    for (const log of logs) {
      try {
        bytes += this.move(`${from}/${log}`, log, nowMs).bytes;
        count++;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        say('error', `the messages in ${from}/${log} belong to no queue and cannot be set aside: ${reason}`);
      }
    }
    disk.syncFolderNow(folder);
    this.known = undefined;
    if (count === 0) return;
    const what = count === 1 ? `a log of ${bytes} bytes belongs` : `${count} logs of ${bytes} bytes belong`;
    const until = keepDays === null ? 'for ever' : `until ${dayOf(nowMs + keepDays * DAY_MS)}`;
    say('warning', `${what} to no queue or exchange of the database: set aside in ${folder} ${until}`);
  }

  has(log: string): boolean {
    return this.orphans.has(log);
  }

  /** Puts the latest that was set aside of a log back to where logs are used; nothing is there. */
  bringBack(log: string, to: string): void {
    const { disk, folder, log: say } = this.options;
    const orphans = this.orphans.get(log);
    const latest = orphans?.at(-1);
    if (orphans === undefined || latest === undefined) return;
    disk.rename(`${folder}/${latest.name}`, to);
    orphans.pop();
    if (orphans.length === 0) this.orphans.delete(log);
    this.known = undefined;
    say('info', `what was set aside in ${folder}/${latest.name} has its queue or exchange again: back in ${to}`);
  }

  /** Removes what is older than the user allows. What is not named as `setAside` does is somebody else's. */
  prune(nowMs: number): void {
    const { disk, folder, keepDays, log: say } = this.options;
    if (keepDays === null) return;
    for (const [log, orphans] of this.orphans) {
      while (orphans[0] !== undefined && nowMs - orphans[0].sinceMs >= keepDays * DAY_MS) {
        const { name } = orphans[0];
        disk.remove(`${folder}/${name}`);
        orphans.shift();
        say('warning', `${folder}/${name} is removed: for ${keepDays} days nobody has missed what is in it`);
      }
      if (orphans.length === 0) this.orphans.delete(log);
    }
    this.known = undefined;
  }

  private move(from: string, log: string, nowMs: number): Orphan {
    const { disk, folder } = this.options;
    // As far as its name says it, and no name twice.
    const last = this.orphans.get(log)?.at(-1);
    const sinceMs = Math.max(nowMs - (nowMs % 1000), last === undefined ? 0 : last.sinceMs + 1000);
    const name = nameOf(log, sinceMs);
    disk.rename(from, `${folder}/${name}`);
    const orphan = { name, log, sinceMs, bytes: bytesIn(disk, `${folder}/${name}`) };
    this.keep(orphan);
    return orphan;
  }

  private keep(orphan: Orphan): void {
    const others = this.orphans.get(orphan.log);
    if (others) others.push(orphan);
    else this.orphans.set(orphan.log, [orphan]);
  }

  private count(): OrphanFacts | null {
    const { folder, keepDays } = this.options;
    let logs = 0;
    let bytes = 0;
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const orphan of [...this.orphans.values()].flat()) {
      logs++;
      bytes += orphan.bytes;
      oldestMs = Math.min(oldestMs, orphan.sinceMs);
    }
    if (logs === 0) return null;
    return { logs, bytes, folder, nextRemovalMs: keepDays === null ? null : oldestMs + keepDays * DAY_MS };
  }
}

function orphanOf(disk: Disk, folder: string, name: string): Orphan | null {
  const [, log, ...numbers] = DATED.exec(name) ?? [];
  if (log === undefined) return null;
  const [year = 0, month = 0, day, hour, minute, second] = numbers.map(Number);
  const sinceMs = Date.UTC(year, month - 1, day, hour, minute, second);
  return { name, log, sinceMs, bytes: bytesIn(disk, `${folder}/${name}`) };
}

function nameOf(log: string, atMs: number): string {
  return `${log}-${new Date(atMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function bytesIn(disk: Disk, folder: string): number {
  let bytes = 0;
  for (const name of disk.list(folder)) {
    const file = disk.open(`${folder}/${name}`);
    bytes += disk.size(file);
    disk.close(file);
  }
  return bytes;
}
