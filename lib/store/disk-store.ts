/**
 * All logs of a data directory, and the batches in which they reach the disk.
 *
 *   messages/durable/NAME/    the log of one durable queue        messages/moves.journal   moves of the last batch
 *   messages/transient/NAME/  logs that a start throws away         messages/orphaned/       logs that belong to nothing
 *
 * A batch: the journal of moves is written and synced, the tails of all touched logs are written and synced, side by
 * side; only then are removals noted and emptied segments deleted, and whoever waits for the batch is told. While one
 * batch is under way the next one gathers, so a sync serves all that came meanwhile.
 * Invariant: a removal reaches the disk after every append that was made before it.
 */
import { ownerOfLog } from '../broker/messages/log-name.ts';
import type { Origin } from '../broker/messages/message.ts';
import type { LogTerms, MessageLog, MessageStore, OrphanFacts } from '../broker/ports.ts';
import type { Disk } from './disk.ts';
import { DiskLog, type LogSurroundings } from './disk-log.ts';
import { type JournaledMove, MoveJournal, outcomeOf } from './move-journal.ts';
import { OrphanedLogs } from './orphaned-logs.ts';
import { recoverLog } from './recovery.ts';
import { SEGMENT_BYTES, type Segment } from './segment.ts';
import { removeFiles, writeAcks } from './segment-files.ts';
import { Windows } from './windows.ts';

/** Appends that nobody waits for are written after this time. */
const IDLE_BATCH_MS = 50;
/** So much of what need not survive stays in memory: most of it is taken before it would have been worth writing. */
const KEPT_BYTES_MAX = 16 * 1024 * 1024;
/** A failing disk is tried again after this time. */
const RETRY_MS = 1_000;
/** Free room is looked at so often. */
const FREE_CHECK_MS = 1_000;
/** The age of what was set aside is looked at so often. */
const PRUNE_MS = 3_600_000;

export interface DiskStoreOptions {
  disk: Disk;
  /** The data directory. */
  dataDir: string;
  /** Publishers are blocked when less is free. */
  freeBytesMin: number;
  /** A log begins another file when one has grown to this size; SEGMENT_BYTES when absent. */
  segmentBytesMax?: number;
  /** Bytes of messages that need not survive and stay in memory; KEPT_BYTES_MAX when absent. */
  keptBytesMax?: number;
  /** Days for which logs that belong to nothing are kept; null or absent: for ever. */
  keepOrphansDays?: number | null;
  log: (level: 'info' | 'warning' | 'error', text: string) => void;
}

export class DiskStore implements MessageStore {
  private readonly options: DiskStoreOptions;
  private readonly disk: Disk;
  private readonly folder: string;
  private readonly around: LogSurroundings;
  private readonly logs = new Map<string, DiskLog>();
  private readonly journal: MoveJournal;
  private readonly orphans: OrphanedLogs;
  private touched: DiskLog[] = [];
  /** What need not survive and only memory has: bytes by log, as of its last batch, and all of them together. */
  private readonly kept = new Map<DiskLog, number>();
  private keptBytes = 0;
  private delivering: DiskLog[] = [];
  private moves: JournaledMove[] = [];
  /** Removals at the sources of the moves in the journal; it keeps them until these are synced. */
  private readonly sources = new Map<Segment, { log: DiskLog; pairs: number[]; isLost: boolean }>();
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;
  private idleTimer: NodeJS.Timeout | null = null;
  private readonly freeTimer: NodeJS.Timeout;
  private readonly pruneTimer: NodeJS.Timeout;
  /**
   * The folders and the journal were perhaps made by this process: their names must survive before what is in them
   * counts.
   */
  private hasNewFolders = true;
  /** Logs that were asked for during the start; null after it: the others that it found on disk belong to nobody. */
  private owned: Set<string> | null = new Set<string>();
  private freeBytes = 0;
  private isLow = false;
  private isFailing = false;
  private closed = false;

  constructor(options: DiskStoreOptions) {
    this.options = options;
    this.disk = options.disk;
    this.folder = `${options.dataDir}/messages`;
    this.around = {
      disk: this.disk,
      windows: new Windows(this.disk),
      segmentBytesMax: options.segmentBytesMax ?? SEGMENT_BYTES,
      touched: (log) => this.touch(log),
      delivering: (log) => {
        log.isDelivering = true;
        this.delivering.push(log);
      },
      moved: (origin, log, position) => this.noteMove(origin, log, position),
    };
    this.disk.makeFolder(this.folder);
    this.disk.makeFolder(`${this.folder}/durable`);
    this.disk.remove(`${this.folder}/transient`);
    this.journal = new MoveJournal(this.disk, `${this.folder}/moves.journal`);
    const { keepOrphansDays: keepDays = null, log } = options;
    this.orphans = new OrphanedLogs({ disk: this.disk, folder: `${this.folder}/orphaned`, keepDays, log });
    this.pruneTimer = setInterval(() => this.orphans.prune(Date.now()), PRUNE_MS);
    this.pruneTimer.unref();
    this.freeTimer = setInterval(() => this.checkFree(), FREE_CHECK_MS);
    this.freeTimer.unref();
    this.checkFree();
    this.finishMoves();
  }

  get bytes(): number {
    let bytes = 0;
    for (const log of this.logs.values()) bytes += log.liveBytes;
    return bytes;
  }

  get bytesLeft(): number {
    return Math.max(0, this.freeBytes - this.options.freeBytesMin);
  }

  get low(): 'disk' | null {
    return this.isLow || this.isFailing ? 'disk' : null;
  }

  get orphaned(): OrphanFacts | null {
    return this.orphans.facts;
  }

  open(name: string, durable: boolean, terms: LogTerms = {}): MessageLog {
    if (this.owned !== null) {
      this.owned.add(name);
      if (durable) this.bringBack(name);
    }
    const log = this.openLog(name, durable);
    log.agree(terms);
    return log;
  }

  finishRecovery(deleted: ReadonlySet<string>): void {
    const durable = `${this.folder}/durable`;
    const unowned = this.disk.list(durable).filter((name) => !this.owned?.has(name));
    for (const name of unowned) {
      const log = this.logs.get(name);
      if (log === undefined) continue;
      log.deleted = true;
      log.close(false);
      this.logs.delete(name);
    }
    const [gone, orphaned] = [
      unowned.filter((name) => deleted.has(ownerOfLog(name))),
      unowned.filter((name) => !deleted.has(ownerOfLog(name))),
    ];
    for (const name of gone) this.disk.remove(`${durable}/${name}`);
    if (gone.length > 0)
      this.options.log('info', `${gone.length} logs in ${durable} are removed: what they belonged to was deleted`);
    this.orphans.setAside(durable, orphaned, Date.now());
    // From here on nobody remembers what was deleted.
    this.disk.syncFolderNow(durable);
    this.owned = null;
    this.orphans.prune(Date.now());
  }

  delete(name: string): void {
    const log = this.logs.get(name);
    if (!log) return;
    this.logs.delete(name);
    log.deleted = true;
    // A batch may be syncing its files.
    const remove = (): void => log.close(true);
    if (this.running) void this.running.then(remove, remove);
    else remove();
  }

  sync(): Promise<void> | undefined {
    if (!this.touched.some((log) => log.durable) && this.running === null) return undefined;
    return this.batch();
  }

  beforeDeliveries(): void {
    let unnoted = 0;
    for (const log of this.delivering) {
      try {
        if (!log.deleted) log.markDelivered();
        log.isDelivering = false;
      } catch (error) {
        this.fail(error);
        this.delivering[unnoted++] = log;
      }
    }
    this.delivering.length = unnoted;
  }

  /** Writes everything and closes. */
  async close(): Promise<void> {
    await Promise.race([this.batch(), new Promise((resolve) => setTimeout(resolve, 2 * RETRY_MS))]);
    this.closed = true;
    clearInterval(this.freeTimer);
    clearInterval(this.pruneTimer);
    if (this.idleTimer) clearTimeout(this.idleTimer);
    for (const log of this.logs.values()) log.close(false);
    this.journal.close();
    this.disk.remove(`${this.folder}/transient`);
  }

  private openLog(name: string, durable: boolean): DiskLog {
    const known = this.logs.get(name);
    if (known) return known;
    const folder = `${this.folder}/${durable ? 'durable' : 'transient'}/${name}`;
    const { segments, deliveredUpTo, nextBase, notes, reports, corrupt } = recoverLog(this.disk, folder);
    for (const report of reports) this.options.log('warning', report);
    const log = new DiskLog(this.around, name, folder, durable, segments, deliveredUpTo, nextBase, notes);
    if (corrupt !== null) {
      this.options.log('error', corrupt);
      log.corrupt = corrupt;
    }
    this.logs.set(name, log);
    return log;
  }

  /**
   * Brings back a log that was set aside by a start whose database did not know its owner, where there is no message of
   * it here.
   */
  private bringBack(name: string): void {
    const folder = `${this.folder}/durable/${name}`;
    if (!this.orphans.has(name) || this.logs.has(name) || this.disk.list(folder).length > 0) return;
    this.disk.remove(folder);
    this.orphans.bringBack(name, folder);
  }

  /** Before anybody opens a log: finishes the moves that a crash interrupted. */
  private finishMoves(): void {
    const moves = this.journal.read();
    const names = new Set(this.disk.list(`${this.folder}/durable`));
    for (const name of moves.flatMap(({ source, target }) => [source, target])) {
      if (names.has(name)) this.openLog(name, true);
    }
    const { left, undone } = outcomeOf(moves, (log, position) => this.logs.get(log)?.holds(position) ?? false);
    // What arrived must be there to stay before it is taken from where it came.
    for (const folder of new Set(moves.map(({ target }) => this.logs.get(target)?.folder))) {
      if (folder !== undefined) this.disk.syncFolderNow(folder);
    }
    if (moves.length > 0) this.disk.syncFolderNow(`${this.folder}/durable`);
    const ended = [...left];
    for (const { at, from } of undone) if (this.logs.get(from.log)?.isLive(from.position)) ended.push(at);
    for (const { log, position } of ended) this.logs.get(log)?.removeIfLive(position);
    for (const log of this.logs.values()) if (log.isTouched && log.corrupt === null) log.writeRemovalsNow();
    // Also what was noted before: perhaps nothing but the page cache has it, and the journal is about to go.
    for (const { log, position } of ended) this.logs.get(log)?.syncRemovalNow(position);
    this.journal.clear();
  }

  /** Notes a move for the journal. A message that need not survive may be in both places or in none after a crash. */
  private noteMove(
    { log: source, position: sourcePosition }: Origin,
    { name: target, durable }: DiskLog,
    targetPosition: number,
  ): void {
    const log = this.logs.get(source);
    if (!durable || !log?.durable) return;
    log.leaving(sourcePosition);
    this.moves.push({ source, sourcePosition, target, targetPosition });
  }

  private touch(log: DiskLog): void {
    log.isTouched = true;
    this.touched.push(log);
    this.idleTimer ??= setTimeout(() => {
      this.idleTimer = null;
      // What keeps it from the disk has been said, and nobody waits for it.
      this.batch().catch(() => {});
    }, IDLE_BATCH_MS);
  }

  /** A promise of the end of a batch that has everything made so far. */
  private batch(): Promise<void> {
    if (this.running === null) {
      this.running = this.runBatch().finally(() => {
        this.running = null;
      });
      return this.running;
    }
    this.next ??= this.running.then(() => {
      this.next = null;
      return this.batch();
    });
    return this.next;
  }

  /**
   * Goes on until the batch is through: a disk that fails now may not fail later. Rejects when the store is closed
   * before.
   */
  private async runBatch(): Promise<void> {
    const savesMemory = this.isMemoryShort();
    const logs = (savesMemory ? [...new Set([...this.touched, ...this.kept.keys()])] : this.touched).filter(
      (log) => !log.deleted,
    );
    if (savesMemory) {
      this.kept.clear();
      this.keptBytes = 0;
    }
    const moves = this.moves;
    this.touched = [];
    this.moves = [];
    const ends = logs.map((log) => {
      log.isTouched = false;
      return log.takeEnds();
    });
    while (!this.closed) {
      try {
        if (this.hasNewFolders) await this.syncFolders();
        if (moves.length > 0) {
          await this.syncSources();
          await this.journal.write(moves);
        }
        await this.writeTails(logs, ends, savesMemory);
        ends.forEach(({ acks }, index) => {
          this.writeRemovals(logs[index] as DiskLog, acks, moves.length > 0);
        });
        // The journal takes a message whose target's files are gone for one that never arrived.
        if (ends.some(({ doomed }) => doomed.length > 0)) await this.syncSources();
        for (const { doomed } of ends) for (const segment of doomed) removeFiles(this.disk, segment);
        for (const log of logs) if (!log.deleted) log.markDelivered();
        if (this.isFailing) this.options.log('info', 'the disk takes messages again');
        this.isFailing = false;
        return;
      } catch (error) {
        this.fail(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    throw new Error('the store was closed before everything was written');
  }

  /** Notes what the touched logs keep in memory; true when all logs together keep too much there. */
  private isMemoryShort(): boolean {
    const max = this.options.keptBytesMax ?? KEPT_BYTES_MAX;
    for (const log of this.touched) this.noteKept(log);
    // Only now those that have only given since: with ten thousand logs that is too much for each batch.
    if (this.keptBytes > max) for (const log of this.kept.keys()) this.noteKept(log);
    return this.keptBytes > max;
  }

  private noteKept(log: DiskLog): void {
    const bytes = log.keptBytes;
    this.keptBytes += bytes - (this.kept.get(log) ?? 0);
    if (bytes === 0) this.kept.delete(log);
    else this.kept.set(log, bytes);
  }

  private async writeTails(logs: DiskLog[], ends: { limit: number }[], savesMemory: boolean): Promise<void> {
    await allEnded(
      logs.map((log, index) => this.writeTailsOf(log, (ends[index] as { limit: number }).limit, savesMemory)),
    );
  }

  private async writeTailsOf(log: DiskLog, limit: number, savesMemory: boolean): Promise<void> {
    while (!log.deleted) {
      const segment = log.writeTails(limit, savesMemory);
      // Also when the records are safe and only their names were refused the last time.
      if (segment === null) return this.syncNames(log);
      await allEnded([this.syncSegment(log, segment), this.syncNames(log)]);
    }
  }

  private async syncFolders(): Promise<void> {
    await Promise.all([this.disk.syncFolder(this.options.dataDir), this.disk.syncFolder(this.folder)]);
    this.hasNewFolders = false;
  }

  private async syncNames(log: DiskLog): Promise<void> {
    if (!log.durable || !log.hasNewNames || !log.hasFiles) return;
    await Promise.all([this.disk.syncFolder(log.folder), this.disk.syncFolder(`${this.folder}/durable`)]);
    log.hasNewNames = false;
  }

  /** The journal is about to be written over: the removals that it stands for must be safe. */
  private async syncSources(): Promise<void> {
    for (const [segment, source] of this.sources) {
      if (!source.log.deleted) {
        if (segment.ackFile !== null) await this.syncRemovals(segment, segment.ackFile, source);
        await this.disk.syncFolder(source.log.folder);
      }
      this.sources.delete(segment);
    }
  }

  private async syncRemovals(
    segment: Segment,
    file: number,
    source: { pairs: number[]; isLost: boolean },
  ): Promise<void> {
    // A failed sync may have lost what it was to keep; noted twice is as good as once.
    if (source.isLost) writeAcks(this.disk, segment, source.pairs);
    source.isLost = true;
    await this.disk.sync(file);
    source.isLost = false;
  }

  private async syncSegment(log: DiskLog, segment: Segment): Promise<void> {
    const upTo = segment.writtenTo;
    try {
      await this.disk.sync(segment.file as number);
    } catch (error) {
      log.unsynced(segment);
      throw error;
    }
    if (!log.deleted) log.synced(segment, upTo);
  }

  private writeRemovals(log: DiskLog, acks: [Segment, number[]][], hasMoves: boolean): void {
    for (const entry of acks) {
      const [segment, pairs] = entry;
      // Emptied meanwhile, or never written.
      if (segment.file !== null && pairs.length > 0) {
        writeAcks(this.disk, segment, pairs);
        if (hasMoves) this.noteSource(segment, log, pairs);
      }
      entry[1] = [];
    }
  }

  private noteSource(segment: Segment, log: DiskLog, pairs: number[]): void {
    const source = this.sources.get(segment);
    if (source) source.pairs = source.pairs.concat(pairs);
    else this.sources.set(segment, { log, pairs, isLost: false });
  }

  private fail(error: unknown): void {
    if (!this.isFailing) {
      this.options.log(
        'error',
        `writing messages fails, publishers wait: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    this.isFailing = true;
  }

  private checkFree(): void {
    const free = this.disk.freeBytes(this.folder);
    this.freeBytes = free;
    const isLow = free < this.options.freeBytesMin;
    if (isLow !== this.isLow) {
      this.options.log(
        'warning',
        isLow ? `low on disk: ${free} bytes are free, publishers are blocked` : 'there is room on the disk again',
      );
    }
    this.isLow = isLow;
  }
}

/** Waits for all promises, then throws what the first failed one threw: a second attempt must not meet the first. */
async function allEnded(promises: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
