import * as z from 'zod';
import type { Hint } from '../deadletter/hints.ts';
import { MoveTargets } from '../deadletter/move-targets.ts';
import { type Origin, resolveOrigin, type Source, sentence } from '../deadletter/origin.ts';
import { REPLAY_COUNT_MAX, targetNames, targetRefusal } from '../deadletter/plan.ts';
import { planReplay, type ReplayPlan } from '../deadletter/replay-plan.ts';
import { replayedProperties } from '../deadletter/replayed-message.ts';
import { asSentence } from '../deadletter/sentence.ts';
import type { Actor } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type { ListPage } from '../engine/lists.ts';
import type { MessageProperties, PeekedMessage, PeekPage } from '../engine/messages.ts';
import { replayDeadLetters, replayInput } from '../operations/dead-letters.ts';
import { objectName, vhostName } from '../operations/fields.ts';
import { filterFrom, filterInput } from '../operations/message-filter.ts';
import { listMessages, readMessage } from '../operations/reads.ts';
import type { Desk } from './desk.ts';
import { queryInteger } from './fields.ts';
import { SHOWN_BODY_BYTES_MAX } from './messages.ts';
import { type QueueRow, queueListInput, queuePage, queueRow } from './queues.ts';
import { acting, type Routes, route } from './route.ts';
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

export const deadLetterRoutes = {
  'GET /dead-letters/queues': route({
    input: z.object(queueListInput),
    async run(desk, actor, { order, ...question }, { identity }): Promise<DeadLetterQueuePage> {
      const sight = sightOf(identity);
      const { deadLetters } = desk.health.report(await scopeOf(desk, actor, sight, question.vhost), sight.seesAll);
      const descending = order === 'descending';
      return {
        ...(await queuePage(desk, actor, { ...question, descending, state: 'dead-letters' })),
        waiting: deadLetters,
      };
    },
  }),
  'GET /dead-letters/queue': route({
    input: z.object(queueFields),
    async run(desk, actor, { vhost, queue }, { identity }): Promise<QueueRow> {
      await scopeOf(desk, actor, sightOf(identity), vhost);
      const [found] = await desk.engine.lists.queuesNamed(actor, [{ vhost, name: queue }]);
      if (found === undefined) throw new EngineError('NOT_FOUND', `no queue '${queue}' in vhost '${vhost}'`);
      return queueRow(desk, found);
    },
  }),
  'GET /dead-letters/messages': route({
    input: z.object({
      ...queueFields,
      from: z.string().optional(),
      limit: queryInteger(1, 500, 50),
      bodyBytesMax: queryInteger(0, 4096, 256),
      ...filterInput,
    }),
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
    read: listMessages,
  }),
  'GET /dead-letters/message': route({
    input: z.object({ ...queueFields, position: z.string().min(1) }),
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
    read: readMessage,
  }),
  // A question, but a selection does not fit a query: it changes nothing.
  'POST /dead-letters/plan': route({
    input: replayInput,
    run: (desk, actor, input): Promise<ReplayPlan> => planReplay(desk.engine, actor, input),
    read: listMessages,
  }),
  'POST /dead-letters/replay': acting(replayDeadLetters),
} satisfies Routes;

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
