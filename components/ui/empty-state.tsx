import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** Why there is nothing here, and what to do next. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  actions,
}: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <Icon className="size-6 text-faint" strokeWidth={1.5} aria-hidden />
      <p className="font-semibold text-base">{title}</p>
      {children !== undefined && <div className="max-w-lg text-muted">{children}</div>}
      {actions != null && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
