import { encodeTable, type FieldTable } from '../../amqp/field-table.ts';
import type { Queue } from '../queues/queue.ts';
import type { Exchange } from './exchange.ts';

/** Where an exchange sends copies: a queue, or another exchange. */
export type Destination = Queue | Exchange;

/** A rule of one exchange. Its identity is source, destination, routing key and arguments. */
export interface Binding {
  source: Exchange;
  destination: Destination;
  routingKey: string;
  arguments: FieldTable;
}

/** A text that is equal for equal bindings of one source. */
export function bindingKey(destination: Destination, routingKey: string, args: FieldTable): string {
  const table = args.length === 0 ? '' : encodeTable(args).toString('latin1');
  return `${destination.kind}\0${destination.name}\0${routingKey}\0${table}`;
}
