/** Rows of figures: what is measured of an object, and behind it what is counted of it, each in the catalogue's order. */

/** What is measured of an object, by the figures' names. */
export type Gauges<T, N extends string> = Readonly<Record<N, (object: T) => number>>;

/** Writes a row from `at` on, and returns where it ends. */
export type WriteRow<T> = (object: T, into: Float64Array, at: number) => number;

/**
 * `writeCounters`: a loop over counters, which are made of `zeros` and so have the order of the catalogue. Each table has
 * one of its own: one loop for all would see objects of many shapes, and take several times as long.
 */
export function rowWriter<T, N extends string>(
  gauges: Gauges<T, N>,
  names: readonly N[],
  writeCounters: WriteRow<T>,
): WriteRow<T> {
  const reads = names.map((name) => gauges[name]);
  return (object, into, from) => {
    let at = from;
    for (let i = 0; i < reads.length; i++) into[at++] = (reads[i] as (object: T) => number)(object);
    return writeCounters(object, into, at);
  };
}

/** Where a table has no counters, or none in one place. */
export const noCounters = (_object: unknown, _into: Float64Array, at: number): number => at;
