/** How this process serves metrics. On globalThis, because instrumentation, routes and pages are bundled apart. */
import type { PerObject } from './per-object.ts';

export interface PrometheusState {
  /** Where metrics are served by themselves; null: nowhere but on the console's port. */
  port: number | null;
  perObject: PerObject;
}

declare global {
  var warrenPrometheus: PrometheusState | undefined;
}

export function currentPrometheus(): PrometheusState {
  return globalThis.warrenPrometheus ?? { port: null, perObject: 'off' };
}

export function setPrometheus(state: PrometheusState | undefined): void {
  globalThis.warrenPrometheus = state;
}
