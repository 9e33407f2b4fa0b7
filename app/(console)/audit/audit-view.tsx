'use client';
import { Download, ScrollText } from 'lucide-react';
import { AUDIT_COLUMNS } from '@/components/audit/audit-columns.tsx';
import { AuditDetail } from '@/components/audit/audit-detail.tsx';
import { ListPage, NameFilter } from '@/components/kit/list-page.tsx';
import { listSchema, useList } from '@/components/kit/list-state.ts';
import { Button, DownloadLink } from '@/components/ui/button.tsx';
import { Choice } from '@/components/ui/choice.tsx';
import { useDelayedText } from '@/components/ui/delayed-text.ts';
import { TextInput } from '@/components/ui/field.tsx';
import { Segmented } from '@/components/ui/segmented.tsx';
import { ABOUT, type AuditRow, auditExportUrl, auditQuery, auditSearch, SPANS } from '@/lib/client/audit.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { urlCount, urlKey, urlOption, urlText } from '@/lib/client/url-state.ts';

const OUTCOMES = [
  { value: 'all', label: 'All' },
  { value: 'ok', label: 'Done' },
  { value: 'failed', label: 'Refused' },
] as const;
const SCHEMA = listSchema(AUDIT_COLUMNS, {
  user: urlText,
  about: urlKey(ABOUT, 'all'),
  since: urlKey(SPANS, 'all'),
  outcome: urlOption(OUTCOMES),
  before: urlCount,
});
const keyOf = (row: AuditRow) => String(row.id);

/** Who did what, and what that changed. */
export function AuditView() {
  const list = useList(SCHEMA);
  const { user, about, since, outcome, before, opened } = list.state;
  const search = auditSearch(list.state, list.vhost);
  const query = useLiveQuery(auditQuery(search, before === 0 ? undefined : before), 3);
  const olderId = query.data?.beforeId ?? 0;
  return (
    <ListPage
      title="Audit"
      note="Who changed or read what, from the console and over the API"
      noun="entry"
      nouns="entries"
      label="Audit, newest first"
      list={list}
      query={query}
      columns={AUDIT_COLUMNS}
      rowKey={keyOf}
      rowsOutlast
      isSelected={(row) => keyOf(row) === opened}
      onOpen={(row) => list.change({ opened: keyOf(row) })}
      actions={(['csv', 'jsonl'] as const).map((format) => (
        <DownloadLink key={format} href={auditExportUrl(search, format)}>
          <Download aria-hidden />
          {format === 'csv' ? 'CSV' : 'JSON lines'}
        </DownloadLink>
      ))}
      filters={
        <>
          <NameFilter list={list} />
          <UserInput value={user} onChange={(next) => list.ask({ user: next })} />
          <Choice
            className="w-36 max-sm:w-32"
            label="About"
            value={about}
            options={ABOUT}
            onChange={(next) => list.ask({ about: next })}
          />
          <Choice
            className="w-36 max-sm:w-32"
            label="Since"
            value={since}
            options={SPANS}
            onChange={(next) => list.ask({ since: next })}
          />
          <Segmented
            label="Outcome"
            value={outcome}
            options={OUTCOMES}
            onChange={(next) => list.ask({ outcome: next })}
          />
        </>
      }
      empty={{
        icon: ScrollText,
        title: 'Nobody has done anything yet',
        text: 'Every change and every look at a message is kept here, with who it was and from where.',
      }}
      foot={
        (before > 0 || olderId > 0) && (
          <div className="flex items-center justify-end gap-2 border-line border-t px-3 py-1.5">
            <Button disabled={before === 0} onClick={() => list.change({ before: 0 })}>
              Newest
            </Button>
            <Button disabled={olderId === 0} onClick={() => list.change({ before: olderId })}>
              Older
            </Button>
          </div>
        )
      }
    >
      <AuditDetail rows={query.data?.rows ?? []} opened={opened} onOpen={(next) => list.change({ opened: next })} />
    </ListPage>
  );
}

function UserInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { text, setText, passOn } = useDelayedText(value, onChange);
  return (
    <TextInput
      className="w-36 max-sm:w-32"
      aria-label="User"
      placeholder="User"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={passOn}
    />
  );
}
