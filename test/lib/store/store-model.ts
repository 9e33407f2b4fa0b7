/** A DiskStore on a disk that fails, beside what it promised: which messages must be there, may be there, must be gone. */
import { expect, vi } from 'vitest';
import { Lane } from '../../../lib/broker/messages/lane.ts';
import { MessageView, newMessage } from '../../../lib/broker/messages/message.ts';
import type { MessageLog } from '../../../lib/broker/ports.ts';
import { DiskStore } from '../../../lib/store/disk-store.ts';
import { FaultyDisk } from './faulty-disk.ts';
import type { Random } from './random.ts';

const LOGS = ['a', 'b', 'c'];
const SEGMENT_BYTES = 3000;

interface TrackedMessage {
  id: number;
  body: Buffer;
  persistent: boolean;
  log: string;
  position: number;
  /** The message's place among all that was appended. */
  order: number;
  /** A sync that was asked for after the append has resolved. */
  confirmed: boolean;
  /** The message was there at the last start: no sync speaks of it. */
  isOld: boolean;
  removed: boolean;
  /** A sync that was asked for after the removal has resolved. */
  removalFlushed: boolean;
  /** Logs that the message was in before moves that no sync has confirmed. */
  before: Set<string>;
  /** Logs that the message was in since the last start. */
  past: Set<string>;
  /** A consumer may have seen the message's delivery. */
  sent: boolean;
}

export class StoreModel {
  readonly random: Random;
  disk: FaultyDisk;
  store: DiskStore;
  lanes = new Map<string, Lane>();
  appended = new Map<number, TrackedMessage>();
  /** Taken and not settled. */
  private out: { tracked: TrackedMessage; log: string }[] = [];
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
    this.appended.set(id, {
      ...{ id, body, persistent, log, position, order: ++this.lastOrder, confirmed: false, isOld: false },
      ...{ removed: false, removalFlushed: false, before: new Set<string>(), past: new Set([log]), sent: false },
    });
  }

  take(): void {
    const log = this.random.pick(LOGS) as string;
    const lane = this.lane(log);
    const position = lane.head();
    if (position < 0) return;
    const tracked = this.readAt(lane.log, position);
    expect(tracked.removed, `message ${tracked.id} was removed and is delivered`).toBe(false);
    lane.takeHead();
    this.out.push({ tracked, log });
    if (this.random.chance(0.5)) {
      const { failures } = this.disk;
      this.store.beforeDeliveries();
      // A disk that takes nothing cannot take that either; deliveries go out all the same.
      if (this.disk.failures === failures) for (const { tracked: sent } of this.out) sent.sent = true;
    }
  }

  settle(): void {
    const [taken] = this.out.splice(this.random.below(this.out.length), 1);
    if (taken === undefined) return;
    if (this.random.chance(0.3)) {
      this.move(taken.tracked);
      return;
    }
    const { tracked } = taken;
    expect(this.lane(tracked.log).log.remove(tracked.position, tracked.body.length)).toBe(true);
    tracked.removed = true;
  }

  giveBack(): void {
    const [taken] = this.out.splice(this.random.below(this.out.length), 1);
    if (taken !== undefined) this.lane(taken.log).giveBack([taken.tracked.position]);
  }

  moveReady(): void {
    const lane = this.lane(this.random.pick(LOGS) as string);
    const found = this.random.pick(lane.browse(0, 10));
    if (found === undefined) return;
    const tracked = this.readAt(lane.log, found.position);
    expect(lane.takeAt(found.position)).toBe(true);
    this.move(tracked);
  }

  purge(): void {
    const name = this.random.pick(LOGS) as string;
    const out = new Set(this.out.map(({ tracked }) => tracked));
    this.lane(name).purge();
    for (const tracked of this.appended.values()) if (tracked.log === name && !out.has(tracked)) tracked.removed = true;
  }

  sync(): void {
    const covered = [...this.appended.values()]
      .filter((tracked) => tracked.confirmed || !tracked.isOld)
      .map((tracked) => ({ tracked, order: tracked.order, removed: tracked.removed }));
    const disk = this.disk;
    void (this.store.sync() ?? Promise.resolve()).then(() => {
      if (disk !== this.disk) return;
      for (const { tracked, order, removed } of covered) {
        tracked.confirmed = true;
        if (removed) tracked.removalFlushed = true;
        if (tracked.order === order) tracked.before.clear();
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
      // Both ways of a message that need not survive: it stays in memory, or goes to the disk to save some.
      keptBytesMax: this.random.chance(0.5) ? 0 : 10_000,
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

  /** Checks the messages after a crash against what was promised; from here on they are what there is. */
  private check(): void {
    const found = new Map<number, string>();
    for (const [name, { log }] of this.lanes) {
      let bytes = 0;
      let count = 0;
      let order = 0;
      for (let at = log.seek(0); at >= 0; at = log.seek(log.after(at))) {
        const tracked = this.readAt(log, at);
        const what = `message ${tracked.id} in log ${name}`;
        expect(found.get(tracked.id), `${what} is in another log too`).toBeUndefined();
        expect(tracked.persistent, `${what} is transient and back`).toBe(true);
        // One that was removed and comes back with a lost ack may do so where it was moved from.
        const isForgotten = this.mayForgetAcks && tracked.removed && tracked.past.has(name);
        expect(name === tracked.log || tracked.before.has(name) || isForgotten, `${what} was never there`).toBe(true);
        if (!this.mayForgetAcks) expect(tracked.removalFlushed, `${what} was removed and is back`).toBe(false);
        if (tracked.sent && !this.mayForgetAcks && tracked.before.size === 0 && tracked.confirmed) {
          expect(at, `${what} was delivered and is not marked`).toBeLessThan(log.deliveredUpTo);
        }
        if (tracked.past.size === 1) {
          expect(tracked.order, `${what} is out of order`).toBeGreaterThan(order);
          order = tracked.order;
        }
        tracked.sent = at < log.deliveredUpTo;
        found.set(tracked.id, name);
        tracked.position = at;
        bytes += tracked.body.length;
        count++;
      }
      expect([log.liveCount, log.liveBytes], `counts of log ${name}`).toEqual([count, bytes]);
      const delivered: number[] = [];
      const upTo = log.deliveredUpTo;
      for (const { position } of this.lane(name).browse(0, 1e6)) delivered.push(position);
      expect(delivered.length, `log ${name} delivers all it counts`).toBe(count);
      expect(log.deliveredUpTo).toBe(upTo);
    }
    for (const tracked of this.appended.values()) {
      const name = found.get(tracked.id);
      if (name === undefined) {
        const isPromised = tracked.confirmed && tracked.persistent && !tracked.removed;
        expect(isPromised, `message ${tracked.id} of log ${tracked.log} was confirmed and is lost`).toBe(false);
        // Gone, but its ack may only be where a power cut takes it from.
        tracked.removed = true;
        tracked.removalFlushed = true;
        continue;
      }
      tracked.log = name;
      tracked.isOld = true;
      tracked.removed = false;
      tracked.removalFlushed = false;
      tracked.before.clear();
      tracked.past = new Set([name]);
    }
    // A move that did not come through leaves its message at the old place.
    const all = [...this.appended.values()].sort((a, b) => a.log.localeCompare(b.log) || a.position - b.position);
    for (const tracked of all) tracked.order = ++this.lastOrder;
  }

  private move(tracked: TrackedMessage): void {
    const source = tracked.log;
    const others = LOGS.filter((name) => name !== source);
    const target = this.random.pick(others) as string;
    const message = newMessage('', 'q', { deliveryMode: tracked.persistent ? 2 : 1 }, tracked.body);
    message.movedFrom = { log: source, position: tracked.position };
    const position = this.lane(target).log.append(message, 1, 0);
    expect(this.lane(source).log.remove(tracked.position, tracked.body.length)).toBe(true);
    tracked.before.add(source);
    tracked.past.add(target);
    tracked.log = target;
    tracked.position = position;
    tracked.order = ++this.lastOrder;
    tracked.sent = false;
    tracked.isOld = false;
  }

  private readAt(log: MessageLog, position: number): TrackedMessage {
    const view = new MessageView();
    log.read(position, view);
    const body = view.bodyBytes.subarray(view.bodyStart, view.bodyEnd);
    const tracked = this.appended.get(body.readUInt32BE(0));
    if (tracked === undefined) throw new Error(`the message at ${position} was never appended`);
    expect(body.equals(tracked.body), `message ${tracked.id} is read as it was appended`).toBe(true);
    return tracked;
  }

  private lane(name: string): Lane {
    return this.lanes.get(name) as Lane;
  }
}
