/**
 * What the arguments of queue.declare ask for: one table of the known ones, with the types of queue that know each,
 * checked as RabbitMQ checks them.
 */
import { type Field, type FieldTable, findField } from '../../amqp/field-table.ts';
import { FIELD_TYPE_NAMES } from '../../amqp/field-type.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { fieldText } from '../erlang-text.ts';
import { LIMITS } from '../limits.ts';
import { resourceText } from '../resource.ts';

export type QueueType = 'classic' | 'quorum' | 'stream';
export type Overflow = 'drop-head' | 'reject-publish' | 'reject-publish-dlx';

/** The settings of a queue; null: not asked for. Times in milliseconds, lengths in messages and body bytes. */
export interface QueueOptions {
  type: QueueType;
  messageTtlMs: number | null;
  expiresMs: number | null;
  lengthMax: number | null;
  bytesMax: number | null;
  overflow: Overflow;
  deadLetterExchange: string | null;
  deadLetterRoutingKey: string | null;
  /** Dead letters leave a quorum queue only when their new places have them. */
  deadLetterAtLeastOnce: boolean;
  /** 0: no priorities. */
  priorityMax: number;
  singleActiveConsumer: boolean;
  /** A message with the x-deduplication-header of one that is in the queue is dropped. */
  isDeduplicating: boolean;
  /** Of a quorum queue: how often a message may come back before it dies; negative: for ever. */
  deliveryLimit: number;
  /** How long a delivery may wait for its ack; null: as long as anywhere. */
  ackTimeoutMs: number | null;
  /** Of a stream: how long messages are kept, and how much of them is kept or given up at once. */
  maxAgeMs: number | null;
  segmentBytesMax: number | null;
}

interface ArgumentRule {
  types: readonly QueueType[];
  /** Left out of the equivalence check of a second declare. */
  free?: true;
  read(argument: Argument, into: QueueOptions): void;
}

/** One argument of a declare. */
interface Argument {
  field: Field;
  all: FieldTable;
  where: string;
  /** All digits of an integer, however many. */
  shown: string;
  refuse(reason: string): never;
  /** Not negative; beyond 2^53 the nearest that there is. */
  integer(): number;
  text(): string;
}

const CLASSIC: readonly QueueType[] = ['classic'];
const QUORUM: readonly QueueType[] = ['quorum'];
const STREAM: readonly QueueType[] = ['stream'];
const NO_STREAM: readonly QueueType[] = ['classic', 'quorum'];
const ALL: readonly QueueType[] = ['classic', 'quorum', 'stream'];

export const QUEUE_TYPES: readonly string[] = ALL;
const OVERFLOWS: readonly string[] = ['drop-head', 'reject-publish', 'reject-publish-dlx'];
const LEADER_LOCATORS: readonly string[] = ['client-local', 'balanced', 'random', 'least-leaders'];
const STRATEGIES: readonly string[] = ['at-most-once', 'at-least-once'];

const ARGUMENTS: Readonly<Record<string, ArgumentRule>> = {
  'x-queue-type': {
    types: ALL,
    read: (argument, into) => {
      const type = argument.text();
      if (!QUEUE_TYPES.includes(type)) argument.refuse(`"unsupported queue type '${type}'"`);
      into.type = type as QueueType;
    },
  },
  'x-expires': {
    types: NO_STREAM,
    read: (argument, into) => {
      into.expiresMs = argument.integer();
      if (into.expiresMs === 0) argument.refuse('{value_zero,0}');
      if (into.expiresMs > LIMITS.ttlMsMax) argument.refuse(`{value_too_large,${argument.shown}}`);
    },
  },
  'x-message-ttl': {
    types: NO_STREAM,
    read: (argument, into) => {
      into.messageTtlMs = argument.integer();
      if (into.messageTtlMs > LIMITS.ttlMsMax) argument.refuse(`{value_too_large,${argument.shown}}`);
    },
  },
  'x-dead-letter-exchange': {
    types: NO_STREAM,
    read: ({ field, where }, into) => {
      if (field.type === 'S') into.deadLetterExchange = field.value.toString();
      else {
        const text = `invalid type '${FIELD_TYPE_NAMES[field.type]}' for arg 'x-dead-letter-exchange' in ${where}`;
        throw new AmqpError('PRECONDITION_FAILED', text);
      }
    },
  },
  'x-dead-letter-routing-key': {
    types: NO_STREAM,
    read: (argument, into) => {
      into.deadLetterRoutingKey = argument.text();
      if (!findField(argument.all, 'x-dead-letter-exchange')) argument.refuse('routing_key_but_no_dlx_defined');
    },
  },
  'x-dead-letter-strategy': {
    types: QUORUM,
    read: (argument, into) => {
      const strategy = argument.text();
      if (!STRATEGIES.includes(strategy)) argument.refuse('invalid_dlx_strategy');
      into.deadLetterAtLeastOnce = strategy === 'at-least-once';
    },
  },
  'x-max-length': {
    types: NO_STREAM,
    read: (argument, into) => {
      into.lengthMax = argument.integer();
    },
  },
  'x-max-length-bytes': {
    types: ALL,
    read: (argument, into) => {
      into.bytesMax = argument.integer();
    },
  },
  'x-max-priority': {
    types: CLASSIC,
    read: (argument, into) => {
      into.priorityMax = argument.integer();
      if (into.priorityMax > LIMITS.priorityMax) argument.refuse(`{max_value_exceeded,${argument.shown}}`);
    },
  },
  'x-overflow': {
    types: NO_STREAM,
    read: (argument, into) => {
      const value = argument.text();
      if (!OVERFLOWS.includes(value)) argument.refuse('invalid_overflow');
      into.overflow = value as Overflow;
    },
  },
  // Accepted for compatibility; every classic queue of this broker behaves the same in these respects.
  'x-queue-mode': {
    types: CLASSIC,
    read: (argument) => {
      const mode = argument.text();
      if (!['default', 'lazy'].includes(mode)) argument.refuse(`"unsupported queue mode '${mode}'"`);
    },
  },
  'x-queue-version': {
    types: CLASSIC,
    read: (argument) => {
      const value = argument.integer();
      if (value < 1 || value > 2) argument.refuse(`{max_value_exceeded,${argument.shown}}`);
    },
  },
  'x-single-active-consumer': {
    types: NO_STREAM,
    read: (argument, into) => {
      if (argument.field.type === 't') into.singleActiveConsumer = argument.field.value;
      else argument.refuse(`{unacceptable_type,${FIELD_TYPE_NAMES[argument.field.type]}}`);
    },
  },
  'x-message-deduplication': {
    types: CLASSIC,
    free: true,
    read: (argument, into) => {
      if (argument.field.type === 't') into.isDeduplicating = argument.field.value;
      else argument.refuse(`{unacceptable_type,${FIELD_TYPE_NAMES[argument.field.type]}}`);
    },
  },
  'x-delivery-limit': {
    types: QUORUM,
    read: (argument, into) => {
      const value = integerValue(argument.field);
      into.deliveryLimit = value === undefined ? argument.integer() : value;
    },
  },
  'x-max-age': {
    types: STREAM,
    read: (argument, into) => {
      into.maxAgeMs = intervalMs(argument.text()) ?? argument.refuse('invalid_max_age');
    },
  },
  'x-stream-max-segment-size-bytes': {
    types: STREAM,
    read: (argument, into) => {
      into.segmentBytesMax = argument.integer();
      if (into.segmentBytesMax > LIMITS.streamSegmentBytesMax)
        throw new AmqpError('PRECONDITION_FAILED', 'Exceeded max value for x-stream-max-segment-size-bytes');
    },
  },
  // Accepted for compatibility: there is one node, messages are on disk, and filters are exact.
  'x-max-in-memory-length': { types: QUORUM, read: (argument) => void argument.integer() },
  'x-max-in-memory-bytes': { types: QUORUM, read: (argument) => void argument.integer() },
  'x-stream-filter-size-bytes': {
    types: STREAM,
    read: (argument) => {
      const value = argument.integer();
      if (value < 16) argument.refuse(`{value_too_small,${argument.shown}}`);
      if (value > 255) argument.refuse(`{value_too_large,${argument.shown}}`);
    },
  },
  // RabbitMQ takes any value here and acts on numbers. It compares it since 4.3: who asks for a time is not to get another.
  'x-consumer-timeout': {
    types: ALL,
    read: ({ field }, into) => {
      const value = integerValue(field);
      if (value !== undefined && value >= 0) into.ackTimeoutMs = value;
    },
  },
  'x-quorum-initial-group-size': { types: QUORUM, read: groupSize },
  'x-initial-cluster-size': { types: STREAM, read: groupSize },
  'x-queue-master-locator': { types: CLASSIC, read: (argument) => void argument.text() },
  'x-queue-leader-locator': {
    types: ALL,
    read: (argument) => {
      if (!LEADER_LOCATORS.includes(argument.text())) argument.refuse('invalid_queue_locator_arg');
    },
  },
};

function groupSize(argument: Argument): void {
  if (argument.integer() === 0) argument.refuse('{value_zero,0}');
}

/**
 * Reads the arguments; throws PRECONDITION_FAILED for a value that the argument cannot have, and for an argument that
 * only queues of other types have.
 */
export function readQueueArguments(args: FieldTable, vhost: string, name: string): QueueOptions {
  const where = resourceText('queue', name, vhost);
  const options: QueueOptions = {
    type: 'classic',
    messageTtlMs: null,
    expiresMs: null,
    lengthMax: null,
    bytesMax: null,
    overflow: 'drop-head',
    deadLetterExchange: null,
    deadLetterRoutingKey: null,
    deadLetterAtLeastOnce: false,
    priorityMax: 0,
    singleActiveConsumer: false,
    isDeduplicating: false,
    deliveryLimit: LIMITS.deliveryLimit,
    ackTimeoutMs: null,
    maxAgeMs: null,
    segmentBytesMax: null,
  };
  for (const [key, rule] of Object.entries(ARGUMENTS)) {
    const field = findField(args, key);
    if (!field) continue;
    if (!rule.types.includes(options.type)) {
      const text = `invalid arg '${key}' for ${where} of queue type rabbit_${options.type}_queue`;
      throw new AmqpError('PRECONDITION_FAILED', text);
    }
    rule.read(argumentOf(key, field, args, where), options);
  }
  return options;
}

function argumentOf(key: string, field: Field, all: FieldTable, where: string): Argument {
  const type = FIELD_TYPE_NAMES[field.type];
  const shown = fieldText(field);
  const refuse = (reason: string): never => {
    throw new AmqpError('PRECONDITION_FAILED', `invalid arg '${key}' for ${where}: ${reason}`);
  };
  return {
    field,
    all,
    where,
    shown,
    refuse,
    integer() {
      const value = integerValue(field);
      if (value === undefined) return refuse(`"expected integer, got ${type}"`);
      return value < 0 ? refuse(`{value_negative,${shown}}`) : value;
    },
    text: () => (field.type === 'S' ? field.value.toString() : refuse(`{unacceptable_type,${type}}`)),
  };
}

/** Throws PRECONDITION_FAILED for a queue that is not as its type has to be. */
export function checkQueueProperties(
  type: QueueType,
  asked: { name: string; durable: boolean; exclusive: boolean; autoDelete: boolean },
  where: string,
): void {
  if (type === 'classic') return;
  const refuse = (property: string): never => {
    throw new AmqpError('PRECONDITION_FAILED', `invalid property '${property}' for ${where}`);
  };
  if (asked.name === '')
    throw new AmqpError('PRECONDITION_FAILED', `Cannot declare a server-named queue for type rabbit_${type}_queue`);
  if (asked.autoDelete) refuse('auto-delete');
  if (asked.exclusive) refuse('exclusive-owner');
  if (!asked.durable) refuse('non-durable');
}

/** Arguments that take part in the equivalence check of a second declare; others are only kept and shown. */
export function comparedArguments(type: QueueType): readonly string[] {
  return Object.keys(ARGUMENTS).filter((key) => ARGUMENTS[key]?.types.includes(type) && !ARGUMENTS[key]?.free);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  Y: 365 * 86_400,
  M: 30 * 86_400,
  D: 86_400,
  h: 3600,
  m: 60,
  s: 1,
};

/** An interval as streams write them, such as `7D` or `1h`, in milliseconds; null when it is none. */
export function intervalMs(text: string): number | null {
  const [, digits, unit] = /^(\d+)([YMDhms])$/.exec(text) ?? [];
  return digits === undefined || unit === undefined ? null : Number(digits) * (UNIT_SECONDS[unit] ?? 0) * 1000;
}

/** The value of an integer of any width; undefined when the field is no integer. 64-bit ones lose nothing below 2^53. */
export function integerValue(field: Field): number | undefined {
  switch (field.type) {
    case 'b':
    case 'B':
    case 's':
    case 'u':
    case 'I':
    case 'i':
      return field.value;
    case 'l':
    case 'L':
      return Number(field.value);
    default:
      return undefined;
  }
}

/** Kept arguments always name the queue's type, as RabbitMQ 4 does. */
export function withQueueType(args: FieldTable, type = 'classic'): FieldTable {
  return findField(args, 'x-queue-type') ? args : [...args, ['x-queue-type', { type: 'S', value: type }]];
}
