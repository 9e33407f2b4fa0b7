'use client';
import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useMemo, useState } from 'react';
import * as z from 'zod/mini';
import { RouteResult } from '@/components/exchanges/route-result.tsx';
import { FormFields, RestoredNote } from '@/components/kit/form-page.tsx';
import { Offered, useLack } from '@/components/kit/offered.tsx';
import { usePageForm } from '@/components/kit/page-form.ts';
import { AddressFields } from '@/components/publish/address-fields.tsx';
import { BodyEditor } from '@/components/publish/body-editor.tsx';
import { PropertyFields } from '@/components/publish/property-fields.tsx';
import { type Published, PublishLog } from '@/components/publish/publish-log.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Field, TextInput } from '@/components/ui/field.tsx';
import { PageHeader } from '@/components/ui/page-header.tsx';
import { Panel } from '@/components/ui/panel.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { suggestedExchangesQuery } from '@/lib/client/exchanges.ts';
import { draftsFrom, draftsText } from '@/lib/client/field-drafts.ts';
import { plural } from '@/lib/client/formats.ts';
import { usePublish } from '@/lib/client/messages.ts';
import {
  buildPublication,
  type PublicationDraft,
  publicationDraft,
  REPEAT_MAX,
} from '@/lib/client/publication-draft.ts';
import { queueNamesQuery } from '@/lib/client/queues.ts';
import { useLiveQuery } from '@/lib/client/refresh.ts';
import { routeQuery } from '@/lib/client/routes.ts';
import { urlText, useUrlState } from '@/lib/client/url-state.ts';
import { useVhostChoice } from '@/lib/client/vhost-filter.ts';

const SCHEMA = z.object({ in: z.optional(z.string()), exchange: urlText, key: urlText, headers: urlText });
const NO_LINK = z.parse(SCHEMA, {});
const IN_ADDRESS = ['vhost', 'to', 'exchange', 'queue', 'routingKey', 'headers'];
const LOG_MAX = 20;
let lastId = 0;

export function PublishView() {
  const { form, draft, change, vhosts } = usePublicationForm();
  const [log, setLog] = useState<Published[]>([]);
  const publish = usePublish();
  const exchanges = (useQuery(suggestedExchangesQuery(draft.vhost, draft.exchange)).data ?? []).filter(
    (row) => !row.internal,
  );
  const queues = useQuery(queueNamesQuery(draft.vhost, draft.queue)).data ?? [];
  const built = buildPublication(draft);
  const { vhost, exchange, routingKey, properties } = built.publication;
  const canRoute = useLack('route') === undefined;
  const route = useLiveQuery({ ...routeQuery({ vhost, exchange, routingKey, properties }), enabled: canRoute }, 3);

  const send = () => {
    if (built.flawed || publish.isPending) return;
    const keep = (result: Published['result']) =>
      setLog((before) =>
        [{ id: ++lastId, atMs: Date.now(), vhost, exchange, routingKey, result }, ...before].slice(0, LOG_MAX),
      );
    publish.mutate(
      { ...built.publication, repeat: built.repeat },
      {
        onSuccess: (report) => {
          form.forget();
          keep({ report });
        },
        onError: (error) => keep({ refusal: reasonOf(error) }),
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
  };

  return (
    <form onSubmit={submit} onKeyDown={onKeyDown}>
      <PageHeader
        title="Publish"
        note={form.isRestored ? <RestoredNote form={form} /> : 'one message, or the same up to a hundred times'}
      />
      <FormFields form={form}>
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-4">
            <AddressFields
              draft={draft}
              problems={built.problems}
              vhosts={vhosts}
              exchanges={exchanges.map((row) => row.name)}
              queues={queues}
              onChange={change}
            />
            <BodyEditor draft={draft} problem={built.problems.body} onChange={change} />
            <PropertyFields draft={draft} built={built} onChange={change} />
          </div>
          <div className="sticky top-0 grid min-w-0 gap-4">
            <Panel title="Where would it go?">
              <div aria-live="polite" className="mb-4 min-h-12">
                <Offered by="route">
                  <RouteResult
                    vhost={vhost}
                    routingKey={routingKey}
                    answer={route.data}
                    problem={route.isError ? reasonOf(route.error) : undefined}
                    hint="No binding matches now. Published like this, it is returned or dropped."
                  />
                </Offered>
              </div>
              <div className="flex items-start gap-2">
                <Field label="Times" problem={built.problems.repeat} className="w-20">
                  {(control) => (
                    <TextInput
                      {...control}
                      inputMode="numeric"
                      value={draft.repeat}
                      onChange={(event) => change({ repeat: event.target.value })}
                      title={`1 to ${REPEAT_MAX}`}
                    />
                  )}
                </Field>
                <Button
                  type="submit"
                  kind="primary"
                  className="mt-5 flex-1"
                  disabled={built.flawed}
                  busy={publish.isPending}
                  title="Ctrl+Enter"
                >
                  <Send aria-hidden />
                  Publish {plural(built.repeat, 'message')}
                </Button>
              </div>
            </Panel>
            <Panel title="Published" flush>
              <PublishLog entries={log} />
            </Panel>
          </div>
        </div>
      </FormFields>
    </form>
  );
}

/** The message while somebody writes it. It begins with what the link to this page named, and that stays in the address. */
function usePublicationForm() {
  const [asked, changeUrl] = useUrlState(SCHEMA);
  const [linked, setLinked] = useState(asked);
  const [firstVhost, vhosts] = useVhostChoice();
  const headers = useMemo(() => draftsFrom(linked.headers), [linked]);
  const toQueue = linked.exchange === '' && linked.key !== '';
  const form = usePageForm<PublicationDraft>({
    name: 'publish',
    schema: publicationDraft,
    inAddress: IN_ADDRESS,
    defaults: {
      vhost: linked.in ?? firstVhost,
      to: toQueue ? 'queue' : 'exchange',
      exchange: linked.exchange,
      queue: toQueue ? linked.key : '',
      routingKey: linked.key,
      headers,
      ...FIRST_MESSAGE,
    },
  });
  const draft = form.watch();
  const change = (changes: Partial<PublicationDraft>) => {
    // The type goes with the form of the body as long as it is what the form suggested.
    const { bodyForm } = changes;
    const isSuggested = draft.contentType === CONTENT_TYPES[draft.bodyForm];
    const next = { ...changes, ...(bodyForm && isSuggested && { contentType: CONTENT_TYPES[bodyForm] }) };
    for (const [name, value] of Object.entries(next))
      form.setValue(name as keyof PublicationDraft, value, { shouldDirty: true });
    const { vhost, to, exchange, queue, routingKey, headers: written } = { ...draft, ...next };
    changeUrl({
      in: vhost,
      exchange: to === 'exchange' ? exchange : '',
      key: to === 'exchange' ? routingKey : queue,
      headers: draftsText(written),
    });
  };
  const startAnew = () => {
    setLinked(NO_LINK);
    changeUrl({ in: undefined, exchange: undefined, key: undefined, headers: undefined });
    form.startAnew();
  };
  return { form: { ...form, startAnew }, draft, change, vhosts };
}

const FIRST_MESSAGE = {
  bodyForm: 'json',
  body: '{\n  "hello": "warren"\n}',
  contentType: 'application/json',
  persistent: true,
  priority: '',
  expiration: '',
  timestamp: '',
  texts: {},
  repeat: '1',
} as const;
const CONTENT_TYPES = { json: 'application/json', text: 'text/plain', base64: 'application/octet-stream' } as const;
