import { LockKeyhole } from 'lucide-react';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Panel } from '../ui/panel.tsx';

/** Stands in place of pages that would say that there is nothing, where in truth this user may see nothing. */
export function NoVhost({ user }: { user: string }) {
  const command = `rabbitmqadmin declare permission vhost=/ user=${quoted(user)} configure=.* write=.* read=.*`;
  return (
    <Panel>
      <EmptyState icon={LockKeyhole} title="You may see no virtual host yet">
        <p>
          Queues, exchanges and messages live in virtual hosts, and <span className="font-medium">{user}</span> has
          permissions in none of them. An administrator grants them, for example with
        </p>
        <p className="my-2 flex items-center justify-center gap-1">
          <code className="min-w-0 break-all rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-ink text-xs">
            {command}
          </code>
          <CopyButton text={command} label="Copy the command" />
        </p>
        <p>What you may see then shows here by itself.</p>
      </EmptyState>
    </Panel>
  );
}

function quoted(text: string): string {
  return /^[\w.@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
