import { type FieldTable, findField } from '../../amqp/field-table.ts';
import { FIELD_TYPE_NAMES } from '../../amqp/field-type.ts';
import { decodeProperties } from '../../amqp/properties.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { comparable } from '../comparable-field.ts';
import { erlangText } from '../erlang-text.ts';
import { CONTENT_HEADER_BYTES, type Message } from '../messages/message.ts';
import type { Binding, Destination } from './binding.ts';
import type { ExchangeIdentity } from './exchange-surroundings.ts';
import type { ExchangeType } from './exchange-type.ts';
import { hashText, mix } from './hash.ts';

const PROPERTIES: readonly string[] = ['correlation_id', 'message_id', 'timestamp'];

/** A destination that takes part. */
interface Share {
  destination: Destination;
  weight: number;
  /** The hash of the destination's name. */
  hash: number;
}

/**
 * Spreads messages by the hash of the routing key, a header or a property; the binding key is a weight. Each
 * destination draws a number for each message, and the best draw by weight wins (rendezvous hashing): shares are exact,
 * they do not depend on the order of the bindings, and a destination that comes or goes moves only its own share.
 */
export class ConsistentHashType implements ExchangeType {
  readonly isPerMessage: boolean;
  readonly isSingleChoice = true;
  private readonly header: string | null;
  private readonly property: string | null;
  /** All bindings of a destination; the first one counts. */
  private readonly bindings = new Map<Destination, Binding[]>();
  private shares: Share[] = [];

  constructor(identity: ExchangeIdentity) {
    this.header = readText(identity, 'hash-header');
    this.property = readText(identity, 'hash-property');
    if (this.header !== null && this.property !== null) {
      refuse('hash-header and hash-property are mutually exclusive');
    }
    if (this.property !== null && !PROPERTIES.includes(this.property)) {
      refuse(`Unsupported property: ${this.property}`);
    }
    this.isPerMessage = this.header !== null || this.property !== null;
  }

  checkBinding(_destination: Destination, routingKey: string): void {
    if (!/^[+-]?\d+$/.test(routingKey)) refuse(`The binding key must be an integer: ${erlangText(routingKey)}`);
    if (Number(routingKey) < 1) refuse('The binding key must be greater than 0');
  }

  add(binding: Binding): void {
    const known = this.bindings.get(binding.destination);
    if (known) known.push(binding);
    else {
      this.bindings.set(binding.destination, [binding]);
      this.share();
    }
  }

  remove(binding: Binding): void {
    const known = this.bindings.get(binding.destination);
    const at = known?.indexOf(binding) ?? -1;
    if (!known || at < 0) return;
    known.splice(at, 1);
    if (known.length === 0) this.bindings.delete(binding.destination);
    if (at === 0) this.share();
  }

  route(routingKey: string, headers: () => FieldTable, found: Set<Destination>, message: Message | null): void {
    const { shares } = this;
    const hash = hashText(this.isPerMessage ? this.valueOf(headers, message) : routingKey);
    let best: Share | undefined;
    let bestDraw = Number.POSITIVE_INFINITY;
    for (let i = 0; i < shares.length; i++) {
      const share = shares[i] as Share;
      const chance = (mix(hash ^ share.hash) + 0.5) / 0x1_0000_0000;
      const draw = -Math.log(chance) / share.weight;
      if (draw >= bestDraw) continue;
      best = share;
      bestDraw = draw;
    }
    if (best) found.add(best.destination);
  }

  /** Messages without the header or property go all to the same place. */
  private valueOf(headers: () => FieldTable, message: Message | null): string {
    if (this.header !== null) {
      const field = findField(headers(), this.header);
      return field === undefined ? '' : comparable(field);
    }
    if (message === null) return '';
    const start = message.headerStart + CONTENT_HEADER_BYTES;
    const { correlationId, messageId, timestamp } = decodeProperties(message.headerBytes, start, message.headerEnd);
    const value = { correlation_id: correlationId, message_id: messageId, timestamp }[this.property as string];
    return value === undefined ? '' : String(value);
  }

  private share(): void {
    this.shares = [...this.bindings].map(([destination, [binding]]) => ({
      destination,
      weight: Number((binding as Binding).routingKey),
      hash: hashText(`${destination.kind} ${destination.name}`),
    }));
  }
}

function readText({ arguments: args, where }: ExchangeIdentity, name: string): string | null {
  const field = findField(args, name);
  if (field === undefined) return null;
  if (field.type === 'S') return field.value.toString();
  return refuse(`invalid type '${FIELD_TYPE_NAMES[field.type]}' for arg '${name}' in ${where}`);
}

function refuse(text: string): never {
  throw new AmqpError('PRECONDITION_FAILED', text);
}
