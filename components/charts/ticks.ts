/** The axis of values. */
export interface Scale {
  /** From zero to above the highest value. */
  ticks: (max: number) => number[];
  format: (tick: number) => string;
  /** Room for the longest of them. */
  widthPx: number;
}

/** Four or five round times between two moments. */
export function timeTicks(fromMs: number, toMs: number): number[] {
  const steps = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map((seconds) => seconds * 1000);
  const step = steps.find((candidate) => (toMs - fromMs) / candidate <= 6) ?? 4 * 3_600_000;
  const ticks: number[] = [];
  // A label at the very edge would stick out.
  const margin = (toMs - fromMs) / 25;
  for (let tick = Math.ceil((fromMs + margin) / step) * step; tick <= toMs - margin; tick += step) ticks.push(tick);
  return ticks;
}

/** Ticks from zero in four or five round steps to above `max`: the axis moves in jumps, and idle charts show no noise. */
export function valueTicks(max: number): number[] {
  const top = Math.max(max, 4);
  const rough = top / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step =
    magnitude *
    ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough && Number.isInteger(factor * magnitude)) ?? 10);
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, i) => i * step);
}

/** The same in powers of two, of which a prefix of bytes is made. */
export function byteTicks(max: number): number[] {
  const top = Math.max(max, 4);
  const step = 2 ** Math.ceil(Math.log2(top / 4));
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, i) => i * step);
}

/** Short, so that the width of the axis never changes: 2500 → 2.5k. */
export function formatTick(value: number): string {
  if (value >= 1e9) return `${Number((value / 1e9).toFixed(2))}G`;
  if (value >= 1e6) return `${Number((value / 1e6).toFixed(2))}M`;
  if (value >= 1e3) return `${Number((value / 1e3).toFixed(2))}k`;
  return String(value);
}
