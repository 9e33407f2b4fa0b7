import type { AuditLog } from '../audit/audit-log.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { SignIns } from '../auth/sign-ins.ts';
import type { Engine } from '../engine/port.ts';
import type { RabbitFacts } from '../engine/rabbit-facts.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** What operations work with. */
export interface Desk {
  engine: Engine;
  audit: Pick<AuditLog, 'add'>;
  metrics: Pick<Metrics, 'reset'>;
  sessions: Pick<Sessions, 'owner' | 'revoke'>;
  signIns: Pick<SignIns, 'signIn'>;
}

/** What operations work with that only RabbitMQ's own API has. */
export interface RabbitDesk extends Desk {
  facts: Pick<RabbitFacts, 'fetch' | 'resetLogins'>;
}
