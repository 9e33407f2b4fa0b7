'use client';
import { Pause, Play } from 'lucide-react';
import { reasonOf } from '../../lib/client/api.ts';
import { type QueueDetail, usePauseQueue } from '../../lib/client/queues.ts';
import { Button } from '../ui/button.tsx';
import { useToast } from '../ui/toasts.tsx';

/** Pauses or resumes a queue at once: nothing is lost by it, and the next click takes it back. */
export function PauseButton({ queue: { vhost, name, isPaused } }: { queue: QueueDetail }) {
  const toast = useToast();
  const pause = usePauseQueue();
  const change = () =>
    pause.mutate(
      { vhost, name, isPaused: !isPaused },
      {
        onSuccess: () =>
          toast('good', isPaused ? `${name} is resumed.` : `${name} is paused: it takes messages and gives none.`),
        onError: (error) => toast('danger', `${name} is not ${isPaused ? 'resumed' : 'paused'}: ${reasonOf(error)}`),
      },
    );
  return (
    <Button
      busy={pause.isPending}
      title={isPaused ? undefined : 'Give consumers nothing until somebody resumes it, also over a restart'}
      onClick={change}
    >
      {isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
      {isPaused ? 'Resume' : 'Pause'}
    </Button>
  );
}
