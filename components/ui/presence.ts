'use client';
/**
 * Whether somebody is in an area: with the pointer, the keyboard's focus, or the last touch. The page's state is asked
 * each time, because an area that is removed or scrolls away gets no event when the pointer leaves it.
 */
import { type RefObject, useCallback, useSyncExternalStore } from 'react';

const POLL_MS = 200;

/** Where a finger was last; null: the last pointer was none. After a tap browsers go on to say that it hovers. */
let touched: Node | null = null;

function notePointer({ pointerType, target }: PointerEvent): void {
  touched = pointerType === 'touch' && target instanceof Node ? target : null;
}

/** True while somebody is in the area and it is in view. */
export function usePresence(area: RefObject<Element | null>): boolean {
  const isIn = useCallback(() => area.current !== null && isInView(area.current) && isEntered(area.current), [area]);
  return useSyncExternalStore(subscribe, isIn, () => false);
}

function subscribe(onChange: () => void): () => void {
  const timer = setInterval(onChange, POLL_MS);
  document.addEventListener('pointerdown', notePointer, true);
  document.addEventListener('pointermove', notePointer, true);
  return () => {
    clearInterval(timer);
    document.removeEventListener('pointerdown', notePointer, true);
    document.removeEventListener('pointermove', notePointer, true);
  };
}

function isEntered(area: Element): boolean {
  if (touched === null ? area.matches(':hover') : area.contains(touched)) return true;
  // A click leaves the focus behind without meaning to stay; only the keyboard's focus shows itself.
  return area.matches(':focus-visible, :has(:focus-visible)');
}

function isInView(area: Element): boolean {
  const { top, bottom, left, right } = area.getBoundingClientRect();
  return bottom > 0 && right > 0 && top < window.innerHeight && left < window.innerWidth;
}
