/** Rows of figures: what is measured of an object, and behind it what is counted of it, each in the catalogue's order. */

/** What is measured of an object, by the figures' names. */
export type Gauges<T, N extends string> = Readonly<Record<N, (object: T) => number>>;

/** Writes a row from `at` on, and returns where it ends. */
export type WriteRow<T> = (object: T, into: Float64Array, at: number) => number;

/** `countersOf`: made of `zeros`, which have the order of the catalogue. */
export function rowWriter<T, N extends string>(
  gauges: Gauges<T, N>,
  names: readonly N[],
  countersOf: (object: T) => Readonly<Record<string, number>>,
): WriteRow<T> {
  const reads = names.map((name) => gauges[name]);
  return (object, into, from) => {
    let at = from;
    for (let i = 0; i < reads.length; i++) into[at++] = (reads[i] as (object: T) => number)(object);
    const counters = countersOf(object);
    // All of one shape: a name at a time would cost five times as much with thousands of queues.
    for (const name in counters) into[at++] = counters[name] as number;
    return at;
  };
}
