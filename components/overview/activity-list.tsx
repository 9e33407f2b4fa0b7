import { actWords } from '../../lib/audit/actions.ts';
import { formatDateTime, formatSpan } from '../../lib/client/formats.ts';
import type { ActivityRow } from '../../lib/client/overview.ts';
import { keyed } from '../ui/keyed.ts';
import { StillArea, useStillRows } from '../ui/still-area.tsx';

/** Who did what through the console, newest first. */
export function ActivityList({
  acts,
  nowMs,
  showVhost,
}: {
  acts: readonly ActivityRow[];
  nowMs: number;
  showVhost: boolean;
}) {
  const list = useStillRows(
    keyed(acts, (act) => `${act.atMs} ${act.user}`),
    ({ key }) => key,
    '',
  );
  if (list.rows.length === 0)
    return (
      <StillArea list={list}>
        <p className="p-3 text-muted">Nobody has changed anything yet. What people do in this console is kept here.</p>
      </StillArea>
    );
  return (
    <StillArea list={list}>
      <Acts acts={list.rows} nowMs={nowMs} showVhost={showVhost} />
    </StillArea>
  );
}

/** Rows of activity. A row that has left the list has only grown too old for it. */
function Acts({
  acts,
  nowMs,
  showVhost,
}: {
  acts: readonly { key: string; item: ActivityRow }[];
  nowMs: number;
  showVhost: boolean;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <ol className="max-h-96 overflow-y-auto" aria-label="Recent activity, newest first" tabIndex={0}>
      {acts.map(({ key, item: act }) => (
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
            {actWords(act.action, act.outcome)}{' '}
            {act.action !== 'session.sign-in' && <ActObject act={act} showVhost={showVhost} />}
            {act.detail !== '' && <span className="text-muted"> {act.detail}</span>}
            {act.outcome !== 'ok' && <span className="text-danger"> {act.outcome}</span>}
          </p>
        </li>
      ))}
    </ol>
  );
}

function ActObject({ act, showVhost }: { act: ActivityRow; showVhost: boolean }) {
  const name = act.object === '' ? '(default exchange)' : act.object;
  const isVhost = act.action.startsWith('vhost.');
  return (
    <span className="font-medium">
      {name}
      {showVhost && act.vhost !== null && !isVhost && <span className="font-normal text-muted"> in {act.vhost}</span>}
    </span>
  );
}
