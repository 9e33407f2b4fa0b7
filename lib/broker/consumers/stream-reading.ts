/** What a consumer of a stream asks for: where to begin, and which messages. [rabbit: streams] */
import { type Field, type FieldTable, findField } from '../../amqp/field-table.ts';
import { FIELD_TYPE_NAMES } from '../../amqp/field-type.ts';
import { decodeProperties } from '../../amqp/properties.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { texts } from '../dead-letters/dead-letter.ts';
import { fieldText } from '../erlang-text.ts';
import { CONTENT_HEADER_BYTES, type Message } from '../messages/message.ts';
import { integerValue, intervalMs } from '../queues/queue-arguments.ts';

const FILTER_VALUE = 'x-stream-filter-value';

/** The first or last message, only what comes, a message by number, or the first one since a moment. */
export type StreamStart = 'first' | 'last' | 'next' | { offset: number } | { sinceMs: number };

/** Reads x-stream-offset; throws PRECONDITION_FAILED. */
export function streamStart(args: FieldTable, nowMs: number, where: string): StreamStart {
  const field = findField(args, 'x-stream-offset');
  if (field === undefined) return 'next';
  const offset = integerValue(field);
  if (offset !== undefined) return { offset: Math.max(0, offset) };
  if (field.type === 'T') return { sinceMs: Number(field.value) * 1000 };
  if (field.type === 'S') {
    const text = field.value.toString();
    if (text === 'first' || text === 'last' || text === 'next') return text;
    const interval = intervalMs(text);
    if (interval !== null) return { sinceMs: nowMs - interval };
  }
  throw refusal('x-stream-offset', `{invalid_stream_offset_arg,${erlang(field)}}`, where);
}

/** Messages that carry one of the values, and with `unfiltered` those that carry none. */
export interface StreamFilter {
  values: ReadonlySet<string>;
  unfiltered: boolean;
}

/** Reads x-stream-filter and x-stream-match-unfiltered; null: everything is wanted. Throws PRECONDITION_FAILED. */
export function streamFilter(args: FieldTable, where: string): StreamFilter | null {
  const field = findField(args, 'x-stream-filter');
  if (field === undefined) return null;
  const values = field.type === 'S' ? [field.value.toString()] : texts(field);
  const wanted = field.type === 'A' ? field.value.length : 1;
  if (values.length === 0 || values.length !== wanted) {
    throw refusal('x-stream-filter', `{unacceptable_type,${FIELD_TYPE_NAMES[field.type]}}`, where);
  }
  const unfiltered = findField(args, 'x-stream-match-unfiltered');
  if (unfiltered !== undefined && unfiltered.type !== 't') {
    throw refusal('x-stream-match-unfiltered', `{unacceptable_type,${FIELD_TYPE_NAMES[unfiltered.type]}}`, where);
  }
  return { values: new Set(values), unfiltered: unfiltered?.value ?? false };
}

/** True when the filter lets the message pass. RabbitMQ may send some that do not match; Warren does not. */
export function passes(filter: StreamFilter, message: Message): boolean {
  const value = filterValue(message);
  return value === undefined ? filter.unfiltered : filter.values.has(value);
}

function filterValue({ headerBytes, headerStart, headerEnd }: Message): string | undefined {
  if (!headerBytes.subarray(headerStart, headerEnd).includes(FILTER_VALUE, 0, 'latin1')) return undefined;
  const { headers } = decodeProperties(headerBytes, headerStart + CONTENT_HEADER_BYTES, headerEnd);
  const field = findField(headers ?? [], FILTER_VALUE);
  return field?.type === 'S' ? field.value.toString() : undefined;
}

function refusal(key: string, reason: string, where: string): AmqpError {
  return new AmqpError('PRECONDITION_FAILED', `invalid arg '${key}' for ${where}: ${reason}`);
}

function erlang(field: Field): string {
  const value = field.type === 'S' ? `<<"${field.value.toString()}">>` : fieldText(field);
  return `{${FIELD_TYPE_NAMES[field.type]},${value}}`;
}
