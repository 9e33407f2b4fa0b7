import type { Line } from './thinned.ts';

/** The same thing has the same colour on every page. */
export const LINES = {
  ready: { key: 'ready', label: 'Ready', color: 'var(--chart-1)' },
  unacked: { key: 'unacked', label: 'Unacked', color: 'var(--chart-2)', dash: '5 3' },
  published: { key: 'published', label: 'In', color: 'var(--chart-3)' },
  delivered: { key: 'delivered', label: 'Delivered', color: 'var(--chart-1)', dash: '6 3' },
  acked: { key: 'acked', label: 'Acked', color: 'var(--chart-4)', dash: '2 2' },
  redelivered: { key: 'redelivered', label: 'Redelivered', color: 'var(--chart-2)', dash: '1 3' },
  deadLettered: { key: 'deadLettered', label: 'Dead-lettered', color: 'var(--chart-5)', dash: '8 2 2 2' },
  deadLettersIn: { key: 'deadLettersIn', label: 'Dead letters in', color: 'var(--chart-5)', dash: '8 2 2 2' },
  routed: { key: 'routed', label: 'Copies to queues', color: 'var(--chart-1)', dash: '6 3' },
  unroutable: { key: 'unroutable', label: 'Unroutable', color: 'var(--chart-5)', dash: '8 2 2 2' },
} as const satisfies Record<string, Line>;
