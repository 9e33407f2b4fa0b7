/** Where this process serves metrics by themselves. On globalThis, because instrumentation, routes and pages are bundled apart. */

declare global {
  var warrenPrometheusPort: number | undefined;
}

/** Null: nowhere but on the console's port. */
export function currentPrometheusPort(): number | null {
  return globalThis.warrenPrometheusPort ?? null;
}

export function setPrometheusPort(port: number | undefined): void {
  globalThis.warrenPrometheusPort = port;
}
