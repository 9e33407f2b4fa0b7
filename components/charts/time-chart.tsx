'use client';
import { Table2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { cn } from '../ui/cn.ts';
import { type Columns, type Line, newestOf, type Point, thinned } from './thinned.ts';
import type { Scale } from './ticks.ts';

const Plot = dynamic(() => import('./plot.tsx'), { ssr: false });

const POINTS_MAX = 240;
const HEIGHT = 190;
const TABLE_ROWS = 30;

/** Numbers over time: a chart with a legend that tells the present values, or the same as a table. */
export function TimeChart({
  title,
  columns,
  now,
  lines,
  kind,
  spanMs,
  format,
  scale,
  formatTime,
  unit,
}: {
  title: string;
  /** Undefined while the history is on its way. */
  columns: Columns | undefined;
  /** The values of now, by the keys of the lines: the chart ends with them. Undefined: with the last of the columns. */
  now: { atMs: number; values: Readonly<Record<string, number>> } | undefined;
  lines: readonly Line[];
  kind: 'areas' | 'lines';
  spanMs: number;
  format: (value: number) => string;
  scale: Scale;
  formatTime: (atMs: number) => string;
  unit: string;
}) {
  const [asTable, setAsTable] = useState(false);
  const keys = lines.map((line) => line.key);
  const newest = columns && newestOf(columns, keys);
  const last: Point | undefined = newest && now ? Object.assign({}, newest, now.values, { atMs: now.atMs }) : newest;
  const toMs = last?.atMs;
  const fromMs = (toMs ?? 0) - spanMs;
  const points = columns && last ? thinned(columns, keys, last, spanMs, POINTS_MAX) : [];
  return (
    <figure className="min-w-0 rounded-lg border border-line bg-surface" aria-label={title}>
      <figcaption className="grid grid-cols-[1fr_auto] items-center gap-x-4 px-3 pt-1.5">
        <h2 className="font-semibold text-sm">
          {title} <span className="font-normal text-muted text-xs">{unit}</span>
        </h2>
        <ul className="col-span-2 row-start-2 flex min-h-5 flex-wrap gap-x-4 text-xs">
          {lines.map((line) => (
            <li key={line.key} className="flex items-center gap-1.5">
              <Swatch line={line} />
              <span className="text-muted">{line.label}</span>
              <span className="min-w-8 font-medium tabular-nums">
                {last === undefined ? '–' : format(last[line.key] ?? 0)}
              </span>
            </li>
          ))}
        </ul>
        <Button
          kind="quiet"
          size="icon"
          aria-pressed={asTable}
          aria-label={`${title} as a table`}
          title="Show as a table"
          onClick={() => setAsTable(!asTable)}
        >
          <Table2 aria-hidden />
        </Button>
      </figcaption>
      <div className="relative" style={{ height: HEIGHT }}>
        {asTable ? (
          <PointTable title={title} points={points} lines={lines} format={format} formatTime={formatTime} />
        ) : (
          <>
            {toMs !== undefined && (
              <Plot {...{ points, lines, kind, fromMs, toMs, format, scale, formatTime }} height={HEIGHT} />
            )}
            {points.length < 2 && (
              <p className="absolute inset-0 flex items-center justify-center text-muted text-xs">
                {columns === undefined ? 'Loading' : 'The first points are on their way.'}
              </p>
            )}
          </>
        )}
      </div>
    </figure>
  );
}

function Swatch({ line }: { line: Line }) {
  return (
    <svg width={14} height={6} aria-hidden>
      <line x1={0} y1={3} x2={14} y2={3} stroke={line.color} strokeWidth={2} strokeDasharray={line.dash} />
    </svg>
  );
}

function PointTable({
  title,
  points,
  lines,
  format,
  formatTime,
}: {
  title: string;
  points: readonly Point[];
  lines: readonly Line[];
  format: (value: number) => string;
  formatTime: (atMs: number) => string;
}) {
  const rows = points.slice(-TABLE_ROWS).reverse();
  const cell = 'px-3 py-0.5 text-right';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className="h-full overflow-y-auto" aria-label={`${title}, newest points`} tabIndex={0}>
      <table className="w-full text-xs">
        <thead className="sticky top-0 bg-surface text-muted">
          <tr>
            <th scope="col" className={cn(cell, 'text-left font-medium')}>
              Time
            </th>
            {lines.map((line) => (
              <th key={line.key} scope="col" className={cn(cell, 'font-medium')}>
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.atMs} className="border-line border-t">
              <th scope="row" className={cn(cell, 'text-left font-normal text-muted')}>
                {formatTime(point.atMs)}
              </th>
              {lines.map((line) => (
                <td key={line.key} className={cell}>
                  {format(point[line.key] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
