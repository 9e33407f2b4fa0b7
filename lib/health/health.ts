/**
 * How the broker does by its newest sample: what deserves a look, where dead letters wait, which queues are the
 * largest. Judged once a sample, for each vhost; whoever asks gets those of its vhosts together.
 */
import { QUEUE_TRAITS } from '../engine/sample.ts';
import type { Scope } from '../metrics/histories.ts';
import type { Metrics } from '../metrics/metrics.ts';
import {
  alarmProblems,
  closedQueue,
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  type JudgedQueue,
  judgeQueue,
  type Problem,
  unroutableMessages,
} from './problems.ts';
import { Tally } from './tally.ts';
import { trendOf } from './trend.ts';

const LARGEST_MAX = 6;

export interface LargeQueue {
  vhost: string;
  name: string;
  /** Ready and unacked. */
  messages: number;
}

export interface HealthReport {
  problems: Problem[];
  /** Ready messages in queues that hold dead letters and that nobody consumes. */
  deadLetters: number;
  /** The queues with the most messages, the largest first. */
  largest: LargeQueue[];
}

class VhostHealth {
  readonly tallies = new Map<FindingKind, Tally>();
  deadLetters = 0;
  largest: LargeQueue[] = [];

  add(finding: Finding): void {
    this.tally(finding.kind).add(finding);
  }

  addAll(other: VhostHealth): void {
    for (const [kind, tally] of other.tallies) this.tally(kind).addAll(tally);
    this.deadLetters += other.deadLetters;
    for (const queue of other.largest) this.keepLarge(queue);
  }

  isLarge(messages: number): boolean {
    return messages > 0 && (this.largest.length < LARGEST_MAX || messages > (this.largest.at(-1)?.messages ?? 0));
  }

  keepLarge(queue: LargeQueue): void {
    if (!this.isLarge(queue.messages)) return;
    let at = this.largest.length;
    while (at > 0 && (this.largest[at - 1] as LargeQueue).messages < queue.messages) at--;
    this.largest.splice(at, 0, queue);
    if (this.largest.length > LARGEST_MAX) this.largest.pop();
  }

  private tally(kind: FindingKind): Tally {
    const tally = this.tallies.get(kind) ?? new Tally(kind);
    this.tallies.set(kind, tally);
    return tally;
  }
}

export class Health {
  private readonly metrics: Metrics;
  private judged: { sample: object; vhosts: Map<string, VhostHealth> } | undefined;

  constructor(metrics: Metrics) {
    this.metrics = metrics;
  }

  /** `withNode`: problems of alarms tell figures of the node. */
  report(scope: Scope, withNode: boolean): HealthReport {
    const sample = this.metrics.latest();
    if (sample === undefined) return { problems: [], deadLetters: 0, largest: [] };
    const vhosts = this.judge(sample);
    const sum = new VhostHealth();
    for (const name of scope === 'broker' ? vhosts.keys() : scope) {
      const health = vhosts.get(name);
      if (health !== undefined) sum.addAll(health);
    }
    const kinds = Object.keys(FINDING_KINDS) as FindingKind[];
    return {
      problems: [
        ...alarmProblems(sample.node, withNode),
        ...kinds.flatMap((kind) => sum.tallies.get(kind)?.problems() ?? []),
      ],
      deadLetters: sum.deadLetters,
      largest: sum.largest,
    };
  }

  private judge(sample: object): Map<string, VhostHealth> {
    if (this.judged?.sample === sample) return this.judged.vhosts;
    const vhosts = new Map<string, VhostHealth>();
    const of = (vhost: string): VhostHealth => {
      const health = vhosts.get(vhost) ?? new VhostHealth();
      vhosts.set(vhost, health);
      return health;
    };
    for (const closed of this.metrics.latest()?.closed ?? []) of(closed.vhost).add(closedQueue(closed));
    this.judgeQueues(of);
    this.judgeExchanges(of);
    this.judged = { sample, vhosts };
    return vhosts;
  }

  private judgeQueues(of: (vhost: string) => VhostHealth): void {
    const { metrics } = this;
    for (const [row, key] of metrics.queueKeys().entries()) {
      const ready = metrics.queueValue(row, 'ready');
      const messages = messagesIn(metrics, row);
      const traits = metrics.queueValue(row, 'traits');
      if (messages === 0 || (traits & QUEUE_TRAITS.closed) !== 0) continue;
      const [vhost, name] = splitKey(key);
      const health = of(vhost);
      if (health.isLarge(messages)) health.keepLarge({ vhost, name, messages });
      const queue = judgedQueue(metrics, row, vhost, name);
      if (queue.isForDeadLetters && queue.consumers === 0) health.deadLetters += ready;
      judgeQueue(queue, (finding) => health.add(finding));
    }
  }

  private judgeExchanges(of: (vhost: string) => VhostHealth): void {
    const { metrics } = this;
    for (const [row, key] of metrics.exchangeKeys().entries()) {
      const messages = metrics.exchangeValue(row, 'unroutable') === 0 ? 0 : metrics.unroutable(row);
      if (messages === 0) continue;
      const [vhost, name] = splitKey(key);
      of(vhost).add(unroutableMessages(vhost, name, messages));
    }
  }
}

/** Messages in a queue. What a stream's consumers have not settled is among what the stream keeps. */
export function messagesIn(metrics: Metrics, row: number): number {
  const isStream = (metrics.queueValue(row, 'traits') & QUEUE_TRAITS.stream) !== 0;
  return metrics.queueValue(row, 'ready') + (isStream ? 0 : metrics.queueValue(row, 'unacked'));
}

/** A queue where dead letters have come, or may come by today's topology. */
export function isForDeadLetters(metrics: Metrics, row: number): boolean {
  const takes = (metrics.queueValue(row, 'traits') & QUEUE_TRAITS.takesDeadLetters) !== 0;
  return takes || metrics.queueValue(row, 'deadLettersIn') > 0;
}

function judgedQueue(metrics: Metrics, row: number, vhost: string, name: string): JudgedQueue {
  const ready = metrics.queueValue(row, 'ready');
  const traits = metrics.queueValue(row, 'traits');
  return {
    vhost,
    name,
    ready,
    readyBytes: metrics.queueValue(row, 'readyBytes'),
    consumers: metrics.queueValue(row, 'consumers'),
    lengthMax: metrics.queueValue(row, 'lengthMax'),
    bytesMax: metrics.queueValue(row, 'bytesMax'),
    refusesWhenFull: (traits & QUEUE_TRAITS.refusesWhenFull) !== 0,
    isPaused: (traits & QUEUE_TRAITS.paused) !== 0,
    isStream: (traits & QUEUE_TRAITS.stream) !== 0,
    isForDeadLetters: isForDeadLetters(metrics, row),
    trend: () => trendOf(ready, metrics.lastMinute(row)),
  };
}

function splitKey(key: string): [vhost: string, name: string] {
  const at = key.indexOf('\0');
  return [key.slice(0, at), key.slice(at + 1)];
}
