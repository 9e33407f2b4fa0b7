import type { FieldTable } from '../../amqp/field-table.ts';
import type { Binding, Destination } from './binding.ts';
import type { ExchangeType } from './exchange-type.ts';

/** A binding matches when its key equals the routing key. */
export class DirectType implements ExchangeType {
  readonly isPerMessage = false;
  private readonly byKey = new Map<string, Set<Binding>>();

  add(binding: Binding): void {
    const bindings = this.byKey.get(binding.routingKey);
    if (bindings) bindings.add(binding);
    else this.byKey.set(binding.routingKey, new Set([binding]));
  }

  remove(binding: Binding): void {
    const bindings = this.byKey.get(binding.routingKey);
    bindings?.delete(binding);
    if (bindings?.size === 0) this.byKey.delete(binding.routingKey);
  }

  route(routingKey: string, _headers: () => FieldTable, found: Set<Destination>): void {
    const bindings = this.byKey.get(routingKey);
    if (bindings) for (const binding of bindings) found.add(binding.destination);
  }

  probe(): ExchangeType {
    return new DirectType();
  }
}
