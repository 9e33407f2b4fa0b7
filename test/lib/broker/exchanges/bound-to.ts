import type { FieldTable } from '../../../../lib/amqp/field-table.ts';
import type { Binding, Destination } from '../../../../lib/broker/exchanges/binding.ts';
import { DirectType } from '../../../../lib/broker/exchanges/direct.ts';
import { Exchange } from '../../../../lib/broker/exchanges/exchange.ts';
import type { ExchangeType } from '../../../../lib/broker/exchanges/exchange-type.ts';

const options = {
  type: 'direct' as const,
  durable: false,
  autoDelete: false,
  internal: false,
  declaredBy: '',
  arguments: [],
  alternateExchange: null,
};

const source = new Exchange('/', 'source', options, new DirectType());

/** A binding to a destination of that name. An exchange: to a type it is the same as a queue. */
export function boundTo(name: string, routingKey: string, args: FieldTable = []): Binding {
  return { source, destination: new Exchange('/', name, options, new DirectType()), routingKey, arguments: args };
}

/** Names of the destinations that a type finds, sorted. */
export function routed(type: ExchangeType, routingKey: string, headers: FieldTable = []): string[] {
  const found = new Set<Destination>();
  type.route(routingKey, () => headers, found, null);
  return [...found].map((destination) => destination.name).sort();
}
