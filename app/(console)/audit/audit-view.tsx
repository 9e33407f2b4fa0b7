'use client';
import { Download, ScrollText, SearchX } from 'lucide-react';
import { useState } from 'react';
import { AuditDetail } from '@/components/audit/audit-detail.tsx';
import { AuditTable } from '@/components/audit/audit-table.tsx';
import { Button, DownloadLink } from '@/components/ui/button.tsx';
import { useDelayedText } from '@/components/ui/delayed-text.ts';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { Select, TextInput } from '@/components/ui/field.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { SearchInput } from '@/components/ui/search-input.tsx';
import { Segmented } from '@/components/ui/segmented.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type AuditRow, type AuditSearch, auditExportUrl, auditQuery } from '@/lib/client/audit.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { useShowVhost } from '@/lib/client/several-vhosts.ts';
import { oneOf, useUrlState } from '@/lib/client/url-state.ts';
import { useVhostFilter } from '@/lib/client/vhost-filter.ts';

const OUTCOMES = ['all', 'ok', 'failed'] as const;
const SPANS = ['all', 'hour', 'day', 'week', 'month'] as const;
const SPAN_MS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 };
const SPAN_NAMES = {
  all: 'All that is kept',
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  month: 'Last 30 days',
};
const NOUNS = {
  all: 'Everything',
  queue: 'Queues',
  exchange: 'Exchanges',
  binding: 'Bindings',
  message: 'Messages',
  'dead-letter': 'Dead letters',
  policy: 'Policies',
  user: 'Users',
  permission: 'Permissions',
  vhost: 'Virtual hosts',
  connection: 'Connections',
  definitions: 'Definitions',
  session: 'Sign-ins',
};
const NOUN_KEYS = Object.keys(NOUNS) as (keyof typeof NOUNS)[];
/** Times are rounded to this, so that a span that ends now is the same question for a while. */
const STEP_MS = 60_000;

/** Who did what, and what the act changed. */
export function AuditView() {
  const [search, change] = useUrlState();
  const [vhost] = useVhostFilter();
  const showVhost = useShowVhost(vhost);
  const [opened, open] = useState<AuditRow | null>(null);
  const noun = oneOf(search.get('about'), NOUN_KEYS, 'all');
  const outcome = oneOf(search.get('outcome'), OUTCOMES, 'all');
  const span = oneOf(search.get('since'), SPANS, 'all');
  const beforeId = Number(search.get('before')) || undefined;
  const asked: AuditSearch = {
    user: search.get('user') ?? undefined,
    action: noun === 'all' ? undefined : noun,
    vhost,
    object: search.get('text') ?? undefined,
    outcome: outcome === 'all' ? undefined : outcome,
    from:
      span === 'all' ? undefined : new Date(Math.floor(Date.now() / STEP_MS) * STEP_MS - SPAN_MS[span]).toISOString(),
  };
  const page = useLiveQuery(auditQuery(asked, beforeId), 3);
  const filter = (changes: Record<string, string | undefined>) => change({ ...changes, before: undefined });
  const isFiltered = JSON.stringify(asked) !== JSON.stringify({ vhost });

  return (
    <>
      <PageHeader
        title="Audit"
        note="Who changed or read what, from the console and over the API"
        actions={
          <>
            <DownloadLink href={auditExportUrl(asked, 'csv')}>
              <Download aria-hidden />
              CSV
            </DownloadLink>
            <DownloadLink href={auditExportUrl(asked, 'jsonl')}>
              <Download aria-hidden />
              JSON lines
            </DownloadLink>
          </>
        }
      />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchInput label="Filter by name" value={search.get('text') ?? ''} onChange={(text) => filter({ text })} />
        <UserInput value={search.get('user') ?? ''} onChange={(user) => filter({ user })} />
        <Select
          aria-label="About"
          className="w-36"
          value={noun}
          onChange={(event) => filter({ about: event.target.value === 'all' ? undefined : event.target.value })}
        >
          {NOUN_KEYS.map((key) => (
            <option key={key} value={key}>
              {NOUNS[key]}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Since"
          className="w-36"
          value={span}
          onChange={(event) => filter({ since: event.target.value === 'all' ? undefined : event.target.value })}
        >
          {SPANS.map((key) => (
            <option key={key} value={key}>
              {SPAN_NAMES[key]}
            </option>
          ))}
        </Select>
        <Segmented
          label="Outcome"
          value={outcome}
          options={[
            { value: 'all', label: 'All' },
            { value: 'ok', label: 'Done' },
            { value: 'failed', label: 'Refused' },
          ]}
          onChange={(next) => filter({ outcome: next === 'all' ? undefined : next })}
        />
      </div>
      {page.isError ? (
        <ErrorNote title="The audit could not be read">{reasonOf(page.error)}</ErrorNote>
      ) : (
        <Panel flush>
          {page.data === undefined ? (
            <SkeletonRows rows={8} />
          ) : (
            <AuditTable
              rows={page.data.rows}
              showVhost={showVhost}
              question={page.isPlaceholderData ? null : `${vhost ?? ''} ${search}`}
              opened={opened}
              onOpen={open}
              empty={
                isFiltered ? (
                  <EmptyState
                    icon={SearchX}
                    title="Nothing matches"
                    actions={
                      <Button
                        onClick={() =>
                          filter({
                            text: undefined,
                            user: undefined,
                            about: undefined,
                            since: undefined,
                            outcome: undefined,
                          })
                        }
                      >
                        Show everything
                      </Button>
                    }
                  />
                ) : (
                  <EmptyState icon={ScrollText} title="Nobody has done anything yet">
                    Every change and every look at a message is kept here, with who it was and from where.
                  </EmptyState>
                )
              }
            />
          )}
          {(beforeId !== undefined || page.data?.beforeId != null) && (
            <div className="flex items-center justify-end gap-2 border-line border-t px-3 py-1.5">
              <Button disabled={beforeId === undefined} onClick={() => change({ before: undefined })}>
                Newest
              </Button>
              <Button
                disabled={page.data?.beforeId == null}
                onClick={() => change({ before: String(page.data?.beforeId) })}
              >
                Older
              </Button>
            </div>
          )}
        </Panel>
      )}
      <AuditDetail row={opened} onClose={() => open(null)} />
    </>
  );
}

function UserInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { text, setText, passOn } = useDelayedText(value, onChange);
  return (
    <TextInput
      className="w-36"
      aria-label="User"
      placeholder="User"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={passOn}
    />
  );
}
