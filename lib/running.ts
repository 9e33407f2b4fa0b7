/** What a start has built. On globalThis, because instrumentation, routes and pages are bundled apart. */
import type { Sessions } from './auth/sessions.ts';
import type { Clusters } from './clusters.ts';
import { EngineError } from './engine/errors.ts';
import type { ManagementDesk } from './management/desk.ts';
import type { PerObject } from './prometheus/per-object.ts';

export interface Running {
  clusters: Clusters;
  /** Of the local cluster. */
  desk: ManagementDesk;
  sessions: Sessions;
  metricsPerObject: PerObject;
}

declare global {
  var warrenRunning: Running | undefined;
}

/** Throws UNAVAILABLE before the start is through and after the stop. */
export function running(): Running {
  if (globalThis.warrenRunning === undefined) throw new EngineError('UNAVAILABLE', 'the broker is not running');
  return globalThis.warrenRunning;
}

/** The clusters; undefined before the start is through and after the stop. */
export function clustersNow(): Clusters | undefined {
  return globalThis.warrenRunning?.clusters;
}

export function setRunning(built: Running | undefined): void {
  globalThis.warrenRunning = built;
}
