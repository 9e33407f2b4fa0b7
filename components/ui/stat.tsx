import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** One number with its name; the width of the digits does not change while it counts. */
export function Stat({
  label,
  value,
  unit,
  note,
  tone = 'neutral',
  children,
}: {
  label: string;
  value: string;
  unit?: string;
  note?: ReactNode;
  tone?: 'neutral' | 'warn' | 'danger';
  children?: ReactNode;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5 px-3 py-2 outline outline-line">
      <dt className="truncate text-muted text-xs">{label}</dt>
      <dd className="flex items-end justify-between gap-2">
        <span
          className={cn(
            'whitespace-nowrap font-semibold text-lg tabular-nums',
            tone === 'warn' && 'text-warn',
            tone === 'danger' && 'text-danger',
          )}
        >
          {value}
          {unit !== undefined && <span className="ml-0.5 font-normal text-muted text-xs">{unit}</span>}
        </span>
        {children}
      </dd>
      {note !== undefined && <dd className="truncate text-faint text-xs">{note}</dd>}
    </div>
  );
}

export function StatGrid({ children, label }: { children: ReactNode; label: string }) {
  return (
    <dl
      aria-label={label}
      className="mb-4 grid grid-cols-[repeat(auto-fit,minmax(7.5rem,1fr))] gap-px overflow-hidden rounded-lg border border-line bg-surface"
    >
      {children}
    </dl>
  );
}
