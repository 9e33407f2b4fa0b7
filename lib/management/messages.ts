/** Publishing a message, and taking some, as the pages and tools of RabbitMQ do for a try. */

import * as z from 'zod';
import type { MessageProperties } from '../engine/messages.ts';
import type { FetchedMessage } from '../engine/rabbit-facts.ts';
import { jsonTable } from '../fields/json-table.ts';
import { jsonInteger } from '../json/json-value.ts';
import { fetchMessages, publishMessage } from '../operations/messages.ts';
import { refusalCode } from '../web/refusal.ts';
import { type ApiRoute, acting, ok, param } from './api-route.ts';
import { exchangeParam } from './exchanges.ts';
import { badRequest, Failure } from './failure.ts';
import {
  fetchRequest,
  type MessageRow,
  messageShape,
  type Publication,
  publication,
  publishResult,
} from './schema/message.ts';

/** RabbitMQ's names in JSON; headers and timestamp apart. */
const PLAIN = {
  content_type: 'contentType',
  content_encoding: 'contentEncoding',
  delivery_mode: 'deliveryMode',
  priority: 'priority',
  correlation_id: 'correlationId',
  reply_to: 'replyTo',
  expiration: 'expiration',
  message_id: 'messageId',
  type: 'type',
  user_id: 'userId',
  app_id: 'appId',
  cluster_id: 'clusterId',
} as const;

function propertiesOf(sent: Publication['properties']): MessageProperties {
  const plain = Object.entries(PLAIN).flatMap(([name, field]) => {
    const value = sent[name as keyof typeof PLAIN];
    return value === undefined || value === null ? [] : [[field, value] as const];
  });
  return {
    ...(Object.fromEntries(plain) as MessageProperties),
    ...(sent.timestamp !== undefined && sent.timestamp !== null && { timestamp: String(sent.timestamp) }),
    ...(sent.headers !== undefined && { headers: sent.headers }),
  };
}

function jsonProperties(properties: MessageProperties): MessageRow['properties'] {
  const plain = Object.entries(PLAIN).flatMap(([name, field]) =>
    properties[field] === undefined ? [] : [[name, properties[field]] as const],
  );
  return {
    ...(Object.fromEntries(plain) as MessageRow['properties']),
    ...(properties.timestamp !== undefined && { timestamp: jsonInteger(BigInt(properties.timestamp)) }),
    ...(properties.headers !== undefined && { headers: jsonTable(properties.headers) }),
  };
}

function messageRow(message: FetchedMessage, encoding: 'auto' | 'base64'): MessageRow {
  const bytes = Buffer.from(message.body, 'base64');
  const payload = encoding === 'auto' ? textOf(bytes) : undefined;
  return {
    payload_bytes: message.bodySize,
    redelivered: message.redelivered,
    exchange: message.exchange,
    routing_key: message.routingKey,
    message_count: message.left,
    properties: jsonProperties(message.properties),
    payload: payload ?? message.body,
    payload_encoding: payload === undefined ? 'base64' : 'string',
  };
}

/** The bytes as text; undefined when they are no UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export const messageRoutes: ApiRoute[] = [
  acting({
    method: 'POST',
    path: '/queues/:vhost/:name/get',
    operation: fetchMessages,
    body: fetchRequest,
    answer: z.array(messageShape),
    input(call) {
      const { count, ackmode: settle, truncate: bodyBytesMax = Number.MAX_SAFE_INTEGER } = call.body;
      return { vhost: param(call, 'vhost'), queue: param(call, 'name'), count, settle, bodyBytesMax };
    },
    reply: (messages, { body: { encoding } }) => ok(messages.map((message) => messageRow(message, encoding))),
    refused: asOnChannel,
  }),
  acting({
    method: 'POST',
    path: '/exchanges/:vhost/:name/publish',
    operation: publishMessage,
    body: publication,
    answer: publishResult,
    input(call) {
      const { payload, payload_encoding: encoding, routing_key: routingKey, properties } = call.body;
      return {
        vhost: param(call, 'vhost'),
        exchange: exchangeParam(call),
        routingKey,
        properties: propertiesOf(properties),
        body: encoding === 'base64' ? payload : Buffer.from(payload).toString('base64'),
        repeat: 1,
      };
    },
    reply({ routedTo, refusedBy }) {
      if (refusedBy.length > 0) throw badRequest('rejected Unable to publish message. Check queue limits.');
      return ok({ routed: routedTo.length > 0 });
    },
    refused: asOnTheWire,
  }),
];

/** RabbitMQ gets through a channel, and looks at why that was closed. */
function asOnChannel(error: unknown): unknown {
  if (refusalCode(error) === 'NOT_FOUND')
    return new Failure(404, 'not_found', `NOT_FOUND - ${(error as Error).message}`);
  return asOnTheWire(error);
}

/** RabbitMQ publishes through a channel, and shows how that was closed. */
function asOnTheWire(error: unknown): unknown {
  const numbers: Record<string, number> = { NOT_FOUND: 404, PRECONDITION_FAILED: 406 };
  const code = refusalCode(error);
  if (Object.hasOwn(numbers, code))
    return new Failure(400, 'bad_request', `${numbers[code]} ${code} - ${(error as Error).message}`);
  return error;
}
