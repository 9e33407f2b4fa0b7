'use client';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, type ReactNode, type RefCallback, useCallback, useLayoutEffect, useRef, useState } from 'react';

const ROW_PX = 32;
/** So that neither a quick scroll nor the Tab key comes to an end that is none. */
const OVERSCAN = 12;

/**
 * The rows of a long list that are in view of the page, and the height of those that are not. The row that has the focus
 * stays, wherever it is.
 */
export function VirtualBody({
  keys,
  render,
}: {
  /** Of the rows. */
  keys: readonly string[];
  /** One row, which hands `measure` its element. */
  render: (index: number, measure: RefCallback<HTMLTableRowElement>) => ReactNode;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [marginPx, setMarginPx] = useState(0);
  const scroller = () => body.current?.closest<HTMLElement>('main') ?? null;
  useLayoutEffect(() => {
    const main = body.current?.closest('main');
    if (main == null) return;
    const measure = () => {
      if (body.current === null) return;
      const top = body.current.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop;
      setMarginPx(Math.round(top));
    };
    measure();
    // What comes or goes above the rows changes the height of all that is in the page.
    const observer = new ResizeObserver(measure);
    for (const content of main.children) observer.observe(content);
    return () => observer.disconnect();
  }, []);
  const withFocused = useCallback((range: Range) => {
    const shown = defaultRangeExtractor(range);
    const focused = Number(body.current?.querySelector<HTMLElement>('tr:focus-within')?.dataset.index ?? Number.NaN);
    if (Number.isNaN(focused) || focused >= range.count || shown.includes(focused)) return shown;
    return [...shown, focused].sort((a, b) => a - b);
  }, []);
  const virtual = useVirtualizer({
    count: keys.length,
    getScrollElement: scroller,
    getItemKey: (index) => keys[index] ?? index,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    rangeExtractor: withFocused,
    scrollMargin: marginPx,
    useFlushSync: false,
  });
  let endPx = marginPx;
  return (
    <tbody ref={body}>
      {virtual.getVirtualItems().map(({ key, index, start, end }) => {
        const gapPx = start - endPx;
        endPx = end;
        return (
          <Fragment key={key}>
            <Gap px={gapPx} />
            {render(index, virtual.measureElement)}
          </Fragment>
        );
      })}
      <Gap px={virtual.getTotalSize() + marginPx - endPx} />
    </tbody>
  );
}

/** The height of rows that are out of view. */
function Gap({ px }: { px: number }) {
  if (px <= 0) return null;
  return (
    <tr aria-hidden>
      <td style={{ height: px, padding: 0 }} />
    </tr>
  );
}
