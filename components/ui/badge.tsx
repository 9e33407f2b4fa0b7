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

/** `hint` explains the abbreviation; a badge with one can be focused. */
export function Badge({ tone = 'neutral', hint, children }: { tone?: Tone; hint?: ReactNode; children: ReactNode }) {
  const classes = cn(
    'inline-flex h-4.5 items-center whitespace-nowrap rounded-sm px-1.5 font-medium text-2xs ring-1 ring-inset',
    TONES[tone],
  );
  if (hint === undefined) return <span className={classes}>{children}</span>;
  return (
    <Tooltip content={hint}>
      <button type="button" className={cn(classes, 'cursor-default')}>
        {children}
      </button>
    </Tooltip>
  );
}
