import type { FieldTable } from '../../amqp/field-table.ts';
import type { Destination } from './binding.ts';
import type { ExchangeType } from './exchange-type.ts';

/** The default exchange: the routing key is the queue's name. Nothing can be bound to it. */
export class DefaultType implements ExchangeType {
  readonly isPerMessage = false;
  private readonly queues: ReadonlyMap<string, Destination>;
  private readonly replyQueues: ReadonlyMap<string, Destination>;

  constructor(queues: ReadonlyMap<string, Destination>, replyQueues: ReadonlyMap<string, Destination>) {
    this.queues = queues;
    this.replyQueues = replyQueues;
  }

  add(): void {}

  remove(): void {}

  route(routingKey: string, _headers: () => FieldTable, found: Set<Destination>): void {
    const queue = this.queues.get(routingKey) ?? this.replyQueues.get(routingKey);
    if (queue) found.add(queue);
  }
}
