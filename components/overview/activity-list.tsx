import { formatDateTime, formatSpan } from '../../lib/client/formats.ts';
import type { Act } from '../../lib/client/overview.ts';
import { keyed } from '../ui/keyed.ts';

const VERBS: Record<string, string> = {
  'session.sign-in': 'signed in',
  'queue.declare': 'declared queue',
  'queue.delete': 'deleted queue',
  'queue.purge': 'purged queue',
  'exchange.declare': 'declared exchange',
  'exchange.delete': 'deleted exchange',
  'binding.add': 'bound exchange',
  'binding.remove': 'unbound exchange',
  'message.publish': 'published to exchange',
  'message.get': 'took or looked at messages of queue',
  'dead-letter.replay': 'replayed dead letters of',
  'connection.close': 'closed connection',
  'connection.close-all': 'closed all connections of',
  'vhost.put': 'changed vhost',
  'vhost.delete': 'deleted vhost',
  'vhost.protect': 'protected vhost',
  'vhost.unprotect': 'took the protection from vhost',
  'user.put': 'changed user',
  'user.delete': 'deleted user',
  'user.delete-many': 'deleted several users',
  'permission.put': 'changed the permissions of',
  'permission.delete': 'took the permissions of',
  'topic-permission.put': 'changed the topic permissions of',
  'topic-permission.delete': 'took the topic permissions of',
  'policy.put': 'changed policy',
  'policy.delete': 'deleted policy',
  'operator-policy.put': 'changed operator policy',
  'operator-policy.delete': 'deleted operator policy',
  'parameter.put': 'changed parameter',
  'parameter.delete': 'deleted parameter',
  'global-parameter.put': 'changed global parameter',
  'global-parameter.delete': 'deleted global parameter',
  'vhost-limit.put': 'set limit',
  'vhost-limit.delete': 'lifted limit',
  'user-limit.put': 'set a limit of',
  'user-limit.delete': 'lifted a limit of',
  'definitions.import': 'imported definitions',
  'cluster.rename': 'renamed the cluster',
};

/** Who did what through the console, newest first. */
export function ActivityList({ acts, nowMs, showVhost }: { acts: readonly Act[]; nowMs: number; showVhost: boolean }) {
  if (acts.length === 0)
    return (
      <p className="p-3 text-muted">Nobody has changed anything yet. What people do in this console is kept here.</p>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <ol className="max-h-96 overflow-y-auto" aria-label="Recent activity, newest first" tabIndex={0}>
      {keyed(acts, (act) => `${act.atMs} ${act.user}`).map(({ key, item: act }) => (
        <li key={key} className="flex gap-3 border-line border-b px-3 py-1.5 last:border-b-0">
          <time
            className="w-16 shrink-0 text-faint text-xs leading-5 tabular-nums"
            dateTime={new Date(act.atMs).toISOString()}
            title={formatDateTime(act.atMs)}
          >
            {formatSpan(nowMs - act.atMs)} ago
          </time>
          <p className="min-w-0 flex-1 break-words">
            <span className="font-medium">{act.user}</span> {act.outcome === 'ok' ? '' : 'tried: '}
            {VERBS[act.action] ?? act.action}{' '}
            {act.action !== 'session.sign-in' && <ActObject act={act} showVhost={showVhost} />}
            {act.detail !== '' && <span className="text-muted"> {act.detail}</span>}
            {act.outcome !== 'ok' && <span className="text-danger"> {act.outcome}</span>}
          </p>
        </li>
      ))}
    </ol>
  );
}

function ActObject({ act, showVhost }: { act: Act; showVhost: boolean }) {
  const name = act.object === '' ? '(default exchange)' : act.object;
  return (
    <span className="font-medium">
      {name}
      {showVhost && act.vhost !== null && <span className="font-normal text-muted"> in {act.vhost}</span>}
    </span>
  );
}
