'use client';
import { Area, AreaChart, CartesianGrid, LineChart, Line as LineMark, Tooltip, XAxis, YAxis } from 'recharts';
import type { Line, Point } from './thinned.ts';
import { timeTicks } from './thinned.ts';

export interface PlotProps {
  points: readonly Point[];
  lines: readonly Line[];
  kind: 'stacked' | 'lines';
  fromMs: number;
  toMs: number;
  height: number;
  format: (value: number) => string;
  formatTime: (atMs: number) => string;
}

const axis = { stroke: 'var(--line-strong)', tick: { fill: 'var(--muted)', fontSize: 11 }, tickLine: false } as const;

/** The part that needs recharts, loaded apart because it weighs more than the rest of the console. */
export default function Plot({ points, lines, kind, fromMs, toMs, height, format, formatTime }: PlotProps) {
  const Chart = kind === 'stacked' ? AreaChart : LineChart;
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
        width={46}
        allowDecimals={false}
        domain={[0, roundTop]}
        tickCount={4}
        tickFormatter={format}
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
        kind === 'stacked' ? (
          <Area
            key={line.key}
            dataKey={line.key}
            stackId="all"
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

/** The top of the axis moves in steps, not with each point; an idle chart is not scaled up to noise. */
function roundTop(max: number): number {
  if (!(max > 3)) return 3;
  const magnitude = 10 ** Math.floor(Math.log10(max));
  const step = [1, 1.5, 2, 3, 4, 6, 8, 10].find((factor) => factor * magnitude >= max) ?? 10;
  return step * magnitude;
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
