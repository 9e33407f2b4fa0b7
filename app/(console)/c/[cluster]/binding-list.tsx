'use client';
import { type ReactNode, useState } from 'react';
import { BindingTable } from '@/components/bindings/binding-table.tsx';
import { Loaded } from '@/components/kit/loaded.tsx';
import { Pager } from '@/components/ui/pager.tsx';
import { BINDINGS_A_PAGE, type BindingsOf, bindingsQuery } from '@/lib/client/bindings.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { useUnbindWithUndo } from './unbind-with-undo.tsx';

/** The bindings of one end, a page at a time. */
export function BindingList({
  label,
  of,
  otherEnd,
  empty,
}: {
  label: string;
  of: BindingsOf;
  otherEnd: 'source' | 'destination';
  /** What to say when there are none. */
  empty: ReactNode;
}) {
  const [offset, setOffset] = useState(0);
  const page = useLiveQuery(bindingsQuery(of, offset), 3);
  const unbind = useUnbindWithUndo();
  return (
    <Loaded query={page} noun="bindings" skeletonRows={3} flush>
      {({ rows, matching }) => (
        <>
          <BindingTable
            label={label}
            bindings={rows}
            otherEnd={otherEnd}
            question={page.isPlaceholderData ? null : String(offset)}
            rowsOutlast={matching > BINDINGS_A_PAGE}
            empty={empty}
            onRemove={unbind}
          />
          <Pager
            offset={offset}
            size={BINDINGS_A_PAGE}
            shown={rows.length}
            total={matching}
            noun="bindings"
            onOffset={setOffset}
          />
        </>
      )}
    </Loaded>
  );
}
