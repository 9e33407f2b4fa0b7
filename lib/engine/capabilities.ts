/**
 * What a broker can do for whoever operates it, as data with reasons in words for a page. Promises that not every broker can
 * keep stand here, and nowhere else in the port; the contract of engines holds a broker to what it says.
 */
export interface Capability<Kind extends string> {
  kind: Kind;
  /** Why it is no more than that, as a sentence for a page; null: there is no more. */
  reason: string | null;
}

export interface Capabilities {
  /** What `peek` does to what it shows: nothing, or marks it redelivered; `none`: there is no looking. */
  browse: Capability<'harmless' | 'redelivers' | 'none'>;
  /** Whether a message's position finds the same message later, so that one of many can be opened and chosen. */
  positions: Capability<'lasting' | 'none'>;
  /** Whether a queue can be told to give its consumers nothing, until somebody resumes it. */
  pause: Capability<'stored' | 'none'>;
  /** How `move` keeps a message: in one queue at any time, or published with a confirm and then taken away. */
  move: Capability<'exactly-once' | 'confirmed-copy' | 'none'>;
  /** Where the answer of `route` comes from: the broker itself, or its bindings as they were read. */
  route: Capability<'exact' | 'from-bindings' | 'none'>;
  /** Rates of queues and exchanges. */
  rates: Capability<'measured' | 'reported' | 'none'>;
  /** How often figures are new. */
  samples: Capability<'each-second' | 'polled'>;
  /** How soon `watch` tells what came, went or changed. */
  events: Capability<'at-once' | 'polled'>;
  /** When the oldest ready message of a queue arrived. */
  oldestAge: Capability<'exact' | 'estimated' | 'none'>;
  /** Whether the broker recorded deaths itself, where no publisher can write them. */
  deaths: Capability<'recorded' | 'claimed'>;
}

export type CapabilityName = keyof Capabilities;
