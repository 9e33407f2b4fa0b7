/** Publishing a message, and taking some, as the pages and tools of RabbitMQ do for a try. */

import { refusalCode } from '../console/refusal.ts';
import { jsonTable } from '../engine/json-table.ts';
import type { FetchedMessage, FetchRequest, MessageProperties } from '../engine/port.ts';
import { integer, object, requireKeys, table, text } from './arguments.ts';
import { type Entry, type JsonObject, ok, param } from './entry.ts';
import { exchangeParam } from './exchanges.ts';
import { badRequest, Failure } from './failure.ts';

const SETTLES: Record<string, FetchRequest['settle']> = {
  ack_requeue_true: 'requeue',
  ack_requeue_false: 'ack',
  reject_requeue_true: 'requeue',
  reject_requeue_false: 'reject',
};

/** RabbitMQ's names in JSON; headers and timestamp apart. */
const TEXTS = {
  content_type: 'contentType',
  content_encoding: 'contentEncoding',
  correlation_id: 'correlationId',
  reply_to: 'replyTo',
  expiration: 'expiration',
  message_id: 'messageId',
  type: 'type',
  user_id: 'userId',
  app_id: 'appId',
  cluster_id: 'clusterId',
} as const;
const NUMBERS = { delivery_mode: 'deliveryMode', priority: 'priority' } as const;

function propertiesOf(given: JsonObject): MessageProperties {
  const properties: MessageProperties = {};
  for (const [name, field] of Object.entries(TEXTS)) {
    if (given[name] !== undefined) properties[field] = text(given[name], '', name);
  }
  for (const [name, field] of Object.entries(NUMBERS)) {
    if (given[name] !== undefined) properties[field] = integer(given[name], name);
  }
  if (given.timestamp !== undefined) properties.timestamp = String(integer(given.timestamp, 'timestamp'));
  if (given.headers !== undefined) properties.headers = table(given.headers, 'headers');
  return properties;
}

function jsonProperties(properties: MessageProperties): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, field] of [...Object.entries(TEXTS), ...Object.entries(NUMBERS)]) {
    if (properties[field] !== undefined) json[name] = properties[field];
  }
  if (properties.timestamp !== undefined) json.timestamp = Number(properties.timestamp);
  if (properties.headers !== undefined) json.headers = jsonTable(properties.headers);
  return json;
}

function messageRow(message: FetchedMessage, encoding: string): Record<string, unknown> {
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

/** Undefined when it is no UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export const messageEntries: Entry[] = [
  {
    method: 'POST',
    path: '/queues/:vhost/:name/get',
    access: 'management',
    action: 'message.get',
    async run(call) {
      const { body } = call;
      requireKeys(body, 'count', 'ackmode', 'encoding');
      const ackmode = text(body.ackmode, '', 'ackmode');
      const settle = Object.hasOwn(SETTLES, ackmode) ? SETTLES[ackmode] : undefined;
      if (settle === undefined) throw badRequest(`Invalid ackmode value: ${ackmode}`);
      const encoding = text(body.encoding, '', 'encoding');
      if (encoding !== 'auto' && encoding !== 'base64') throw badRequest(`Unsupported encoding: ${encoding}`);
      const count = integer(body.count, 'count');
      if (count < 0) throw badRequest('count must not be negative');
      const bodyBytesMax = body.truncate === undefined ? Number.MAX_SAFE_INTEGER : integer(body.truncate, 'truncate');
      const [vhost, queue] = [param(call, 'vhost'), param(call, 'name')];
      const messages = await call.desk.engine.fetch(call.actor, { vhost, queue, count, settle, bodyBytesMax });
      return ok(messages.map((message) => messageRow(message, encoding)));
    },
  },
  {
    method: 'POST',
    path: '/exchanges/:vhost/:name/publish',
    access: 'management',
    action: 'message.publish',
    async run(call) {
      const { body } = call;
      requireKeys(body, 'routing_key', 'properties', 'payload', 'payload_encoding');
      const encoding = text(body.payload_encoding, '', 'payload_encoding');
      const payload = text(body.payload, '', 'payload');
      if (encoding !== 'string' && encoding !== 'base64') throw badRequest(`Unsupported encoding: ${encoding}`);
      if (encoding === 'base64' && !/^[A-Za-z0-9+/]*={0,2}$/.test(payload)) throw badRequest('not_base64');
      const publication = {
        vhost: param(call, 'vhost'),
        exchange: exchangeParam(call),
        routingKey: text(body.routing_key, '', 'routing_key'),
        properties: propertiesOf(object(body.properties, 'properties')),
        body: encoding === 'base64' ? payload : Buffer.from(payload).toString('base64'),
      };
      const { routedTo, refusedBy } = await call.desk.engine.publish(call.actor, publication).catch(asOnTheWire);
      if (refusedBy.length > 0) throw badRequest('rejected Unable to publish message. Check queue limits.');
      return ok({ routed: routedTo.length > 0 });
    },
  },
];

/** RabbitMQ publishes through a channel, and shows how that was closed. */
function asOnTheWire(error: unknown): never {
  const numbers: Record<string, number> = { NOT_FOUND: 404, PRECONDITION_FAILED: 406 };
  const code = refusalCode(error);
  if (Object.hasOwn(numbers, code))
    throw new Failure(400, 'bad_request', `${numbers[code]} ${code} - ${(error as Error).message}`);
  throw error;
}
