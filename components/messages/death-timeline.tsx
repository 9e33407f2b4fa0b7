import { exchangeLabel, formatDateTime } from '../../lib/client/formats.ts';
import type { Death } from '../../lib/client/messages.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { cn } from '../ui/cn.ts';
import { keyed } from '../ui/keyed.ts';

const REASONS: Record<string, { tone: Tone; meaning: string }> = {
  rejected: { tone: 'danger', meaning: 'A consumer rejected it without requeue.' },
  expired: { tone: 'warn', meaning: 'It waited longer than its TTL.' },
  maxlen: { tone: 'warn', meaning: 'The queue was full.' },
  delivery_limit: { tone: 'danger', meaning: 'It was returned to the queue too often.' },
};

/** Where a message died, newest first: each queue and reason once, with how often. `claimed`: so its headers say, and nobody knows. */
export function DeathTimeline({ deaths, claimed = false }: { deaths: readonly Death[]; claimed?: boolean }) {
  return (
    <ol
      aria-label={claimed ? 'Deaths as its headers tell them' : 'Death history, newest first'}
      className="flex flex-col"
    >
      {keyed(deaths, ({ queue, reason }) => `${queue}\0${reason}`).map(({ key, item: death }, i) => {
        const reason = claimed ? undefined : REASONS[death.reason];
        return (
          <li key={key} className="relative flex gap-3 pb-4 last:pb-0">
            {i < deaths.length - 1 && (
              <span aria-hidden className="absolute top-3 bottom-0 left-[5px] w-px bg-line-strong" />
            )}
            <span
              aria-hidden
              className={cn(
                'mt-1 size-[11px] shrink-0 rounded-full border-2 bg-raised',
                claimed ? 'border-line-strong border-dashed' : 'border-danger',
              )}
            />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Badge tone={reason?.tone ?? 'neutral'}>{death.reason}</Badge>{' '}
                <span>
                  in <span className="break-all font-medium">{death.queue}</span>
                </span>
                {death.count > 1 && <span className="text-muted tabular-nums">{death.count} times</span>}
              </p>
              <p className="text-muted text-xs">
                {reason?.meaning} {death.count > 1 ? 'First at' : 'At'}{' '}
                <span className="tabular-nums">
                  {death.timeSeconds === null ? 'a time not recorded' : formatDateTime(death.timeSeconds * 1000)}
                </span>
                , published to <span className="break-all font-mono">{exchangeLabel(death.exchange)}</span> with{' '}
                {death.routingKeys.length === 1 ? 'key' : 'keys'}{' '}
                <span className="break-all font-mono">
                  {death.routingKeys.map((key) => (key === '' ? "''" : key)).join(', ')}
                </span>
                {death.originalExpiration !== null && `; its expiration was ${death.originalExpiration} ms`}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
