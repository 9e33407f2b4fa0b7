import type { FieldTable } from '../../amqp/field-table.ts';
import type { Binding, Destination } from '../binding.ts';

/** How one kind of exchange chooses among its bindings. */
export interface ExchangeType {
  /** True when the choice depends on the message's headers, so that it cannot be remembered by routing key. */
  readonly readsHeaders: boolean;
  add(binding: Binding): void;
  remove(binding: Binding): void;
  /** Adds each destination that a message reaches. `headers` is asked only by types that read them. */
  route(routingKey: string, headers: () => FieldTable, found: Set<Destination>): void;
}
