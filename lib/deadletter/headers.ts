import type { TypedField, TypedTable } from '../fields/typed-field.ts';

/**
 * Written by a replay, without `x-`, which belongs to protocol and broker. They are for whoever consumes the message:
 * nothing here is read from them, since a program may write headers of these names too.
 */
export const REPLAY_HEADERS = {
  count: 'replay-count',
  at: 'replayed-at',
  from: 'replayed-from',
  originalQueue: 'replay-original-queue',
  originalExchange: 'replay-original-exchange',
  originalRoutingKey: 'replay-original-routing-key',
  originalUserId: 'replay-original-user-id',
} as const;

/**
 * What dying left behind and a replay takes off: a consumer that counts deaths gets a fresh budget, and the broker
 * sees no cycle. CC goes too: the message returns to one queue, not to all that once got a copy.
 */
const DEATH_HEADERS = new Set(['x-death', 'x-delivery-count', 'x-acquired-count', 'x-opt-deaths', 'CC']);
const DEATH_PREFIXES = ['x-first-death-', 'x-last-death-'];

export function isDeathHeader(name: string): boolean {
  return DEATH_HEADERS.has(name) || DEATH_PREFIXES.some((prefix) => name.startsWith(prefix));
}

export function findField(table: TypedTable | undefined, name: string): TypedField | undefined {
  return table?.find((entry) => entry.name === name)?.field;
}

export function findText(table: TypedTable | undefined, name: string): string | undefined {
  const field = findField(table, name);
  return field?.type === 'S' ? field.value : undefined;
}
