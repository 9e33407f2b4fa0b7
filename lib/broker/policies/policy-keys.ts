/**
 * What a policy may say: one row a key, with the queue types that know it, the values it can have, and how an
 * operator's value meets a user's. A queue type that does not know one key of a policy is not touched by it at all.
 * [rabbit: policies, parameters]
 */

import { isJsonInteger, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { erlangProperties, erlangText } from '../erlang-text.ts';
import type { QueueType } from '../queues/queue-arguments.ts';

/** What is in effect when user and operator both say something. */
type Merge = 'least' | 'greatest' | 'operator' | 'limit';

interface PolicyKey {
  types: readonly QueueType[];
  /** How errors call the key's value. */
  called: string;
  allows: (value: JsonValue) => boolean;
  /** Present where operators may set the key as well. */
  merge?: Merge;
}

const CLASSIC: readonly QueueType[] = ['classic'];
const QUORUM: readonly QueueType[] = ['quorum'];
const STREAM: readonly QueueType[] = ['stream'];
const NO_STREAM: readonly QueueType[] = ['classic', 'quorum'];
const ALL: readonly QueueType[] = ['classic', 'quorum', 'stream'];

const text = (value: JsonValue): boolean => typeof value === 'string';
const integer =
  (min: number, max = Number.POSITIVE_INFINITY) =>
  (value: JsonValue): boolean =>
    isJsonInteger(value) && value >= min && value <= max;
const oneOf =
  (...values: JsonValue[]) =>
  (value: JsonValue): boolean =>
    values.includes(value);
const age = (value: JsonValue): boolean => typeof value === 'string' && /^\d+[YMDhms]$/.test(value);

const POLICY_KEYS: Readonly<Record<string, PolicyKey>> = {
  'alternate-exchange': { types: ALL, called: 'alternate exchange name', allows: text },
  'dead-letter-exchange': { types: NO_STREAM, called: 'dead letter exchange name', allows: text },
  'dead-letter-routing-key': { types: NO_STREAM, called: 'dead letter routing key', allows: text },
  'dead-letter-strategy': {
    types: QUORUM,
    called: 'dead letter strategy',
    allows: oneOf('at-most-once', 'at-least-once'),
  },
  'message-ttl': { types: NO_STREAM, called: 'message TTL', allows: integer(0), merge: 'least' },
  expires: { types: NO_STREAM, called: 'queue expiry', allows: integer(1), merge: 'least' },
  'max-length': { types: NO_STREAM, called: 'maximum length', allows: integer(0), merge: 'least' },
  'max-length-bytes': { types: ALL, called: 'maximum length in bytes', allows: integer(0), merge: 'least' },
  'max-in-memory-length': { types: QUORUM, called: 'maximum memory in bytes', allows: integer(0), merge: 'least' },
  'max-in-memory-bytes': { types: QUORUM, called: 'maximum memory in bytes', allows: integer(0), merge: 'least' },
  overflow: {
    types: NO_STREAM,
    called: 'overflow value',
    allows: oneOf('drop-head', 'reject-publish', 'reject-publish-dlx'),
    merge: 'operator',
  },
  'consumer-timeout': { types: ALL, called: 'consumer timeout', allows: integer(0) },
  'delivery-limit': { types: QUORUM, called: 'delivery limit', allows: integer(-1), merge: 'limit' },
  'target-group-size': { types: QUORUM, called: 'target quorum queue size', allows: integer(1), merge: 'greatest' },
  'queue-mode': { types: CLASSIC, called: 'queue-mode value', allows: oneOf('default', 'lazy') },
  'queue-version': { types: CLASSIC, called: 'queue-version value', allows: oneOf(1, 2), merge: 'operator' },
  'queue-master-locator': {
    types: CLASSIC,
    called: 'queue-master-locator value',
    allows: oneOf('client-local', 'min-masters', 'random'),
    merge: 'operator',
  },
  'queue-leader-locator': {
    types: ALL,
    called: 'queue leader locator value',
    allows: oneOf('client-local', 'balanced', 'random', 'least-leaders'),
  },
  'max-age': { types: STREAM, called: 'max age', allows: age },
  'stream-max-segment-size-bytes': { types: STREAM, called: 'segment size', allows: integer(0, 3_000_000_000) },
  'stream-filter-size-bytes': { types: STREAM, called: 'filter size', allows: integer(16, 255) },
  'initial-cluster-size': { types: STREAM, called: 'cluster size', allows: integer(0) },
};

/** What is wrong with a policy's definition, as RabbitMQ words it; null: nothing. */
export function definitionError(definition: JsonObject, isOperator: boolean): string | null {
  const keys = Object.keys(definition).sort();
  if (keys.length === 0) return 'no policy provided';
  const known = (key: string): PolicyKey | undefined => {
    const found = Object.hasOwn(POLICY_KEYS, key) ? POLICY_KEYS[key] : undefined;
    return isOperator && found?.merge === undefined ? undefined : found;
  };
  for (const key of keys) {
    const value = definition[key] as JsonValue;
    const found = known(key);
    if (found && !found.allows(value)) return `${erlangText(value)} is not a valid ${found.called}`;
  }
  const unknown = Object.fromEntries(Object.entries(definition).filter(([key]) => !known(key)));
  return Object.keys(unknown).length === 0 ? null : `${erlangProperties(unknown)} are not recognised policy settings`;
}

/** True when queues of that type know every key of the definition. */
export function isApplicable(definition: JsonObject, type: QueueType): boolean {
  return Object.keys(definition).every((key) => POLICY_KEYS[key]?.types.includes(type) ?? true);
}

/** A user's definition with an operator's put over it. */
export function mergeDefinitions(user: JsonObject, operator: JsonObject): JsonObject {
  const merged = { ...user };
  for (const [key, value] of Object.entries(operator)) {
    const own = user[key];
    merged[key] = own === undefined ? value : mergeValues(POLICY_KEYS[key]?.merge ?? 'operator', own, value);
  }
  return merged;
}

function mergeValues(merge: Merge, user: JsonValue, operator: JsonValue): JsonValue {
  if (!isJsonInteger(user) || !isJsonInteger(operator) || merge === 'operator') return operator;
  const isGreatest = merge === 'greatest' || (merge === 'limit' && (user < 0 || operator < 0));
  return isGreatest === user > operator ? user : operator;
}
