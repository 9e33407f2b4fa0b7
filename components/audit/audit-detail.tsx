'use client';
import { useRef } from 'react';
import { actWords } from '../../lib/audit/actions.ts';
import type { AuditRow } from '../../lib/client/audit.ts';
import { formatDateTime } from '../../lib/client/formats.ts';
import { indentJson } from '../../lib/json/indent-json.ts';
import { Drawer } from '../kit/drawer.tsx';
import { CodeBlock } from '../ui/code-block.tsx';

/** One act with all that is kept of it. */
export function AuditDetail({
  rows,
  opened,
  onOpen,
}: {
  rows: readonly AuditRow[];
  /** Its id; '': none. */
  opened: string;
  onOpen: (id: string) => void;
}) {
  const last = useRef<AuditRow>(undefined);
  const found = rows.find(({ id }) => String(id) === opened);
  // What has left the page of the list since it was opened stays open.
  if (found !== undefined) last.current = found;
  const row = String(last.current?.id) === opened ? last.current : undefined;
  return (
    <Drawer
      keys={rows.map(({ id }) => String(id))}
      opened={row === undefined ? '' : opened}
      noun="act"
      onOpen={onOpen}
      title={row && `${row.user} ${actWords(row.action, row.outcome)} ${row.object ?? ''}`}
      description={row && formatDateTime(row.atMs)}
    >
      {row && (
        <div className="flex flex-col gap-4">
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
            <Fact name="Action">{row.action}</Fact>
            <Fact name="Outcome">{row.outcome === 'ok' ? 'done' : row.outcome}</Fact>
            <Fact name="From">{row.remoteAddress}</Fact>
            <Fact name="Vhost">{row.vhost}</Fact>
            <Fact name="Detail">{row.detail}</Fact>
          </dl>
          <Side title="Before" text={row.before} />
          <Side title="After" text={row.after} />
          {row.before === null && row.after === null && (
            <p className="text-muted text-sm">Nothing is kept of how it was before and after.</p>
          )}
        </div>
      )}
    </Drawer>
  );
}

function Fact({ name, children }: { name: string; children: string | null }) {
  if (children === null || children === '') return null;
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function Side({ title, text }: { title: string; text: string | null }) {
  if (text === null) return null;
  return (
    <div>
      <h3 className="mb-1 font-semibold text-sm">{title}</h3>
      <CodeBlock label={title} text={indentJson(text)} />
    </div>
  );
}
