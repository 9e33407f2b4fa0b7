import type { AuditLog } from '../audit/audit-log.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Health } from '../health/health.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Desk as OperationsDesk } from '../operations/desk.ts';
import type { EventHub } from './event-hub.ts';

/** Who is signed in to the console: `lib/auth` knows. */
export type SessionBook = Pick<Sessions, 'list' | 'owner' | 'revoke'>;

/** What answering a request works with: more than operations do, for what is shown. */
export interface Desk extends OperationsDesk {
  metrics: Metrics;
  audit: Pick<AuditLog, 'add' | 'find'>;
  sessions: SessionBook;
  health: Health;
  events: EventHub;
  /** The port for Prometheus; null: there is none but the console's. */
  prometheusPort: number | null;
}
