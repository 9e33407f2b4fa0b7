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
  place: { kind: 'queue' | 'dead-letters' | 'exchange'; vhost: string; name: string } | null;
}

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
const SHOWN_MAX = 20;

export function findProblems(judged: Judged): Problem[] {
  const problems = [
    ...alarms(judged.overview),
    ...judged.queues.flatMap((queue) => queueProblems(queue, judged)),
    ...judged.unroutable.map(unroutableProblem),
  ];
  const weight = { critical: 0, warning: 1 };
  return problems.sort((a, b) => weight[a.severity] - weight[b.severity]).slice(0, SHOWN_MAX);
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

function queueProblems(queue: QueueInfo, judged: Judged): Problem[] {
  const { vhost, name } = queue;
  const about = { vhost, name };
  if (queue.closedReason !== null) {
    const title = `${name} is closed: its messages cannot be read`;
    const cause = `${queue.closedReason}. Other queues go on. Save the files, then delete the queue and declare it anew.`;
    return [
      { key: `closed:${vhost}\0${name}`, severity: 'critical', title, cause, place: { kind: 'queue', ...about } },
    ];
  }
  if (judged.isDeadLetterQueue(queue) && queue.consumers === 0) {
    if (queue.ready === 0) return [];
    return [
      {
        key: `dead:${vhost}\0${name}`,
        severity: 'warning',
        title: `${count(queue.ready, 'dead letter')} in ${name}`,
        cause: 'Messages failed and wait here. See why they died, then replay them.',
        place: { kind: 'dead-letters', ...about },
      },
    ];
  }
  const problems: Problem[] = [];
  const place = { kind: 'queue' as const, ...about };
  if (queue.ready > 0 && queue.consumers === 0)
    problems.push({
      key: `unconsumed:${vhost}\0${name}`,
      severity: 'warning',
      title: `${name} has messages and no consumers`,
      cause: `${count(queue.ready, 'message')} ready and nobody takes them: the consumer was never started, or it has gone.`,
      place,
    });
  const growing = growthProblem(queue, judged);
  if (growing !== null && queue.consumers > 0)
    problems.push({ key: `growing:${vhost}\0${name}`, severity: 'warning', ...growing, place });
  const full = fullProblem(queue);
  if (full !== null) problems.push({ key: `full:${vhost}\0${name}`, severity: 'warning', ...full, place });
  return problems;
}

function growthProblem(queue: QueueInfo, judged: Judged): { title: string; cause: string } | null {
  const growth = judged.growth(queue);
  const rates = judged.rates(queue);
  if (growth === null || rates === null) return null;
  if (growth < GROWTH_MIN || growth < queue.ready * GROWTH_SHARE_MIN) return null;
  return {
    title: `${queue.name} grows: ${count(growth, 'message')} more than a minute ago`,
    cause: `${perSecond(rates.published)} come in, its ${count(queue.consumers, 'consumer')} ${queue.consumers === 1 ? 'takes' : 'take'} ${perSecond(rates.delivered)} and ${queue.consumers === 1 ? 'acknowledges' : 'acknowledge'} ${perSecond(rates.acked)}.`,
  };
}

function fullProblem(queue: QueueInfo): { title: string; cause: string } | null {
  const max = argument(queue, 'x-max-length');
  if (max === null || max === 0 || queue.ready < max * FULL_SHARE_MIN) return null;
  const overflow = queue.arguments.find((entry) => entry.name === 'x-overflow')?.field.value;
  const consequence =
    overflow === 'reject-publish' || overflow === 'reject-publish-dlx'
      ? 'new messages are refused'
      : 'the oldest messages are dropped';
  return {
    title: `${queue.name} is ${queue.ready >= max ? 'full' : 'nearly full'}`,
    cause: `${queue.ready.toLocaleString('en')} of at most ${max.toLocaleString('en')} messages; at the limit ${consequence}.`,
  };
}

function unroutableProblem({ vhost, name, count: messages }: { vhost: string; name: string; count: number }): Problem {
  const shown = name === '' ? 'the default exchange' : name;
  return {
    key: `unroutable:${vhost}\0${name}`,
    severity: 'warning',
    title: `${count(messages, 'message')} to ${shown} reached no queue in the last minute`,
    cause:
      name === ''
        ? 'No queue has the name that was used as routing key.'
        : 'No binding matched. Publishers that do not ask for mandatory delivery are not told.',
    place: { kind: 'exchange', vhost, name },
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
