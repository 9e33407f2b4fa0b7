'use client';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { isPlainKey } from '../../lib/client/plain-key.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/**
 * One row of a list, opened at the right edge, with the one before and the one after it a key away. It keeps its place:
 * where the opened row has left the list, those around it are still before it and after it.
 */
export function Drawer({
  keys,
  opened,
  noun,
  onOpen,
  title,
  description,
  footer,
  children,
}: {
  /** Of the rows, in their order. */
  keys: readonly string[];
  /** A key; '': none. */
  opened: string;
  /** What a row is. */
  noun: string;
  onOpen: (key: string) => void;
  title: ReactNode;
  description: ReactNode;
  footer?: ReactNode;
  children: ReactNode;
}) {
  const [previous, next] = useNeighbours(keys, opened);
  const step = (key: string | undefined) => key !== undefined && onOpen(key);
  const onKey = (event: KeyboardEvent) => {
    if (!isPlainKey(event)) return;
    if (event.key === 'k') step(previous);
    if (event.key === 'j') step(next);
  };
  return (
    <Dialog
      open={opened !== ''}
      onClose={() => onOpen('')}
      onKey={onKey}
      layout="drawer"
      title={title}
      description={description}
      footer={footer}
      tools={
        <>
          <Step label={`Previous ${noun}`} letter="k" isOff={previous === undefined} onStep={() => step(previous)}>
            <ChevronUp aria-hidden />
          </Step>
          <Step label={`Next ${noun}`} letter="j" isOff={next === undefined} onStep={() => step(next)}>
            <ChevronDown aria-hidden />
          </Step>
        </>
      }
    >
      {children}
    </Dialog>
  );
}

function Step({
  label,
  letter,
  isOff,
  onStep,
  children,
}: {
  label: string;
  letter: string;
  isOff: boolean;
  onStep: () => void;
  children: ReactNode;
}) {
  return (
    <Button
      kind="quiet"
      size="icon"
      aria-label={label}
      aria-keyshortcuts={letter}
      title={`${label} (${letter})`}
      // Not disabled: at the end of the list it would lose the focus that it has.
      aria-disabled={isOff || undefined}
      onClick={onStep}
    >
      {children}
    </Button>
  );
}

function useNeighbours(keys: readonly string[], opened: string): [string | undefined, string | undefined] {
  /** The keys before and after the opened one, when that was last among them. */
  const place = useRef<readonly [readonly string[], readonly string[]]>([[], []]);
  const at = keys.indexOf(opened);
  if (at !== -1) place.current = [keys.slice(0, at), keys.slice(at + 1)];
  if (opened === '') place.current = [[], []];
  const [before, after] = place.current;
  const isThere = (key: string) => keys.includes(key);
  return [before.findLast(isThere), after.find(isThere)];
}
