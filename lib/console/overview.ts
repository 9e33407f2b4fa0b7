import * as z from 'zod';
import type { AuditEntry } from '../audit/entry.ts';
import type { Actor } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type { NodeNow, OrphanedMessages } from '../engine/node.ts';
import type { Problem } from '../health/problems.ts';
import type { History } from '../metrics/history.ts';
import { shortString } from '../operations/fields.ts';
import { READS } from '../operations/reads.ts';
import type { Desk } from './desk.ts';
import { noQuery, queryInteger } from './fields.ts';
import { type Figures, figuresOf, type NodeFigures, nodeFiguresOf } from './figures.ts';
import { type QueueRow, queueRow } from './queues.ts';
import { type Routes, route } from './route.ts';
import { type Sight, scopeOf, sightOf } from './sight.ts';

/** What everybody may know of the broker. */
export interface BrokerFacts
  extends Pick<NodeNow, 'node' | 'version' | 'compatibleWith' | 'clusterName' | 'startedAtMs'> {
  /** Null: the port is for those who may enter a vhost. */
  amqpPort: number | null;
}

/** All figures are of one moment, and of what the user may see, or of one vhost of it. */
export interface OverviewPage {
  broker: BrokerFacts;
  figures: Figures;
  /** Null: the node's figures are for those who watch the whole broker. */
  node: NodeFigures | null;
  /** Messages that were set aside, for who watches the node; null: there are none, or they are not for this user. */
  orphaned: OrphanedMessages | null;
  problems: Problem[];
  /** Ready messages in queues that hold dead letters. */
  deadLetters: number;
  /** Queues with the most messages. */
  largest: QueueRow[];
}

/** An entry of the audit as the overview shows it. */
export interface ActivityRow {
  atMs: number;
  user: string;
  action: string;
  vhost: string | null;
  object: string | null;
  detail: string;
  /** 'ok', or the code of the refusal. */
  outcome: string;
}

export const overviewRoutes = {
  'GET /overview': route({
    input: z.object({ vhost: shortString.optional() }),
    run: (desk, actor, { vhost }, context) => readOverview(desk, actor, sightOf(context.identity), vhost),
  }),
  'GET /vhosts': route({
    input: noQuery,
    run: async (desk, actor) => ({ names: await desk.engine.listVhosts(actor) }),
  }),
  'GET /activity': route({
    input: z.object({ limit: queryInteger(1, 200, 20) }),
    async run(desk, _actor, { limit }, context): Promise<{ acts: ActivityRow[] }> {
      const { user, seesAll, isAdministrator, vhosts } = sightOf(context.identity);
      const visible = { vhosts: seesAll ? null : [...vhosts], outside: isAdministrator ? null : user };
      return { acts: (await desk.audit.find({ without: READS, visible }, limit)).map(activityRow) };
    },
  }),
  'GET /history': route({
    input: z.object({
      scope: z.enum(['totals', 'queue', 'exchange']),
      /** Left out: totals are of all that the user may see. */
      vhost: shortString.optional(),
      name: shortString.default(''),
      spanMs: queryInteger(1_000, 86_400_000, 600_000),
      /** Only points newer than this: a page asks for what it does not have yet. */
      afterMs: queryInteger(0, Number.MAX_SAFE_INTEGER, 0),
    }),
    async run(desk, actor, { scope, vhost, name, spanMs, afterMs }, context): Promise<History> {
      if (scope !== 'totals' && vhost === undefined) throw new EngineError('INVALID_REQUEST', 'vhost: must be given');
      // The history knows no permissions.
      const of = await scopeOf(desk, actor, sightOf(context.identity), vhost);
      const found = desk.metrics.history(
        scope === 'totals' ? { scope, of } : { scope, vhost: vhost as string, name },
        spanMs,
        afterMs,
      );
      return found ?? { stepMs: 1000, atMs: [], values: {} };
    },
  }),
} satisfies Routes;

async function readOverview(desk: Desk, actor: Actor, sight: Sight, vhost: string | undefined): Promise<OverviewPage> {
  const { metrics } = desk;
  const scope = await scopeOf(desk, actor, sight, vhost);
  const node = metrics.latest()?.node;
  if (node === undefined) throw new EngineError('UNAVAILABLE', 'the broker has not told any figures yet');
  const { problems, deadLetters, largest } = desk.health.report(scope, sight.seesAll);
  const rows = await desk.engine.lists.queuesNamed(actor, largest);
  return {
    broker: brokerFacts(node, sight),
    figures: figuresOf(metrics, sight, scope),
    node: nodeFiguresOf(metrics, sight),
    orphaned: sight.seesAll ? node.orphaned : null,
    problems,
    deadLetters,
    largest: rows.map((row) => queueRow(desk, row)),
  };
}

function brokerFacts(node: NodeNow, { seesAll, vhosts }: Sight): BrokerFacts {
  const { node: name, version, compatibleWith, clusterName, startedAtMs, amqpPort } = node;
  const mayConnect = seesAll || vhosts.size > 0;
  return {
    node: name,
    version,
    compatibleWith,
    clusterName,
    startedAtMs,
    amqpPort: mayConnect ? amqpPort : null,
  };
}

function activityRow({ at, user, action, vhost, object, detail, outcome }: AuditEntry): ActivityRow {
  return { atMs: at.getTime(), user, action, vhost, object, detail, outcome };
}
