import * as z from 'zod';
import type { AuditEntry } from '../audit/entry.ts';
import { EngineError } from '../engine/errors.ts';
import type { Actor, Identity, OrphanedMessages, Overview } from '../engine/port.ts';
import type { TotalsRates } from '../metrics/metrics.ts';
import type { History } from '../metrics/series.ts';
import type { Desk } from './desk.ts';
import { noInput, queryInteger, shortString } from './fields.ts';
import { findProblems, type Problem } from './problems.ts';
import { type QueueRow, queueRow } from './queues.ts';
import { type Route, route } from './route.ts';

const MINUTE_MS = 60_000;
const LARGEST_MAX = 6;
/** Who looked changed nothing; that is for the audit's own page. */
const READS = ['message.list', 'message.read', 'audit.export'];

export interface OverviewPage {
  /** Where data is kept is for who watches the node. */
  overview: Omit<Overview, 'dataDir' | 'orphaned'>;
  /** Messages that were set aside, for who watches the node; null: there are none, or they are not for this user. */
  orphaned: OrphanedMessages | null;
  rates: TotalsRates | null;
  problems: Problem[];
  /** Ready messages in queues that hold dead letters. */
  deadLetters: number;
  /** Queues with the most messages. */
  largest: QueueRow[];
}

/** Something that somebody did through the console. */
export interface Act {
  atMs: number;
  user: string;
  action: string;
  vhost: string | null;
  object: string | null;
  detail: string;
  /** 'ok', or the code of the refusal. */
  outcome: string;
}

export const overviewRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/overview',
    input: z.object({ vhost: shortString.optional() }),
    allow: 'console',
    run: (desk, actor, { vhost }, { identity }) => readOverview(desk, actor, identity, vhost),
  }),
  route({
    method: 'GET',
    path: '/vhosts',
    input: noInput,
    allow: 'console',
    run: async (desk, actor) => ({ names: await desk.engine.listVhosts(actor) }),
  }),
  route({
    method: 'GET',
    path: '/activity',
    input: z.object({ limit: queryInteger(1, 200, 20) }),
    allow: 'console',
    async run(desk, _actor, { limit }, visit): Promise<{ acts: Act[] }> {
      const vhosts = visit.identity?.vhosts ?? [];
      const entries = await desk.audit.find({ without: READS }, limit);
      return { acts: entries.filter(({ vhost }) => vhost === null || vhosts.includes(vhost)).map(shownAct) };
    },
  }),
  route({
    method: 'GET',
    path: '/history',
    input: z.object({
      scope: z.enum(['totals', 'queue', 'exchange']),
      vhost: shortString.default(''),
      name: shortString.default(''),
      spanMs: queryInteger(1_000, 86_400_000, 600_000),
      /** Only points newer than this: a page asks for what it does not have yet. */
      afterMs: queryInteger(0, Number.MAX_SAFE_INTEGER, 0),
    }),
    allow: 'console',
    async run(desk, actor, { scope, vhost, name, spanMs, afterMs }): Promise<History> {
      // The history knows no permissions; who may not enter the vhost may not see its numbers.
      if (scope !== 'totals' && !(await desk.engine.listVhosts(actor)).includes(vhost))
        throw new EngineError('ACCESS_REFUSED', `access to vhost '${vhost}' refused for user '${actor.user}'`);
      const of = scope === 'totals' ? { scope } : { scope, vhost, name };
      return desk.metrics.history(of, spanMs, afterMs) ?? { stepMs: 1000, atMs: [], values: {} };
    },
  }),
];

async function readOverview(
  desk: Desk,
  actor: Actor,
  identity: Identity | null,
  vhost: string | undefined,
): Promise<OverviewPage> {
  const [overview, allQueues] = await Promise.all([desk.engine.overview(actor), desk.listings.queues(actor)]);
  const queues = allQueues.filter((queue) => vhost === undefined || queue.vhost === vhost);
  const { dataDir: _, orphaned, ...shown } = overview;
  const deadLetterQueues = await desk.deadLetterQueues.list(actor, queues);
  const dead = new Set(deadLetterQueues.map(({ info }) => info));
  const problems = findProblems({
    overview,
    queues,
    isDeadLetterQueue: (queue) => dead.has(queue),
    rates: (queue) => desk.metrics.queueRates(queue.vhost, queue.name),
    growth: (queue) => desk.metrics.growth(queue.vhost, queue.name, MINUTE_MS),
    unroutable: await unroutableExchanges(desk, actor, vhost),
  });
  return {
    overview: shown,
    orphaned: watchesNode(identity) ? orphaned : null,
    rates: desk.metrics.totalsRates(),
    problems,
    deadLetters: deadLetterQueues.reduce((sum, { info }) => sum + (info.consumers === 0 ? info.ready : 0), 0),
    largest: queues
      .filter((queue) => queue.ready + queue.unacked > 0)
      .sort((a, b) => b.ready + b.unacked - a.ready - a.unacked)
      .slice(0, LARGEST_MAX)
      .map((queue) => queueRow(desk, queue)),
  };
}

function watchesNode(identity: Identity | null): boolean {
  return identity?.tags.some((tag) => tag === 'administrator' || tag === 'monitoring') ?? false;
}

async function unroutableExchanges(desk: Desk, actor: Actor, vhost: string | undefined) {
  const exchanges = await desk.listings.exchanges(actor);
  return exchanges
    .filter((exchange) => exchange.counters.unroutable > 0 && (vhost === undefined || exchange.vhost === vhost))
    .map(({ vhost, name }) => ({ vhost, name, count: desk.metrics.unroutable(vhost, name, MINUTE_MS) }))
    .filter(({ count }) => count > 0);
}

function shownAct({ at, user, action, vhost, object, detail, outcome }: AuditEntry): Act {
  return { atMs: at.getTime(), user, action, vhost, object, detail, outcome };
}
