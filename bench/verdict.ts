/** Loss: what was published and reached nobody, as far as the broker had no leave to drop it. */
import type { Plan } from './plan.ts';
import type { SourceCount, ThreadResult } from './thread-protocol.ts';

const DROPPING_ARGUMENTS = ['x-max-length', 'x-max-length-bytes', 'x-message-ttl', 'x-expires'];

export interface Verdict {
  readonly lost: number;
  readonly duplicated: number;
  readonly disordered: number;
  readonly unconfirmed: number;
  readonly good: boolean;
}

export interface Expectation {
  readonly confirms: boolean;
  /** Messages that waited for a drain; undefined: the publishing is known. */
  readonly waiting: number | undefined;
  readonly queueArguments: readonly (readonly [key: string, value: unknown])[];
}

export function verdictOf(plan: Plan, results: readonly ThreadResult[], expected: Expectation): Verdict {
  const sum = (of: (result: ThreadResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const published = new Map<number, number>(results.flatMap((result) => result.published));
  const settled = sum((result) => result.confirmed + result.nacked);
  const all = [...published.values()].reduce((total, count) => total + count, 0);
  const refused = sum((result) => result.nacked + result.returned) * plan.copies;
  const missing =
    expected.waiting === undefined ? missingOf(plan, results, published) : missingOfDrain(results, expected.waiting);
  const lost = plan.consumers.length === 0 ? 0 : Math.max(0, missing - refused);
  const duplicated = sum((result) => result.duplicated);
  const disordered = sum((result) => result.disordered);
  const unconfirmed = expected.confirms ? Math.max(0, all - settled) + sum((result) => result.strayConfirms) : 0;
  const mayDrop = expected.queueArguments.some(([key]) => DROPPING_ARGUMENTS.includes(key));
  const good = (lost === 0 || mayDrop) && duplicated === 0 && disordered === 0 && unconfirmed === 0;
  return { lost, duplicated, disordered, unconfirmed, good };
}

function missingOf(plan: Plan, results: readonly ThreadResult[], published: ReadonlyMap<number, number>): number {
  const seen = new Map(
    results
      .flatMap((result) => result.queues)
      .map(({ queue, seen: counts }) => [queue, new Map<number, number>(counts)]),
  );
  let missing = 0;
  for (const { sources } of plan.producers) {
    for (const { id, queues } of sources) {
      for (const queue of queues) missing += Math.max(0, (published.get(id) ?? 0) - (seen.get(queue)?.get(id) ?? 0));
    }
  }
  return missing;
}

function missingOfDrain(results: readonly ThreadResult[], waiting: number): number {
  const queues = results.flatMap((result) => result.queues);
  const gaps = queues.reduce((total, { gaps: more }) => total + more, 0);
  const seen = queues
    .flatMap((queue): readonly SourceCount[] => queue.seen)
    .reduce((total, [, count]) => total + count, 0);
  return Math.max(gaps, waiting - seen);
}
