/** What a run and its threads say to each other. */
import type { Options } from './options.ts';
import type { Plan } from './plan.ts';

export interface ThreadTask {
  readonly thread: number;
  readonly url: string;
  readonly options: Options;
  readonly plan: Plan;
  readonly run: number;
  readonly baseNs: bigint;
  readonly tally: SharedArrayBuffer;
}

/** Publish; publish no more; close and tell what you found. */
export type ThreadOrder = 'start' | 'stop' | 'finish';

export type ThreadReport =
  | { readonly kind: 'ready' | 'stopped' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'finished'; readonly result: ThreadResult };

export interface ThreadResult {
  readonly published: SourceCount[];
  readonly confirmed: number;
  readonly nacked: number;
  readonly returned: number;
  readonly strayConfirms: number;
  readonly consumed: number;
  readonly redelivered: number;
  readonly duplicated: number;
  readonly disordered: number;
  readonly foreign: number;
  readonly queues: QueueResult[];
  readonly lastPublishedNs: number;
  readonly lastSettledNs: number;
  readonly lastConsumedNs: number;
  readonly latency: (string | undefined)[];
  readonly confirmLatency: (string | undefined)[];
}

export type SourceCount = readonly [source: number, messages: number];

export interface QueueResult {
  readonly queue: number;
  readonly seen: SourceCount[];
  /** Messages that are missing between others. */
  readonly gaps: number;
}
