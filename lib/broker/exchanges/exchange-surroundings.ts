import type { FieldTable } from '../../amqp/field-table.ts';
import type { Clock } from '../clock.ts';
import type { Message } from '../messages/message.ts';
import type { MessageStore } from '../ports.ts';
import type { Binding } from './binding.ts';

/** What exchanges with a memory need of their vhost. */
export interface ExchangeSurroundings {
  clock: Clock;
  store: MessageStore;
  /** Routes a message that an exchange had kept. It is no longer needed when the call returns. */
  forward(exchange: string, message: Message, routingKeys: string[], headers: FieldTable): void;
  /** Brings a message to where a binding leads, whatever else the exchange is bound to. */
  deliver(binding: Binding, message: Message): void;
  /** Tells the operator that something is wrong. */
  complain(text: string): void;
}

/** The exchange that a type is made for. */
export interface ExchangeIdentity {
  name: string;
  /** Names the exchange's message log, and is never used again. */
  id: string;
  durable: boolean;
  arguments: FieldTable;
  /** How errors name the exchange. */
  where: string;
}
