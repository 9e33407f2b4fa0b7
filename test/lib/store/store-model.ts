/** A DiskStore on a disk that fails, beside what it promised: which messages must be there, may be there, must be gone. */
import { expect, vi } from 'vitest';
import { Lane } from '../../../lib/broker/lane.ts';
import { MessageView, newMessage } from '../../../lib/broker/message.ts';
import type { MessageLog } from '../../../lib/broker/ports.ts';
import { DiskStore } from '../../../lib/store/disk-store.ts';
import { FaultyDisk } from './faulty-disk.ts';
import type { Random } from './random.ts';

const LOGS = ['a', 'b', 'c'];
const SEGMENT_BYTES = 3000;

interface Entry {
  id: number;
  body: Buffer;
  persistent: boolean;
  log: string;
  position: number;
  /** Its place among all that was appended. */
  order: number;
  /** A sync that was asked for after the append has resolved. */
  confirmed: boolean;
  /** It was there at the last start: no sync speaks of it. */
  isOld: boolean;
  removed: boolean;
  /** A sync that was asked for after the removal has resolved. */
  removalFlushed: boolean;
  /** Where it was before moves that no sync has confirmed. */
  before: Set<string>;
  /** Wherever it was since the last start. */
  past: Set<string>;
  /** Its delivery may have been seen by a consumer. */
  sent: boolean;
}

export class StoreModel {
  readonly random: Random;
  disk: FaultyDisk;
  store: DiskStore;
  lanes = new Map<string, Lane>();
  entries = new Map<number, Entry>();
  /** Taken and not settled. */
  private out: { entry: Entry; log: string }[] = [];
  private lastId = 0;
  private lastOrder = 0;
  private mayForgetAcks = false;
  readonly reports: string[] = [];

  constructor(random: Random) {
    this.random = random;
    this.disk = new FaultyDisk(random);
    this.store = this.start();
  }

  append(): void {
    const id = ++this.lastId;
    const size = this.random.chance(0.1) ? this.random.below(5000) : this.random.below(200);
    const body = Buffer.alloc(4 + size, id);
    body.writeUInt32BE(id, 0);
    const persistent = this.random.chance(0.8);
    const message = newMessage('', 'q', { deliveryMode: persistent ? 2 : 1 }, body);
    const log = this.random.pick(LOGS) as string;
    const position = this.lane(log).log.append(message, 1, 0);
    this.entries.set(id, {
      ...{ id, body, persistent, log, position, order: ++this.lastOrder, confirmed: false, isOld: false },
      ...{ removed: false, removalFlushed: false, before: new Set<string>(), past: new Set([log]), sent: false },
    });
  }

  take(): void {
    const log = this.random.pick(LOGS) as string;
    const lane = this.lane(log);
    const position = lane.head();
    if (position < 0) return;
    const entry = this.readAt(lane.log, position);
    expect(entry.removed, `message ${entry.id} was removed and is delivered`).toBe(false);
    lane.takeHead();
    this.out.push({ entry, log });
    if (this.random.chance(0.5)) {
      const { failures } = this.disk;
      this.store.beforeDeliveries();
      // A disk that takes nothing cannot take that either; deliveries go out all the same.
      if (this.disk.failures === failures) for (const { entry: sent } of this.out) sent.sent = true;
    }
  }

  settle(): void {
    const [taken] = this.out.splice(this.random.below(this.out.length), 1);
    if (taken === undefined) return;
    if (this.random.chance(0.3)) {
      this.move(taken.entry);
      return;
    }
    const { entry } = taken;
    expect(this.lane(entry.log).log.remove(entry.position, entry.body.length)).toBe(true);
    entry.removed = true;
  }

  giveBack(): void {
    const [taken] = this.out.splice(this.random.below(this.out.length), 1);
    if (taken !== undefined) this.lane(taken.log).giveBack([taken.entry.position]);
  }

  moveReady(): void {
    const lane = this.lane(this.random.pick(LOGS) as string);
    const found = this.random.pick(lane.browse(0, 10));
    if (found === undefined) return;
    const entry = this.readAt(lane.log, found.position);
    expect(lane.takeAt(found.position)).toBe(true);
    this.move(entry);
  }

  purge(): void {
    const name = this.random.pick(LOGS) as string;
    const out = new Set(this.out.map(({ entry }) => entry));
    this.lane(name).purge();
    for (const entry of this.entries.values()) if (entry.log === name && !out.has(entry)) entry.removed = true;
  }

  sync(): void {
    const covered = [...this.entries.values()]
      .filter((entry) => entry.confirmed || !entry.isOld)
      .map((entry) => ({ entry, order: entry.order, removed: entry.removed }));
    const disk = this.disk;
    void (this.store.sync() ?? Promise.resolve()).then(() => {
      if (disk !== this.disk) return;
      for (const { entry, order, removed } of covered) {
        entry.confirmed = true;
        if (removed) entry.removalFlushed = true;
        if (entry.order === order) entry.before.clear();
      }
    });
  }

  /** Lets promises, syncs and time go on by a little. */
  async goOn(): Promise<void> {
    for (let turns = this.random.below(6); turns > 0; turns--) {
      for (let i = this.random.below(12); i > 0; i--) await null;
      if (this.random.chance(0.6)) this.disk.settleSync();
      if (this.random.chance(0.2)) vi.advanceTimersByTime(this.random.pick([10, 50, 1000]) as number);
    }
  }

  /** Until everything that was asked for is done, on a disk that works. */
  async settleAll(): Promise<void> {
    this.disk.writeFailure = 0;
    this.disk.syncFailure = 0;
    let done = false;
    this.sync();
    void (this.store.sync() ?? Promise.resolve()).then(() => {
      done = true;
    });
    for (let i = 0; !done; i++) {
      expect(i, 'the batch ends').toBeLessThan(10_000);
      await null;
      if (!this.disk.settleSync() && i % 20 === 0) vi.advanceTimersByTime(1000);
    }
    for (let i = 0; i < 10; i++) await null;
  }

  crash(powerCut: boolean): void {
    // Acks are not synced one by one; a failed sync takes those with it that were not.
    this.mayForgetAcks = powerCut || this.disk.failedSyncs > 0;
    this.disk = this.disk.crash(powerCut);
    this.out = [];
    vi.clearAllTimers();
    this.store = this.start();
    this.check();
  }

  private start(): DiskStore {
    this.lanes.clear();
    const store = new DiskStore({
      disk: this.disk,
      dataDir: '/data',
      freeBytesMin: 0,
      segmentBytesMax: SEGMENT_BYTES,
      log: (_, text) => this.reports.push(text),
    });
    for (const name of LOGS) {
      const log = store.open(name, true);
      expect(log.corrupt, `log ${name}`).toBeNull();
      // At once, as a broker makes its queues.
      this.lanes.set(name, new Lane(log));
    }
    store.finishRecovery(new Set());
    return store;
  }

  /** What is there after a crash against what was promised; from here on that is what there is. */
  private check(): void {
    const found = new Map<number, string>();
    for (const [name, { log }] of this.lanes) {
      let bytes = 0;
      let count = 0;
      let order = 0;
      for (let at = log.seek(0); at >= 0; at = log.seek(log.after(at))) {
        const entry = this.readAt(log, at);
        const what = `message ${entry.id} in log ${name}`;
        expect(found.get(entry.id), `${what} is in another log too`).toBeUndefined();
        expect(entry.persistent, `${what} is transient and back`).toBe(true);
        // One that was removed and comes back with a lost ack may do so where it was moved from.
        const isForgotten = this.mayForgetAcks && entry.removed && entry.past.has(name);
        expect(name === entry.log || entry.before.has(name) || isForgotten, `${what} was never there`).toBe(true);
        if (!this.mayForgetAcks) expect(entry.removalFlushed, `${what} was removed and is back`).toBe(false);
        if (entry.sent && !this.mayForgetAcks && entry.before.size === 0 && entry.confirmed) {
          expect(at, `${what} was delivered and is not marked`).toBeLessThan(log.deliveredUpTo);
        }
        if (entry.past.size === 1) {
          expect(entry.order, `${what} is out of order`).toBeGreaterThan(order);
          order = entry.order;
        }
        entry.sent = at < log.deliveredUpTo;
        found.set(entry.id, name);
        entry.position = at;
        bytes += entry.body.length;
        count++;
      }
      expect([log.liveCount, log.liveBytes], `counts of log ${name}`).toEqual([count, bytes]);
      const delivered: number[] = [];
      const upTo = log.deliveredUpTo;
      for (const { position } of this.lane(name).browse(0, 1e6)) delivered.push(position);
      expect(delivered.length, `log ${name} delivers all it counts`).toBe(count);
      expect(log.deliveredUpTo).toBe(upTo);
    }
    for (const entry of this.entries.values()) {
      const name = found.get(entry.id);
      if (name === undefined) {
        const isPromised = entry.confirmed && entry.persistent && !entry.removed;
        expect(isPromised, `message ${entry.id} of log ${entry.log} was confirmed and is lost`).toBe(false);
        // Gone, but its ack may only be where a power cut takes it from.
        entry.removed = true;
        entry.removalFlushed = true;
        continue;
      }
      entry.log = name;
      entry.isOld = true;
      entry.removed = false;
      entry.removalFlushed = false;
      entry.before.clear();
      entry.past = new Set([name]);
    }
    // A move that did not come through leaves its message at the old place.
    const all = [...this.entries.values()].sort((a, b) => a.log.localeCompare(b.log) || a.position - b.position);
    for (const entry of all) entry.order = ++this.lastOrder;
  }

  private move(entry: Entry): void {
    const source = entry.log;
    const others = LOGS.filter((name) => name !== source);
    const target = this.random.pick(others) as string;
    const message = newMessage('', 'q', { deliveryMode: entry.persistent ? 2 : 1 }, entry.body);
    message.movedFrom = { log: source, position: entry.position };
    const position = this.lane(target).log.append(message, 1, 0);
    expect(this.lane(source).log.remove(entry.position, entry.body.length)).toBe(true);
    entry.before.add(source);
    entry.past.add(target);
    entry.log = target;
    entry.position = position;
    entry.order = ++this.lastOrder;
    entry.sent = false;
    entry.isOld = false;
  }

  private readAt(log: MessageLog, position: number): Entry {
    const view = new MessageView();
    log.read(position, view);
    const body = view.bodyBytes.subarray(view.bodyStart, view.bodyEnd);
    const entry = this.entries.get(body.readUInt32BE(0));
    if (entry === undefined) throw new Error(`the message at ${position} was never appended`);
    expect(body.equals(entry.body), `message ${entry.id} is read as it was appended`).toBe(true);
    return entry;
  }

  private lane(name: string): Lane {
    return this.lanes.get(name) as Lane;
  }
}
