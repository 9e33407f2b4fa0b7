import { describe, expect, test } from 'vitest';
import { statsOf } from '../../../lib/management/stats.ts';

const RANGE = { ageMs: 10_000, incrementMs: 1_000 };
const SECONDS = [0, 1_000, 2_000];
const past = (values: Record<string, number[]>) => () => ({ stepMs: 1_000, atMs: SECONDS, values });

describe('samples', () => {
  test('of a gauge are its points, newest first', () => {
    const { ready_details: details } = statsOf(
      [{ name: 'ready', value: 9, rate: 1.5, series: 'ready', kind: 'gauge' }],
      RANGE,
      past({ ready: [5, 7, 9] }),
    );
    expect(details.samples).toEqual([
      { sample: 9, timestamp: 2_000 },
      { sample: 7, timestamp: 1_000 },
      { sample: 5, timestamp: 0 },
    ]);
    expect([details.rate, details.avg, details.avg_rate]).toEqual([1.5, 7, 2]);
  });

  test('may be those of some series together, less those of others', () => {
    const series = { add: ['delivered', 'more'], less: ['got'] };
    const { deliver_details: details } = statsOf(
      [{ name: 'deliver', value: 20, rate: null, series, kind: 'counter' }],
      RANGE,
      past({ delivered: [0, 5, 6], more: [0, 1, 1], got: [0, 2, 3] }),
    );
    // Per second four more in each of the last two.
    expect(details.samples?.map(({ sample }) => sample)).toEqual([20, 16, 12]);
  });

  test('are not there where nobody asks', () => {
    const reading = { name: 'ready', value: 9, rate: 0, series: 'ready', kind: 'gauge' } as const;
    expect(statsOf([reading])).toEqual({ ready: 9, ready_details: { rate: 0 } });
  });
});
