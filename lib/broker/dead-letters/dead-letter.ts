/** What becomes of a message that dies: its new headers, its new address, and where it may not go again. */
import { type Field, type FieldTable, findField } from '../../amqp/field-table.ts';
import { decodeProperties } from '../../amqp/properties.ts';
import { fitsShortString, readShortString } from '../../amqp/short-string.ts';
import type { DeathReason } from '../../figures/death-reason.ts';
import {
  blindKeysOf,
  CONTENT_HEADER_BYTES,
  exchangeOf,
  type Message,
  newMessage,
  routingKeyOf,
} from '../messages/message.ts';

/** Where a queue sends its dead letters; without a routing key each keeps its own. */
export interface DeadLetterTarget {
  exchange: string;
  routingKey: string | null;
}

/** A dead message, ready to be published to its dead-letter exchange. */
export interface DeadLetter {
  exchange: string;
  message: Message;
  /** The message's headers, as they are now. */
  headers: FieldTable;
  /** All keys to route by: the fixed one, or the original key with what CC and BCC ask for. */
  routingKeys: string[];
  /** Queues that the message has died in since the last rejection, this one included; it may not enter them again. */
  barred: ReadonlySet<string>;
}

/**
 * Edits a message for its dead-letter exchange: x-death newest first with one entry a queue and reason, the first and
 * last death, and no expiration. Body and all other properties stay. [rabbit: dlx]
 */
export function deadLetter(
  message: Message,
  queue: string,
  reason: DeathReason,
  target: DeadLetterTarget,
  nowSeconds: number,
): DeadLetter {
  const properties = decodeProperties(
    message.headerBytes,
    message.headerStart + CONTENT_HEADER_BYTES,
    message.headerEnd,
  );
  const headers = properties.headers ?? [];
  const exchange = exchangeOf(message);
  const routingKey = routingKeyOf(message);
  const ccKeys = texts(findField(headers, 'CC'));
  const history = message.died ? deaths(headers) : [];
  const known = history.findIndex(
    (entry) => entryText(entry, 'queue') === queue && entryText(entry, 'reason') === reason,
  );
  const [entry] = known >= 0 ? history.splice(known, 1) : [];
  history.unshift(
    entry
      ? counted(entry)
      : newDeath(queue, reason, exchange, [routingKey, ...ccKeys], properties.expiration, nowSeconds),
  );

  const edited = new Map<string, Field>();
  for (const [name, field] of headers) if (!edited.has(name)) edited.set(name, field);
  edited.set('x-death', { type: 'A', value: history.map((value) => ({ type: 'F', value })) });
  if (!message.died) setDeath(edited, 'x-first-death', queue, reason, exchange);
  setDeath(edited, 'x-last-death', queue, reason, exchange);
  const sorted: FieldTable = [...edited].sort(([a], [b]) => (a < b ? -1 : 1));

  const { expiration: _, ...kept } = properties;
  // A key that no address can hold routes the letter all the same; what is shown of it is the message's own key then.
  const shownKey = target.routingKey !== null && fitsShortString(target.routingKey) ? target.routingKey : routingKey;
  const letter = newMessage(target.exchange, shownKey, { ...kept, headers: sorted }, message);
  letter.died = true;
  letter.replayMark = message.replayMark;
  if (target.routingKey === null) letter.blindKeys = message.blindKeys;
  return {
    exchange: target.exchange,
    message: letter,
    headers: sorted,
    routingKeys: target.routingKey === null ? [routingKey, ...ccKeys, ...blindKeysOf(message)] : [target.routingKey],
    barred: barredQueues(history),
  };
}

/** Death entries of a message's headers, newest first; [] when there are none. */
export function deaths(headers: FieldTable): FieldTable[] {
  const field = findField(headers, 'x-death');
  return field?.type === 'A' ? field.value.flatMap((entry) => (entry.type === 'F' ? [entry.value] : [])) : [];
}

/** The strings of an array field; [] when it is none. */
export function texts(field: Field | undefined): string[] {
  return field?.type === 'A' ? field.value.flatMap((entry) => stringOf(entry) ?? []) : [];
}

/** The text of a string field; of bytes that are no UTF-8 what it would be as a short string. Undefined: it is no string. */
export function stringOf(field: Field | undefined): string | undefined {
  if (field?.type !== 'S') return undefined;
  const { value } = field;
  return typeof value === 'string' ? value : readShortString(Buffer.from(value), 0, value.length);
}

function newDeath(
  queue: string,
  reason: string,
  exchange: string,
  routingKeys: string[],
  expiration: string | undefined,
  nowSeconds: number,
): FieldTable {
  const entry: FieldTable = [
    ['count', { type: 'l', value: 1n }],
    ['reason', { type: 'S', value: reason }],
    ['queue', { type: 'S', value: queue }],
    ['time', { type: 'T', value: BigInt(nowSeconds) }],
    ['exchange', { type: 'S', value: exchange }],
    ['routing-keys', { type: 'A', value: routingKeys.map((value) => ({ type: 'S', value })) }],
  ];
  if (expiration !== undefined) entry.push(['original-expiration', { type: 'S', value: expiration }]);
  return entry;
}

function counted(entry: FieldTable): FieldTable {
  return entry.map(([name, field]) =>
    name === 'count' && field.type === 'l' ? [name, { type: 'l', value: field.value + 1n }] : [name, field],
  );
}

function setDeath(headers: Map<string, Field>, prefix: string, queue: string, reason: string, exchange: string): void {
  headers.set(`${prefix}-exchange`, { type: 'S', value: exchange });
  headers.set(`${prefix}-queue`, { type: 'S', value: queue });
  headers.set(`${prefix}-reason`, { type: 'S', value: reason });
}

/**
 * Automatic cycles end here: a queue met again with no rejection since. A rejection is somebody's decision and may
 * repeat.
 */
function barredQueues(history: FieldTable[]): Set<string> {
  const barred = new Set<string>();
  for (const entry of history) {
    if (entryText(entry, 'reason') === 'rejected') break;
    const queue = entryText(entry, 'queue');
    if (queue !== undefined) barred.add(queue);
  }
  return barred;
}

function entryText(entry: FieldTable, name: string): string | undefined {
  return stringOf(findField(entry, name));
}
