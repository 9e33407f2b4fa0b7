import * as z from 'zod';
import { replayCount } from '../deadletter/headers.ts';
import { type Origin, resolveOrigin, sentence } from '../deadletter/origin.ts';
import { REPLAY_COUNT_MAX } from '../deadletter/plan.ts';
import { type ReplayResult, replay } from '../deadletter/replay.ts';
import { replayedProperties } from '../deadletter/replayed-message.ts';
import { EngineError } from '../engine/errors.ts';
import type { ListPage } from '../engine/lists.ts';
import type { Actor, MessageProperties, PeekedMessage, PeekPage } from '../engine/port.ts';
import type { Desk } from './desk.ts';
import { objectName, queryInteger, vhostName } from './fields.ts';
import { filterFrom, filterInput } from './message-filter.ts';
import { SHOWN_BODY_BYTES_MAX } from './messages.ts';
import { type QueueRow, queueListInput, queuePage, queueRow } from './queues.ts';
import { type Route, route } from './route.ts';
import { scopeOf, sightOf } from './sight.ts';

/** Queues where dead letters have come, or may come by today's topology. */
export interface DeadLetterQueuePage extends ListPage<QueueRow> {
  /** Ready messages in those of them that nobody consumes, whatever the list is filtered by. */
  waiting: number;
}

export interface DeadLetterOrigin {
  /** Null: it needs a target, and `why` says what is missing. */
  queue: string | null;
  exchange: string | null;
  routingKey: string | null;
  why: string;
  firstDeathQueue: string | null;
}

export interface DeadLetter extends PeekedMessage {
  origin: DeadLetterOrigin;
  replayCount: number;
  /** It has come back so often that it goes only when forced. */
  guarded: boolean;
}

export interface DeadLetterPage extends Omit<PeekPage, 'messages'> {
  messages: DeadLetter[];
}

/** One message in full, and with what properties it would go back; null when it needs a target. */
export interface DeadLetterDetail extends DeadLetter {
  replayed: MessageProperties | null;
}

const place = { vhost: vhostName, queue: objectName };
const SELECTION_MAX = 10_000;

export const deadLetterRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/dead-letters/queues',
    input: z.object(queueListInput),
    allow: 'console',
    async run(desk, actor, { order, ...question }, { identity }): Promise<DeadLetterQueuePage> {
      const sight = sightOf(identity);
      const { deadLetters } = desk.health.report(await scopeOf(desk, sight, question.vhost), sight.seesAll);
      const descending = order === 'descending';
      return {
        ...(await queuePage(desk, actor, { ...question, descending, state: 'dead-letters' })),
        waiting: deadLetters,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/dead-letters/queue',
    input: z.object(place),
    allow: 'console',
    async run(desk, actor, { vhost, queue }, { identity }): Promise<QueueRow> {
      await scopeOf(desk, sightOf(identity), vhost);
      const [found] = await desk.lists.queuesNamed(actor, [{ vhost, name: queue }]);
      if (found === undefined) throw new EngineError('NOT_FOUND', `no queue '${queue}' in vhost '${vhost}'`);
      return queueRow(desk, found);
    },
  }),
  route({
    method: 'GET',
    path: '/dead-letters/messages',
    input: z.object({
      ...place,
      from: z.string().optional(),
      limit: queryInteger(1, 500, 50),
      bodyBytesMax: queryInteger(0, 4096, 256),
      ...filterInput,
    }),
    allow: 'console',
    async run(desk, actor, input): Promise<DeadLetterPage> {
      const { filter, rest } = filterFrom(input);
      const { from, ...request } = rest;
      const page = await desk.engine.peek(actor, {
        ...request,
        ...(from === undefined ? {} : { from }),
        ...(filter === undefined ? {} : { filter }),
      });
      const exists = await queuesIn(desk, actor, request.vhost);
      return { ...page, messages: page.messages.map((message) => deadLetter(message, request.queue, exists)) };
    },
    reads: ({ vhost, queue }) => ({ action: 'message.list', vhost, object: queue }),
  }),
  route({
    method: 'GET',
    path: '/dead-letters/message',
    input: z.object({ ...place, position: z.string().min(1) }),
    allow: 'console',
    async run(desk, actor, { vhost, queue, position }): Promise<DeadLetterDetail> {
      const request = { vhost, queue, from: position, limit: 1, bodyBytesMax: SHOWN_BODY_BYTES_MAX };
      const message = (await desk.engine.peek(actor, request)).messages[0];
      if (message?.position !== position)
        throw new EngineError(
          'NOT_FOUND',
          `the message is no longer ready in queue '${queue}': it was replayed, delivered, or has expired`,
        );
      const exists = await queuesIn(desk, actor, vhost);
      const origin = resolveOrigin(message, queue, exists);
      const context = { source: queue, atMs: Date.now(), user: actor.user };
      return {
        ...deadLetter(message, queue, exists),
        replayed: origin.kind === 'known' ? replayedProperties(message.properties, origin, context) : null,
      };
    },
    reads: ({ vhost, queue, position }) => ({
      action: 'message.read',
      vhost,
      object: queue,
      detail: `at position ${position}`,
    }),
  }),
  route({
    method: 'POST',
    path: '/dead-letters/replay',
    input: z.strictObject({
      ...place,
      /** Absent: all that are there when it begins. */
      positions: z.array(z.string()).min(1).max(SELECTION_MAX).optional(),
      target: objectName.optional(),
      force: z.boolean().default(false),
    }),
    allow: 'console',
    run: (desk, actor, input): Promise<ReplayResult> => replay(desk.engine, actor, input),
    audit: ({ vhost, queue, positions, target, force }, output) => ({
      action: 'dead-letter.replay',
      vhost,
      object: queue,
      detail: [
        positions === undefined ? 'all' : `${positions.length} selected`,
        target === undefined ? '' : `to '${target}'`,
        force ? 'forced' : '',
        output === undefined ? '' : replayOutcome(output),
      ]
        .filter((part) => part !== '')
        .join(', '),
    }),
  }),
];

function replayOutcome({ moved, skipped }: ReplayResult): string {
  const skippedCount = skipped.reduce((sum, { count }) => sum + count, 0);
  return `${moved} moved${skippedCount === 0 ? '' : `, ${skippedCount} skipped`}`;
}

async function queuesIn(desk: Desk, actor: Actor, vhost: string): Promise<(queue: string) => boolean> {
  const names = new Set((await desk.engine.listQueueKeys(actor, null, vhost)).flatMap((group) => group.names));
  return (queue) => names.has(queue);
}

function deadLetter(message: PeekedMessage, queue: string, exists: (queue: string) => boolean): DeadLetter {
  const count = replayCount(message.properties.headers);
  return {
    ...message,
    origin: shownOrigin(resolveOrigin(message, queue, exists)),
    replayCount: count,
    guarded: count >= REPLAY_COUNT_MAX,
  };
}

function shownOrigin(origin: Origin): DeadLetterOrigin {
  if (origin.kind === 'needs-target')
    return { queue: null, exchange: null, routingKey: null, why: origin.reason, firstDeathQueue: null };
  const why = sentence(origin.evidence);
  return {
    queue: origin.queue,
    exchange: origin.exchange,
    routingKey: origin.routingKey,
    why: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    firstDeathQueue: origin.firstDeathQueue,
  };
}
