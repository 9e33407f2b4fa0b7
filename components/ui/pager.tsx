import { ChevronLeft, ChevronRight } from 'lucide-react';
import { formatCount } from '../../lib/client/formats.ts';
import { Button } from './button.tsx';

/** Which of how many are shown, and on to the others. */
export function Pager({
  offset,
  size,
  shown,
  total,
  noun,
  onOffset,
}: {
  offset: number;
  size: number;
  shown: number;
  total: number;
  noun: string;
  onOffset: (offset: number) => void;
}) {
  if (total <= size && offset === 0) return null;
  return (
    <div className="flex items-center justify-end gap-2 border-line border-t px-3 py-1.5 text-muted text-xs tabular-nums">
      <span>
        {shown === 0 ? 'none' : `${formatCount(offset + 1)}–${formatCount(offset + shown)}`} of {formatCount(total)}{' '}
        {noun}
      </span>
      <Button
        kind="quiet"
        size="icon"
        aria-label="Previous page"
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - size))}
      >
        <ChevronLeft aria-hidden />
      </Button>
      <Button
        kind="quiet"
        size="icon"
        aria-label="Next page"
        disabled={offset + shown >= total}
        onClick={() => onOffset(offset + size)}
      >
        <ChevronRight aria-hidden />
      </Button>
    </div>
  );
}
