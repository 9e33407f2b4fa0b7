'use client';
import { type ReactNode, useState } from 'react';
import { BindingTable } from '@/components/bindings/binding-table.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { Pager } from '@/components/ui/pager.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { reasonOf } from '@/lib/client/api.ts';
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
  if (page.isError)
    return (
      <div className="p-3">
        <ErrorNote title="The bindings could not be read">{reasonOf(page.error)}</ErrorNote>
      </div>
    );
  if (page.data === undefined) return <SkeletonRows rows={3} />;
  const { rows, matching } = page.data;
  return (
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
  );
}
