const width = 72;
const height = 18;

/** A line without axes: how a figure went, not how much it is. Decoration beside the number. */
export function Sparkline({ values, color = 'var(--chart-1)' }: { values: readonly number[]; color?: string }) {
  const max = Math.max(1, ...values);
  // Nothing there all the time: a line that does not ask to be looked at.
  const still = values.every((value) => value === 0);
  const step = width / Math.max(1, values.length - 1);
  const y = (value: number) => height - 1.5 - (value / max) * (height - 3);
  const line = values
    .map((value, i) => `${i === 0 ? 'M' : 'L'}${(i * step).toFixed(1)},${y(value).toFixed(1)}`)
    .join('');
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden
      className="inline-block shrink-0 align-middle"
    >
      {values.length > 1 && (
        <>
          {!still && <path d={`${line}L${width},${height}L0,${height}Z`} fill={color} opacity={0.13} />}
          <path
            d={line}
            fill="none"
            stroke={still ? 'var(--line-strong)' : color}
            strokeWidth={1.25}
            strokeLinejoin="round"
          />
        </>
      )}
    </svg>
  );
}
