import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trendOf } from '../../../lib/health/trend.ts';
import type { LastMinute } from '../../../lib/metrics/metrics.ts';

const past = (about: Partial<LastMinute> = {}): LastMinute => ({
  spanMs: 60_000,
  readyThen: 1000,
  published: 0,
  delivered: 0,
  acked: 0,
  redelivered: 0,
  ...about,
});

describe('a backlog', () => {
  test.each<[string, number, LastMinute | null, object]>([
    ['is unknown before anything is known of it', 5, null, { kind: 'unknown', emptyInMs: null }],
    ['is unknown while little time has passed', 5, past({ spanMs: 5_000 }), { kind: 'unknown' }],
    ['is empty when nothing is ready, known or not', 0, null, { kind: 'empty' }],
    ['is empty when nothing is left of it', 0, past(), { kind: 'empty' }],
    ['that does not move at all is stuck', 1000, past(), { kind: 'stuck', change: 0 }],
    [
      'whose consumers only acknowledge what they have is not stuck',
      1000,
      past({ acked: 3 }),
      { kind: 'steady', acked: 0.05 },
    ],
    [
      'that as much leaves as comes is steady',
      1000,
      past({ published: 600, delivered: 600, acked: 600 }),
      { kind: 'steady', published: 10, delivered: 10 },
    ],
    [
      'that nothing leaves grows, however slowly',
      1001,
      past({ published: 1 }),
      { kind: 'growing', change: 1, emptyInMs: null },
    ],
    [
      'of a busy queue does not grow by the messages that are on their way',
      1500,
      past({ published: 60_500, delivered: 60_000, acked: 60_000 }),
      { kind: 'steady' },
    ],
    [
      'that is taken down is empty when that goes on',
      400,
      past({ delivered: 600, acked: 600 }),
      { kind: 'shrinking', change: -600, emptyInMs: 40_000 },
    ],
    ['that expires is taken down too', 500, past(), { kind: 'shrinking', emptyInMs: 60_000 }],
  ])('%s', (_, ready, minute, expected) => {
    expect(trendOf(ready, minute)).toMatchObject(expected);
  });

  test('never grows and becomes empty at once, and its rates are those of the time that is spoken of', () => {
    const count = fc.nat(100_000);
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        count,
        fc.integer({ min: 1, max: 65_000 }),
        (ready, readyThen, ...rest) => {
          const [published, delivered, acked, spanMs] = rest as [number, number, number, number];
          const trend = trendOf(ready, past({ spanMs, readyThen, published, delivered, acked }));
          expect(trend.change).toBe(ready - readyThen);
          expect(trend.published).toBeCloseTo((published * 1000) / spanMs);
          expect(trend.emptyInMs !== null).toBe(trend.kind === 'shrinking');
          if (trend.kind === 'growing') expect(trend.change).toBeGreaterThan(0);
          if (trend.kind === 'shrinking') expect(trend.change).toBeLessThan(0);
          if (trend.kind === 'stuck') expect([published, delivered, acked]).toEqual([0, 0, 0]);
        },
      ),
    );
  });
});
