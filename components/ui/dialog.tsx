'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { Button } from './button.tsx';
import { cn } from './cn.ts';

const LAYOUTS = {
  centre:
    'top-[12vh] left-1/2 max-h-[76vh] w-[min(30rem,calc(100vw-2rem))] -translate-x-1/2 rounded-lg border animate-[rise-in_120ms_ease-out]',
  wide: 'top-[8vh] left-1/2 max-h-[84vh] w-[min(44rem,calc(100vw-2rem))] -translate-x-1/2 rounded-lg border animate-[rise-in_120ms_ease-out]',
  drawer: 'top-0 right-0 h-full w-[min(46rem,100vw)] border-l animate-[slide-in_140ms_ease-out]',
};

/** A dialog over the page, or a drawer at its right edge. Escape closes it; the focus returns to where it came from. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  layout = 'centre',
  tools,
  footer,
  onKey,
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  layout?: keyof typeof LAYOUTS;
  /** Beside the button that closes it. */
  tools?: ReactNode;
  footer?: ReactNode;
  onKey?: (event: KeyboardEvent) => void;
  children?: ReactNode;
}) {
  const before = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-[fade-in_120ms] bg-[rgb(10_10_20/0.4)]" />
        <Radix.Content
          className={cn('fixed z-40 flex flex-col border-line bg-raised shadow-float outline-none', LAYOUTS[layout])}
          // Radix gives the focus back to its own trigger only; ours is any button of the page.
          onOpenAutoFocus={() => {
            before.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (before.current instanceof HTMLElement) before.current.focus();
          }}
          onKeyDown={onKey}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className="flex items-start gap-3 border-line border-b px-4 py-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="break-words font-semibold text-base">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description asChild>
                  <div className="mt-0.5 text-muted text-sm">{description}</div>
                </Radix.Description>
              )}
            </div>
            {tools}
            <Radix.Close asChild>
              <Button kind="quiet" size="icon" aria-label="Close">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </header>
          {children !== undefined && <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>}
          {footer !== undefined && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-line border-t px-4 py-3">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
