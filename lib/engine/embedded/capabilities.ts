import type { Capabilities } from '../capabilities.ts';

/** The embedded broker keeps every promise in full. */
export const EMBEDDED_CAPABILITIES: Capabilities = {
  browse: { kind: 'harmless', reason: null },
  positions: { kind: 'lasting', reason: null },
  pause: { kind: 'stored', reason: null },
  move: { kind: 'exactly-once', reason: null },
  route: { kind: 'exact', reason: null },
  rates: { kind: 'measured', reason: null },
  samples: { kind: 'each-second', reason: null },
  events: { kind: 'at-once', reason: null },
  oldestAge: { kind: 'exact', reason: null },
  deaths: { kind: 'recorded', reason: null },
};
