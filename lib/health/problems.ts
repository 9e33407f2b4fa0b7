/** What deserves a look now: each problem with its cause and where to act. Pure: judges what it is given. */
import type { NodeNow } from '../engine/node.ts';
import type { ClosedQueue } from '../engine/sample.ts';
import { bytesText, countText, rateText } from './texts.ts';
import type { Trend } from './trend.ts';

export interface Problem {
  /** Stays the same while the problem lasts. */
  key: string;
  severity: 'critical' | 'warning';
  title: string;
  cause: string;
  /** What the problem is about; null: the whole broker. */
  subject: ProblemSubject | null;
}

/** What a problem is about, and so where somebody can act on it. */
export type ProblemSubject =
  | { kind: 'queue' | 'dead-letters' | 'exchange'; vhost: string; name: string }
  /** A list: of queues without consumers, of dead letters, of all queues or exchanges. */
  | { kind: 'list'; of: 'unconsumed' | 'dead-letters' | 'queues' | 'exchanges' };

/** A queue as it is judged. */
export interface JudgedQueue {
  vhost: string;
  name: string;
  ready: number;
  readyBytes: number;
  consumers: number;
  /** The limits in effect, whoever set them; negative: none. */
  lengthMax: number;
  bytesMax: number;
  refusesWhenFull: boolean;
  isPaused: boolean;
  isStream: boolean;
  /** Dead letters came here, or may come by today's topology. */
  isForDeadLetters: boolean;
  trend(): Trend;
}

/** One problem of one queue or exchange, and how much it weighs among its kind. */
export interface Finding {
  kind: FindingKind;
  name: string;
  weight: number;
  problem: Problem;
}

const GROWTH_MIN = 100;
const GROWTH_SHARE_MIN = 0.1;
/** Less than about a minute is too short to complain. */
const GROWTH_SPAN_MS_MIN = 55_000;
const FULL_SHARE_MIN = 0.8;

/** Kinds of findings in the order of the list, with what many of a kind are called together, as in '7 queues …'. */
export const FINDING_KINDS = {
  closed: {
    noun: 'queue',
    title: 'are closed: their messages cannot be read',
    severity: 'critical',
    subject: { kind: 'list', of: 'queues' },
  },
  full: {
    noun: 'queue',
    title: 'are full or nearly full',
    severity: 'warning',
    subject: { kind: 'list', of: 'queues' },
  },
  growing: {
    noun: 'queue',
    title: 'grow faster than they are emptied',
    severity: 'warning',
    subject: { kind: 'list', of: 'queues' },
  },
  paused: {
    noun: 'queue',
    title: 'are paused while messages wait in them',
    severity: 'warning',
    subject: { kind: 'list', of: 'queues' },
  },
  unconsumed: {
    noun: 'queue',
    title: 'have messages and no consumers',
    severity: 'warning',
    subject: { kind: 'list', of: 'unconsumed' },
  },
  dead: {
    noun: 'queue',
    title: 'hold dead letters',
    severity: 'warning',
    subject: { kind: 'list', of: 'dead-letters' },
  },
  unroutable: {
    noun: 'exchange',
    title: 'cannot route what is published',
    severity: 'warning',
    subject: { kind: 'list', of: 'exchanges' },
  },
} as const satisfies Record<
  string,
  { noun: string; title: string; severity: Problem['severity']; subject: ProblemSubject }
>;
export type FindingKind = keyof typeof FINDING_KINDS;

/** `withFigures`: with figures of the node, for those who may see them. */
export function alarmProblems(node: NodeNow, withFigures: boolean): Problem[] {
  const { alarms, blockedConnections, messageBytes, messageBytesLeft } = node;
  const waiting = withFigures ? `${blockedConnections} publishing connections wait` : 'publishing connections wait';
  return alarms.map((alarm) => ({
    key: `alarm:${alarm}`,
    severity: 'critical',
    title: alarm === 'memory' ? 'Memory alarm: publishers are blocked' : 'Disk alarm: publishers are blocked',
    cause: sentences(
      alarm === 'disk' ? `The disk is nearly full; ${waiting}` : '',
      alarm === 'memory' && withFigures
        ? `Messages hold ${bytesText(messageBytes)}, and ${bytesText(messageBytesLeft)} are left; ${waiting}`
        : '',
      alarm === 'memory' && !withFigures ? `The process holds as much memory as it may; ${waiting}` : '',
      alarm === 'memory' ? 'It ends when consumers take messages away' : 'Free space on it',
    ),
    subject: null,
  }));
}

export function closedQueue({ vhost, name, reason }: ClosedQueue): Finding {
  const problem: Problem = {
    key: `closed:${vhost}\0${name}`,
    severity: 'critical',
    title: `${name} is closed: its messages cannot be read`,
    cause: `${reason}. Other queues go on. Save the files, then delete the queue and declare it anew.`,
    subject: { kind: 'queue', vhost, name },
  };
  return { kind: 'closed', name, weight: 1, problem };
}

/** Calls `found` with each problem of a queue. Most queues have none: nothing is made for them. */
export function judgeQueue(queue: JudgedQueue, found: (finding: Finding) => void): void {
  const { ready, consumers, isForDeadLetters } = queue;
  if (ready === 0) return;
  if (queue.isPaused) found(pausedQueue(queue));
  // A stream keeps its messages, however many there are.
  if (queue.isStream) return;
  const full = fullQueue(queue);
  if (full !== null) found(full);
  if (queue.isPaused) return;
  if (consumers > 0) {
    const growing = growingQueue(queue);
    if (growing !== null) found(growing);
  } else found(isForDeadLetters ? deadLetters(queue) : unconsumedQueue(queue));
}

function deadLetters({ vhost, name, ready }: JudgedQueue): Finding {
  const title = `${countText(ready, 'dead letter')} in ${name}`;
  const cause = 'Messages failed and wait here. See why they died, then replay them.';
  return finding('dead', { kind: 'dead-letters', vhost, name }, ready, title, cause);
}

function pausedQueue({ vhost, name, ready }: JudgedQueue): Finding {
  const title = `${name} is paused`;
  const cause = `${countText(ready, 'message')} ready. Consumers get nothing until somebody resumes it.`;
  return finding('paused', { kind: 'queue', vhost, name }, ready, title, cause);
}

function unconsumedQueue({ vhost, name, ready }: JudgedQueue): Finding {
  const title = `${name} has messages and no consumers`;
  const cause = `${countText(ready, 'message')} ready and nobody takes them: the consumer was never started, or it has gone.`;
  return finding('unconsumed', { kind: 'queue', vhost, name }, ready, title, cause);
}

function growingQueue({ vhost, name, ready, consumers, trend }: JudgedQueue): Finding | null {
  // First what costs nothing: a queue that grew by so much holds as much.
  if (ready < GROWTH_MIN) return null;
  const { kind, spanMs, change, published, delivered, acked } = trend();
  if (kind !== 'growing' || spanMs < GROWTH_SPAN_MS_MIN) return null;
  if (change < GROWTH_MIN || change < ready * GROWTH_SHARE_MIN) return null;
  const title = `${name} grows: ${countText(change, 'message')} more than a minute ago`;
  const cause = `In that time ${rateText(published)} came in, its ${countText(consumers, 'consumer')} took ${rateText(delivered)} and acknowledged ${rateText(acked)}.`;
  return finding('growing', { kind: 'queue', vhost, name }, change, title, cause);
}

function fullQueue(queue: JudgedQueue): Finding | null {
  const { vhost, name, ready, readyBytes, lengthMax, bytesMax, refusesWhenFull } = queue;
  const byLength = shareOf(ready, lengthMax);
  const byBytes = shareOf(readyBytes, bytesMax);
  const share = Math.max(byLength, byBytes);
  if (share < FULL_SHARE_MIN) return null;
  const consequence = refusesWhenFull ? 'new messages are refused' : 'the oldest messages are dropped';
  const fill =
    byLength >= byBytes
      ? `${ready.toLocaleString('en')} of at most ${lengthMax.toLocaleString('en')} messages`
      : `${bytesText(readyBytes)} of at most ${bytesText(bytesMax)}`;
  const title = `${name} is ${share >= 1 ? 'full' : 'nearly full'}`;
  return finding('full', { kind: 'queue', vhost, name }, ready, title, `${fill}; at the limit ${consequence}.`);
}

/** A limit of 0 lets nothing in, and needs no word. */
function shareOf(amount: number, max: number): number {
  return max > 0 ? amount / max : 0;
}

export function unroutableMessages(vhost: string, name: string, messages: number): Finding {
  const shown = name === '' ? 'the default exchange' : name;
  const title = `${countText(messages, 'message')} to ${shown} reached no queue in the last minute`;
  const cause =
    name === ''
      ? 'No queue has the name that was used as routing key.'
      : 'No binding matched. Publishers that do not ask for mandatory delivery are not told.';
  return { ...finding('unroutable', { kind: 'exchange', vhost, name }, messages, title, cause), name: shown };
}

function finding(
  kind: FindingKind,
  subject: Exclude<ProblemSubject, { kind: 'list' }>,
  weight: number,
  title: string,
  cause: string,
): Finding {
  const { vhost, name } = subject;
  const problem: Problem = { key: `${kind}:${vhost}\0${name}`, severity: 'warning', title, cause, subject };
  return { kind, name, weight, problem };
}

function sentences(...parts: string[]): string {
  return parts
    .filter((part) => part !== '')
    .map((part) => `${part}.`)
    .join(' ');
}
