/** Takes messages out of a queue of the broker in this thread, as basic.get does, and settles them in one go. */

import { decodeProperties } from '../../amqp/properties.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import type { Broker } from '../../broker/broker.ts';
import { CONTENT_HEADER_BYTES, exchangeOf, routingKeyOf } from '../../broker/messages/message.ts';
import { viaApi } from '../../broker/publishing/firehose.ts';
import type { Session } from '../../broker/session.ts';
import type { FetchedMessage, FetchRequest } from '../rabbit-facts.ts';
import { typedProperties } from './typed-table.ts';

/** No more is taken once so many bytes of bodies are at hand. */
const BYTES_MAX = 64 * 1024 * 1024;

/** The refusal of a queue that gives nothing this way is thrown: a stream's, an exclusive one's of a connection. */
export function fetchMessages(broker: Broker, who: Session, request: FetchRequest): FetchedMessage[] {
  const { queue: name, count, settle, bodyBytesMax } = request;
  who.user.require('read', 'queue', who.vhost.name, name);
  const queue = broker.topology.queue(who, name);
  const messages: FetchedMessage[] = [];
  const taken: { ticket: number; bodyBytes: number }[] = [];
  let bytes = 0;
  while (messages.length < count && bytes < BYTES_MAX) {
    const found = queue.get(false, (message, ticket, redelivered) => {
      taken.push({ ticket, bodyBytes: message.bodySize });
      const end = Math.min(message.bodyEnd, message.bodyStart + bodyBytesMax);
      bytes += end - message.bodyStart;
      messages.push({
        exchange: exchangeOf(message),
        routingKey: routingKeyOf(message),
        redelivered,
        properties: typedProperties(
          decodeProperties(message.headerBytes, message.headerStart + CONTENT_HEADER_BYTES, message.headerEnd),
        ),
        bodySize: message.bodySize,
        body: message.bodyBytes.toString('base64', message.bodyStart, end),
        left: queue.readyCount,
      });
      who.vhost.firehose?.delivered(message, name, redelivered, viaApi(who.user));
    });
    if (!found) break;
  }
  who.vhost.firehose?.flush();
  if (queue.closedReason !== null)
    throw new AmqpError('PRECONDITION_FAILED', `${queue.text} is closed: ${queue.closedReason}`);
  const { counts } = who.vhost.past;
  counts.got += messages.length;
  counts.redelivered += messages.filter(({ redelivered }) => redelivered).length;
  if (messages.length === 0) counts.gotEmpty++;
  if (settle === 'ack') counts.acked += messages.length;
  if (settle === 'ack') for (const { ticket, bodyBytes } of taken) queue.ack(ticket, bodyBytes);
  else if (settle === 'reject') for (const { ticket } of taken) queue.reject(ticket);
  else queue.requeue(taken.map(({ ticket }) => ticket));
  return messages;
}
