/** The metrics of this process. On globalThis, because instrumentation, routes and pages are bundled apart. */
import type { Metrics } from './metrics.ts';

declare global {
  var warrenMetrics: Metrics | undefined;
}

/** Undefined before the start is through. */
export function currentMetrics(): Metrics | undefined {
  return globalThis.warrenMetrics;
}

export function setMetrics(metrics: Metrics | undefined): void {
  globalThis.warrenMetrics = metrics;
}
