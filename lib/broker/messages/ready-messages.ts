/**
 * The messages of one queue that wait to be delivered, by priority, each in the order of its arrival; and the records
 * of those that are out and not settled, which stay in the logs until they are removed.
 * Invariant: `count` and `bytes` are those of the ready ones.
 *
 * A *ticket* names a message while it lives here: its position in the log of its priority's lane, times the number of
 * lanes, plus the lane.
 */

import type { LogTerms, MessageStore } from '../ports.ts';
import { Lane } from './lane.ts';
import { laneLogName } from './log-name.ts';
import { type Message, MessageView, type Origin } from './message.ts';

/** Called with one message after the other, each valid only during its call. */
export type PeekCallback = (message: MessageView, ticket: number, redelivered: boolean) => void;

export class ReadyMessages {
  count = 0;
  /** Body bytes. */
  bytes = 0;
  /** The message that was taken or read last; valid until the next call. */
  readonly view = new MessageView();
  /** True when the message that was taken last had been delivered before. */
  returned = false;
  protected readonly lanes: Lane[] = [];
  protected readonly store: MessageStore;
  protected readonly logName: string;
  protected holdsExpiring = false;

  /** One lane a priority from 0 to `priorityMax`; the logs are named after the queue. */
  constructor(store: MessageStore, logName: string, priorityMax: number, durable: boolean, terms: LogTerms = {}) {
    this.store = store;
    this.logName = logName;
    for (let lane = 0; lane <= priorityMax; lane++)
      this.lanes.push(new Lane(store.open(this.laneLog(lane), durable, terms)));
    for (const { log } of this.lanes) {
      this.count += log.liveCount;
      this.bytes += log.liveBytes;
    }
    this.holdsExpiring = this.count > 0;
  }

  /** Puts a message at the end of its lane. `expiresAtMs` 0: never. */
  add(message: Message, nowMs: number, expiresAtMs: number): void {
    this.put(message, nowMs, expiresAtMs);
  }

  /** Puts a message at the end of its lane and returns its ticket. */
  protected put(message: Message, nowMs: number, expiresAtMs: number): number {
    const index = this.laneOf(message);
    const position = this.lane(index).log.append(message, nowMs, expiresAtMs);
    this.count++;
    this.bytes += message.bodySize;
    if (expiresAtMs > 0) this.holdsExpiring = true;
    return this.ticket(index, position);
  }

  /** Keeps the record of a message that is delivered at once, while nothing is ready; returns its ticket. */
  addTaken(message: Message, nowMs: number, expiresAtMs: number): number {
    const index = this.laneOf(message);
    const lane = this.lane(index);
    const position = lane.log.append(message, nowMs, expiresAtMs);
    lane.head();
    lane.takeHead();
    return this.ticket(index, position);
  }

  /** Takes the first message of the highest priority into `view`; there must be one. Returns its ticket. */
  take(): number {
    return this.takeFrom(this.firstLane());
  }

  /** False: nothing here has an expiry. */
  get mayExpire(): boolean {
    return this.holdsExpiring;
  }

  /** True when what `take` would give has expired by `nowMs`. */
  headHasExpired(nowMs: number): boolean {
    return this.holdsExpiring && isPast(this.headExpiry(), nowMs);
  }

  /**
   * Takes the head into `view` when it has expired by `nowMs`; -1: it has not. What has expired behind it stays, a
   * lower priority behind a higher one too, as with RabbitMQ.
   */
  takeExpired(nowMs: number): number {
    return this.headHasExpired(nowMs) ? this.take() : -1;
  }

  /** When the head expires; 0: never, or there is none. */
  nextExpiryMs(): number {
    if (this.count === 0) this.holdsExpiring = false;
    return this.holdsExpiring ? this.headExpiry() : 0;
  }

  /** Makes messages ready again, at their original places. Returns their body bytes. */
  giveBack(tickets: number[]): number {
    const byLane = new Map<number, number[]>();
    for (const ticket of tickets) {
      const positions = byLane.get(this.laneIndex(ticket));
      if (positions) positions.push(this.position(ticket));
      else byLane.set(this.laneIndex(ticket), [this.position(ticket)]);
    }
    let bytes = 0;
    for (const [index, positions] of byLane) {
      const lane = this.lane(index);
      positions.sort((a, b) => a - b);
      for (const position of positions) {
        lane.log.read(position, this.view);
        bytes += this.view.bodySize;
        if (this.view.expiresAtMs > 0) this.holdsExpiring = true;
      }
      lane.giveBack(positions);
    }
    this.count += tickets.length;
    this.bytes += bytes;
    return bytes;
  }

  /** Reads a message, ready or not, into `view`. */
  read(ticket: number): MessageView {
    this.lane(this.laneIndex(ticket)).log.read(this.position(ticket), this.view);
    return this.view;
  }

  /** Forgets a message that was taken. */
  remove(ticket: number, bodyBytes: number): void {
    this.lane(this.laneIndex(ticket)).log.remove(this.position(ticket), bodyBytes);
  }

  /** The log and position of a message, for the message that takes its place. */
  origin(ticket: number): Origin {
    return { log: this.laneLog(this.laneIndex(ticket)), position: this.position(ticket) };
  }

  /** Why the messages cannot be read; null: they can. */
  get corrupt(): string | null {
    for (const { log } of this.lanes) if (log.corrupt !== null) return log.corrupt;
    return null;
  }

  /** Forgets all ready messages; returns how many there were. */
  purge(): number {
    const { count } = this;
    for (const lane of this.lanes) lane.purge();
    this.count = 0;
    this.bytes = 0;
    return count;
  }

  /** Gives up all records, ready or not. */
  delete(): void {
    this.lanes.forEach((_, lane) => {
      this.store.delete(this.laneLog(lane));
    });
    this.count = 0;
    this.bytes = 0;
  }

  /** When the oldest ready message arrived; null when none is ready. */
  oldestArrivedAtMs(): number | null {
    let oldest: number | null = null;
    for (const lane of this.lanes) {
      const head = lane.head();
      if (head < 0) continue;
      lane.log.read(head, this.view);
      if (oldest === null || this.view.arrivedAtMs < oldest) oldest = this.view.arrivedAtMs;
    }
    return oldest;
  }

  /**
   * Looks at messages in the order of their delivery without touching them. `from` is a ticket, -1 the head. Returns
   * the ticket to go on with, -1 at the end. Each message is valid only during its call.
   */
  peek(from: number, limit: number, onMessage: PeekCallback): number {
    let seen = 0;
    const start = from < 0 ? this.lanes.length - 1 : this.laneIndex(from);
    for (let index = start; index >= 0; index--) {
      const lane = this.lane(index);
      const first = from >= 0 && index === start ? this.position(from) : 0;
      for (const { position, returned } of lane.browse(first, limit - seen + 1)) {
        if (seen === limit) return this.ticket(index, position);
        lane.log.read(position, this.view);
        onMessage(this.view, this.ticket(index, position), returned);
        seen++;
      }
    }
    return -1;
  }

  /**
   * Takes one message out of the middle: `use` gets it and says whether it has found another place for it. False when
   * it is not ready (any more) or was not taken.
   */
  takeOut(ticket: number, use: (message: MessageView) => boolean): boolean {
    const lane = this.lane(this.laneIndex(ticket));
    const position = this.position(ticket);
    if (lane.browse(position, 1)[0]?.position !== position) return false;
    lane.log.read(position, this.view);
    const size = this.view.bodySize;
    if (!use(this.view)) return false;
    lane.takeAt(position);
    lane.log.remove(position, size);
    this.count--;
    this.bytes -= size;
    return true;
  }

  protected takeFrom(index: number): number {
    const lane = this.lane(index);
    const position = lane.head();
    this.returned = lane.headIsReturned;
    lane.log.read(position, this.view);
    lane.takeHead();
    this.count--;
    this.bytes -= this.view.bodySize;
    return this.ticket(index, position);
  }

  /** When what `take` would give expires; 0: never, or there is nothing to give. */
  protected headExpiry(): number {
    return this.laneExpiry(this.firstLane());
  }

  protected laneExpiry(index: number): number {
    const lane = this.lane(index);
    const head = lane.head();
    return head < 0 ? 0 : lane.log.expiresAtMs(head);
  }

  protected firstLane(): number {
    for (let index = this.lanes.length - 1; index > 0; index--) if (this.lane(index).head() >= 0) return index;
    return 0;
  }

  protected laneOf(message: Message): number {
    return Math.min(message.priority, this.lanes.length - 1);
  }

  protected lane(index: number): Lane {
    return this.lanes[index] as Lane;
  }

  protected ticket(lane: number, position: number): number {
    return position * this.lanes.length + lane;
  }

  protected laneIndex(ticket: number): number {
    return ticket % this.lanes.length;
  }

  protected position(ticket: number): number {
    return Math.floor(ticket / this.lanes.length);
  }

  protected laneLog(lane: number): string {
    return laneLogName(this.logName, lane);
  }
}

function isPast(expiresAtMs: number, nowMs: number): boolean {
  return expiresAtMs > 0 && expiresAtMs <= nowMs;
}
