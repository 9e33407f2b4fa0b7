'use client';
import { useState } from 'react';
import { RouteResult } from '@/components/exchanges/route-result.tsx';
import { FieldEditor } from '@/components/messages/field-editor.tsx';
import { Field, TextInput } from '@/components/ui/field.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import type { ExchangeDetail } from '@/lib/client/exchanges.ts';
import { buildFields, type FieldDraft } from '@/lib/client/field-drafts.ts';
import { routeQuery } from '@/lib/client/messages.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';

/** Answers "where would this go?" without publishing anything. */
export function RouteTester({ exchange }: { exchange: ExchangeDetail }) {
  const [routingKey, setRoutingKey] = useState('');
  const [drafts, setDrafts] = useState<FieldDraft[]>([]);
  const headers = buildFields(drafts);
  const route = useLiveQuery(routeQuery(exchange.vhost, exchange.name, routingKey, headers.table), 3);
  return (
    <Panel title="Where would it go?" note="nothing is published">
      <div className="flex flex-col gap-3">
        <Field label="Routing key">
          {(control) => (
            <TextInput
              {...control}
              className="font-mono text-xs"
              value={routingKey}
              onChange={(event) => setRoutingKey(event.target.value)}
            />
          )}
        </Field>
        {exchange.type === 'headers' && (
          <FieldEditor label="Headers" noun="header" drafts={drafts} problems={headers.problems} onChange={setDrafts} />
        )}
        <div aria-live="polite" className="min-h-12 rounded-md bg-sunken p-2.5">
          <RouteResult
            vhost={exchange.vhost}
            queues={route.data?.queues}
            problem={route.isError ? reasonOf(route.error) : undefined}
          />
        </div>
      </div>
    </Panel>
  );
}
