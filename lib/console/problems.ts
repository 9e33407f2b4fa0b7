/** What deserves a look now: each problem with its cause and where to act. Pure: judges what it is given. */
import type { Overview, QueueInfo } from '../engine/port.ts';
import type { QueueRates } from '../metrics/metrics.ts';

export interface Problem {
  /** Stays the same while the problem lasts. */
  key: string;
  severity: 'critical' | 'warning';
  title: string;
  cause: string;
  /** Where it can be acted on; null concerns the whole broker. */
  place: ProblemPlace | null;
}

export type ProblemPlace =
  | { kind: 'queue' | 'dead-letters' | 'exchange'; vhost: string; name: string }
  /** A list: of queues without consumers, of dead letters, of all queues or exchanges. */
  | { kind: 'list'; of: 'unconsumed' | 'dead-letters' | 'queues' | 'exchanges' };

export interface Judged {
  overview: Overview;
  queues: readonly QueueInfo[];
  isDeadLetterQueue(queue: QueueInfo): boolean;
  rates(queue: QueueInfo): QueueRates | null;
  /** Ready messages now less those of a minute ago; null when it is not known for that long. */
  growth(queue: QueueInfo): number | null;
  /** Messages that found no queue in the last minute, by exchange. */
  unroutable: readonly { vhost: string; name: string; count: number }[];
}

const GROWTH_MIN = 100;
const GROWTH_SHARE_MIN = 0.1;
const FULL_SHARE_MIN = 0.8;
/** More of a kind become one: ten lines that say the same hide the eleventh. */
const ONE_BY_ONE_MAX = 3;
const NAMED_MAX = 5;

/** One problem of one queue or exchange, and how much it weighs among its kind. */
interface Finding {
  name: string;
  weight: number;
  problem: Problem;
}

interface Kind {
  findings: Finding[];
  /** What many of them are called together, as in '7 queues …'. */
  together: { noun: string; title: string; place: ProblemPlace };
}

export function findProblems(judged: Judged): Problem[] {
  const [closed, open] = [judged.queues.filter(isClosed), judged.queues.filter((queue) => !isClosed(queue))];
  return [
    ...alarms(judged.overview),
    ...closed.map(closedQueue),
    ...kinds({ ...judged, queues: open }).flatMap(condensed),
  ];
}

function isClosed(queue: QueueInfo): boolean {
  return queue.closedReason !== null;
}

function closedQueue({ vhost, name, closedReason }: QueueInfo): Problem {
  const cause = `${closedReason}. Other queues go on. Save the files, then delete the queue and declare it anew.`;
  return {
    key: `closed:${vhost}\0${name}`,
    severity: 'critical',
    title: `${name} is closed: its messages cannot be read`,
    cause,
    place: { kind: 'queue', vhost, name },
  };
}

function kinds(judged: Judged): Kind[] {
  const find = (judge: (queue: QueueInfo, judged: Judged) => Finding | null) =>
    judged.queues.flatMap((queue) => judge(queue, judged) ?? []);
  return [
    {
      findings: find(fullQueue),
      together: { noun: 'queue', title: 'are full or nearly full', place: { kind: 'list', of: 'queues' } },
    },
    {
      findings: find(growingQueue),
      together: { noun: 'queue', title: 'grow faster than they are emptied', place: { kind: 'list', of: 'queues' } },
    },
    {
      findings: find(unconsumedQueue),
      together: { noun: 'queue', title: 'have messages and no consumers', place: { kind: 'list', of: 'unconsumed' } },
    },
    {
      findings: find(deadLetters),
      together: { noun: 'queue', title: 'hold dead letters', place: { kind: 'list', of: 'dead-letters' } },
    },
    {
      findings: judged.unroutable.map(unroutableMessages),
      together: { noun: 'exchange', title: 'cannot route what is published', place: { kind: 'list', of: 'exchanges' } },
    },
  ];
}

/** The heaviest first; one problem for all of a kind when there are many. */
function condensed({ findings, together: { noun, title, place } }: Kind): Problem[] {
  const sorted = findings.toSorted((a, b) => b.weight - a.weight);
  if (sorted.length <= ONE_BY_ONE_MAX) return sorted.map(({ problem }) => problem);
  const named = sorted.slice(0, NAMED_MAX).map(({ name, weight }) => `${name} (${weight.toLocaleString('en')})`);
  const rest = sorted.length - named.length;
  return [
    {
      key: `many:${noun}:${title}`,
      severity: 'warning',
      title: `${count(sorted.length, noun)} ${title}`,
      cause: `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`,
      place,
    },
  ];
}

function alarms(overview: Overview): Problem[] {
  return overview.alarms.map((alarm) => ({
    key: `alarm:${alarm}`,
    severity: 'critical',
    title: alarm === 'memory' ? 'Memory alarm: publishers are blocked' : 'Disk alarm: publishers are blocked',
    cause:
      alarm === 'memory'
        ? `Messages hold ${bytes(overview.totals.messageBytes)}, and ${bytes(overview.messageBytesLeft)} are left; ${overview.blockedConnections} publishing connections wait. It ends when consumers take messages away.`
        : `The disk is nearly full; ${overview.blockedConnections} publishing connections wait. Free space on it.`,
    place: null,
  }));
}

function warning(kind: string, place: Exclude<ProblemPlace, { kind: 'list' }>, title: string, cause: string): Problem {
  return { key: `${kind}:${place.vhost}\0${place.name}`, severity: 'warning', title, cause, place };
}

/** A queue that nobody is meant to consume from: messages in it wait for an operator. */
function isGraveyard(queue: QueueInfo, judged: Judged): boolean {
  return queue.consumers === 0 && judged.isDeadLetterQueue(queue);
}

function deadLetters(queue: QueueInfo, judged: Judged): Finding | null {
  const { vhost, name, ready } = queue;
  if (ready === 0 || !isGraveyard(queue, judged)) return null;
  const title = `${count(ready, 'dead letter')} in ${name}`;
  const cause = 'Messages failed and wait here. See why they died, then replay them.';
  return { name, weight: ready, problem: warning('dead', { kind: 'dead-letters', vhost, name }, title, cause) };
}

function unconsumedQueue(queue: QueueInfo, judged: Judged): Finding | null {
  const { vhost, name, ready } = queue;
  if (ready === 0 || queue.consumers > 0 || isGraveyard(queue, judged)) return null;
  const title = `${name} has messages and no consumers`;
  const cause = `${count(ready, 'message')} ready and nobody takes them: the consumer was never started, or it has gone.`;
  return { name, weight: ready, problem: warning('unconsumed', { kind: 'queue', vhost, name }, title, cause) };
}

function growingQueue(queue: QueueInfo, judged: Judged): Finding | null {
  const { vhost, name, consumers } = queue;
  const growth = judged.growth(queue);
  const rates = judged.rates(queue);
  if (consumers === 0 || growth === null || rates === null) return null;
  if (growth < GROWTH_MIN || growth < queue.ready * GROWTH_SHARE_MIN) return null;
  const title = `${name} grows: ${count(growth, 'message')} more than a minute ago`;
  const [take, acknowledge] = consumers === 1 ? ['takes', 'acknowledges'] : ['take', 'acknowledge'];
  const cause = `${perSecond(rates.published)} come in, its ${count(consumers, 'consumer')} ${take} ${perSecond(rates.delivered)} and ${acknowledge} ${perSecond(rates.acked)}.`;
  return { name, weight: growth, problem: warning('growing', { kind: 'queue', vhost, name }, title, cause) };
}

function fullQueue(queue: QueueInfo): Finding | null {
  const { vhost, name, ready } = queue;
  const max = argument(queue, 'x-max-length');
  if (max === null || max === 0 || ready < max * FULL_SHARE_MIN) return null;
  const overflow = queue.arguments.find((entry) => entry.name === 'x-overflow')?.field.value;
  const refuses = overflow === 'reject-publish' || overflow === 'reject-publish-dlx';
  const consequence = refuses ? 'new messages are refused' : 'the oldest messages are dropped';
  const title = `${name} is ${ready >= max ? 'full' : 'nearly full'}`;
  const cause = `${ready.toLocaleString('en')} of at most ${max.toLocaleString('en')} messages; at the limit ${consequence}.`;
  return { name, weight: ready, problem: warning('full', { kind: 'queue', vhost, name }, title, cause) };
}

function unroutableMessages({ vhost, name, count: messages }: Judged['unroutable'][number]): Finding {
  const shown = name === '' ? 'the default exchange' : name;
  const title = `${count(messages, 'message')} to ${shown} reached no queue in the last minute`;
  const cause =
    name === ''
      ? 'No queue has the name that was used as routing key.'
      : 'No binding matched. Publishers that do not ask for mandatory delivery are not told.';
  return {
    name: shown,
    weight: messages,
    problem: warning('unroutable', { kind: 'exchange', vhost, name }, title, cause),
  };
}

function argument(queue: QueueInfo, name: string): number | null {
  const field = queue.arguments.find((entry) => entry.name === name)?.field;
  const value = Number(field?.value ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

function perSecond(rate: number): string {
  return `${rate >= 10 ? Math.round(rate).toLocaleString('en') : rate.toFixed(1)}/s`;
}

function bytes(size: number): string {
  return size >= 2 ** 30 ? `${(size / 2 ** 30).toFixed(1)} GiB` : `${Math.round(size / 2 ** 20)} MiB`;
}
