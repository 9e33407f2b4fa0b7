/** Latencies in nanoseconds, three digits of them, mergeable across threads. */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

const HIGHEST_NS = 600e9;

export function newLatency(): Histogram {
  return build({
    bitBucketSize: 64,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_NS,
    numberOfSignificantValueDigits: 3,
  });
}

export function recordLatency(histogram: Histogram, ns: number): void {
  histogram.recordValue(ns < 1 ? 1 : ns > HIGHEST_NS ? HIGHEST_NS : ns);
}

export function packLatency(histogram: Histogram | undefined): string | undefined {
  return histogram && encodeIntoCompressedBase64(histogram);
}

export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly samples: number;
}

/** All of them as one, in microseconds; undefined when nothing was recorded. */
export function summarizeLatency(packed: readonly (string | undefined)[]): LatencySummary | undefined {
  const all = newLatency();
  for (const one of packed) if (one) all.add(decodeFromCompressedBase64(one));
  if (all.totalCount === 0) return undefined;
  const us = (ns: number): number => Math.round(ns / 100) / 10;
  const at = (percent: number): number => us(all.getValueAtPercentile(percent));
  return { p50: at(50), p95: at(95), p99: at(99), p999: at(99.9), max: us(all.maxValue), samples: all.totalCount };
}
