'use client';
import { useQuery } from '@tanstack/react-query';
import { actWords } from '../../lib/audit/actions.ts';
import { type AuditRow, auditEntryQuery } from '../../lib/client/audit.ts';
import { formatDateTime } from '../../lib/client/formats.ts';
import { indentJson } from '../../lib/json/indent-json.ts';
import { Drawer } from '../kit/drawer.tsx';
import { Loaded, shownOf } from '../kit/loaded.tsx';
import { CodeBlock } from '../ui/code-block.tsx';

/** One entry with all that is kept of it. */
export function AuditDetail({
  rows,
  opened,
  onOpen,
}: {
  rows: readonly AuditRow[];
  /** The id of an entry; '': none. */
  opened: string;
  onOpen: (id: string) => void;
}) {
  const listed = rows.find(({ id }) => String(id) === opened);
  // What is on no page of the list that is shown, or has left it since it was opened, is open all the same.
  const query = useQuery({
    ...auditEntryQuery(opened),
    ...(listed === undefined ? {} : { initialData: listed }),
    enabled: opened !== '',
  });
  const entry = listed ?? shownOf(query);
  return (
    <Drawer
      keys={rows.map(({ id }) => String(id))}
      opened={opened}
      noun="entry"
      onOpen={onOpen}
      title={
        entry === undefined ? 'Entry' : `${entry.user} ${actWords(entry.action, entry.outcome)} ${entry.object ?? ''}`
      }
      description={entry === undefined ? `Number ${opened}` : formatDateTime(entry.atMs)}
    >
      <Loaded query={query} noun="entry" flush absentActions={null}>
        {(row) => (
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
      </Loaded>
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
