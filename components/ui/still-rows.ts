/**
 * What a list shows while somebody is in it: rows keep their places and take new values, rows that left the list stay and
 * are marked, and new rows wait. New rows stand at the end only where fewer would be shown than there are.
 */
export interface StillRows<T> {
  /** What the rows answer: filter, sort, page. */
  question: string | null;
  rows: readonly T[];
  /** How many of `rows`, from the first on, stood here when the list began to hold still. */
  stillCount: number;
  /** Keys of rows that are shown and have left the list. */
  gone: ReadonlySet<string>;
  /** Rows of the list that were not there when it began to hold still, shown or not. */
  newCount: number;
  /** The list has been in another order since it began to hold still. */
  isReordered: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** The list as it is. `question` null: the rows do not answer it yet, so they will not be held. */
export function newestRows<T>(question: string | null, rows: readonly T[]): StillRows<T> {
  return { question, rows, stillCount: rows.length, gone: NONE, newCount: 0, isReordered: false };
}

/**
 * What is shown after `before`, now that the list is `newest`, while somebody is in it. Another question is answered at
 * once. Calling it again with its own result and the same list changes nothing. Keys must differ.
 */
export function stillRows<T>(
  before: StillRows<T>,
  question: string | null,
  newest: readonly T[],
  keyOf: (row: T) => string,
): StillRows<T> {
  if (question === null || question !== before.question) return newestRows(question, newest);
  const now = new Map(newest.map((row) => [keyOf(row), row]));
  const rows = before.rows.map((row) => now.get(keyOf(row)) ?? row);
  const shown = new Set(rows.map(keyOf));
  const waiting = newest.filter((row) => !shown.has(keyOf(row)));
  rows.push(...waiting.slice(0, Math.max(0, newest.length - rows.length)));
  const gone = new Set([...shown].filter((key) => !now.has(key)));
  const first = rows.slice(0, before.stillCount).map(keyOf);
  const stayed = first.filter((key) => now.has(key));
  const stayedKeys = new Set(stayed);
  const order = newest.map(keyOf).filter((key) => stayedKeys.has(key));
  return {
    question,
    rows,
    stillCount: before.stillCount,
    gone,
    newCount: newest.length - stayed.length,
    isReordered: before.isReordered || order.some((key, i) => key !== stayed[i]),
  };
}

/** Rows that are shown and still in the list: what a choice of all rows means. */
export function presentRows<T>({ rows, gone }: StillRows<T>, keyOf: (row: T) => string): T[] {
  return rows.filter((row) => !gone.has(keyOf(row)));
}
