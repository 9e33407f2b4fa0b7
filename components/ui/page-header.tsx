import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

export function PageHeader({
  title,
  parent,
  badges,
  note,
  actions,
}: {
  title: string;
  parent?: { label: string; href: string };
  badges?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="mb-4 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        {parent !== undefined && (
          <>
            <Link href={parent.href} className="text-base text-muted hover:text-ink hover:underline">
              {parent.label}
            </Link>
            <ChevronRight className="size-3.5 text-faint" aria-hidden />
          </>
        )}
        <h1 className="min-w-0 break-all font-semibold text-lg">{title}</h1>
        {badges}
      </div>
      {note !== undefined && <div className="text-muted text-sm">{note}</div>}
      {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
