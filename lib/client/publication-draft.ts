/** A message while it is written: texts of a form, and what comes of them. */
import * as z from 'zod/mini';
import { INTEGER_RANGES } from '../amqp/field-type.ts';
import { isBase64 } from '../fields/typed-field.ts';
import { encodeText, jsonProblem } from './body.ts';
import { buildFields, type FieldDraft } from './field-drafts.ts';
import type { MessageProperties, Publication } from './messages.ts';
import { TTL_MS_MAX } from './queue-arguments.ts';
import { shortTextProblem } from './short-text.ts';

export const BODY_FORMS = ['json', 'text', 'base64'] as const;
export type BodyForm = (typeof BODY_FORMS)[number];

/** Properties that are plain texts in the form. */
export const TEXT_PROPERTIES = [
  { key: 'correlationId', label: 'correlation-id', help: 'Ties an answer to its question.' },
  { key: 'replyTo', label: 'reply-to', help: 'Queue for the answer.' },
  { key: 'messageId', label: 'message-id', help: 'Consumers tell duplicates by it.' },
  { key: 'type', label: 'type', help: 'What the message is, for the application.' },
  { key: 'appId', label: 'app-id', help: 'Which program sent it.' },
  { key: 'userId', label: 'user-id', help: 'Must be the name you are signed in with.' },
  { key: 'contentEncoding', label: 'content-encoding', help: 'As gzip.' },
  { key: 'clusterId', label: 'cluster-id', help: 'Not used by the broker.' },
] as const;
type TextProperty = (typeof TEXT_PROPERTIES)[number]['key'];

/** What the fields hold, right or wrong; `buildPublication` says what is wrong. */
export const publicationDraft = z.object({
  vhost: z.string(),
  to: z.enum(['exchange', 'queue']),
  exchange: z.string(),
  queue: z.string(),
  routingKey: z.string(),
  bodyForm: z.enum(BODY_FORMS),
  body: z.string(),
  contentType: z.string(),
  persistent: z.boolean(),
  priority: z.string(),
  expiration: z.string(),
  timestamp: z.string(),
  texts: z.partialRecord(z.enum(TEXT_PROPERTIES.map(({ key }) => key)), z.string()),
  headers: z.array(z.custom<FieldDraft>()),
  repeat: z.string(),
});
export type PublicationDraft = z.output<typeof publicationDraft>;

export const REPEAT_MAX = 100;

/** The fields of short text: an address, or a property by its name. */
const SHORT = ['exchange', 'routingKey', 'queue', 'contentType'] as const;
type ProblemField = (typeof SHORT)[number] | TextProperty | 'body' | 'priority' | 'expiration' | 'timestamp' | 'repeat';

export interface BuiltPublication {
  publication: Publication;
  repeat: number;
  problems: Partial<Record<ProblemField, string>>;
  headerProblems: Record<number, string>;
  flawed: boolean;
}

export function buildPublication(draft: PublicationDraft): BuiltPublication {
  const problems: BuiltPublication['problems'] = {};
  const whole = (
    name: 'priority' | 'expiration' | 'timestamp' | 'repeat',
    max: number | bigint,
    min = 0,
  ): bigint | undefined => {
    const text = draft[name].trim();
    if (text === '') return undefined;
    const value = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
    if (value >= min && value <= max) return value;
    problems[name] = `Write a whole number from ${min} to ${max.toLocaleString('en')}.`;
    return undefined;
  };
  const priority = whole('priority', INTEGER_RANGES.B.max);
  const expiration = whole('expiration', TTL_MS_MAX);
  const timestamp = whole('timestamp', INTEGER_RANGES.T.max);
  const repeat = Number(whole('repeat', REPEAT_MAX, 1) ?? 1);
  const headers = buildFields(draft.headers);
  const properties: MessageProperties = {
    ...(draft.contentType === '' ? {} : { contentType: draft.contentType }),
    deliveryMode: draft.persistent ? 2 : 1,
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    ...(expiration === undefined ? {} : { expiration: String(expiration) }),
    ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
    ...Object.fromEntries(Object.entries(draft.texts).filter(([, text]) => text !== '')),
    ...(headers.table.length === 0 ? {} : { headers: headers.table }),
  };
  const body = encodeBody(draft, problems);
  const shorts = [
    ...SHORT.map((name) => [name, draft[name]] as const),
    ...TEXT_PROPERTIES.map(({ key }) => [key, draft.texts[key] ?? ''] as const),
  ];
  for (const [name, text] of shorts.filter(([name]) => isAsked(draft, name))) {
    const problem = shortTextProblem(text);
    if (problem !== undefined) problems[name] = problem;
  }
  if (draft.to === 'queue' && draft.queue === '') problems.queue = 'Choose a queue.';
  const address =
    draft.to === 'queue'
      ? { exchange: '', routingKey: draft.queue }
      : { exchange: draft.exchange, routingKey: draft.routingKey };
  return {
    publication: { vhost: draft.vhost, ...address, properties, body },
    repeat,
    problems,
    headerProblems: headers.problems,
    flawed: Object.keys(problems).length > 0 || Object.keys(headers.problems).length > 0,
  };
}

/** False of the address that the other choice would need. */
function isAsked({ to }: PublicationDraft, name: ProblemField): boolean {
  if (name === 'queue') return to === 'queue';
  return to === 'exchange' || (name !== 'exchange' && name !== 'routingKey');
}

function encodeBody(draft: PublicationDraft, problems: BuiltPublication['problems']): string {
  if (draft.bodyForm === 'base64') {
    const base64 = draft.body.replace(/\s/g, '');
    if (isBase64(base64)) return base64;
    problems.body = 'This is not base64.';
    return '';
  }
  const problem = draft.bodyForm === 'json' ? jsonProblem(draft.body) : null;
  if (problem !== null) problems.body = problem;
  return encodeText(draft.body);
}
