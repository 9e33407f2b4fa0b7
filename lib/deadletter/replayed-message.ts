import type { MessageProperties, PeekedMessage } from '../engine/messages.ts';
import type { TypedTable } from '../fields/typed-field.ts';
import { isDeathHeader, REPLAY_HEADERS } from './headers.ts';
import type { KnownOrigin } from './origin.ts';

/** The name that stands for "answer on this channel"; the channel is gone when a message comes back from the dead. */
const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to';
const OURS = new Set<string>(Object.values(REPLAY_HEADERS));

export interface ReplayContext {
  /** The queue that holds the message now. */
  source: string;
  atMs: number;
  /** Who replays: a user-id that is not theirs would be a lie in their name, and is kept as a header instead. */
  user: string;
}

export interface ReplayedProperties {
  properties: MessageProperties;
  /** The headers of a replay are among the properties. */
  headed: boolean;
}

type Replayable = Pick<PeekedMessage, 'properties' | 'replays' | 'replayHeaded'>;

/**
 * The properties that a message goes back with. Whatever is not named here stays as it is, type and order included. A
 * program's own header with a name of ours stays too: then none of ours is added.
 */
export function replayedProperties(
  message: Replayable,
  origin: KnownOrigin,
  context: ReplayContext,
): ReplayedProperties {
  const { userId, replyTo, headers = [], ...kept } = message.properties;
  const properties: MessageProperties = { ...kept };
  if (replyTo !== undefined && replyTo !== DIRECT_REPLY_TO) properties.replyTo = replyTo;
  const table = headers.filter(({ name }) => !isDeathHeader(name) && !(message.replayHeaded && isReplaced(name)));
  const headed = message.replayHeaded || !table.some(({ name }) => OURS.has(name));
  if (headed) table.push(...replayHeaders(message.replays + 1, origin, context));
  if (userId !== undefined) {
    if (userId === context.user || !headed) properties.userId = userId;
    else table.push({ name: REPLAY_HEADERS.originalUserId, field: { type: 'S', value: userId } });
  }
  if (table.length > 0 || message.properties.headers !== undefined) properties.headers = table;
  return { properties, headed };
}

function replayHeaders(count: number, origin: KnownOrigin, { atMs, source }: ReplayContext): TypedTable {
  const original = origin.recorded ?? origin;
  return [
    { name: REPLAY_HEADERS.count, field: { type: 'I', value: count } },
    { name: REPLAY_HEADERS.at, field: { type: 'T', value: String(Math.floor(atMs / 1000)) } },
    { name: REPLAY_HEADERS.from, field: { type: 'S', value: source } },
    { name: REPLAY_HEADERS.originalQueue, field: { type: 'S', value: original.queue } },
    { name: REPLAY_HEADERS.originalExchange, field: { type: 'S', value: original.exchange } },
    { name: REPLAY_HEADERS.originalRoutingKey, field: { type: 'S', value: original.routingKey } },
  ];
}

/** Whether each replay sets a header anew; the user of the first replay is worth keeping through all of them. */
function isReplaced(name: string): boolean {
  return OURS.has(name) && name !== REPLAY_HEADERS.originalUserId;
}
