/** What holds for a queue: what it was declared with and what policies say, each where it counts. */
import { type FieldTable, findField } from '../amqp/field-table.ts';
import type { AppliedPolicy } from './policy-book.ts';
import type { QueueType } from './policy-keys.ts';
import type { JsonValue } from './ports.ts';
import type { QueueOptions } from './queue-arguments.ts';

/** Which of the two counts when both are there. */
type Precedence = 'argument' | 'policy' | 'least';

interface Setting {
  key: string;
  option: keyof QueueOptions;
  precedence: Precedence;
}

const CLASSIC: readonly Setting[] = [
  { key: 'message-ttl', option: 'messageTtlMs', precedence: 'least' },
  { key: 'expires', option: 'expiresMs', precedence: 'least' },
  { key: 'max-length', option: 'lengthMax', precedence: 'least' },
  { key: 'max-length-bytes', option: 'bytesMax', precedence: 'least' },
  { key: 'overflow', option: 'overflow', precedence: 'argument' },
  { key: 'dead-letter-exchange', option: 'deadLetterExchange', precedence: 'argument' },
  { key: 'dead-letter-routing-key', option: 'deadLetterRoutingKey', precedence: 'argument' },
];

/** What a policy sets, by the type of the queue. */
const SETTINGS: Record<QueueType, readonly Setting[]> = {
  classic: CLASSIC,
  quorum: CLASSIC.map((setting) => (setting.key === 'overflow' ? { ...setting, precedence: 'policy' } : setting)),
  stream: CLASSIC.filter(({ key }) => key === 'max-length-bytes'),
};

/** The type that the arguments name; they always name one in a queue that exists. */
export function queueTypeOf(args: FieldTable): QueueType {
  const field = findField(args, 'x-queue-type');
  const type = field?.type === 'S' ? field.value.toString() : 'classic';
  return type === 'quorum' || type === 'stream' ? type : 'classic';
}

/** The options in effect; `declared` are those that the arguments ask for. */
export function effectiveOptions(args: FieldTable, declared: QueueOptions, policy: AppliedPolicy | null): QueueOptions {
  const options = { ...declared };
  if (policy === null) return options;
  const into = options as Record<keyof QueueOptions, unknown>;
  for (const { key, option, precedence } of SETTINGS[queueTypeOf(args)]) {
    const value = policy.definition[key];
    if (value === undefined) continue;
    const isDeclared = findField(args, `x-${key}`) !== undefined;
    if (!isDeclared || precedence === 'policy') into[option] = value;
    else if (precedence === 'least') into[option] = least(declared[option], value);
  }
  return options;
}

function least(declared: QueueOptions[keyof QueueOptions], value: JsonValue): unknown {
  return typeof declared === 'number' && typeof value === 'number' ? Math.min(declared, value) : value;
}
