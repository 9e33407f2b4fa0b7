import type { MessageProperties, TypedTable } from '../engine/port.ts';
import { isDeathHeader, REPLAY_HEADERS, replayCount } from './headers.ts';
import type { Origin } from './origin.ts';

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

/** The properties that a message goes back with. Whatever is not named here stays as it is, type and order included. */
export function replayedProperties(
  properties: MessageProperties,
  origin: Extract<Origin, { kind: 'known' }>,
  context: ReplayContext,
): MessageProperties {
  const { userId, replyTo, headers, ...kept } = properties;
  const result: MessageProperties = { ...kept };
  if (replyTo !== undefined && replyTo !== DIRECT_REPLY_TO) result.replyTo = replyTo;
  const keepsUser = userId !== undefined && userId === context.user;
  if (keepsUser) result.userId = userId;
  const table: TypedTable = (headers ?? []).filter(({ name }) => !isDeathHeader(name) && !isReplaced(name));
  table.push(
    { name: REPLAY_HEADERS.count, field: { type: 'I', value: replayCount(headers) + 1 } },
    { name: REPLAY_HEADERS.at, field: { type: 'T', value: String(Math.floor(context.atMs / 1000)) } },
    { name: REPLAY_HEADERS.from, field: { type: 'S', value: context.source } },
    { name: REPLAY_HEADERS.originalQueue, field: { type: 'S', value: origin.queue } },
    { name: REPLAY_HEADERS.originalExchange, field: { type: 'S', value: origin.exchange } },
    { name: REPLAY_HEADERS.originalRoutingKey, field: { type: 'S', value: origin.routingKey } },
  );
  if (userId !== undefined && !keepsUser)
    table.push({ name: REPLAY_HEADERS.originalUserId, field: { type: 'S', value: userId } });
  result.headers = table;
  return result;
}

/** Set anew by each replay; the user of the first one is worth keeping through all of them. */
function isReplaced(name: string): boolean {
  return OURS.has(name) && name !== REPLAY_HEADERS.originalUserId;
}
