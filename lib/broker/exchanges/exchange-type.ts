import type { FieldTable } from '../../amqp/field-table.ts';
import type { Message } from '../messages/message.ts';
import type { Binding, Destination } from './binding.ts';

export type ExchangeTypeName =
  | 'direct'
  | 'fanout'
  | 'topic'
  | 'headers'
  | 'x-local-random'
  | 'x-random'
  | 'x-modulus-hash'
  | 'x-consistent-hash'
  | 'x-recent-history'
  | 'x-message-deduplication'
  | 'x-delayed-message';

/**
 * What an exchange with a memory says of a message that came to it: it is routed now; it goes nowhere; it is kept and
 * routed later; it cannot be kept although it should be.
 */
export type Passage = 'pass' | 'stop' | 'kept' | 'refused';

/** How one kind of exchange chooses among its bindings. */
export interface ExchangeType {
  /** True when the choice depends on more than the routing key, so that it cannot be remembered by it. */
  readonly isPerMessage: boolean;
  /** The type chooses once a message: the further routing keys of CC and BCC do not count. */
  readonly isSingleChoice?: true;
  /** The type may choose otherwise when it is asked again. */
  readonly isByChance?: true;
  add(binding: Binding): void;
  remove(binding: Binding): void;
  /** Throws PRECONDITION_FAILED for a binding that this kind cannot have. */
  checkBinding?(destination: Destination, routingKey: string, args: FieldTable): void;
  /**
   * Adds each destination that a message reaches; changes nothing. `headers` is asked only by types that read them.
   * `message` is null when somebody only asks where messages go.
   */
  route(routingKey: string, headers: () => FieldTable, found: Set<Destination>, message: Message | null): void;
  /** Takes note of a message that came, once, before it is routed; types without it let all pass. Valid during the call. */
  take?(message: Message, headers: () => FieldTable): Passage;
  /** What `take` would say now; changes nothing. Types with `take` have it, unless they let all pass. */
  foresee?(headers: () => FieldTable): Passage;
  /**
   * One that chooses as this does, without bindings and memory: to ask it about a binding by itself. Types that send to
   * one of their bindings have none: it could be each of them.
   */
  probe?(): ExchangeType | undefined;
  /** A binding was made, which is not told of those that a start brings back. */
  bound?(binding: Binding): void;
  /** Everything is back after a start: what was kept may go on. */
  start?(): void;
  /** The exchange is gone, and with it what it kept. */
  delete?(): void;
  /** How many messages wait to be routed; only types that delay have this number. */
  readonly delayedCount?: number;
}
