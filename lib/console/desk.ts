import type { Sessions } from '../auth/sessions.ts';
import type { AuditEntry, AuditFilter, KeptAuditEntry } from '../db/audit.ts';
import type { Lists } from '../engine/lists.ts';
import type { Engine } from '../engine/port.ts';
import type { Health } from '../health/health.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { EventHub } from './event-hub.ts';

/** Where acts are kept: `lib/db` writes them. */
export interface AuditLog {
  add(entry: AuditEntry): Promise<void>;
  /** Newest first, older than `beforeId` where it is given. */
  find(filter: AuditFilter, limit: number, beforeId?: number): Promise<KeptAuditEntry[]>;
}

/** Who is signed in to the console: `lib/auth` knows. */
export type SessionBook = Pick<Sessions, 'list' | 'owner' | 'revoke'>;

/** What answering a request works with. */
export interface Desk {
  engine: Engine;
  metrics: Metrics;
  audit: AuditLog;
  sessions: SessionBook;
  lists: Lists;
  health: Health;
  events: EventHub;
  /** Of Prometheus; null: it has none of its own. */
  prometheusPort: number | null;
}
