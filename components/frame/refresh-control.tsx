'use client';
import { Pause, RefreshCw } from 'lucide-react';
import type { DataAge } from '../../lib/client/data-age.ts';
import { formatSpan } from '../../lib/client/formats.ts';
import type { RefreshMode } from '../../lib/client/refresh.ts';
import { Button } from '../ui/button.tsx';
import { cn } from '../ui/cn.ts';
import { Segmented } from '../ui/segmented.tsx';

/** How often the page is renewed, and how old what it shows is. */
export function RefreshControl({
  mode,
  age,
  onMode,
  onRefresh,
}: {
  mode: RefreshMode;
  age: DataAge;
  onMode: (mode: RefreshMode) => void;
  onRefresh: () => void;
}) {
  const { ageMs, late } = age;
  return (
    <div className="flex items-center gap-2">
      <p
        className={cn(
          'hidden items-center gap-1.5 whitespace-nowrap text-xs tabular-nums sm:flex',
          late ? 'text-danger' : 'text-muted',
        )}
        title="Age of the oldest numbers on this page"
      >
        <span
          aria-hidden
          className={cn('size-1.5 rounded-full', late ? 'bg-danger' : mode === 'paused' ? 'bg-warn' : 'bg-good')}
        />
        <span className="min-w-20">{ageText(ageMs, late)}</span>
      </p>
      <Segmented
        label="Refresh"
        value={mode}
        onChange={onMode}
        options={[
          { value: 'live', label: 'Live', hint: 'Every second' },
          { value: '5s', label: '5 s', hint: 'Every five seconds' },
          { value: 'paused', label: <Pause className="size-3.5" aria-label="Paused" />, hint: 'Only when asked' },
        ]}
      />
      <Button kind="quiet" size="icon" aria-label="Refresh now" title="Refresh now (r)" onClick={onRefresh}>
        <RefreshCw aria-hidden />
      </Button>
    </div>
  );
}

function ageText(ageMs: number | null, late: boolean): string {
  if (ageMs === null) return 'waiting';
  if (late) return `not renewed: ${formatSpan(ageMs)}`;
  return ageMs < 2500 ? 'up to date' : `${formatSpan(ageMs)} old`;
}
