/** Which messages of a queue are looked for; it stands in the address of the page. */
import { oneOf, useUrlState } from './url-state.ts';

export const DEATH_REASONS = ['rejected', 'expired', 'maxlen', 'delivery_limit'] as const;

export interface MessageFilter {
  /** Occurs in exchange, routing key, properties or body. */
  containing?: string;
  /** A pattern as of a topic binding. */
  key?: string;
  /** The name of a header, and its value; without one it need only be there. */
  header?: string;
  headerValue?: string;
  reason?: (typeof DEATH_REASONS)[number];
}

/** The filter, and a function that changes some of it; '' takes a part away. */
export function useMessageFilter(): [MessageFilter, (changes: { [part in keyof MessageFilter]: string }) => void] {
  const [search, change] = useUrlState();
  const filter: Record<string, string> = {};
  for (const part of ['containing', 'key', 'header', 'headerValue'] as const) {
    const text = search.get(part) ?? '';
    if (text !== '') filter[part] = text;
  }
  const reason = oneOf(search.get('reason'), ['', ...DEATH_REASONS], '');
  return [{ ...filter, ...(reason === '' ? {} : { reason }) }, change];
}

export function isFiltered(filter: MessageFilter): boolean {
  return Object.keys(filter).length > 0;
}
