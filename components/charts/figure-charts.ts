/** The charts of what a page is of: its figures, as the catalogue puts them together. */
import { formatBytes, formatShort } from '../../lib/client/formats.ts';
import { EXCHANGE_FIGURES } from '../../lib/figures/exchange-figures.ts';
import type { Figure, Figures } from '../../lib/figures/figure.ts';
import { QUEUE_FIGURES } from '../../lib/figures/queue-figures.ts';
import { VHOST_FIGURES } from '../../lib/figures/vhost-figures.ts';
import type { Line } from './thinned.ts';
import { byteTicks, formatTick, type Scale, valueTicks } from './ticks.ts';

export interface FigureChart {
  title: string;
  unit: string;
  kind: 'areas' | 'lines';
  lines: readonly Line[];
  format: (value: number) => string;
  scale: Scale;
}

type Style = Pick<Line, 'color' | 'dash'>;

/** The same thing has the same colour on every page. */
const STYLES: Readonly<Record<string, Style>> = {
  ready: { color: 'var(--chart-1)' },
  unacked: { color: 'var(--chart-2)', dash: '5 3' },
  published: { color: 'var(--chart-3)' },
  delivered: { color: 'var(--chart-1)', dash: '6 3' },
  acked: { color: 'var(--chart-4)', dash: '2 2' },
  redelivered: { color: 'var(--chart-2)', dash: '1 3' },
  deadLettered: { color: 'var(--chart-5)', dash: '8 2 2 2' },
  routed: { color: 'var(--chart-1)', dash: '6 3' },
  unroutable: { color: 'var(--chart-5)', dash: '8 2 2 2' },
};
/** Of figures that have no style of their own, by their place in the chart. */
const OTHERS: readonly Style[] = [
  { color: 'var(--chart-3)' },
  { color: 'var(--chart-1)', dash: '6 3' },
  { color: 'var(--chart-4)', dash: '2 2' },
  { color: 'var(--chart-2)', dash: '5 3' },
  { color: 'var(--chart-5)', dash: '8 2 2 2' },
];

const BYTES = { format: formatBytes, scale: { ticks: byteTicks, format: formatBytes, widthPx: 58 } };
const NUMBERS = { format: formatPoint, scale: { ticks: valueTicks, format: formatTick, widthPx: 46 } };

export const TOTALS_CHARTS = chartsOf(VHOST_FIGURES);
export const QUEUE_CHARTS = chartsOf(QUEUE_FIGURES);
export const EXCHANGE_CHARTS = chartsOf(EXCHANGE_FIGURES);

/** Figures of one chart have one unit and are of one kind: gauges as they are, counters per second. */
function chartsOf(figures: Figures): FigureChart[] {
  const shown = Object.entries(figures).filter(([, { chart }]) => chart !== undefined);
  const titles = [...new Set(shown.map(([, { chart }]) => chart as string))];
  return titles.map((title) => {
    const members = shown.filter(([, { chart }]) => chart === title);
    const [{ kind, unit }] = members.map(([, figure]) => figure) as [Figure];
    return {
      title,
      unit: kind === 'gauge' ? unit : `${unit} per second`,
      kind: kind === 'gauge' ? 'areas' : 'lines',
      lines: members.map(([key, { words }], place) => ({
        key,
        label: words,
        ...(STYLES[key] ?? (OTHERS[place % OTHERS.length] as Style)),
      })),
      ...(unit === 'bytes' ? BYTES : NUMBERS),
    };
  });
}

function formatPoint(value: number): string {
  return value !== 0 && Math.abs(value) < 10 && !Number.isInteger(value) ? value.toFixed(1) : formatShort(value);
}
