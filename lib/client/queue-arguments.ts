/** The arguments a queue can be declared with, and what each does: one table for the form, the badges and the facts. */

import { fieldText, type TypedField, type TypedTable } from './fields.ts';
import { formatBytes, formatCount, formatMilliseconds } from './formats.ts';

export interface ArgumentSpec {
  name: string;
  label: string;
  /** What happens when it is set, in words of the person who sets it. */
  help: string;
  kind: 'milliseconds' | 'count' | 'bytes' | 'text' | 'exchange' | 'choice' | 'flag';
  choices?: readonly { value: string; label: string }[];
  min?: number;
  max?: number;
  group: 'lifetime' | 'length' | 'dead-letters' | 'delivery';
}

export const QUEUE_ARGUMENTS: readonly ArgumentSpec[] = [
  {
    name: 'x-message-ttl',
    label: 'Message TTL (ms)',
    help: 'A message that is not delivered within this time expires: it is dead-lettered, or dropped.',
    kind: 'milliseconds',
    min: 0,
    max: 4_294_967_295,
    group: 'lifetime',
  },
  {
    name: 'x-expires',
    label: 'Queue expires (ms)',
    help: 'The queue deletes itself after this time without consumers, gets and declares, whatever is in it.',
    kind: 'milliseconds',
    min: 1,
    max: 4_294_967_295,
    group: 'lifetime',
  },
  {
    name: 'x-max-length',
    label: 'Max length (messages)',
    help: 'At most so many ready messages. What happens beyond is told by overflow.',
    kind: 'count',
    min: 0,
    group: 'length',
  },
  {
    name: 'x-max-length-bytes',
    label: 'Max length (bytes)',
    help: 'At most so many bytes of ready message bodies.',
    kind: 'bytes',
    min: 0,
    group: 'length',
  },
  {
    name: 'x-overflow',
    label: 'Overflow',
    help: 'What a full queue does with one message too many.',
    kind: 'choice',
    choices: [
      { value: '', label: 'Drop the oldest (drop-head, the default)' },
      { value: 'drop-head', label: 'drop-head: drop or dead-letter the oldest' },
      { value: 'reject-publish', label: 'reject-publish: refuse the new one' },
      { value: 'reject-publish-dlx', label: 'reject-publish-dlx: refuse and dead-letter the new one' },
    ],
    group: 'length',
  },
  {
    name: 'x-dead-letter-exchange',
    label: 'Dead-letter exchange',
    help: 'Rejected, expired and pushed-out messages are published here. Without it they are dropped.',
    kind: 'exchange',
    group: 'dead-letters',
  },
  {
    name: 'x-dead-letter-routing-key',
    label: 'Dead-letter routing key',
    help: 'The key they are published with; without it each keeps its own.',
    kind: 'text',
    group: 'dead-letters',
  },
  {
    name: 'x-max-priority',
    label: 'Max priority',
    help: 'Messages with a higher priority are delivered first. 1 to 10 is enough; each level costs memory.',
    kind: 'count',
    min: 0,
    max: 255,
    group: 'delivery',
  },
  {
    name: 'x-single-active-consumer',
    label: 'Single active consumer',
    help: 'One consumer at a time gets messages, so that their order holds; another takes over when it goes.',
    kind: 'flag',
    group: 'delivery',
  },
];

const byName = new Map(QUEUE_ARGUMENTS.map((spec) => [spec.name, spec]));

/** An argument's value as a person reads it, with its meaning where it is a number of something. */
export function argumentText(name: string, field: TypedField): string {
  const value = Number(field.value);
  const text = fieldText(field);
  switch (Number.isFinite(value) ? byName.get(name)?.kind : undefined) {
    case 'milliseconds':
      return value >= 1000 ? `${formatCount(value)} ms (${formatMilliseconds(value)})` : `${text} ms`;
    case 'bytes':
      return value >= 1024 ? `${formatCount(value)} (${formatBytes(value)})` : text;
    case 'count':
      return formatCount(value);
    default:
      return text;
  }
}

/** What is filled in, by argument name. An empty text is an argument that is not given. */
export type ArgumentTexts = Readonly<Record<string, string>>;

export interface BuiltArguments {
  table: TypedTable;
  problems: Record<string, string>;
}

/** The table to declare with, in the order of the form; and what is wrong, by argument name. */
export function buildArguments(texts: ArgumentTexts): BuiltArguments {
  const table: TypedTable = [];
  const problems: Record<string, string> = {};
  for (const spec of QUEUE_ARGUMENTS) {
    const text = texts[spec.name] ?? '';
    if (text === '') continue;
    const built = buildArgument(spec, text);
    if ('problem' in built) problems[spec.name] = built.problem;
    else table.push({ name: spec.name, field: built.field });
  }
  const given = (name: string) => table.some((entry) => entry.name === name);
  if (given('x-dead-letter-routing-key') && !given('x-dead-letter-exchange'))
    problems['x-dead-letter-routing-key'] = 'A key needs a dead-letter exchange.';
  if (given('x-overflow') && !given('x-max-length') && !given('x-max-length-bytes'))
    problems['x-overflow'] = 'Without a max length the queue is never full.';
  return { table, problems };
}

function buildArgument(spec: ArgumentSpec, text: string): { field: TypedField } | { problem: string } {
  if (spec.kind === 'flag') return { field: { type: 't', value: text === 'true' } };
  if (spec.kind === 'text' || spec.kind === 'exchange' || spec.kind === 'choice')
    // The default exchange has no name, but an empty text means "not given": its page label stands for it.
    return { field: { type: 'S', value: text === DEFAULT_EXCHANGE_CHOICE ? '' : text } };
  const value = Number(text.trim());
  if (!/^\d{1,15}$/.test(text.trim())) return { problem: 'Write a whole number.' };
  if (spec.min !== undefined && value < spec.min) return { problem: `At least ${formatCount(spec.min)}.` };
  if (spec.max !== undefined && value > spec.max) return { problem: `At most ${formatCount(spec.max)}.` };
  return { field: { type: 'l', value: String(value) } };
}

/** How the default exchange is written where an empty text means that nothing was chosen. */
export const DEFAULT_EXCHANGE_CHOICE = '(default exchange)';
