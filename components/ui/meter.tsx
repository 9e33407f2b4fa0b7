import { cn } from './cn.ts';

/** How much of a limit is used. Amber from 70 %, red from 90 %. */
export function Meter({
  label,
  value,
  max,
  text,
  help,
}: {
  label: string;
  value: number;
  max: number;
  text: string;
  help?: string;
}) {
  const share = max <= 0 ? 0 : Math.min(1, value / max);
  return (
    <div>
      <div className="mb-1 flex justify-between gap-2 text-xs">
        <span className="text-muted">{label}</span>
        <span className="font-medium tabular-nums">{text}</span>
      </div>
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value}
        aria-valuetext={text}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className={cn('h-full rounded-full', share >= 0.9 ? 'bg-danger' : share >= 0.7 ? 'bg-warn' : 'bg-accent')}
          style={{ width: `${share * 100}%` }}
        />
      </div>
      {help !== undefined && <p className="mt-1 text-faint text-xs">{help}</p>}
    </div>
  );
}
