'use client';
import { LayoutDashboard, type LucideIcon, MailX, Rows3, ScrollText, Send, Split } from 'lucide-react';
import Link from 'next/link';
import { formatShort } from '../../lib/client/formats.ts';
import type { BrokerFacts } from '../../lib/client/overview.ts';
import { paths } from '../../lib/client/paths.ts';
import { cn } from '../ui/cn.ts';
import { Mark } from './mark.tsx';

/** The pages, with the letter that follows `g` to go there. */
export const PLACES: readonly { label: string; href: string; letter: string; icon: LucideIcon }[] = [
  { label: 'Overview', href: paths.overview, letter: 'o', icon: LayoutDashboard },
  { label: 'Queues', href: paths.queues, letter: 'q', icon: Rows3 },
  { label: 'Exchanges', href: paths.exchanges, letter: 'e', icon: Split },
  { label: 'Publish', href: paths.publish, letter: 'p', icon: Send },
  { label: 'Dead letters', href: paths.deadLetters, letter: 'd', icon: MailX },
  { label: 'Audit', href: paths.audit, letter: 'a', icon: ScrollText },
];

/** Where one can go. A rail of icons where the window is narrow. */
export function Sidebar({
  pathname,
  deadLetters,
  broker,
}: {
  pathname: string;
  deadLetters: number;
  broker: BrokerFacts | undefined;
}) {
  return (
    <nav aria-label="Main" className="flex w-12 shrink-0 flex-col border-line border-r bg-surface lg:w-52">
      <Link
        href={paths.overview}
        className="flex h-12 items-center gap-2.5 px-3.5 font-semibold text-base"
        aria-label="Warren, overview"
      >
        <Mark />
        <span className="hidden lg:inline">Warren</span>
      </Link>
      <ul className="flex flex-1 flex-col gap-0.5 px-2 py-1">
        {PLACES.map(({ label, href, letter, icon: Icon }) => {
          const here = href === paths.overview ? pathname === href : pathname.startsWith(href);
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                aria-keyshortcuts={`g ${letter}`}
                title={label}
                className={cn(
                  'flex h-8 items-center gap-2.5 rounded-md px-2 font-medium text-muted hover:bg-hover hover:text-ink',
                  here && 'bg-sunken text-ink',
                )}
              >
                <Icon className={cn('size-4 shrink-0', here && 'text-accent')} aria-hidden />
                <span className="sr-only lg:not-sr-only lg:flex-1">{label}</span>
                {href === paths.deadLetters && deadLetters > 0 && (
                  <span className="hidden rounded-sm bg-warn-soft px-1.5 font-medium text-2xs text-warn tabular-nums lg:inline">
                    {formatShort(deadLetters)}
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
      <dl className="hidden min-h-20 flex-col gap-0.5 border-line border-t px-4 py-3 text-faint text-xs lg:flex">
        {broker !== undefined && (
          <>
            <div className="truncate" title={`Node ${broker.node}`}>
              <dt className="sr-only">Node</dt>
              <dd className="truncate">{broker.node}</dd>
            </div>
            {broker.amqpPort !== null && (
              <div>
                <dt className="inline">AMQP on port </dt>
                <dd className="inline tabular-nums">{broker.amqpPort}</dd>
              </div>
            )}
            <div>
              <dt className="inline">Version </dt>
              <dd className="inline tabular-nums">{broker.version}</dd>
            </div>
          </>
        )}
      </dl>
    </nav>
  );
}
