import type { FieldTable } from '../../amqp/field-table.ts';
import type { Binding, Destination } from './binding.ts';
import type { ExchangeType } from './exchange-type.ts';

/** Every binding matches. */
export class FanoutType implements ExchangeType {
  readonly isPerMessage = false;
  private readonly bindings = new Set<Binding>();

  add(binding: Binding): void {
    this.bindings.add(binding);
  }

  remove(binding: Binding): void {
    this.bindings.delete(binding);
  }

  route(_routingKey: string, _headers: () => FieldTable, found: Set<Destination>): void {
    for (const binding of this.bindings) found.add(binding.destination);
  }

  probe(): ExchangeType {
    return new FanoutType();
  }
}
