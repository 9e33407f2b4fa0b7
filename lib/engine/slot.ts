/** The engine that this process operates. On globalThis, because instrumentation, routes and pages are bundled apart. */
import { EngineError } from './errors.ts';
import type { Engine } from './port.ts';

declare global {
  var warrenEngine: Engine | undefined;
}

/** Throws UNAVAILABLE before the start is through and after the stop. */
export function currentEngine(): Engine {
  if (!globalThis.warrenEngine) throw new EngineError('UNAVAILABLE', 'the broker is not running');
  return globalThis.warrenEngine;
}

export function setEngine(engine: Engine | undefined): void {
  globalThis.warrenEngine = engine;
}
