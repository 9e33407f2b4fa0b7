import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** A titled box. `flush` lets a table reach its edges. */
export function Panel({
  title,
  note,
  actions,
  flush = false,
  className,
  children,
}: {
  title?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  flush?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={cn('min-w-0 rounded-lg border border-line bg-surface', className)}>
      {title !== undefined && (
        <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-3 py-1.5">
          <h2 className="font-semibold text-sm">{title}</h2>
          {note !== undefined && <div className="min-w-0 text-muted text-xs">{note}</div>}
          {actions !== undefined && (
            <div className="ml-auto flex flex-wrap items-center justify-end gap-2">{actions}</div>
          )}
        </header>
      )}
      <div className={flush ? undefined : 'p-3'}>{children}</div>
    </section>
  );
}
