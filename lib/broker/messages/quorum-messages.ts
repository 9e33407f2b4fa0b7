/**
 * The messages of one quorum queue: first those that came back, in the order in which they did, then the others by two
 * priorities, of which the high one gets two turns of three. Every message is persistent. [rabbit: quorum queues]
 * Invariant: a message is in `returns`, in `back` or behind the cursor of its lane, or it is out.
 */
import { withLongHeader } from '../../amqp/added-header.ts';
import { DEATH_REASONS, type DeathReason } from '../../figures/death-reason.ts';
import type { MessageStore } from '../ports.ts';
import type { Message, MessageView } from './message.ts';
import { ReadyMessages } from './ready-messages.ts';
import { TicketList } from './ticket-list.ts';

const NORMAL = 0;
const HIGH = 1;
/** Sources of the next message that are no lanes. */
const RETURNS = 2;
const BACK = 3;
const NONE = 4;
/** Above this priority a message is a high one. */
const NORMAL_PRIORITY_MAX = 4;
const HIGH_TURNS = 2;
/** The note of a message: below LETTERS how often it came back, from LETTERS on the reason for which it died. */
const LETTERS = 0x80_00_00;

/** A message that died and that no other queue has taken yet; it is not ready. */
export interface Letter {
  readonly ticket: number;
  readonly bodySize: number;
  readonly reason: DeathReason;
}

export class QuorumMessages extends ReadyMessages {
  private readonly returns = new TicketList();
  /** Messages that came back to wait behind fresh ones; `due` is how many fresh ones must have been taken by then. */
  private back: { ticket: number; due: number }[] = [];
  /** By ticket, how often a message came back; messages that never did are not in the map. */
  private readonly attempts = new Map<number, number>();
  /** Messages that come back wait behind the others. */
  toTheBack = false;
  private freshTaken = 0;
  private turn = 0;
  /** Dead letters that an earlier process could not get rid of. */
  readonly letters: Letter[] = [];

  constructor(store: MessageStore, logName: string) {
    super(store, logName, HIGH, true, { keepsTransient: true });
    // What an earlier process had delivered and not settled comes back as from a consumer that is gone.
    this.lanes.forEach((lane, index) => {
      if (lane.log.corrupt !== null) return;
      while (lane.headIsReturned) {
        const position = lane.head();
        const ticket = this.ticket(index, position);
        lane.takeHead();
        const note = lane.log.notes.get(position) ?? 0;
        if (note >= LETTERS) {
          this.takeLetter(ticket, DEATH_REASONS[note - LETTERS] ?? 'rejected');
          if (lane.log.corrupt !== null) return;
        } else {
          this.returns.push(ticket);
          this.noteAttempts(ticket, note + 1);
        }
      }
    });
  }

  override take(): number {
    return this.takeOf(this.next());
  }

  /** The message waits as a dead letter, after a restart too. */
  noteLetter(ticket: number, reason: DeathReason): void {
    this.note(ticket, LETTERS + DEATH_REASONS.indexOf(reason));
  }

  /** The message came back once more; returns how often it has. */
  countReturn(ticket: number): number {
    const count = (this.attempts.get(ticket) ?? 0) + 1;
    this.noteAttempts(ticket, count);
    return count;
  }

  override giveBack(tickets: number[]): number {
    let bytes = 0;
    const due = this.freshTaken + this.count - this.returns.length - this.back.length;
    for (const ticket of tickets) {
      const { bodySize, expiresAtMs } = this.read(ticket);
      bytes += bodySize;
      if (expiresAtMs > 0) this.holdsExpiring = true;
      if (this.toTheBack) this.back.push({ ticket, due });
      else this.returns.push(ticket);
    }
    this.count += tickets.length;
    this.bytes += bytes;
    return bytes;
  }

  override remove(ticket: number, bodyBytes: number): void {
    if (this.attempts.size > 0) this.attempts.delete(ticket);
    super.remove(ticket, bodyBytes);
  }

  override purge(): number {
    for (const ticket of [...this.returns.toArray(), ...this.back.map((entry) => entry.ticket)]) {
      this.remove(ticket, this.read(ticket).bodySize);
    }
    this.freshTaken += this.count - this.returns.length - this.back.length;
    this.returns.clear();
    this.back = [];
    return super.purge();
  }

  override delete(): void {
    super.delete();
    this.returns.clear();
    this.back = [];
    this.attempts.clear();
  }

  override oldestArrivedAtMs(): number | null {
    let oldest = super.oldestArrivedAtMs();
    for (const ticket of [this.returns.first, this.back[0]?.ticket]) {
      if (ticket === undefined) continue;
      const { arrivedAtMs } = this.read(ticket);
      if (oldest === null || arrivedAtMs < oldest) oldest = arrivedAtMs;
    }
    return oldest;
  }

  /** The order is that of the places: the weights of the priorities do not show in it. */
  override peek(
    from: number,
    limit: number,
    onMessage: (message: MessageView, ticket: number, redelivered: boolean) => void,
  ): number {
    const came = [...this.returns.toArray(), ...this.back.map((entry) => entry.ticket)];
    const at = from < 0 ? 0 : came.indexOf(from);
    if (at < 0) return super.peek(from, limit, onMessage);
    for (const [index, ticket] of came.slice(at, at + limit).entries()) {
      onMessage(this.read(ticket), ticket, true);
      if (index === limit - 1 && at + limit < came.length) return came[at + limit] as number;
    }
    const seen = Math.min(limit, came.length - at);
    if (seen < limit) return super.peek(-1, limit - seen, onMessage);
    return super.peek(-1, 0, onMessage);
  }

  override takeOut(ticket: number, use: (message: MessageView) => boolean): boolean {
    const returned = this.returns.toArray().includes(ticket);
    const back = this.back.findIndex((entry) => entry.ticket === ticket);
    if (!returned && back < 0) {
      const taken = super.takeOut(ticket, use);
      if (taken) this.freshTaken++;
      return taken;
    }
    const message = this.read(ticket);
    const { bodySize } = message;
    if (!use(message)) return false;
    if (returned) this.returns.remove(ticket);
    else this.back.splice(back, 1);
    this.remove(ticket, bodySize);
    this.count--;
    this.bytes -= bodySize;
    return true;
  }

  protected override headExpiry(): number {
    const source = this.next();
    if (source === HIGH || source === NORMAL) return this.laneExpiry(source);
    const ticket = source === RETURNS ? this.returns.first : source === BACK ? this.back[0]?.ticket : undefined;
    return ticket === undefined ? 0 : this.lane(this.laneIndex(ticket)).log.expiresAtMs(this.position(ticket));
  }

  protected override laneOf(message: Message): number {
    return message.priority > NORMAL_PRIORITY_MAX ? HIGH : NORMAL;
  }

  private next(): number {
    if (this.returns.length > 0) return RETURNS;
    const [waiting] = this.back;
    if (waiting !== undefined && waiting.due <= this.freshTaken) return BACK;
    const normal = this.lane(NORMAL).head() >= 0;
    const high = this.lane(HIGH).head() >= 0;
    if (high && (!normal || this.turn < HIGH_TURNS)) return HIGH;
    if (normal) return NORMAL;
    return waiting === undefined ? NONE : BACK;
  }

  private takeOf(source: number): number {
    if (source === RETURNS) return this.takeReturned(this.returns.shift());
    if (source === BACK) return this.takeReturned((this.back.shift() as { ticket: number }).ticket);
    this.turn = this.turn === HIGH_TURNS ? 0 : this.turn + 1;
    this.freshTaken++;
    return this.takeFrom(source);
  }

  private noteAttempts(ticket: number, count: number): void {
    this.attempts.set(ticket, count);
    this.note(ticket, Math.min(count, LETTERS - 1));
  }

  private note(ticket: number, value: number): void {
    this.lane(this.laneIndex(ticket)).log.note(this.position(ticket), value);
  }

  private takeLetter(ticket: number, reason: DeathReason): void {
    try {
      this.read(ticket);
    } catch (error) {
      if (this.corrupt === null) throw error;
      return;
    }
    const { bodySize } = this.view;
    this.letters.push({ ticket, bodySize, reason });
    this.count--;
    this.bytes -= bodySize;
  }

  private takeReturned(ticket: number): number {
    this.returned = true;
    this.count--;
    this.bytes -= this.readForDelivery(ticket).bodySize;
    return ticket;
  }

  /** Consumers are told how often a message came back. */
  private readForDelivery(ticket: number): MessageView {
    const { view } = this;
    this.read(ticket);
    const attempts = this.attempts.get(ticket);
    if (attempts !== undefined) {
      view.headerBytes = withLongHeader(
        view.headerBytes,
        view.headerStart,
        view.headerEnd,
        'x-delivery-count',
        attempts,
      );
      view.headerStart = 0;
      view.headerEnd = view.headerBytes.length;
    }
    return view;
  }
}
