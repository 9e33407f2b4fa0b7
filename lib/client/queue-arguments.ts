/** The arguments a queue can be declared with, and what each does: one table for the form, the badges and the facts. */

import { isIntegerType } from '../amqp/field-type.ts';
import { fieldText, parseInteger, type TypedField, type TypedTable } from './fields.ts';
import { formatBytes, formatCount, formatMilliseconds } from './formats.ts';

/** Ten years: the broker's own bound of x-message-ttl, x-expires and of the property expiration. */
export const TTL_MS_MAX = 315_360_000_000;

export type QueueType = 'classic' | 'quorum' | 'stream';

/** What each type is for, in words of the person who chooses. */
export const QUEUE_TYPES: readonly { type: QueueType; label: string; help: string }[] = [
  { type: 'classic', label: 'Classic', help: 'For work that is done once: a message goes when it is acknowledged.' },
  {
    type: 'quorum',
    label: 'Quorum',
    help: 'For work that must not get lost: every message is on disk, and one that comes back too often dies.',
  },
  {
    type: 'stream',
    label: 'Stream',
    help: 'For what many read: messages stay, and every consumer reads from where it likes.',
  },
];

export interface ArgumentSpec {
  name: string;
  /** Absent: classic and quorum. */
  types?: readonly QueueType[];
  label: string;
  /** What the argument does, in words of the person who sets it. */
  help: string;
  kind: 'milliseconds' | 'count' | 'bytes' | 'interval' | 'text' | 'exchange' | 'choice' | 'flag';
  choices?: readonly { value: string; label: string; types?: readonly QueueType[] }[];
  min?: number;
  max?: number;
  group: 'lifetime' | 'length' | 'dead-letters' | 'delivery';
}

const QUEUE_ARGUMENTS: readonly ArgumentSpec[] = [
  {
    name: 'x-message-ttl',
    label: 'Message TTL (ms)',
    help: 'A message that is not delivered within this time expires: it is dead-lettered, or dropped.',
    kind: 'milliseconds',
    min: 0,
    max: TTL_MS_MAX,
    group: 'lifetime',
  },
  {
    name: 'x-expires',
    label: 'Queue expires (ms)',
    help: 'The queue deletes itself after this time without consumers, gets and declares, whatever is in it.',
    kind: 'milliseconds',
    min: 1,
    max: TTL_MS_MAX,
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
    help: 'At most so many bytes of ready message bodies; a stream gives up its oldest segments.',
    types: ['classic', 'quorum', 'stream'],
    kind: 'bytes',
    min: 0,
    group: 'length',
  },
  {
    name: 'x-max-age',
    label: 'Max age',
    help: 'Older segments are given up: a number and Y, M, D, h, m or s, such as 7D or 12h.',
    types: ['stream'],
    kind: 'interval',
    group: 'length',
  },
  {
    name: 'x-stream-max-segment-size-bytes',
    label: 'Segment size (bytes)',
    help: 'Messages are given up in pieces of this size. Without it, and at most, 8 MiB.',
    types: ['stream'],
    kind: 'bytes',
    min: 4096,
    max: 3_000_000_000,
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
      {
        value: 'reject-publish-dlx',
        label: 'reject-publish-dlx: refuse and dead-letter the new one',
        types: ['classic'],
      },
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
    name: 'x-dead-letter-strategy',
    label: 'Dead-letter strategy',
    help: 'Whether a dead letter stays here until its new queue has it. That needs overflow reject-publish.',
    types: ['quorum'],
    kind: 'choice',
    choices: [
      { value: '', label: 'At most once (the default)' },
      { value: 'at-most-once', label: 'at-most-once: one that finds no queue is lost' },
      { value: 'at-least-once', label: 'at-least-once: kept here until it has arrived' },
    ],
    group: 'dead-letters',
  },
  {
    name: 'x-delivery-limit',
    label: 'Delivery limit',
    help: 'A message that comes back more often than this dies. Without it 20; -1 for no limit.',
    types: ['quorum'],
    kind: 'count',
    min: -1,
    group: 'delivery',
  },
  {
    name: 'x-max-priority',
    label: 'Max priority',
    help: 'Messages with a higher priority are delivered first. 1 to 10 is enough; each level costs memory.',
    types: ['classic'],
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
  {
    name: 'x-message-deduplication',
    label: 'Drop duplicates',
    help: 'A message with the x-deduplication-header of one that is still in the queue, ready or unacked, is dropped.',
    types: ['classic'],
    kind: 'flag',
    group: 'delivery',
  },
];

/** The arguments that queues of a type have, with the choices that they have there. */
export function argumentsOf(type: QueueType): readonly ArgumentSpec[] {
  return QUEUE_ARGUMENTS.filter((spec) => (spec.types ?? ['classic', 'quorum']).includes(type)).map((spec) =>
    spec.choices ? { ...spec, choices: spec.choices.filter((choice) => choice.types?.includes(type) ?? true) } : spec,
  );
}

const byName = new Map(QUEUE_ARGUMENTS.map((spec) => [spec.name, spec]));

/** An argument's value as a person reads it, with its meaning where it is a number of something. */
export function argumentText(name: string, field: TypedField): string {
  const text = fieldText(field);
  if (!isIntegerType(field.type)) return text;
  const value = Number(field.value);
  const digits = formatCount(BigInt(field.value as string | number));
  switch (byName.get(name)?.kind) {
    case 'milliseconds':
      return value >= 1000 ? `${digits} ms (${formatMilliseconds(value)})` : `${text} ms`;
    case 'bytes':
      return value >= 1024 ? `${digits} (${formatBytes(value)})` : text;
    case 'count':
      return digits;
    default:
      return text;
  }
}

/** What is filled in, by argument name. An empty text is an argument that is not given. */
export type ArgumentTexts = Readonly<Record<string, string | undefined>>;

export interface BuiltArguments {
  table: TypedTable;
  problems: Record<string, string>;
}

/**
 * The table to declare with, in the order of the form; and what is wrong, by argument name. What was filled in for
 * another type is left out.
 */
export function buildArguments(texts: ArgumentTexts, type: QueueType = 'classic'): BuiltArguments {
  const table: TypedTable = type === 'classic' ? [] : [{ name: 'x-queue-type', field: { type: 'S', value: type } }];
  const problems: Record<string, string> = {};
  for (const spec of argumentsOf(type)) {
    const text = texts[spec.name] ?? '';
    if (text === '' || (spec.choices && !spec.choices.some(({ value }) => value === text))) continue;
    const built = buildArgument(spec, text);
    if ('problem' in built) problems[spec.name] = built.problem;
    else table.push({ name: spec.name, field: built.field });
  }
  const isSet = (name: string) => table.some((entry) => entry.name === name);
  if (isSet('x-dead-letter-routing-key') && !isSet('x-dead-letter-exchange'))
    problems['x-dead-letter-routing-key'] = 'A key needs a dead-letter exchange.';
  if (isSet('x-overflow') && !isSet('x-max-length') && !isSet('x-max-length-bytes'))
    problems['x-overflow'] = 'Without a max length the queue is never full.';
  if (
    texts['x-dead-letter-strategy'] === 'at-least-once' &&
    texts['x-overflow'] !== 'reject-publish' &&
    type === 'quorum'
  )
    problems['x-dead-letter-strategy'] = 'Only with overflow reject-publish.';
  return { table, problems };
}

/** The field that a filled-in text stands for, or what is wrong with it. */
export function buildArgument(
  spec: Pick<ArgumentSpec, 'kind' | 'min' | 'max'>,
  text: string,
): { field: TypedField } | { problem: string } {
  if (spec.kind === 'flag') return { field: { type: 't', value: text === 'true' } };
  if (spec.kind === 'text' || spec.kind === 'exchange' || spec.kind === 'choice')
    // The default exchange has no name, but an empty text means "not given": its page label stands for it.
    return { field: { type: 'S', value: text === DEFAULT_EXCHANGE_CHOICE ? '' : text } };
  if (spec.kind === 'interval') {
    const interval = text.trim();
    if (!/^\d{1,9}[YMDhms]$/.test(interval)) return { problem: 'Write a number and Y, M, D, h, m or s.' };
    return { field: { type: 'S', value: interval } };
  }
  const parsed = parseInteger('l', text);
  if ('problem' in parsed) return parsed;
  const value = BigInt(parsed.field.value as string);
  if (spec.min !== undefined && value < spec.min) return { problem: `At least ${formatCount(spec.min)}.` };
  if (spec.max !== undefined && value > spec.max) return { problem: `At most ${formatCount(spec.max)}.` };
  return parsed;
}

/** How the default exchange is written where an empty text means that nothing was chosen. */
export const DEFAULT_EXCHANGE_CHOICE = '(default exchange)';
