import type { AuditLog } from '../../../lib/audit/audit-log.ts';
import type { AuditEntry } from '../../../lib/audit/entry.ts';
import { RefusedSignIns } from '../../../lib/audit/refused-sign-ins.ts';
import { SignInAttempts } from '../../../lib/auth/sign-in-attempts.ts';
import { SignIns } from '../../../lib/auth/sign-ins.ts';
import { EventHub } from '../../../lib/console/event-hub.ts';
import type { Identity } from '../../../lib/engine/actor.ts';
import type { Engine } from '../../../lib/engine/port.ts';
import type { RabbitFacts } from '../../../lib/engine/rabbit-facts.ts';
import { Health } from '../../../lib/health/health.ts';
import { SampledLists } from '../../../lib/lists/sampled-lists.ts';
import type { ManagementDesk } from '../../../lib/management/desk.ts';
import { Metrics } from '../../../lib/metrics/metrics.ts';

/** A desk over as much of an engine as a test needs; what is not given may not be called. */
export function deskInMemory(engine: Partial<Engine & RabbitFacts> = {}): {
  desk: ManagementDesk;
  entries: AuditEntry[];
} {
  const entries: AuditEntry[] = [];
  const whole = {
    identity: async (user: string) => identityOf(user),
    subscribe: silent,
    watch: silent,
    ...engine,
  } as Engine & RabbitFacts;
  const metrics = new Metrics();
  const audit: Pick<AuditLog, 'add' | 'amend' | 'find'> = {
    add: async (entry) => entries.push(entry),
    amend: async (id, to) => void Object.assign(entries[id - 1] as AuditEntry, to),
    find: async (_filter, limit) =>
      entries
        .map((entry, i) => ({ before: null, after: null, ...entry, id: i + 1 }))
        .toReversed()
        .slice(0, limit),
  };
  const desk: ManagementDesk = {
    prometheusPort: null,
    engine: { ...whole, lists: new SampledLists(whole, metrics) },
    facts: whole,
    metrics,
    events: new EventHub(whole, metrics),
    audit,
    signIns: new SignIns(new SignInAttempts(), new RefusedSignIns(audit, () => {})),
    sessions: { list: async () => [], owner: async () => null, revoke: async () => {} },
    health: new Health(metrics),
  };
  return { desk, entries };
}

const silent = () => () => {};

export function identityOf(user: string): Identity | null {
  if (user === 'nobody') return null;
  return { user, tags: user === 'app' ? [] : ['management'], vhosts: ['/'] };
}
