import type { FieldTable } from '../../amqp/field-table.ts';
import type { Binding, Destination } from './binding.ts';
import type { ExchangeType } from './exchange-type.ts';
import { hashText } from './hash.ts';

/**
 * The hash of the routing key, modulo the number of bindings, says which one. In the order of the names, so that a
 * restart changes nothing; a queue that is bound twice gets twice as much.
 */
export class ModulusHashType implements ExchangeType {
  readonly isPerMessage = false;
  readonly isSingleChoice = true;
  private readonly bindings: Binding[] = [];
  private isSorted = true;

  add(binding: Binding): void {
    this.bindings.push(binding);
    this.isSorted = false;
  }

  remove(binding: Binding): void {
    const at = this.bindings.indexOf(binding);
    if (at >= 0) this.bindings.splice(at, 1);
  }

  route(routingKey: string, _headers: () => FieldTable, found: Set<Destination>): void {
    const { bindings } = this;
    if (!this.isSorted) bindings.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    this.isSorted = true;
    const chosen = bindings[hashText(routingKey) % bindings.length];
    if (chosen) found.add(chosen.destination);
  }
}

function orderOf({ destination }: Binding): string {
  return `${destination.name}\0${destination.kind}`;
}
