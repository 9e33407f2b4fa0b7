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
      <meter className="sr-only" aria-label={label} min={0} max={max} value={value}>
        {text}
      </meter>
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-sunken">
        <div
          className={cn('h-full rounded-full', share >= 0.9 ? 'bg-danger' : share >= 0.7 ? 'bg-warn' : 'bg-accent')}
          style={{ width: `${share * 100}%` }}
        />
      </div>
      {help !== undefined && <p className="mt-1 text-faint text-xs">{help}</p>}
    </div>
  );
}
