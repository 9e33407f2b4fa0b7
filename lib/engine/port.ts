/**
 * The port through which console and API operate a broker. Plain data in, plain data out: every value survives
 * structured clone, and JSON as lib/json writes it. Pages never see broker classes. Adapters: embedded (the broker thread).
 *
 * Every command but signing in, identity and overview names its actor; the engine checks vhost access and permissions itself. Failures are EngineError. What not
 * every broker can promise is a capability.
 */
import type { Identities } from './actor.ts';
import type { Administration } from './administration.ts';
import type { Bindings } from './bindings.ts';
import type { Capabilities } from './capabilities.ts';
import type { Clients } from './clients.ts';
import type { DefinitionTransfer } from './definitions.ts';
import type { EngineHealth } from './engine-health.ts';
import type { Exchanges } from './exchanges.ts';
import type { Lists } from './lists.ts';
import type { Messages } from './messages.ts';
import type { Moving } from './moves.ts';
import type { Nodes } from './node.ts';
import type { ObjectChange } from './object-change.ts';
import type { Queues } from './queues.ts';
import type { Routing } from './routing.ts';
import type { Sample } from './sample.ts';

/** What is asked of a broker and answered by it. */
export interface EngineCommands
  extends Identities,
    Nodes,
    Queues,
    Exchanges,
    Bindings,
    Messages,
    Moving,
    Routing,
    Clients,
    Administration,
    DefinitionTransfer {}

export interface Engine extends EngineCommands {
  readonly capabilities: Capabilities;
  readonly lists: Lists;
  health(): EngineHealth;
  /** Calls back with the latest sample, and then with each new one; returns the function that ends it. */
  subscribe(onSample: (sample: Sample) => void): () => void;
  /**
   * Calls back after something came, went or changed, at most some times a second: each object once, with what
   * happened last; null when too much happened to be told. Returns the function that ends it.
   */
  watch(onChanges: (changes: ObjectChange[] | null) => void): () => void;
}
