/** The types of exchange: what each does with a message, in a sentence, and which arguments it has, for form and facts. */
import type { TypedTable } from './fields.ts';
import { type ArgumentSpec, type ArgumentTexts, type BuiltArguments, buildArgument } from './queue-arguments.ts';

export interface ExchangeArgument extends Omit<ArgumentSpec, 'types' | 'group'> {
  /** The argument cannot be left out. */
  required?: true;
}

interface ExchangeTypeSpec {
  type: string;
  meaning: string;
  arguments?: readonly ExchangeArgument[];
}

export const EXCHANGE_TYPES: readonly ExchangeTypeSpec[] = [
  { type: 'direct', meaning: 'To the queues bound with exactly the routing key of the message.' },
  { type: 'fanout', meaning: 'To every bound queue; the routing key does not matter.' },
  { type: 'topic', meaning: 'By pattern: words between dots, where * stands for one word and # for any number.' },
  { type: 'headers', meaning: 'By headers: a binding names the headers that must match (x-match all or any).' },
  {
    type: 'x-delayed-message',
    meaning:
      'Keeps a message for as many milliseconds as its header x-delay says, then routes it as another type does.',
    arguments: [
      {
        name: 'x-delayed-type',
        label: 'Routes as',
        help: 'How messages are routed when they are due, and at once when they have no delay.',
        kind: 'choice',
        required: true,
        choices: ['direct', 'fanout', 'topic', 'headers'].map((type) => ({ value: type, label: type })),
      },
    ],
  },
  {
    type: 'x-message-deduplication',
    meaning: 'To every bound queue, unless a message with the same x-deduplication-header came before.',
    arguments: [
      {
        name: 'x-cache-size',
        label: 'Remembered (messages)',
        help: 'How many of the latest x-deduplication-header are remembered.',
        kind: 'count',
        required: true,
        min: 1,
      },
      {
        name: 'x-cache-ttl',
        label: 'Remembered for (ms)',
        help: 'After this time the same may come again. A message can say its own in the header x-cache-ttl.',
        kind: 'milliseconds',
        min: 1,
      },
      {
        name: 'x-cache-persistence',
        label: 'Remembered where',
        help: 'Whether a restart of the broker forgets what came before.',
        kind: 'choice',
        choices: [
          { value: '', label: 'In memory (the default): a restart forgets' },
          { value: 'memory', label: 'memory: a restart forgets' },
          { value: 'disk', label: 'disk: survives a restart' },
        ],
      },
    ],
  },
  {
    type: 'x-consistent-hash',
    meaning: 'To one queue, by the hash of the routing key; the binding key is the weight of the queue, such as 1.',
    arguments: [
      {
        name: 'hash-header',
        label: 'Hash a header',
        help: 'The name of a header to hash instead of the routing key.',
        kind: 'text',
      },
      {
        name: 'hash-property',
        label: 'Hash a property',
        help: 'A property to hash instead. Not together with a header.',
        kind: 'choice',
        choices: [
          { value: '', label: 'None' },
          { value: 'message_id', label: 'message_id' },
          { value: 'correlation_id', label: 'correlation_id' },
          { value: 'timestamp', label: 'timestamp' },
        ],
      },
    ],
  },
  {
    type: 'x-modulus-hash',
    meaning: 'To one queue, by the hash of the routing key modulo the number of bindings.',
  },
  { type: 'x-random', meaning: 'To one of the bindings, by chance; the routing key does not matter.' },
  { type: 'x-local-random', meaning: 'To one classic queue, by chance; bindings have no key.' },
  {
    type: 'x-recent-history',
    meaning: 'To every bound queue, and the latest messages once more to each new binding.',
    arguments: [
      {
        name: 'x-recent-history-length',
        label: 'Kept (messages)',
        help: 'Without it 20. Of a durable exchange the persistent ones survive a restart. The header x-recent-history-no-store (true) keeps a message out.',
        kind: 'count',
        min: 1,
      },
    ],
  },
];

export function exchangeTypeMeaning(type: string): string | undefined {
  return EXCHANGE_TYPES.find((entry) => entry.type === type)?.meaning;
}

export function exchangeArguments(type: string): readonly ExchangeArgument[] {
  return EXCHANGE_TYPES.find((entry) => entry.type === type)?.arguments ?? [];
}

/** What a required choice stands at when nobody has chosen. */
function shownText({ required, choices }: ExchangeArgument, text: string | undefined): string {
  return text ?? (required ? choices?.[0]?.value : undefined) ?? '';
}

/** The table to declare an exchange of that type with; and what is wrong, by argument name. */
export function buildExchangeArguments(type: string, texts: ArgumentTexts): BuiltArguments {
  const table: TypedTable = [];
  const problems: Record<string, string> = {};
  for (const spec of exchangeArguments(type)) {
    const text = shownText(spec, texts[spec.name]);
    if (text === '') {
      if (spec.required) problems[spec.name] = 'It needs this.';
      continue;
    }
    const built = buildArgument(spec, text);
    if ('problem' in built) problems[spec.name] = built.problem;
    else table.push({ name: spec.name, field: built.field });
  }
  const isSet = (name: string) => table.some((entry) => entry.name === name);
  if (isSet('hash-header') && isSet('hash-property'))
    problems['hash-property'] = 'Either a header or a property, not both.';
  return { table, problems };
}
