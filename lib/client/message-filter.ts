/** Which messages of a queue are looked for; it stands in the address of the page. */
import * as z from 'zod/mini';
import { DEATH_REASONS, type DeathReason } from '../figures/death-reason.ts';
import { urlChoice, urlText, useUrlState } from './url-state.ts';

export interface MessageFilter {
  /** Occurs in exchange, routing key, properties or body. */
  containing?: string;
  /** A pattern as of a topic binding. */
  key?: string;
  /** The name of a header, and its value; without one it need only be there. */
  header?: string;
  headerValue?: string;
  reason?: DeathReason;
}

const SCHEMA = z.object({
  containing: urlText,
  key: urlText,
  header: urlText,
  headerValue: urlText,
  reason: urlChoice(['', ...DEATH_REASONS], ''),
});

/** The filter, and a function that changes some of it; '' takes a part away. */
export function useMessageFilter(): [MessageFilter, (changes: { [part in keyof MessageFilter]: string }) => void] {
  const [state, change] = useUrlState(SCHEMA);
  const parts = Object.entries(state).filter(([, text]) => text !== '');
  return [Object.fromEntries(parts), (changes) => change(changes as Partial<typeof state>)];
}

export function isFiltered(filter: MessageFilter): boolean {
  return Object.keys(filter).length > 0;
}
