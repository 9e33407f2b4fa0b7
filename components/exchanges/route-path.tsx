'use client';
import { CornerDownRight, Inbox, Split } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { tableText } from '../../lib/client/fields.ts';
import { exchangeLabel, plural } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import type { RouteBinding, RouteNode } from '../../lib/client/routes.ts';
import { Badge } from '../ui/badge.tsx';
import { keyed } from '../ui/keyed.ts';

/** The way of a message with that key from one exchange on: its bindings, and what is behind them. */
export function RoutePath({ vhost, routingKey, node }: { vhost: string; routingKey: string; node: RouteNode }) {
  const { exchange, ways, passedOver, alternate } = node;
  return (
    <div className="min-w-0 text-xs">
      <p className="flex min-w-0 flex-wrap items-center gap-x-1.5">
        <ExchangeName vhost={vhost} name={exchange.name} />
        <span className="text-muted">{exchange.type}</span>
      </p>
      <PassageNote node={node} />
      <ul className="ml-1.5 border-line border-l pl-2.5">
        {keyed(ways, ({ binding }) => bindingText(binding)).map(({ key, item: { binding, node: next } }) => (
          <li key={key} className="mt-1 min-w-0">
            <BindingLine binding={binding} routingKey={routingKey} />
            <div className="flex min-w-0 gap-1.5">
              <CornerDownRight className="mt-0.5 size-3 shrink-0 text-faint" aria-hidden />
              {binding.destinationType === 'queue' ? (
                <QueueName vhost={vhost} name={binding.destination} />
              ) : (
                <Further vhost={vhost} routingKey={routingKey} name={binding.destination} node={next} />
              )}
            </div>
          </li>
        ))}
        {ways.length === 0 && exchange.passage !== 'stop' && exchange.passage !== 'refused' && (
          <li className="mt-1 text-muted">
            {exchange.name === '' ? 'No queue has the routing key as its name.' : 'No binding matches.'}
          </li>
        )}
        {alternate !== null && (
          <li className="mt-1 min-w-0">
            <p className="text-muted">so it goes to the alternate exchange</p>
            <div className="flex min-w-0 gap-1.5">
              <CornerDownRight className="mt-0.5 size-3 shrink-0 text-faint" aria-hidden />
              {alternate.exists ? (
                <Further vhost={vhost} routingKey={routingKey} name={alternate.name} node={alternate.node} />
              ) : (
                <p className="text-warn">{alternate.name}, which does not exist</p>
              )}
            </div>
          </li>
        )}
      </ul>
      {passedOver.length > 0 && (
        <details className="ml-1.5 border-line border-l pt-1 pl-2.5">
          <summary className="rounded-sm text-muted hover:text-ink">
            {plural(passedOver.length, 'binding')} that this message does not take
          </summary>
          <ul className="mt-1">
            {keyed(passedOver, bindingText).map(({ key, item }) => (
              <li key={key} className="flex min-w-0 gap-1.5 text-muted">
                <Key text={item.routingKey ?? ''} />
                <span className="truncate">
                  {item.destinationType} {item.destination}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** What the exchange does besides sending the message on. */
function PassageNote({ node: { exchange, ways } }: { node: RouteNode }) {
  const notes: string[] = [];
  const { passage } = exchange;
  if (passage === 'kept') notes.push('It waits here for its x-delay, and goes on then:');
  if (passage === 'stop') notes.push('It stops here: one with the same x-deduplication-header came before.');
  if (passage === 'refused') notes.push('It is refused here: what waits in this exchange cannot be read.');
  if (ways.some(({ binding }) => binding.taken === 'chance')) notes.push('Only one of these gets it, by chance:');
  else if (exchange.isSingleChoice && ways.length > 0)
    notes.push('Only one gets it; the exchange always chooses this one for such a message:');
  return notes.map((note) => (
    <p key={note} className="text-warn">
      {note}
    </p>
  ));
}

function BindingLine({ binding, routingKey: asked }: { binding: RouteBinding; routingKey: string }) {
  const { routingKey, arguments: table, matched } = binding;
  if (routingKey === null) return null;
  return (
    <p className="flex min-w-0 flex-wrap items-baseline gap-x-1.5 text-muted">
      <span>binding</span>
      <Key text={routingKey} />
      {table.length > 0 && <span className="break-all font-mono">{tableText(table)}</span>}
      {matched.some((key) => key !== asked) ? (
        <span className="min-w-0 break-all">
          takes <span className="font-mono">{matched.map((key) => (key === '' ? "''" : key)).join(', ')}</span>
        </span>
      ) : null}
    </p>
  );
}

function Further({
  vhost,
  routingKey,
  name,
  node,
}: {
  vhost: string;
  routingKey: string;
  name: string;
  node: RouteNode | null;
}): ReactNode {
  if (node !== null) return <RoutePath vhost={vhost} routingKey={routingKey} node={node} />;
  return (
    <p className="flex min-w-0 flex-wrap gap-x-1.5">
      <ExchangeName vhost={vhost} name={name} />
      <Badge hint="The message comes to an exchange once, however many ways lead there">shown elsewhere</Badge>
    </p>
  );
}

function Key({ text }: { text: string }) {
  return (
    <span className="break-all font-mono text-ink">{text === '' ? <span className="text-faint">''</span> : text}</span>
  );
}

function ExchangeName({ vhost, name }: { vhost: string; name: string }) {
  return (
    <Link href={paths.exchange(vhost, name)} className="inline-flex min-w-0 items-center gap-1 hover:text-accent">
      <Split className="size-3 shrink-0 text-muted" aria-hidden />
      <span className="sr-only">exchange</span>
      <span className="truncate font-medium">{exchangeLabel(name)}</span>
    </Link>
  );
}

function QueueName({ vhost, name }: { vhost: string; name: string }) {
  return (
    <Link href={paths.queue(vhost, name)} className="inline-flex min-w-0 items-center gap-1 hover:text-accent">
      <Inbox className="size-3 shrink-0 text-good" aria-hidden />
      <span className="sr-only">queue</span>
      <span className="truncate font-medium">{name}</span>
    </Link>
  );
}

function bindingText({ destinationType, destination, routingKey, arguments: table }: RouteBinding): string {
  return JSON.stringify([destinationType, destination, routingKey, table]);
}
