'use client';
import { Area, AreaChart, CartesianGrid, LineChart, Line as LineMark, Tooltip, XAxis, YAxis } from 'recharts';
import type { Line, Point } from './thinned.ts';
import { type Scale, timeTicks } from './ticks.ts';

export interface PlotProps {
  points: readonly Point[];
  lines: readonly Line[];
  kind: 'areas' | 'lines';
  fromMs: number;
  toMs: number;
  height: number;
  format: (value: number) => string;
  scale: Scale;
  formatTime: (atMs: number) => string;
}

const axis = { stroke: 'var(--line-strong)', tick: { fill: 'var(--muted)', fontSize: 11 }, tickLine: false } as const;

/** The part that needs recharts, loaded apart because it weighs more than the rest of the console. */
export default function Plot({ points, lines, kind, fromMs, toMs, height, format, scale, formatTime }: PlotProps) {
  const ticks = scale.ticks(Math.max(...points.flatMap((point) => lines.map((line) => point[line.key] ?? 0)), 0));
  const Chart = kind === 'areas' ? AreaChart : LineChart;
  return (
    <Chart
      responsive
      data={points as Point[]}
      margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
      style={{ width: '100%', height }}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        {...axis}
        dataKey="atMs"
        type="number"
        domain={[fromMs, toMs]}
        allowDataOverflow
        ticks={timeTicks(fromMs, toMs)}
        tickFormatter={formatTime}
        height={22}
      />
      <YAxis
        {...axis}
        axisLine={false}
        width={scale.widthPx}
        domain={[0, ticks.at(-1) as number]}
        ticks={ticks}
        interval={0}
        tickFormatter={scale.format}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        content={({ active, payload, label }) =>
          active && payload.length > 0 ? (
            <Readout
              at={formatTime(Number(label))}
              lines={lines}
              point={payload[0]?.payload as Point}
              format={format}
            />
          ) : null
        }
      />
      {lines.map((line) =>
        kind === 'areas' ? (
          <Area
            key={line.key}
            dataKey={line.key}
            stroke={line.color}
            strokeWidth={1.5}
            strokeDasharray={line.dash}
            fill={line.color}
            fillOpacity={0.14}
            isAnimationActive={false}
            activeDot={{ r: 3 }}
          />
        ) : (
          <LineMark
            key={line.key}
            dataKey={line.key}
            stroke={line.color}
            strokeWidth={1.5}
            strokeDasharray={line.dash}
            dot={false}
            isAnimationActive={false}
            activeDot={{ r: 3 }}
          />
        ),
      )}
    </Chart>
  );
}

function Readout({
  at,
  lines,
  point,
  format,
}: {
  at: string;
  lines: readonly Line[];
  point: Point;
  format: (value: number) => string;
}) {
  return (
    <div className="rounded-md border border-line bg-raised px-2 py-1.5 text-xs shadow-float">
      <p className="mb-1 text-muted tabular-nums">{at}</p>
      {lines.map((line) => (
        <p key={line.key} className="flex items-center gap-2 tabular-nums">
          <span className="size-2 rounded-full" style={{ background: line.color }} />
          <span className="flex-1 pr-3">{line.label}</span>
          <span className="font-medium">{format(point[line.key] ?? 0)}</span>
        </p>
      ))}
    </div>
  );
}
