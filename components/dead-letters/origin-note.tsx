import { ArrowRight, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { DeadLetterDetail } from '../../lib/client/dead-letters.ts';
import { exchangeLabel } from '../../lib/client/formats.ts';
import type { MessageProperties } from '../../lib/client/messages.ts';
import { paths } from '../../lib/client/paths.ts';
import { DetailSection } from '../messages/message-detail.tsx';

/** Where a replay would bring the message, how that is known, and what would change on it. */
export function OriginNote({ vhost, message }: { vhost: string; message: DeadLetterDetail }) {
  const { origin, replayed } = message;
  return (
    <DetailSection title="Where it goes back to">
      <div className="rounded-md border border-line p-3">
        {origin.queue === null ? (
          <p className="flex gap-2 text-warn">
            <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
            <span>
              <span className="font-medium">Needs a target.</span> {origin.why}
            </span>
          </p>
        ) : (
          <>
            <p className="flex flex-wrap items-center gap-1.5">
              <ArrowRight className="size-4 text-accent" aria-hidden />
              <Link
                href={paths.queue(vhost, origin.queue)}
                className="break-all font-semibold hover:text-accent hover:underline"
              >
                {origin.queue}
              </Link>
              <span className="text-muted">
                as published to <span className="font-mono text-xs">{exchangeLabel(origin.exchange ?? '')}</span> with
                key <span className="font-mono text-xs">{origin.routingKey === '' ? "''" : origin.routingKey}</span>
              </span>
            </p>
            <p className="mt-1 text-muted">{origin.why}</p>
            {origin.firstDeathQueue !== null && (
              <p className="mt-1 text-muted">
                It first died in another queue, <span className="font-medium">{origin.firstDeathQueue}</span>.
              </p>
            )}
            <p className="mt-1 text-muted">
              Only this queue gets it: no other queue bound to the exchange sees it again.
            </p>
          </>
        )}
        {message.guarded && (
          <p className="mt-2 text-warn">
            It has been replayed {message.replays} times and came back each time. It goes only when forced.
          </p>
        )}
        {replayed !== null && <Changes before={message.properties} after={replayed} />}
      </div>
    </DetailSection>
  );
}

type Header = NonNullable<MessageProperties['headers']>[number];

function isSame(one: Header, other: Header): boolean {
  return one.name === other.name && JSON.stringify(one.field) === JSON.stringify(other.field);
}

function Changes({ before, after }: { before: MessageProperties; after: MessageProperties }) {
  const names = (properties: MessageProperties) => new Set((properties.headers ?? []).map((entry) => entry.name));
  const [had, has] = [names(before), names(after)];
  const removed = [...had].filter((name) => !has.has(name));
  const added = (after.headers ?? []).filter((entry) => !(before.headers ?? []).some((old) => isSame(old, entry)));
  const lost = (['userId', 'replyTo'] as const).filter((key) => before[key] !== undefined && after[key] === undefined);
  return (
    <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 border-line border-t pt-2 text-xs">
      <dt className="text-muted">Stays</dt>
      <dd>the body, byte for byte, and all else</dd>
      {removed.length + lost.length > 0 && (
        <>
          <dt className="text-muted">Taken off</dt>
          <dd className="break-words font-mono">{[...removed, ...lost].join(', ')}</dd>
        </>
      )}
      <dt className="text-muted">Put on</dt>
      <dd className={added.length === 0 ? undefined : 'break-words font-mono'}>
        {added.length === 0
          ? 'nothing: it has headers of its own with the names that a replay uses'
          : added.map(({ name }) => name).join(', ')}
      </dd>
    </dl>
  );
}
