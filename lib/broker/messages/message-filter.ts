/** Which messages somebody looks for. Reads what is stored and changes nothing. */
import { type Field, type FieldTable, findField } from '../../amqp/field-table.ts';
import { decodeProperties } from '../../amqp/properties.ts';
import { deaths } from '../dead-letters/dead-letter.ts';
import type { Destination } from '../exchanges/binding.ts';
import { TopicType } from '../exchanges/topic.ts';
import type { Queue } from '../queues/queue.ts';
import type { Vhost } from '../vhosts/vhost.ts';
import { CONTENT_HEADER_BYTES, type MessageView, routingKeyOf } from './message.ts';
import { contains } from './scan.ts';

/** The conditions that a message has to meet, all of them; one that is left out holds for every message. */
export interface MessageFilter {
  /** Occurs in exchange, routing key, properties or body. */
  containing?: string;
  /** A pattern, as of a topic binding. */
  routingKey?: string;
  /** Without a value: it is there. A value is compared as text, a float as a number; lists and tables are equal to none. */
  header?: { name: string; value?: string };
  /** The broker saw the message die for this reason, here or elsewhere. */
  deathReason?: string;
}

/** A function that says whether a message meets the filter. */
export function filterOf(filter: MessageFilter, vhost: Vhost, queue: Queue): (message: MessageView) => boolean {
  const { containing = '', routingKey, header, deathReason } = filter;
  const text = Buffer.from(containing);
  const name = Buffer.from(header?.name ?? '');
  const reason = Buffer.from(deathReason ?? '');
  const matchesKey = routingKey === undefined ? null : keyPattern(routingKey, vhost, queue);
  return (message) => {
    if (text.length > 0 && !contains(message, text)) return false;
    if (matchesKey !== null && !matchesKey(routingKeyOf(message))) return false;
    if (header === undefined && deathReason === undefined) return true;
    // Headers of a death that the broker did not see are a publisher's.
    if (deathReason !== undefined && !message.died) return false;
    // Most messages are told apart by their bytes: what is not in them need not be decoded.
    const { headerBytes, headerStart, headerEnd } = message;
    const bytes = headerBytes.subarray(headerStart, headerEnd);
    if (!bytes.includes(name) || !bytes.includes(reason)) return false;
    const { headers = [] } = decodeProperties(headerBytes, headerStart + CONTENT_HEADER_BYTES, headerEnd);
    return (
      (header === undefined || hasHeader(headers, header)) &&
      (deathReason === undefined || deaths(headers).some((entry) => textOf(findField(entry, 'reason')) === deathReason))
    );
  };
}

/** Matches keys as the topic exchange does, by a binding that is nowhere but here. */
function keyPattern(pattern: string, vhost: Vhost, queue: Queue): (routingKey: string) => boolean {
  const type = new TopicType();
  type.add({ source: vhost.defaultExchange, destination: queue, routingKey: pattern, arguments: [] });
  const found = new Set<Destination>();
  return (routingKey) => {
    found.clear();
    type.route(routingKey, () => [], found);
    return found.size > 0;
  };
}

function hasHeader(headers: FieldTable, { name, value }: { name: string; value?: string }): boolean {
  const field = findField(headers, name);
  return field !== undefined && (value === undefined || textOf(field) === value || isNumber(field, value));
}

/** A float or decimal is found by every way to write it: 5, 5.0 and 0.5e1. */
function isNumber(field: Field, text: string): boolean {
  if (field.type === 'D') return Number(`${field.unscaled}e-${field.scale}`) === Number(text);
  return (field.type === 'f' || field.type === 'd') && field.value === Number(text);
}

function textOf(field: Field | undefined): string | undefined {
  if (field === undefined) return undefined;
  switch (field.type) {
    case 'A':
    case 'F':
    case 'V':
    case 'D':
      return undefined;
    case 'S':
    case 'x':
      return Buffer.from(field.value).toString();
    default:
      return String(field.value);
  }
}
