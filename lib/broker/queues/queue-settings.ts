/** What holds for a queue: what it was declared with and what policies say, each where it counts. */
import { type FieldTable, findField } from '../../amqp/field-table.ts';
import { LIMITS } from '../limits.ts';
import type { Message } from '../messages/message.ts';
import type { AppliedPolicy } from '../policies/policy-book.ts';
import type { JsonValue } from '../ports.ts';
import { intervalMs, type QueueOptions, type QueueType } from './queue-arguments.ts';

/** Which value counts when there is an argument and a policy. */
type Precedence = 'argument' | 'policy' | 'least';

interface Setting {
  key: string;
  option: keyof QueueOptions;
  precedence: Precedence;
  /** Makes an option of a policy's value, where the two are not the same. */
  read?: (value: JsonValue) => unknown;
}

/** A policy may name any time, and what is stored has room for times up to `ttlMsMax`. */
const timeMs = (value: JsonValue): number => Math.min(Number(value), LIMITS.ttlMsMax);

const CLASSIC: readonly Setting[] = [
  { key: 'consumer-timeout', option: 'ackTimeoutMs', precedence: 'least' },
  { key: 'message-ttl', option: 'messageTtlMs', precedence: 'least', read: timeMs },
  { key: 'expires', option: 'expiresMs', precedence: 'least', read: timeMs },
  { key: 'max-length', option: 'lengthMax', precedence: 'least' },
  { key: 'max-length-bytes', option: 'bytesMax', precedence: 'least' },
  { key: 'overflow', option: 'overflow', precedence: 'argument' },
  { key: 'dead-letter-exchange', option: 'deadLetterExchange', precedence: 'argument' },
  { key: 'dead-letter-routing-key', option: 'deadLetterRoutingKey', precedence: 'argument' },
];

/** What a policy sets, by the type of the queue. */
const SETTINGS: Record<QueueType, readonly Setting[]> = {
  classic: CLASSIC,
  quorum: [
    ...CLASSIC.filter(({ key }) => key !== 'overflow'),
    {
      key: 'overflow',
      option: 'overflow',
      precedence: 'policy',
      read: (value) => (value === 'reject-publish-dlx' ? 'drop-head' : value),
    },
    { key: 'delivery-limit', option: 'deliveryLimit', precedence: 'least' },
    {
      key: 'dead-letter-strategy',
      option: 'deadLetterAtLeastOnce',
      precedence: 'argument',
      read: (value) => value === 'at-least-once',
    },
  ],
  stream: [
    ...CLASSIC.filter(({ key }) => key === 'max-length-bytes' || key === 'consumer-timeout'),
    { key: 'max-age', option: 'maxAgeMs', precedence: 'least', read: (value) => intervalMs(String(value)) },
    { key: 'stream-max-segment-size-bytes', option: 'segmentBytesMax', precedence: 'argument' },
  ],
};

/** The options in effect; `declared` are those that the arguments ask for. */
export function effectiveOptions(args: FieldTable, declared: QueueOptions, policy: AppliedPolicy | null): QueueOptions {
  const options = { ...declared };
  if (policy === null) return options;
  const into = options as Record<keyof QueueOptions, unknown>;
  for (const { key, option, precedence, read } of SETTINGS[declared.type]) {
    const said = policy.definition[key];
    if (said === undefined) continue;
    const value = read ? read(said) : typeof said === 'bigint' ? Number(said) : said;
    const isDeclared = findField(args, `x-${key}`) !== undefined;
    if (!isDeclared || precedence === 'policy') into[option] = value;
    else if (precedence === 'least') into[option] = least(declared[option], value);
  }
  return options;
}

/** A negative limit is none. */
function least(declared: QueueOptions[keyof QueueOptions], value: unknown): unknown {
  if (typeof declared !== 'number' || typeof value !== 'number') return value;
  return declared < 0 || value < 0 ? Math.max(declared, value) : Math.min(declared, value);
}

/** True when the queue has to look at its length. */
export function isLimited({ lengthMax, bytesMax }: QueueOptions): boolean {
  return lengthMax !== null || bytesMax !== null;
}

/** How long a message lives in the queue; -1: for ever. */
export function timeToLiveMs({ messageTtlMs }: QueueOptions, message: Message): number {
  if (messageTtlMs === null) return message.expirationMs;
  return message.expirationMs < 0 ? messageTtlMs : Math.min(messageTtlMs, message.expirationMs);
}
