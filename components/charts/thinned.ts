export interface Line {
  key: string;
  label: string;
  /** A CSS colour. */
  color: string;
  /** SVG dash pattern: lines must differ by more than colour. */
  dash?: string;
}

export interface Columns {
  /** Between two points. */
  stepMs: number;
  atMs: readonly number[];
  values: Readonly<Record<string, readonly number[]>>;
}

export type Point = { atMs: number } & Record<string, number>;

/**
 * At most `max` points, each the mean of its bucket, and behind them the newest one as it is: a bucket that is not full
 * yet is no point. Buckets hang on the clock, so that they do not shimmer as time moves on. What is newer than `newest`
 * is left out.
 */
export function thinned(
  columns: Columns,
  keys: readonly string[],
  newest: Point,
  spanMs: number,
  max: number,
): Point[] {
  const { stepMs: columnMs } = columns;
  const stepMs = Math.max(columnMs, Math.ceil(spanMs / max / columnMs) * columnMs);
  const fromMs = newest.atMs - spanMs;
  const last = Math.floor(newest.atMs / stepMs);
  const whole = means(columns, keys, stepMs, (atMs) => atMs >= fromMs && Math.floor(atMs / stepMs) < last);
  return [...whole, newest];
}

/** The newest point that columns have; undefined when they have none. */
export function newestOf({ atMs, values }: Columns, keys: readonly string[]): Point | undefined {
  const time = atMs.at(-1);
  if (time === undefined) return undefined;
  return Object.assign({ atMs: time }, Object.fromEntries(keys.map((key) => [key, values[key]?.at(-1) ?? 0])));
}

function means(
  { atMs, values }: Columns,
  keys: readonly string[],
  stepMs: number,
  isWanted: (atMs: number) => boolean,
): Point[] {
  const points: Point[] = [];
  let bucket = Number.NaN;
  let size = 0;
  for (let i = 0; i < atMs.length; i++) {
    const time = atMs[i] as number;
    if (!isWanted(time)) continue;
    const mine = Math.floor(time / stepMs);
    if (mine !== bucket) {
      bucket = mine;
      size = 0;
      points.push({ atMs: time });
    }
    const point = points.at(-1) as Point;
    size++;
    for (const key of keys) {
      const value = values[key]?.[i] ?? 0;
      point[key] = size === 1 ? value : (point[key] as number) + (value - (point[key] as number)) / size;
    }
    point.atMs = time;
  }
  return points;
}
