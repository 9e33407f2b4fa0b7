'use client';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** Shorter lists are in the page whole, where the browser's own search finds them. */
const VIRTUAL_FROM = 60;
const ROW_PX = 32;
/** So that neither a quick scroll nor the Tab key comes to an end that is none. */
const OVERSCAN = 12;

/**
 * The rows of a long list that are in view of the page, each with the height of those that are left out before it. The row
 * that has the focus stays, wherever it is.
 */
export function useShownRows<R extends { id: string }>(rows: readonly R[], area: RefObject<HTMLElement | null>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [marginPx, setMarginPx] = useState(0);
  const isVirtual = rows.length >= VIRTUAL_FROM;
  const scroller = () => area.current?.closest<HTMLElement>('main') ?? null;
  useLayoutEffect(() => {
    const main = body.current?.closest('main');
    if (!isVirtual || body.current === null || main == null) return;
    const top = body.current.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop;
    setMarginPx(Math.round(top));
  });
  const withFocused = useCallback((range: Range) => {
    const shown = defaultRangeExtractor(range);
    const focused = Number(body.current?.querySelector<HTMLElement>('tr:focus-within')?.dataset.index ?? Number.NaN);
    if (Number.isNaN(focused) || focused >= range.count || shown.includes(focused)) return shown;
    return [...shown, focused].sort((a, b) => a - b);
  }, []);
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: isVirtual,
    getScrollElement: scroller,
    getItemKey: (index) => rows[index]?.id ?? index,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    rangeExtractor: withFocused,
    scrollMargin: marginPx,
    useFlushSync: false,
  });
  if (!isVirtual)
    return {
      ref: body,
      measure: undefined,
      rows: rows.map((row, index) => ({ row, index, gapPx: 0 })),
      belowPx: 0,
    };
  let endPx = marginPx;
  const shown = virtual.getVirtualItems().flatMap(({ index, start, end }) => {
    const row = rows[index];
    if (row === undefined) return [];
    const gapPx = start - endPx;
    endPx = end;
    return [{ row, index, gapPx }];
  });
  return {
    ref: body,
    measure: virtual.measureElement,
    rows: shown,
    belowPx: virtual.getTotalSize() + marginPx - endPx,
  };
}
