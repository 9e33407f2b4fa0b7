'use client';
import { Send } from 'lucide-react';
import { useState } from 'react';
import * as z from 'zod/mini';
import { RouteResult } from '@/components/exchanges/route-result.tsx';
import { Limit } from '@/components/kit/offered.tsx';
import { FieldEditor } from '@/components/messages/field-editor.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { Field, TextInput } from '@/components/ui/field.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import type { ExchangeDetail } from '@/lib/client/exchanges.ts';
import { buildFields, draftsFrom, draftsText, type FieldDraft, newFieldDraft } from '@/lib/client/field-drafts.ts';
import { paths } from '@/lib/client/paths.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { routeQuery } from '@/lib/client/routes.ts';
import { urlText, useUrlState } from '@/lib/client/url-state.ts';

const SCHEMA = z.object({ key: urlText, headers: urlText });

/** Answers "where would this go?" without publishing anything. What is asked stands in the address. */
export function RouteTester({ exchange: { vhost, name, internal } }: { exchange: ExchangeDetail }) {
  const [asked, changeUrl] = useUrlState(SCHEMA);
  const [routingKey, setRoutingKey] = useState(asked.key);
  const [drafts, setDrafts] = useState(() => draftsFrom(asked.headers));
  const [isAsked, setIsAsked] = useState(asked.key !== '' || drafts.length > 0);
  const headers = buildFields(drafts);
  const properties = headers.table.length === 0 ? {} : { headers: headers.table };
  const route = useLiveQuery(routeQuery({ vhost, exchange: name, routingKey, properties }), 3);
  const changeHeaders = (next: FieldDraft[]) => {
    setDrafts(next);
    setIsAsked(true);
    changeUrl({ headers: draftsText(next) });
  };
  const add = (header: string) => changeHeaders([...drafts, newFieldDraft(header, 'json', '["another.key"]')]);
  return (
    <Panel
      title="Where would it go?"
      actions={
        !internal && (
          <ButtonLink
            size="small"
            href={paths.publishTo({ vhost, exchange: name, routingKey, headers: draftsText(drafts) })}
          >
            <Send aria-hidden />
            Publish this
          </ButtonLink>
        )
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Routing key" help="Nothing is published.">
          {(control) => (
            <TextInput
              {...control}
              className="font-mono text-xs"
              value={routingKey}
              onChange={({ target: { value } }) => {
                setRoutingKey(value);
                setIsAsked(true);
                changeUrl({ key: value });
              }}
            />
          )}
        </Field>
        <FieldEditor
          label="Headers"
          noun="header"
          drafts={drafts}
          problems={headers.problems}
          onChange={changeHeaders}
          actions={['CC', 'BCC']
            .filter((header) => drafts.every((draft) => draft.name !== header))
            .map((header) => (
              <Button key={header} size="small" title="Further routing keys, as a list" onClick={() => add(header)}>
                Add {header}
              </Button>
            ))}
        />
        <p className="text-muted text-xs empty:hidden">
          <Limit of="route" />
        </p>
        <div aria-live="polite" className="min-h-12 rounded-md bg-sunken p-2.5">
          {/* Some exchanges reach queues whatever the key is: that is told at once. */}
          {isAsked || (route.data?.queueCount ?? 0) > 0 ? (
            <RouteResult
              vhost={vhost}
              routingKey={routingKey}
              answer={route.data}
              problem={route.isError ? reasonOf(route.error) : undefined}
            />
          ) : (
            <p className="text-muted">Type a routing key or add a header to see which queues it reaches.</p>
          )}
        </div>
      </div>
    </Panel>
  );
}
