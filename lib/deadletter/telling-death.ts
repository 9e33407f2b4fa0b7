import type { Death } from '../engine/messages.ts';

/** The deaths that tell of a failure; the others (expired, maxlen) are mostly stations of a retry loop. */
const FAILURES = new Set(['rejected', 'delivery_limit']);

export function isFailure({ reason }: Death): boolean {
  return FAILURES.has(reason);
}

/** The newest failure, else the newest death, of deaths in x-death's order, newest first; with its index. */
export function tellingDeath(deaths: readonly Death[]): { death: Death; index: number } | undefined {
  const failure = deaths.findIndex(isFailure);
  const index = failure === -1 ? 0 : failure;
  const death = deaths[index];
  return death === undefined ? undefined : { death, index };
}
