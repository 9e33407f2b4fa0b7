import type { AuditLog } from '../audit/audit-log.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { SignIns } from '../auth/sign-ins.ts';
import type { Engine } from '../engine/port.ts';
import type { Health } from '../health/health.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { EventHub } from './event-hub.ts';

/** Who is signed in to the console: `lib/auth` knows. */
export type SessionBook = Pick<Sessions, 'list' | 'owner' | 'revoke'>;

/** What answering a request works with. */
export interface Desk {
  engine: Engine;
  metrics: Metrics;
  audit: Pick<AuditLog, 'add' | 'find'>;
  sessions: SessionBook;
  signIns: Pick<SignIns, 'signIn'>;
  health: Health;
  events: EventHub;
  /** The port for Prometheus; null: there is none but the console's. */
  prometheusPort: number | null;
}
