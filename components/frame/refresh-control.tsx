'use client';
import { Pause, RefreshCw } from 'lucide-react';
import type { DataAge } from '../../lib/client/data-age.ts';
import type { LinkState } from '../../lib/client/event-link.ts';
import { formatSpan } from '../../lib/client/formats.ts';
import type { RefreshMode } from '../../lib/client/refresh-mode.ts';
import { Button } from '../ui/button.tsx';
import { cn } from '../ui/cn.ts';
import { Segmented } from '../ui/segmented.tsx';

/** How often the page is renewed, and how old what it shows is. */
export function RefreshControl({
  mode,
  age,
  link,
  onMode,
  onRefresh,
}: {
  mode: RefreshMode;
  age: DataAge;
  link: LinkState;
  onMode: (mode: RefreshMode) => void;
  onRefresh: () => void;
}) {
  const { late } = age;
  return (
    <div className="flex items-center gap-2">
      <p
        className={cn(
          'hidden items-center gap-1.5 whitespace-nowrap text-xs tabular-nums sm:flex',
          late ? 'text-danger' : 'text-muted',
        )}
        title={link === 'off' ? AGE_HINT : LINK_HINTS[link]}
      >
        <span
          aria-hidden
          className={cn(
            'size-1.5 rounded-full',
            late ? 'bg-danger' : mode === 'paused' || link === 'reconnecting' ? 'bg-warn' : 'bg-good',
          )}
        />
        <span className="min-w-20">{stateText(mode, age, link)}</span>
      </p>
      <Segmented
        label="Refresh"
        value={mode}
        onChange={onMode}
        options={[
          { value: 'live', label: 'Live', hint: 'As it happens' },
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

const AGE_HINT = 'Age of the oldest numbers on this page';
const LINK_HINTS = {
  live: 'Warren tells what changes as it happens',
  reconnecting: 'Warren does not tell what changes at the moment; the page asks for it meanwhile',
};

function stateText(mode: RefreshMode, { ageMs, late }: DataAge, link: LinkState): string {
  if (ageMs === null) return 'waiting';
  if (late) return `not renewed: ${formatSpan(ageMs)}`;
  if (link === 'reconnecting') return 'reconnecting';
  if (link === 'live' && mode === 'live') return 'live';
  return ageMs < 2500 ? 'up to date' : `${formatSpan(ageMs)} old`;
}
