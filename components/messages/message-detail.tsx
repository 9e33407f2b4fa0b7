import type { ReactNode } from 'react';
import { exchangeLabel, formatDateTime, formatSpan } from '../../lib/client/formats.ts';
import type { PeekedMessage } from '../../lib/client/messages.ts';
import { Badge } from '../ui/badge.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { BodyView } from './body-view.tsx';
import { DeathTimeline } from './death-timeline.tsx';
import { FieldTable } from './field-table.tsx';
import { PropertyList } from './property-list.tsx';

/** All of one message. `children` come first: what a page wants to say about it. */
export function MessageDetail({
  message,
  nowMs,
  children,
}: {
  message: PeekedMessage;
  nowMs: number;
  children?: ReactNode;
}) {
  const headers = message.properties.headers ?? [];
  return (
    <div className="flex flex-col gap-5">
      {children}
      {message.deaths.length > 0 && (
        <DetailSection title="Death history">
          <DeathTimeline deaths={message.deaths} />
        </DetailSection>
      )}
      {message.claimedDeaths.length > 0 && (
        <DetailSection title="Deaths that only its headers tell of">
          <p className="mb-2 text-muted text-xs">
            The broker recorded none of these. They came with the message, and whoever publishes can write such headers.
          </p>
          <DeathTimeline deaths={message.claimedDeaths} claimed />
        </DetailSection>
      )}
      <DetailSection title="Body">
        <BodyView base64={message.body} bodySize={message.bodySize} />
      </DetailSection>
      <DetailSection title="Address">
        <Facts>
          <Fact name="Exchange">
            <span className="font-mono text-xs">{exchangeLabel(message.exchange)}</span>
          </Fact>
          <Fact name="Routing key">
            <span className="font-mono text-xs">{message.routingKey === '' ? "''" : message.routingKey}</span>
          </Fact>
          <Fact name="Arrived">
            {formatDateTime(message.arrivedAtMs)}{' '}
            <span className="text-muted">({formatSpan(nowMs - message.arrivedAtMs)} ago)</span>
          </Fact>
          {message.expiresAtMs !== null && <Fact name="Expires">{formatDateTime(message.expiresAtMs)}</Fact>}
          {message.redelivered && (
            <Fact name="Delivered before">
              <Badge tone="warn">redelivered</Badge>
            </Fact>
          )}
        </Facts>
      </DetailSection>
      <DetailSection title="Properties">
        <PropertyList properties={message.properties} />
      </DetailSection>
      <DetailSection title={`Headers (${headers.length})`}>
        {headers.length === 0 ? (
          <p className="text-muted">None.</p>
        ) : (
          <div className="rounded-md border border-line">
            <FieldTable table={headers} label="Headers" />
          </div>
        )}
      </DetailSection>
    </div>
  );
}

export function DetailSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold text-sm">{title}</h3>
      {children}
    </section>
  );
}
