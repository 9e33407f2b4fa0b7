import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ask } from './api.ts';
import { CONSOLE_API } from './paths.ts';

export type { AuditRow } from '../console/audit.ts';

/** Undefined: all. */
export interface AuditSearch {
  user: string | undefined;
  /** A noun, such as `queue`. */
  action: string | undefined;
  vhost: string | undefined;
  object: string | undefined;
  outcome: 'ok' | 'failed' | undefined;
  /** ISO 8601. */
  from: string | undefined;
}

/** What acts are about, by the noun that begins their names. */
export const ABOUT = {
  all: 'Everything',
  queue: 'Queues',
  exchange: 'Exchanges',
  binding: 'Bindings',
  message: 'Messages',
  'dead-letter': 'Dead letters',
  policy: 'Policies',
  user: 'Users',
  permission: 'Permissions',
  vhost: 'Virtual hosts',
  connection: 'Connections',
  definitions: 'Definitions',
  session: 'Sign-ins',
};

export const SPANS = {
  all: 'All that is kept',
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  month: 'Last 30 days',
};
const SPAN_MS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 };
/** Times are rounded to this, so that a span that ends now is the same question for a while. */
const STEP_MS = 60_000;

/** The search as the page of the audit has it; '' and 'all' ask for all. */
export function auditSearch(
  page: {
    text: string;
    user: string;
    about: keyof typeof ABOUT;
    since: keyof typeof SPANS;
    outcome: 'all' | 'ok' | 'failed';
  },
  vhost: string | undefined,
): AuditSearch {
  const { text, user, about, since, outcome } = page;
  const nowMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  return {
    user: user || undefined,
    action: about === 'all' ? undefined : about,
    vhost,
    object: text || undefined,
    outcome: outcome === 'all' ? undefined : outcome,
    from: since === 'all' ? undefined : new Date(nowMs - SPAN_MS[since]).toISOString(),
  };
}

export function auditQuery(search: AuditSearch, beforeId: number | undefined) {
  return queryOptions({
    queryKey: ['audit', search, beforeId ?? null] as const,
    queryFn: ({ signal }) => ask('/audit', { ...search, beforeId }, signal),
    placeholderData: keepPreviousData,
  });
}

/** One entry, whichever page of the list it is on. */
export function auditEntryQuery(id: string) {
  return queryOptions({
    queryKey: ['audit-entry', id] as const,
    queryFn: ({ signal }) => ask('/audit/entry', { id }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Where a browser gets all that matches as a file. */
export function auditExportUrl(search: AuditSearch, format: 'csv' | 'jsonl'): string {
  const parameters = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(search)) if (value !== undefined) parameters.set(name, value);
  return `${CONSOLE_API}/audit/export?${parameters}`;
}
