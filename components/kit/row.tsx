'use client';
import type { MouseEvent, ReactNode, Ref } from 'react';
import { cn } from '../ui/cn.ts';

/** Why a row that has gone does nothing any more. */
const GONE = 'It is no longer in this list';

/** One row of a table; its cells are the children. */
export function Row({
  ref,
  index,
  hasGone,
  isOff,
  isSelected,
  onOpen,
  children,
}: {
  ref?: Ref<HTMLTableRowElement>;
  index: number;
  /** The row has left the list. */
  hasGone: boolean;
  /** The row does nothing any more. */
  isOff: boolean;
  isSelected: boolean;
  /** A click anywhere on the row. Keyboards need a button in a cell for the same. */
  onOpen: (() => void) | undefined;
  children: ReactNode;
}) {
  return (
    <tr
      ref={ref}
      data-index={index}
      aria-rowindex={index + 2}
      aria-disabled={isOff || undefined}
      title={hasGone ? GONE : undefined}
      onClickCapture={isOff ? refuse : undefined}
      onClick={onOpen && ((event) => !isControl(event.target) && onOpen())}
      className={cn(
        'h-8 border-line border-b last:border-b-0 hover:bg-hover',
        onOpen !== undefined && 'cursor-pointer',
        isSelected && 'bg-accent-soft hover:bg-accent-soft',
        hasGone && 'bg-sunken hover:bg-sunken [&_*]:line-through',
        isOff && 'cursor-not-allowed opacity-75 [&_*]:cursor-not-allowed',
      )}
    >
      {children}
    </tr>
  );
}

/** Refuses clicks on links, buttons and boxes of a row. They keep the focus, which disabled ones would lose. */
function refuse(event: MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a,button,input,label,select') !== null;
}
