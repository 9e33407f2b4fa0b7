export interface Line {
  key: string;
  label: string;
  /** A CSS colour. */
  color: string;
  /** SVG dash pattern: lines must differ by more than colour. */
  dash?: string;
}

export interface Columns {
  atMs: readonly number[];
  values: Readonly<Record<string, readonly number[]>>;
}

export type Point = { atMs: number } & Record<string, number>;

/** At most `max` points, each the mean of its bucket. Buckets hang on the clock, so that they do not shimmer as time moves on. */
export function thinned(
  { atMs, values }: Columns,
  keys: readonly string[],
  fromMs: number,
  toMs: number,
  max: number,
): Point[] {
  const stepMs = Math.max(1000, Math.ceil((toMs - fromMs) / max / 1000) * 1000);
  const points: Point[] = [];
  let bucket = Number.NaN;
  let size = 0;
  for (let i = 0; i < atMs.length; i++) {
    const time = atMs[i] as number;
    if (time < fromMs) continue;
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
