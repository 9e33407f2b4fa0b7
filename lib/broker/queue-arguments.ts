/** What the arguments of queue.declare ask for: one table of the known ones, checked as RabbitMQ checks them. */
import { FIELD_TYPE_NAMES, type Field, type FieldTable, findField } from '../amqp/field-table.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import { LIMITS } from './limits.ts';
import { resourceText } from './resource.ts';

export type Overflow = 'drop-head' | 'reject-publish' | 'reject-publish-dlx';

/** The settings of a queue; null: not asked for. Times in milliseconds, lengths in messages and body bytes. */
export interface QueueOptions {
  messageTtlMs: number | null;
  expiresMs: number | null;
  lengthMax: number | null;
  bytesMax: number | null;
  overflow: Overflow;
  deadLetterExchange: string | null;
  deadLetterRoutingKey: string | null;
  /** 0: no priorities. */
  priorityMax: number;
  singleActiveConsumer: boolean;
}

const OVERFLOWS: readonly string[] = ['drop-head', 'reject-publish', 'reject-publish-dlx'];

/** Reads the arguments; throws PRECONDITION_FAILED for a value that the argument cannot have. */
export function readQueueArguments(args: FieldTable, vhost: string, name: string): QueueOptions {
  const where = resourceText('queue', name, vhost);
  const options: QueueOptions = {
    messageTtlMs: null,
    expiresMs: null,
    lengthMax: null,
    bytesMax: null,
    overflow: 'drop-head',
    deadLetterExchange: null,
    deadLetterRoutingKey: null,
    priorityMax: 0,
    singleActiveConsumer: false,
  };
  const refuse = (key: string, reason: string): never => {
    throw new AmqpError('PRECONDITION_FAILED', `invalid arg '${key}' for ${where}: ${reason}`);
  };
  const integer = (key: string, field: Field): number => {
    const value = integerValue(field);
    if (value === undefined) return refuse(key, `"expected integer, got ${FIELD_TYPE_NAMES[field.type]}"`);
    if (value < 0) return refuse(key, `{value_negative,${value}}`);
    return value;
  };
  const text = (key: string, field: Field): string => {
    if (field.type === 'S') return field.value.toString();
    return refuse(key, `{unacceptable_type,${FIELD_TYPE_NAMES[field.type]}}`);
  };
  const readers: Record<string, (field: Field, key: string) => void> = {
    'x-message-ttl': (field, key) => {
      options.messageTtlMs = integer(key, field);
      if (options.messageTtlMs > LIMITS.ttlMsMax) refuse(key, `{value_too_large,${options.messageTtlMs}}`);
    },
    'x-expires': (field, key) => {
      options.expiresMs = integer(key, field);
      if (options.expiresMs === 0) refuse(key, '{value_zero,0}');
      if (options.expiresMs > LIMITS.ttlMsMax) refuse(key, `{value_too_large,${options.expiresMs}}`);
    },
    'x-max-length': (field, key) => {
      options.lengthMax = integer(key, field);
    },
    'x-max-length-bytes': (field, key) => {
      options.bytesMax = integer(key, field);
    },
    'x-max-priority': (field, key) => {
      options.priorityMax = integer(key, field);
      if (options.priorityMax > LIMITS.priorityMax) refuse(key, `{max_value_exceeded,${options.priorityMax}}`);
    },
    'x-overflow': (field, key) => {
      const value = text(key, field);
      if (!OVERFLOWS.includes(value)) refuse(key, 'invalid_overflow');
      options.overflow = value as Overflow;
    },
    'x-dead-letter-exchange': (field, key) => {
      if (field.type !== 'S') {
        throw new AmqpError(
          'PRECONDITION_FAILED',
          `invalid type '${FIELD_TYPE_NAMES[field.type]}' for arg '${key}' in ${where}`,
        );
      }
      options.deadLetterExchange = field.value.toString();
    },
    'x-dead-letter-routing-key': (field, key) => {
      options.deadLetterRoutingKey = text(key, field);
      if (!findField(args, 'x-dead-letter-exchange')) refuse(key, 'routing_key_but_no_dlx_defined');
    },
    'x-single-active-consumer': (field, key) => {
      if (field.type !== 't') refuse(key, `{unacceptable_type,${FIELD_TYPE_NAMES[field.type]}}`);
      else options.singleActiveConsumer = field.value;
    },
    'x-queue-type': (field, key) => {
      const type = text(key, field);
      if (type === 'quorum' || type === 'stream') {
        throw new AmqpError(
          'PRECONDITION_FAILED',
          `invalid arg '${key}' for ${where}: "queue type '${type}' is not available on this broker"`,
        );
      }
      if (type !== 'classic') refuse(key, `"unsupported queue type '${type}'"`);
    },
    // Accepted for compatibility; every queue of this broker behaves the same in these respects.
    'x-queue-mode': (field, key) => {
      if (!['default', 'lazy'].includes(text(key, field))) refuse(key, 'invalid_queue_mode');
    },
    'x-queue-version': (field, key) => {
      const value = integer(key, field);
      if (value < 1 || value > 2) refuse(key, `{max_value_exceeded,${value}}`);
    },
    'x-queue-master-locator': (field, key) => void text(key, field),
    'x-queue-leader-locator': (field, key) => void text(key, field),
  };
  for (const key of Object.keys(readers)) {
    const field = findField(args, key);
    if (field) readers[key]?.(field, key);
  }
  return options;
}

/** Arguments that take part in the equivalence check of a second declare; others are only kept and shown. */
export const COMPARED_QUEUE_ARGUMENTS: readonly string[] = [
  'x-expires',
  'x-message-ttl',
  'x-dead-letter-exchange',
  'x-dead-letter-routing-key',
  'x-max-length',
  'x-max-length-bytes',
  'x-max-priority',
  'x-overflow',
  'x-queue-mode',
  'x-queue-version',
  'x-single-active-consumer',
  'x-queue-type',
];

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
