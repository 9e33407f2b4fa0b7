/**
 * Keeps a message for as long as its header x-delay says, and routes it then as another type does, named by the
 * argument x-delayed-type. What waits lies in a log of its own; in memory there are two numbers a message.
 * Invariant: `due` has exactly the live positions of the log.
 */
import { type Field, type FieldTable, findField } from '../../amqp/field-table.ts';
import { decodeProperties } from '../../amqp/properties.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { texts } from '../dead-letters/dead-letter.ts';
import { LIMITS } from '../limits.ts';
import { keptCopy } from '../messages/kept-message.ts';
import {
  blindKeysOf,
  CONTENT_HEADER_BYTES,
  exchangeOf,
  type Message,
  MessageView,
  newMessage,
  routingKeyOf,
} from '../messages/message.ts';
import type { MessageLog } from '../ports.ts';
import { integerValue } from '../queues/queue-arguments.ts';
import { Timer } from '../timer.ts';
import type { Binding, Destination } from './binding.ts';
import { DueHeap } from './due-heap.ts';
import type { ExchangeIdentity, ExchangeSurroundings } from './exchange-surroundings.ts';
import type { ExchangeType, Passage } from './exchange-type.ts';

const DELAY_MS_MAX = 0xffff_ffff;
const INT32_MAX = 0x7fff_ffff;

export class DelayedMessageType implements ExchangeType {
  readonly isPerMessage = true;
  readonly isSingleChoice?: true;
  readonly isByChance?: true;
  private readonly identity: ExchangeIdentity;
  private readonly surroundings: ExchangeSurroundings;
  /** The type that routes messages that need not wait any more. */
  private readonly inner: ExchangeType;
  private readonly log: MessageLog;
  private readonly due = new DueHeap();
  private readonly timer: Timer;
  private readonly view = new MessageView();

  constructor(identity: ExchangeIdentity, surroundings: ExchangeSurroundings, inner: ExchangeType) {
    this.identity = identity;
    this.surroundings = surroundings;
    this.inner = inner;
    if (inner.isSingleChoice) this.isSingleChoice = true;
    if (inner.isByChance) this.isByChance = true;
    this.log = surroundings.store.open(identity.id, identity.durable);
    this.timer = new Timer(surroundings.clock, () => this.release());
    if (this.log.corrupt !== null) this.complain(this.log.corrupt);
    else {
      for (let at = this.log.seek(0); at >= 0; at = this.log.seek(this.log.after(at))) {
        this.due.add(this.log.expiresAtMs(at), at);
      }
    }
  }

  get delayedCount(): number {
    return this.due.size;
  }

  add(binding: Binding): void {
    this.inner.add(binding);
  }

  remove(binding: Binding): void {
    this.inner.remove(binding);
  }

  checkBinding(destination: Destination, routingKey: string, args: FieldTable): void {
    this.inner.checkBinding?.(destination, routingKey, args);
  }

  bound(binding: Binding): void {
    this.inner.bound?.(binding);
  }

  route(routingKey: string, headers: () => FieldTable, found: Set<Destination>, message: Message | null): void {
    this.inner.route(routingKey, headers, found, message);
  }

  probe(): ExchangeType | undefined {
    return this.inner.probe?.();
  }

  take(message: Message, headers: () => FieldTable): Passage {
    const delayMs = readDelay(headers());
    if (delayMs === null) return this.inner.take?.(message, headers) ?? 'pass';
    if (this.log.corrupt !== null) return 'refused';
    const now = this.surroundings.clock.now();
    const dueMs = now + delayMs;
    const waiting = waitingMessage(message, delayMs);
    // What waits survives a restart like the exchange, whatever its delivery mode.
    waiting.persistent = this.identity.durable;
    this.due.add(dueMs, this.log.append(waiting, now, dueMs));
    this.timer.set(this.due.firstDueMs);
    return 'kept';
  }

  foresee(headers: () => FieldTable): Passage {
    if (readDelay(headers()) === null) return this.inner.foresee?.(headers) ?? 'pass';
    return this.log.corrupt === null ? 'kept' : 'refused';
  }

  start(): void {
    this.inner.start?.();
    if (this.due.size > 0) this.timer.set(this.due.firstDueMs);
  }

  delete(): void {
    this.timer.cancel();
    while (this.due.size > 0) this.due.removeFirst();
    this.surroundings.store.delete(this.identity.id);
    this.inner.delete?.();
  }

  private release(): void {
    const { due, log } = this;
    const now = this.surroundings.clock.now();
    try {
      for (let count = 0; count < LIMITS.expiredPerTurnMax && due.size > 0 && due.firstDueMs <= now; count++) {
        const position = due.firstPosition;
        log.read(position, this.view);
        const { bodySize } = this.view;
        this.forward(position);
        due.removeFirst();
        log.remove(position, bodySize);
      }
    } catch (error) {
      if (log.corrupt === null) throw error;
      this.complain(log.corrupt);
      return;
    }
    if (due.size > 0) this.timer.set(due.firstDueMs);
  }

  private forward(position: number): void {
    const message = keptCopy(this.view);
    const { headers = [] } = decodeProperties(
      message.headerBytes,
      message.headerStart + CONTENT_HEADER_BYTES,
      message.headerEnd,
    );
    const keys = [routingKeyOf(message), ...texts(findField(headers, 'CC')), ...blindKeysOf(message)];
    message.movedFrom = { log: this.identity.id, position };
    this.surroundings.forward(this.identity.name, message, keys, headers);
  }

  private complain(reason: string): void {
    this.surroundings.complain(`delayed messages of ${this.identity.where} cannot be read: ${reason}`);
  }
}

/** The inner type that the arguments name. Throws PRECONDITION_FAILED when they name none. */
export function readDelayedType(args: FieldTable): string {
  const field = findField(args, 'x-delayed-type');
  const type = field?.type === 'S' ? field.value.toString() : '';
  // One in the other would delay nothing twice: the header is spent.
  if (type !== '' && type !== 'x-delayed-message') return type;
  throw new AmqpError('PRECONDITION_FAILED', "Invalid argument, 'x-delayed-type' must be an existing exchange type");
}

/** Milliseconds; null when the message is not to wait. */
function readDelay(headers: FieldTable): number | null {
  const field = findField(headers, 'x-delay');
  const delayMs = field === undefined ? Number.NaN : numberOf(field);
  return delayMs > 0 && delayMs <= DELAY_MS_MAX ? delayMs : null;
}

function numberOf(field: Field): number {
  switch (field.type) {
    case 'S': {
      const text = field.value.toString();
      return /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    }
    case 'f':
    case 'd':
      return Math.trunc(field.value);
    case 'D':
      return Math.trunc(field.unscaled / 10 ** field.scale);
    default:
      return integerValue(field) ?? Number.NaN;
  }
}

/**
 * The message as it waits and as it will be delivered, with its delay turned negative, so that it is never delayed
 * again.
 */
function waitingMessage(message: Message, delayMs: number): Message {
  const properties = decodeProperties(
    message.headerBytes,
    message.headerStart + CONTENT_HEADER_BYTES,
    message.headerEnd,
  );
  const spent: Field = delayMs > INT32_MAX ? { type: 'l', value: BigInt(-delayMs) } : { type: 'I', value: -delayMs };
  const headers: FieldTable = (properties.headers ?? []).map(([name, field]) => [
    name,
    name === 'x-delay' ? spent : field,
  ]);
  const waiting = newMessage(exchangeOf(message), routingKeyOf(message), { ...properties, headers }, message);
  waiting.died = message.died;
  waiting.replayMark = message.replayMark;
  waiting.blindKeys = message.blindKeys;
  waiting.movedFrom = message.movedFrom;
  return waiting;
}
