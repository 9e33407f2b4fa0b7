import Link from 'next/link';
import type { ReactNode } from 'react';
import { exchangeLabel, formatBytes, formatCount, formatDateTime, formatSpan } from '../../lib/client/formats.ts';
import { paths } from '../../lib/client/paths.ts';
import { argumentText } from '../../lib/client/queue-arguments.ts';
import type { QueueDetail } from '../../lib/client/queues.ts';
import { PolicyFacts } from '../policies/policy-facts.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { keyed } from '../ui/keyed.ts';
import { Panel } from '../ui/panel.tsx';

/** What a queue is. */
export function QueueFacts({ queue, nowMs }: { queue: QueueDetail; nowMs: number }) {
  return (
    <Panel title="Facts">
      <Facts>
        <Fact name="Vhost">{queue.vhost}</Fact>
        <Fact name="Type">{queue.type}</Fact>
        <Fact name="Survives a restart">{queue.durable ? 'yes (durable)' : 'no (transient)'}</Fact>
        {queue.autoDelete && <Fact name="Auto-delete">goes when its last consumer goes</Fact>}
        {queue.exclusive && <Fact name="Exclusive">belongs to one connection</Fact>}
        {keyed(queue.arguments, ({ name }) => name).map(({ key, item: { name, field } }) => (
          <Fact key={key} name={<span className="break-all font-mono text-xs">{name}</span>}>
            <span className="font-mono text-xs">{argumentText(name, field)}</span>
          </Fact>
        ))}
        <PolicyFacts of={queue} />
        {queue.stream === null ? (
          <>
            <Fact name="Bytes ready">{formatBytes(queue.readyBytes)}</Fact>
            <Fact name="Bytes unacked">{formatBytes(queue.unackedBytes)}</Fact>
          </>
        ) : (
          <>
            <Fact name="Bytes kept">{formatBytes(queue.readyBytes)}</Fact>
            <Fact name="Offsets kept">{offsetsText(queue.stream)}</Fact>
            <Fact name="Segments">
              {formatCount(queue.stream.segments)}
              <span className="text-muted">, each given up as a whole</span>
            </Fact>
          </>
        )}
        {queue.idleSinceMs !== null && (
          <Fact name="Idle since">
            {formatDateTime(queue.idleSinceMs)}{' '}
            <span className="text-muted">({formatSpan(nowMs - queue.idleSinceMs)})</span>
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}

function offsetsText({ firstOffset, nextOffset }: NonNullable<QueueDetail['stream']>): string {
  return firstOffset === nextOffset
    ? `none; the next is ${formatCount(nextOffset)}`
    : `${formatCount(firstOffset)} to ${formatCount(nextOffset - 1)}`;
}

/** Counted since the broker's start. */
export function QueueCounts({ queue }: { queue: QueueDetail }) {
  const { counters } = queue;
  return (
    <Panel title="Counted" note="since the broker started">
      <Facts>
        <Fact name="Came in">{formatCount(counters.published)}</Fact>
        <Fact name="Delivered">
          {formatCount(counters.delivered)}
          {counters.redelivered > 0 && (
            <span className="text-muted">, {formatCount(counters.redelivered)} of them again</span>
          )}
        </Fact>
        <Fact name="Acked">{formatCount(counters.acked)}</Fact>
        <Fact name="Died here">
          {formatCount(counters.expired + counters.rejected + counters.overflowed + counters.deliveryLimited)}
          <span className="text-muted">
            {' '}
            ({formatCount(counters.rejected)} rejected, {formatCount(counters.expired)} expired,{' '}
            {formatCount(counters.overflowed)} pushed out
            {counters.deliveryLimited > 0 && `, ${formatCount(counters.deliveryLimited)} came back too often`})
          </span>
        </Fact>
        <Fact name="Dead letters in">{formatCount(counters.deadLettersIn)}</Fact>
      </Facts>
    </Panel>
  );
}

/** Where the queue's dead letters go, and whose come here. */
export function DeadLetterLinks({ queue }: { queue: QueueDetail }) {
  const { vhost, deadLetterExchange, deadLetterRoutingKey, deadLetterTargets, deadLetterSources } = queue;
  return (
    <Panel title="Dead letters">
      <Facts>
        <Fact name="From here">
          {deadLetterExchange === null ? (
            'No dead-letter exchange: what dies here is dropped.'
          ) : (
            <>
              to exchange{' '}
              <Link
                href={paths.exchange(vhost, deadLetterExchange)}
                className="font-medium hover:text-accent hover:underline"
              >
                {exchangeLabel(deadLetterExchange)}
              </Link>{' '}
              with{' '}
              {deadLetterRoutingKey === null ? (
                'their own key'
              ) : (
                <code className="font-mono text-xs">{deadLetterRoutingKey}</code>
              )}
            </>
          )}
        </Fact>
        {deadLetterExchange !== null && (
          <Fact name="They land in">
            {deadLetterTargets.count === 0 ? (
              <span className="text-warn">no queue: as things are bound now, they are lost</span>
            ) : (
              <QueueLinks vhost={vhost} some={deadLetterTargets} />
            )}
          </Fact>
        )}
        {queue.waitingLetters > 0 && (
          <Fact name="Waiting">
            <span className="text-warn">{formatCount(queue.waitingLetters)} until a queue takes them</span>
          </Fact>
        )}
        <Fact name="To here">
          {deadLetterSources.count === 0 ? (
            'No queue sends its dead letters here.'
          ) : (
            <QueueLinks vhost={vhost} some={deadLetterSources} />
          )}
        </Fact>
        {(deadLetterSources.count > 0 || queue.counters.deadLettersIn > 0) && (
          <Fact name="Replay">
            <Link href={paths.deadLettersIn(vhost, queue.name)} className="font-medium text-accent hover:underline">
              See its dead letters
            </Link>
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}

function QueueLinks({
  vhost,
  some: { count, names },
}: {
  vhost: string;
  some: { count: number; names: readonly string[] };
}): ReactNode {
  return (
    <span className="flex flex-wrap gap-x-2">
      {names.map((name) => (
        <Link
          key={name}
          href={paths.queue(vhost, name)}
          className="break-all font-medium hover:text-accent hover:underline"
        >
          {name}
        </Link>
      ))}
      {count > names.length && <span className="text-muted">and {formatCount(count - names.length)} more</span>}
    </span>
  );
}
