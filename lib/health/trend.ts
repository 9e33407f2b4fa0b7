/**
 * What becomes of a queue's backlog, judged by about the last minute: the one rule behind every sentence that says that
 * a queue grows, is emptied, stands still or is stuck, and behind the rates in it.
 */
import type { LastMinute } from '../metrics/metrics.ts';

/** Before that nothing is said. */
const SPAN_MS_MIN = 9_000;
/** A queue that much passes through is never of the same length twice: of what passed, so much is no growth. */
const NOISE_SHARE = 0.01;

export interface Trend {
  /**
   * `stuck`: there are messages, and none came, went or was acknowledged. `steady`: as many go as come. `unknown`: it has
   * not been watched for long enough.
   */
  kind: 'unknown' | 'empty' | 'growing' | 'shrinking' | 'steady' | 'stuck';
  /** The time that all of this is about. */
  spanMs: number;
  /** Ready messages now less those at the begin of the span. */
  change: number;
  /** Per second, over that time. */
  published: number;
  delivered: number;
  acked: number;
  /** When the queue would be empty if all went on like that; null: it would not. */
  emptyInMs: number | null;
}

/** `past`: null is nothing known. */
export function trendOf(ready: number, past: LastMinute | null): Trend {
  const { spanMs, readyThen, published, delivered, acked } = past ?? NOTHING;
  const change = past === null ? 0 : ready - readyThen;
  const perSecond = (count: number): number => (spanMs > 0 ? (count * 1000) / spanMs : 0);
  const kind = kindOf(ready, change, past);
  return {
    kind,
    spanMs,
    change,
    published: perSecond(published),
    delivered: perSecond(delivered),
    acked: perSecond(acked),
    emptyInMs: kind === 'shrinking' ? (ready * spanMs) / -change : null,
  };
}

const NOTHING: LastMinute = { spanMs: 0, readyThen: 0, published: 0, delivered: 0, acked: 0, redelivered: 0 };

function kindOf(ready: number, change: number, past: LastMinute | null): Trend['kind'] {
  if (past === null || past.spanMs < SPAN_MS_MIN) return ready === 0 ? 'empty' : 'unknown';
  const { published, delivered, acked } = past;
  const noise = NOISE_SHARE * (published + delivered);
  if (change > noise) return 'growing';
  if (ready === 0) return 'empty';
  if (change < -noise) return 'shrinking';
  return published + delivered + acked === 0 ? 'stuck' : 'steady';
}
