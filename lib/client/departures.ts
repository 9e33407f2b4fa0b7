/**
 * What this page is deleting: its own page goes on asking for it until the browser has left, and each question would be
 * refused. While a key is here the last answer stands in for a new one.
 */
import type { QueryClient, QueryFunctionContext } from '@tanstack/react-query';

/** Long enough for the page to be gone, short enough to declare the object anew and look. */
const GONE_MS = 3_000;

const leaving = new Set<string>();

const textOf = (key: readonly unknown[]): string => JSON.stringify(key);

/** Asks, unless the thing is being deleted. */
export function unlessLeaving<T>(ask: (signal: AbortSignal) => Promise<T>) {
  return ({ client, queryKey, signal }: QueryFunctionContext): Promise<T> => {
    const last = client.getQueryData<T>(queryKey);
    return leaving.has(textOf(queryKey)) && last !== undefined ? Promise.resolve(last) : ask(signal);
  };
}

/** Call before the deletion is asked for: takes back the question that is under way. */
export function leave(client: QueryClient, key: readonly unknown[]): Promise<void> {
  leaving.add(textOf(key));
  return client.cancelQueries({ queryKey: key });
}

/** The deletion was refused: the object stays. */
export function stay(key: readonly unknown[]): void {
  leaving.delete(textOf(key));
}

/** The object is deleted. */
export function left(client: QueryClient, key: readonly unknown[]): void {
  setTimeout(() => {
    stay(key);
    client.removeQueries({ queryKey: key, type: 'inactive' });
  }, GONE_MS);
}
