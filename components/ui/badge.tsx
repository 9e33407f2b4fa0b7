import type { ReactNode } from 'react';
import { cn } from './cn.ts';
import { Tooltip } from './tooltip.tsx';

const TONES = {
  neutral: 'bg-sunken text-muted ring-line',
  accent: 'bg-accent-soft text-accent ring-transparent',
  good: 'bg-good-soft text-good ring-transparent',
  warn: 'bg-warn-soft text-warn ring-transparent',
  danger: 'bg-danger-soft text-danger ring-transparent',
};
export type Tone = keyof typeof TONES;

/**
 * `hint` explains the abbreviation: at the pointer, and to screen readers. Badges cannot be focused: a table has hundreds,
 * and each would stand in the way of the next link.
 */
export function Badge({ tone = 'neutral', hint, children }: { tone?: Tone; hint?: string; children: ReactNode }) {
  const classes = cn(
    'relative inline-flex h-4.5 items-center whitespace-nowrap rounded-sm px-1.5 font-medium text-2xs ring-1 ring-inset',
    TONES[tone],
  );
  if (hint === undefined) return <span className={classes}>{children}</span>;
  return (
    <Tooltip content={hint}>
      <span className={classes}>
        <span aria-hidden>{children}</span>
        <span className="sr-only">{hint}</span>
      </span>
    </Tooltip>
  );
}
