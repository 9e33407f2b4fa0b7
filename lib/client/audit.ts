import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ask } from './api.ts';

export type { AuditRow } from '../console/audit.ts';

/** The filter as the page's URL has it; undefined: all. */
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

export function auditQuery(search: AuditSearch, beforeId: number | undefined) {
  return queryOptions({
    queryKey: ['audit', search, beforeId ?? null] as const,
    queryFn: ({ signal }) => ask('/audit', { ...search, beforeId }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Where a browser gets all that matches as a file. */
export function auditExportUrl(search: AuditSearch, format: 'csv' | 'jsonl'): string {
  const parameters = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(search)) if (value !== undefined) parameters.set(name, value);
  return `/console-api/audit/export?${parameters}`;
}
