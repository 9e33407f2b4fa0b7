'use client';
import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { OriginNote } from '@/components/dead-letters/origin-note.tsx';
import { MessageDetail } from '@/components/messages/message-detail.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Dialog } from '@/components/ui/dialog.tsx';
import { ErrorNote } from '@/components/ui/error-note.tsx';
import { SkeletonRows } from '@/components/ui/skeleton.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { type DeadLetterDetail, deadLetterQuery } from '@/lib/client/dead-letters.ts';

export function DeadLetterDrawer({
  vhost,
  queue,
  position,
  nowMs,
  replayRefusal,
  onClose,
  onReplay,
}: {
  vhost: string;
  queue: string;
  position: string | undefined;
  nowMs: number;
  /** Why nothing can be replayed from here; undefined: messages can. */
  replayRefusal: string | undefined;
  onClose: () => void;
  onReplay: (message: DeadLetterDetail) => void;
}) {
  const query = useQuery({ ...deadLetterQuery(vhost, queue, position ?? ''), enabled: position !== undefined });
  const message = query.data;
  return (
    <Dialog
      open={position !== undefined}
      onClose={onClose}
      layout="drawer"
      title="Dead letter"
      description={`In queue ${queue}`}
      footer={
        message !== undefined && (
          <Button
            kind="primary"
            disabled={replayRefusal !== undefined}
            title={replayRefusal}
            onClick={() => onReplay(message)}
          >
            <RotateCcw aria-hidden />
            Replay this message
          </Button>
        )
      }
    >
      {query.isError ? (
        <ErrorNote>{reasonOf(query.error)}</ErrorNote>
      ) : message === undefined ? (
        <SkeletonRows rows={6} />
      ) : (
        <MessageDetail message={message} nowMs={nowMs}>
          <OriginNote vhost={vhost} message={message} />
        </MessageDetail>
      )}
    </Dialog>
  );
}
