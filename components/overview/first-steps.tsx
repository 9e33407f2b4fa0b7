import type { ReactNode } from 'react';
import { paths } from '../../lib/client/paths.ts';
import { ButtonLink } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Panel } from '../ui/panel.tsx';

/** What to do with a broker in which there is nothing yet. */
export function FirstSteps({ address }: { address: string }) {
  return (
    <Panel title="Nothing here yet" note="three ways to begin" className="mb-4">
      <ol className="grid gap-4 lg:grid-cols-3">
        <Step title="Connect a program">
          Any AMQP 0-9-1 client works as it does with RabbitMQ:
          <span className="mt-1 flex items-center gap-1">
            <code className="truncate rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-ink text-xs">{address}</code>
            <CopyButton text={address} label="Copy the AMQP address" />
          </span>
        </Step>
        <Step title="Or make it by hand">
          An exchange takes messages, a queue keeps them, a binding joins the two.
          <span className="mt-2 flex flex-wrap gap-2">
            <ButtonLink size="small" href={paths.newExchange}>
              New exchange
            </ButtonLink>
            <ButtonLink size="small" href={paths.newQueue}>
              New queue
            </ButtonLink>
          </span>
        </Step>
        <Step title="Or watch a small shop">
          Producers, consumers and some failures, in another terminal:
          <span className="mt-1 flex items-center gap-1">
            <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-ink text-xs">npm run demo</code>
            <CopyButton text="npm run demo" label="Copy the command" />
          </span>
        </Step>
      </ol>
    </Panel>
  );
}

function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li className="min-w-0">
      <p className="font-medium">{title}</p>
      <div className="text-muted">{children}</div>
    </li>
  );
}
