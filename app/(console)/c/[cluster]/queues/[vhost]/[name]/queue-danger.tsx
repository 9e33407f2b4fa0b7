'use client';
import { Eraser, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { ConfirmDialog } from '@/components/ui/confirm-dialog.tsx';
import { useToast } from '@/components/ui/toasts.tsx';
import { reasonOf } from '@/lib/client/api.ts';
import { plural } from '@/lib/client/formats.ts';
import { paths } from '@/lib/client/paths.ts';
import { type QueueDetail, useDeleteQueue, usePurgeQueue } from '@/lib/client/queues.ts';

/** From here on a slip of the hand costs too much: the name must be typed. */
const LARGE = 1000;

export function QueueDanger({ queue }: { queue: QueueDetail }) {
  const [asking, setAsking] = useState<'purge' | 'delete'>();
  const close = () => setAsking(undefined);
  return (
    <>
      {queue.stream === null && (
        <Button
          kind="danger"
          disabled={queue.ready === 0}
          title={queue.ready === 0 ? 'No message is ready' : undefined}
          onClick={() => setAsking('purge')}
        >
          <Eraser aria-hidden />
          Purge
        </Button>
      )}
      <Button kind="danger" onClick={() => setAsking('delete')}>
        <Trash2 aria-hidden />
        Delete
      </Button>
      <PurgeDialog queue={queue} open={asking === 'purge'} onClose={close} />
      <DeleteDialog queue={queue} open={asking === 'delete'} onClose={close} />
    </>
  );
}

function PurgeDialog({ queue, open, onClose }: { queue: QueueDetail; open: boolean; onClose: () => void }) {
  const toast = useToast();
  const purge = usePurgeQueue();
  const { vhost, name, ready, unacked } = queue;
  return (
    <ConfirmDialog
      open={open}
      onClose={() => {
        purge.reset();
        onClose();
      }}
      title={`Purge ${name}?`}
      consequence={
        <>
          {plural(ready, 'ready message')} will be removed for good, without dead-lettering.
          {unacked > 0 && ` ${plural(unacked, 'unacked message')} stay with their consumers.`}
        </>
      }
      verb={`Purge ${plural(ready, 'message')}`}
      typeToConfirm={ready > LARGE ? name : undefined}
      busy={purge.isPending}
      error={purge.isError ? reasonOf(purge.error) : undefined}
      onConfirm={() =>
        purge.mutate(
          { vhost, name },
          {
            onSuccess: ({ messages }) => {
              toast('good', `${plural(messages, 'message')} removed from ${name}.`);
              onClose();
            },
          },
        )
      }
    />
  );
}

function DeleteDialog({ queue, open, onClose }: { queue: QueueDetail; open: boolean; onClose: () => void }) {
  const router = useRouter();
  const toast = useToast();
  const remove = useDeleteQueue();
  const { vhost, name, ready, unacked, consumers, bindingCount } = queue;
  // What a stream's consumers have not settled is in the stream as well.
  const messages = queue.stream === null ? ready + unacked : ready;
  const lost = [
    ...(messages === 0 ? [] : [plural(messages, 'message')]),
    ...(bindingCount === 0 ? [] : [plural(bindingCount, 'binding')]),
  ];
  return (
    <ConfirmDialog
      open={open}
      onClose={() => {
        remove.reset();
        onClose();
      }}
      title={`Delete ${name}?`}
      consequence={
        <>
          The queue goes for good{lost.length > 0 && `, and with it ${lost.join(' and ')}`}.
          {consumers > 0 && ` ${plural(consumers, 'consumer')} will be cancelled.`}
        </>
      }
      verb="Delete queue"
      typeToConfirm={messages > LARGE ? name : undefined}
      busy={remove.isPending}
      error={remove.isError ? reasonOf(remove.error) : undefined}
      onConfirm={() =>
        remove.mutate(
          { vhost, name },
          {
            onSuccess: (result) => {
              toast(
                'good',
                `Queue ${name} is deleted${result.messages > 0 ? `, with ${plural(result.messages, 'message')}` : ''}.`,
              );
              router.push(paths.queues);
            },
          },
        )
      }
    />
  );
}
