import type { Metrics } from './metrics.ts';

// On globalThis because Next bundles instrumentation, routes and pages apart: module state would exist once in each.
const held = globalThis as { __warrenMetrics?: Metrics };

export function setMetrics(metrics: Metrics): void {
  held.__warrenMetrics = metrics;
}

export function currentMetrics(): Metrics | undefined {
  return held.__warrenMetrics;
}
