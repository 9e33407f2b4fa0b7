/** Cells that many tables have. */
import Link from 'next/link';
import { formatCount, formatRate } from '../../lib/client/formats.ts';
import { cn } from '../ui/cn.ts';
import type { Column } from './columns.ts';

/** Zeros step back, so that the eye finds what is not zero. */
export function Count({ value }: { value: number }) {
  return <span className={cn(value === 0 && 'text-faint')}>{formatCount(value)}</span>;
}

export function Rate({ value }: { value: number | undefined }) {
  return <span className={cn(!value && 'text-faint')}>{formatRate(value)}</span>;
}

/** The name of a row that has a page of its own. */
export function NameLink({ href, isQuiet = false, children }: { href: string; isQuiet?: boolean; children: string }) {
  return (
    <Link
      href={href}
      title={children}
      className={cn('font-medium hover:text-accent hover:underline', isQuiet && 'text-muted')}
    >
      {children}
    </Link>
  );
}

/** Shown where lists show several vhosts. */
export const VHOST_COLUMN: Column<{ vhost: string | null }, never> = {
  key: 'vhost',
  wide: true,
  header: 'Vhost',
  width: 7,
  cell: ({ vhost }) => <span className="text-muted">{vhost}</span>,
};
