import * as z from 'zod';
import type { Hint } from '../deadletter/hints.ts';
import { MoveTargets } from '../deadletter/move-targets.ts';
import { type Origin, resolveOrigin, type Source, sentence } from '../deadletter/origin.ts';
import { REPLAY_COUNT_MAX, targetNames, targetRefusal } from '../deadletter/plan.ts';
import { type ReplayResult, replay } from '../deadletter/replay.ts';
import { planReplay, type ReplayPlan } from '../deadletter/replay-plan.ts';
import { replayedProperties } from '../deadletter/replayed-message.ts';
import { asSentence } from '../deadletter/sentence.ts';
import type { Actor } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type { ListPage } from '../engine/lists.ts';
import type { MessageProperties, PeekedMessage, PeekPage } from '../engine/messages.ts';
import type { Desk } from './desk.ts';
import { objectName, queryInteger, vhostName } from './fields.ts';
import { filterFrom, filterInput } from './message-filter.ts';
import { SHOWN_BODY_BYTES_MAX } from './messages.ts';
import { type QueueRow, queueListInput, queuePage, queueRow } from './queues.ts';
import { type Route, route } from './route.ts';
import { scopeOf, sightOf } from './sight.ts';

/** Queues where dead letters have come, or may come by today's topology. */
export interface DeadLetterQueuePage extends ListPage<QueueRow> {
  /** Ready messages in those queues with dead letters that nobody consumes, whatever the list is filtered by. */
  waiting: number;
}

export interface DeadLetterOrigin {
  /** The queue that a replay would lead to; null: a target is needed, and `why` says what is missing. */
  queue: string | null;
  exchange: string | null;
  routingKey: string | null;
  why: string;
  firstDeathQueue: string | null;
  /** What the message's headers say, where nothing is recorded. */
  hint: Hint | null;
}

export interface DeadLetter extends PeekedMessage {
  origin: DeadLetterOrigin;
  /** The message has come back so often that it goes only when forced. */
  guarded: boolean;
}

export interface DeadLetterPage extends Omit<PeekPage, 'messages'> {
  messages: DeadLetter[];
}

/** One message in full, and with what properties it would go back; null when it needs a target. */
export interface DeadLetterDetail extends DeadLetter {
  replayed: MessageProperties | null;
}

const queueFields = { vhost: vhostName, queue: objectName };
const SELECTION_MAX = 10_000;
const replayInput = z
  .strictObject({
    ...queueFields,
    /** Absent: all messages that are there when the replay begins. */
    positions: z.array(z.string().max(64)).min(1).max(SELECTION_MAX).optional(),
    /** Of all messages, only those that match. */
    filter: z.strictObject(filterInput).optional(),
    target: objectName.optional(),
    targetFor: z.enum(['all', 'needing']).default('all'),
    force: z.boolean().default(false),
    pushOut: z.boolean().default(false),
  })
  .refine(({ positions, filter }) => positions === undefined || filter === undefined, 'either positions or a filter')
  .transform(({ filter, ...rest }) => ({
    ...rest,
    filter: filter === undefined ? undefined : filterFrom(filter).filter,
  }));

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
    input: z.object(queueFields),
    allow: 'console',
    async run(desk, actor, { vhost, queue }, { identity }): Promise<QueueRow> {
      await scopeOf(desk, sightOf(identity), vhost);
      const [found] = await desk.engine.lists.queuesNamed(actor, [{ vhost, name: queue }]);
      if (found === undefined) throw new EngineError('NOT_FOUND', `no queue '${queue}' in vhost '${vhost}'`);
      return queueRow(desk, found);
    },
  }),
  route({
    method: 'GET',
    path: '/dead-letters/messages',
    input: z.object({
      ...queueFields,
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
      const source = { vhost: request.vhost, queue: request.queue };
      const targets = await targetsOf(desk, actor, source, page.messages);
      return { ...page, messages: page.messages.map((message) => deadLetter(message, source, targets)) };
    },
    reads: ({ vhost, queue }) => ({ action: 'message.list', vhost, object: queue }),
  }),
  route({
    method: 'GET',
    path: '/dead-letters/message',
    input: z.object({ ...queueFields, position: z.string().min(1) }),
    allow: 'console',
    async run(desk, actor, { vhost, queue, position }): Promise<DeadLetterDetail> {
      const request = { vhost, queue, from: position, limit: 1, bodyBytesMax: SHOWN_BODY_BYTES_MAX };
      const message = (await desk.engine.peek(actor, request)).messages[0];
      if (message?.position !== position)
        throw new EngineError(
          'NOT_FOUND',
          `the message is no longer ready in queue '${queue}': it was replayed, delivered, or has expired`,
        );
      const source = { vhost, queue };
      const targets = await targetsOf(desk, actor, source, [message]);
      const origin = resolveOrigin(message, source);
      const shown = deadLetter(message, source, targets);
      const context = { source: queue, atMs: Date.now(), user: actor.user };
      const goes = origin.kind === 'known' && shown.origin.queue !== null;
      return { ...shown, replayed: goes ? replayedProperties(message, origin, context).properties : null };
    },
    reads: ({ vhost, queue, position }) => ({
      action: 'message.read',
      vhost,
      object: queue,
      detail: `at position ${position}`,
    }),
  }),
  route({
    // A question, but a selection does not fit a query: it changes nothing.
    method: 'POST',
    path: '/dead-letters/plan',
    input: replayInput,
    allow: 'console',
    run: (desk, actor, input): Promise<ReplayPlan> => planReplay(desk.engine, actor, input),
    reads: ({ vhost, queue }) => ({ action: 'message.list', vhost, object: queue }),
  }),
  route({
    method: 'POST',
    path: '/dead-letters/replay',
    input: replayInput,
    allow: 'console',
    run: (desk, actor, input): Promise<ReplayResult> => replay(desk.engine, actor, input),
    audit: ({ vhost, queue, positions, filter, target, targetFor, force, pushOut }, output) => ({
      action: 'dead-letter.replay',
      vhost,
      object: queue,
      detail: [
        positions === undefined ? 'all' : `${positions.length} selected`,
        filter === undefined ? '' : `for which holds ${JSON.stringify(filter)}`,
        target === undefined ? '' : `to '${target}'${targetFor === 'needing' ? ' what needs a target' : ''}`,
        force ? 'forced' : '',
        pushOut ? 'pushing out the oldest of full queues' : '',
        output === undefined ? '' : replayOutcome(output),
      ]
        .filter((part) => part !== '')
        .join(', '),
    }),
  }),
];

function replayOutcome({ moved, movedTo, skipped, stopped }: ReplayResult): string {
  const skippedCount = skipped.reduce((sum, { count }) => sum + count, 0);
  const counts = movedTo.map(({ queue, count }) => `${count} to '${queue}'`).join(', ');
  return [
    `${moved} moved${moved === 0 ? '' : ` (${counts})`}`,
    skippedCount === 0 ? '' : `${skippedCount} skipped`,
    stopped === null ? '' : `stopped: ${stopped}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

async function targetsOf(
  desk: Desk,
  actor: Actor,
  source: Source,
  messages: readonly PeekedMessage[],
): Promise<MoveTargets> {
  const targets = new MoveTargets(desk.engine, actor, source);
  await targets.check(targetNames(messages, {}));
  return targets;
}

function deadLetter(message: PeekedMessage, source: Source, targets: MoveTargets): DeadLetter {
  return {
    ...message,
    origin: shownOrigin(resolveOrigin(message, source), targets),
    guarded: message.replays >= REPLAY_COUNT_MAX,
  };
}

function shownOrigin(origin: Origin, targets: MoveTargets): DeadLetterOrigin {
  const none = { queue: null, exchange: null, routingKey: null, firstDeathQueue: null };
  if (origin.kind === 'needs-target') return { ...none, why: origin.reason, hint: origin.hint };
  const { queue, exchange, routingKey, firstDeathQueue } = origin;
  const why = asSentence(sentence(origin.evidence));
  const refusal = targetRefusal(queue, targets.find(queue));
  return refusal === null
    ? { queue, exchange, routingKey, why, firstDeathQueue, hint: null }
    : { ...none, why: `${why} ${refusal}`, hint: null };
}
