'use client';
import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { OriginNote } from '@/components/dead-letters/origin-note.tsx';
import { Drawer } from '@/components/kit/drawer.tsx';
import { Loaded, shownOf } from '@/components/kit/loaded.tsx';
import { Offered } from '@/components/kit/offered.tsx';
import { MessageDetail } from '@/components/messages/message-detail.tsx';
import { Button } from '@/components/ui/button.tsx';
import { type DeadLetterDetail, deadLetterQuery } from '@/lib/client/dead-letters.ts';

export function DeadLetterDrawer({
  vhost,
  queue,
  keys,
  position,
  nowMs,
  replayRefusal,
  onOpen,
  onReplay,
}: {
  vhost: string;
  queue: string;
  /** Positions on the page of the list. */
  keys: readonly string[];
  /** '': none. */
  position: string;
  nowMs: number;
  /** Why nothing can be replayed from here; undefined: messages can. */
  replayRefusal: string | undefined;
  onOpen: (position: string) => void;
  onReplay: (message: DeadLetterDetail) => void;
}) {
  const query = useQuery({ ...deadLetterQuery(vhost, queue, position), enabled: position !== '' });
  const message = shownOf(query);
  return (
    <Drawer
      keys={keys}
      opened={position}
      noun="dead letter"
      onOpen={onOpen}
      title="Dead letter"
      description={`In queue ${queue}`}
      footer={
        message !== undefined && (
          <Offered by="move">
            <Button
              kind="primary"
              disabled={replayRefusal !== undefined}
              title={replayRefusal}
              onClick={() => onReplay(message)}
            >
              <RotateCcw aria-hidden />
              Replay this message
            </Button>
          </Offered>
        )
      }
    >
      <Loaded query={query} noun="dead letter" flush absentActions={null}>
        {(shown) => (
          <MessageDetail message={shown} nowMs={nowMs}>
            <OriginNote vhost={vhost} message={shown} />
          </MessageDetail>
        )}
      </Loaded>
    </Drawer>
  );
}
