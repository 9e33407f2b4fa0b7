import type { Trend } from '../health/trend.ts';
import { formatRate, formatSpan } from './formats.ts';

/** What becomes of a backlog, in a few words. */
export function trendText({ kind, spanMs, change, emptyInMs }: Trend): string {
  switch (kind) {
    case 'unknown':
      return 'waiting';
    case 'empty':
      return 'empty';
    case 'growing':
      return `grows by ${formatRate((change * 1000) / spanMs)}/s`;
    case 'shrinking':
      return `empty in ~${formatSpan(emptyInMs ?? 0)}`;
    case 'steady':
      return 'steady';
    case 'stuck':
      return 'stuck: nothing moves';
  }
}
