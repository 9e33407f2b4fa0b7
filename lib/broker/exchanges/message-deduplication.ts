/**
 * To every binding, as fanout, unless a message with the same x-deduplication-header came before: within x-cache-ttl,
 * and among the latest x-cache-size. With x-cache-persistence disk what came survives a restart, in a log of ids.
 * Invariant: `seen` is in the order in which its ids came, and has exactly the live positions of the log, if there is one.
 */
import { type Field, type FieldTable, findField } from '../../amqp/field-table.ts';
import { FIELD_TYPE_NAMES } from '../../amqp/field-type.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { LIMITS } from '../limits.ts';
import { deduplicationId } from '../messages/deduplication.ts';
import { type Message, MessageView, newMessage } from '../messages/message.ts';
import type { MessageLog } from '../ports.ts';
import { integerValue } from '../queues/queue-arguments.ts';
import type { Binding, Destination } from './binding.ts';
import type { ExchangeIdentity, ExchangeSurroundings } from './exchange-surroundings.ts';
import type { ExchangeType, Passage } from './exchange-type.ts';
import { FanoutType } from './fanout.ts';

interface SeenId {
  /** 0: never. */
  expiresAtMs: number;
  /** In the log; -1 without one. */
  position: number;
  bytes: number;
}

export class MessageDeduplicationType implements ExchangeType {
  readonly isPerMessage = true;
  private readonly all = new FanoutType();
  private readonly identity: ExchangeIdentity;
  private readonly surroundings: ExchangeSurroundings;
  private readonly size: number;
  private readonly ttlMs: number | null;
  /** Null: kept in memory only. */
  private readonly log: MessageLog | null;
  private readonly seen = new Map<string, SeenId>();

  constructor(identity: ExchangeIdentity, surroundings: ExchangeSurroundings) {
    this.identity = identity;
    this.surroundings = surroundings;
    const size = readPositive(identity.arguments, 'x-cache-size');
    if (size === null) throw invalid('Missing or invalid', 'x-cache-size');
    this.size = Math.min(size, LIMITS.deduplicationIdsMax);
    this.ttlMs = readPositive(identity.arguments, 'x-cache-ttl');
    this.log = isOnDisk(identity.arguments) ? surroundings.store.open(identity.id, true) : null;
    if (this.log !== null) this.restore(this.log);
  }

  add(binding: Binding): void {
    this.all.add(binding);
  }

  remove(binding: Binding): void {
    this.all.remove(binding);
  }

  route(routingKey: string, headers: () => FieldTable, found: Set<Destination>): void {
    this.all.route(routingKey, headers, found);
  }

  probe(): ExchangeType {
    return new FanoutType();
  }

  take(_message: Message, headers: () => FieldTable): Passage {
    const table = headers();
    const id = deduplicationId(table);
    if (id === null) return 'pass';
    const now = this.surroundings.clock.now();
    const known = this.seen.get(id);
    if (known && isLive(known, now)) return 'stop';
    if (known) this.forget(id, known);
    if (this.seen.size >= this.size) this.forgetOldest();
    const own = findField(table, 'x-cache-ttl');
    const ttlMs = (own && numberOf(own)) ?? this.ttlMs;
    this.remember(id, ttlMs === null ? 0 : now + Math.max(0, Math.min(ttlMs, LIMITS.ttlMsMax)), now);
    return 'pass';
  }

  foresee(headers: () => FieldTable): Passage {
    const id = deduplicationId(headers());
    const known = id === null ? undefined : this.seen.get(id);
    return known && isLive(known, this.surroundings.clock.now()) ? 'stop' : 'pass';
  }

  delete(): void {
    this.seen.clear();
    if (this.log !== null) this.surroundings.store.delete(this.identity.id);
  }

  private remember(id: string, expiresAtMs: number, nowMs: number): void {
    let position = -1;
    let bytes = 0;
    if (this.log !== null && this.log.corrupt === null) {
      const record = newMessage('', '', { deliveryMode: 2 }, Buffer.from(id));
      bytes = record.bodySize;
      position = this.log.append(record, nowMs, expiresAtMs);
    }
    this.seen.set(id, { expiresAtMs, position, bytes });
  }

  private forgetOldest(): void {
    for (const [id, oldest] of this.seen) {
      this.forget(id, oldest);
      return;
    }
  }

  private forget(id: string, { position, bytes }: SeenId): void {
    this.seen.delete(id);
    if (position >= 0) this.log?.remove(position, bytes);
  }

  private restore(log: MessageLog): void {
    if (log.corrupt !== null) {
      this.surroundings.complain(`what came to ${this.identity.where} before cannot be read: ${log.corrupt}`);
      return;
    }
    const view = new MessageView();
    for (let at = log.seek(0); at >= 0; at = log.seek(log.after(at))) {
      log.read(at, view);
      const id = view.bodyBytes.toString('utf8', view.bodyStart, view.bodyEnd);
      this.seen.set(id, { expiresAtMs: view.expiresAtMs, position: at, bytes: view.bodySize });
    }
    while (this.seen.size > this.size) this.forgetOldest();
  }
}

function isLive({ expiresAtMs }: SeenId, nowMs: number): boolean {
  return expiresAtMs === 0 || expiresAtMs > nowMs;
}

function isOnDisk(args: FieldTable): boolean {
  const field = findField(args, 'x-cache-persistence');
  if (field === undefined) return false;
  const value = field.type === 'S' ? field.value.toString() : FIELD_TYPE_NAMES[field.type];
  if (value === 'disk' || value === 'memory') return value === 'disk';
  throw new AmqpError(
    'PRECONDITION_FAILED',
    "Invalid argument, 'x-cache-persistence' must be either 'disk' or 'memory'",
  );
}

/** The argument of that name as a positive integer; null when it is absent. */
function readPositive(args: FieldTable, name: string): number | null {
  const field = findField(args, name);
  if (field === undefined) return null;
  const value = numberOf(field);
  if (value !== undefined && value > 0) return value;
  throw invalid(name === 'x-cache-size' ? 'Missing or invalid' : 'Invalid', name);
}

/** An integer, also as text. */
function numberOf(field: Field): number | undefined {
  if (field.type !== 'S') return integerValue(field);
  const text = field.value.toString();
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

function invalid(how: string, name: string): AmqpError {
  return new AmqpError('PRECONDITION_FAILED', `${how} argument, '${name}' must be an integer greater than 0`);
}
