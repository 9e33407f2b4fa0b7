import type { QueueInfo } from '../../lib/client/queues.ts';
import { Badge } from '../ui/badge.tsx';

/** Why a queue does not work as it should: beside its name wherever that stands, on the narrowest page too. */
export function StateBadges({
  queue: { closedReason, isPaused },
}: {
  queue: Pick<QueueInfo, 'closedReason' | 'isPaused'>;
}) {
  return (
    <>
      {closedReason !== null && (
        <>
          <Badge tone="danger" hint={`Closed: ${closedReason}`}>
            closed
          </Badge>{' '}
        </>
      )}
      {isPaused && (
        <>
          <Badge tone="warn" hint="Paused: consumers and gets are given nothing until somebody resumes it">
            paused
          </Badge>{' '}
        </>
      )}
    </>
  );
}
