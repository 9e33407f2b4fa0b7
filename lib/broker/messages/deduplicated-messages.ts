/**
 * Ready and unacked messages with their deduplication ids.
 * Invariant: `tickets` has exactly the ids of the messages in the logs, each with its ticket; `ids` is its reverse.
 */

import type { MessageStore } from '../ports.ts';
import { deduplicationIdOf } from './deduplication.ts';
import type { Message, MessageView } from './message.ts';
import { ReadyMessages } from './ready-messages.ts';

export class DeduplicatedMessages extends ReadyMessages {
  private readonly tickets = new Map<string, number>();
  private readonly ids = new Map<number, string>();

  /** Reads what an earlier process left. */
  constructor(store: MessageStore, logName: string, priorityMax: number, durable: boolean) {
    super(store, logName, priorityMax, durable);
    this.lanes.forEach(({ log }, index) => {
      if (log.corrupt !== null) return;
      for (let at = log.seek(0); at >= 0; at = log.seek(log.after(at))) {
        log.read(at, this.view);
        this.remember(this.view, this.ticket(index, at));
      }
    });
  }

  /** True when a message with that id is in the queue. */
  holds(id: string): boolean {
    return this.tickets.has(id);
  }

  override add(message: Message, nowMs: number, expiresAtMs: number): void {
    this.remember(message, this.put(message, nowMs, expiresAtMs));
  }

  override addTaken(message: Message, nowMs: number, expiresAtMs: number): number {
    const ticket = super.addTaken(message, nowMs, expiresAtMs);
    this.remember(message, ticket);
    return ticket;
  }

  override remove(ticket: number, bodyBytes: number): void {
    this.forget(ticket);
    super.remove(ticket, bodyBytes);
  }

  override takeOut(ticket: number, use: (message: MessageView) => boolean): boolean {
    const taken = super.takeOut(ticket, use);
    if (taken) this.forget(ticket);
    return taken;
  }

  /** Unacked messages stay, and so do their ids. */
  override purge(): number {
    const count = super.purge();
    for (const ticket of [...this.ids.keys()]) {
      const position = this.position(ticket);
      if (this.lane(this.laneIndex(ticket)).log.seek(position) !== position) this.forget(ticket);
    }
    return count;
  }

  override delete(): void {
    super.delete();
    this.tickets.clear();
    this.ids.clear();
  }

  private remember(message: Message, ticket: number): void {
    const id = deduplicationIdOf(message);
    if (id === null) return;
    this.tickets.set(id, ticket);
    this.ids.set(ticket, id);
  }

  private forget(ticket: number): void {
    const id = this.ids.get(ticket);
    if (id === undefined) return;
    this.ids.delete(ticket);
    this.tickets.delete(id);
  }
}
