import type { FieldTable } from '../../../lib/amqp/field-table.ts';
import { decodeProperties, type Properties } from '../../../lib/amqp/properties.ts';
import { CONTENT_HEADER_BYTES, type Message, newMessage } from '../../../lib/broker/messages/message.ts';

/** A message to publish. */
export function sampleMessage(
  body: string,
  properties: Properties = {},
  address: { exchange?: string; routingKey?: string } = {},
): Message {
  return newMessage(address.exchange ?? '', address.routingKey ?? 'q', properties, Buffer.from(body));
}

export function bodyOf(message: Message): string {
  return message.bodyBytes.toString('utf8', message.bodyStart, message.bodyEnd);
}

export function propertiesOf(message: Message): Properties {
  return decodeProperties(message.headerBytes, message.headerStart + CONTENT_HEADER_BYTES, message.headerEnd);
}

export function headersOf(message: Message): FieldTable {
  return propertiesOf(message).headers ?? [];
}
