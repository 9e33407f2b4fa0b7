/**
 * Copies of all that is published to a vhost and delivered from it, for whoever binds a queue to amq.rabbitmq.trace:
 * with the keys `publish.EXCHANGE` and `deliver.QUEUE`, the body as it was, and everything else in the headers.
 * [rabbit: rabbit_trace] A broker that is started again has none.
 */
import { type Field, type FieldTable, findField } from '../../amqp/field-table.ts';
import { decodeProperties, type Properties } from '../../amqp/properties.ts';
import { texts } from '../dead-letters/dead-letter.ts';
import type { ExchangeSurroundings } from '../exchanges/exchange-surroundings.ts';
import {
  blindKeysOf,
  CONTENT_HEADER_BYTES,
  copyOf,
  exchangeOf,
  type Message,
  newMessage,
  routingKeyOf,
} from '../messages/message.ts';
import { REPLY_TO } from '../queues/reply-queue.ts';
import { Timer } from '../timer.ts';

export const TRACE_EXCHANGE = 'amq.rabbitmq.trace';

/** The connection, channel and user of a publish or delivery. */
export interface Via {
  readonly connection: string;
  readonly channel: number;
  readonly user: string;
}

/** A publish or delivery through the API or the console, for which RabbitMQ opens a connection that has no address. */
export function viaApi({ name }: { name: string }): Via {
  return { connection: 'management API', channel: 1, user: name };
}

/** The properties as RabbitMQ names them, in the order in which it lists them. */
const PROPERTY_NAMES: readonly [name: keyof Properties, field: string][] = [
  ['clusterId', 'cluster_id'],
  ['appId', 'app_id'],
  ['userId', 'user_id'],
  ['type', 'type'],
  ['timestamp', 'timestamp'],
  ['messageId', 'message_id'],
  ['expiration', 'expiration'],
  ['replyTo', 'reply_to'],
  ['correlationId', 'correlation_id'],
  ['priority', 'priority'],
  ['deliveryMode', 'delivery_mode'],
  ['headers', 'headers'],
  ['contentEncoding', 'content_encoding'],
  ['contentType', 'content_type'],
];
const KEY_BYTES_MAX = 255;

/** A vhost as it is traced: copies go out by its exchange. */
interface TracedVhost extends Pick<ExchangeSurroundings, 'clock' | 'forward'> {
  readonly name: string;
  readonly replyQueues: ReadonlyMap<string, unknown>;
}

export class Firehose {
  private readonly vhost: TracedVhost;
  private readonly node: string;
  /** Deliveries happen while a queue is at work: what they make waits until it is done. */
  private waiting: { message: Message; queue: string; redelivered: boolean; via: Via }[] = [];
  private readonly timer: Timer;

  constructor(vhost: TracedVhost, node: string) {
    this.vhost = vhost;
    this.node = node;
    this.timer = new Timer(vhost.clock, () => this.flush());
  }

  /** To be called when the message is about to go to those queues, or will at a commit. */
  published(message: Message, queues: readonly { name: string }[], via: Via): void {
    this.flush();
    const exchange = exchangeOf(message);
    const properties = propertiesOf(message);
    // The default exchange has every key for a queue's name, whether there is one or not.
    const names =
      exchange === ''
        ? keysOf(message, properties).filter((key) => !key.startsWith(`${REPLY_TO}.`))
        : queues.map(({ name }) => name);
    this.send(`publish.${exchange}`, message, properties, [
      ...this.placeOf(via),
      ['routed_queues', { type: 'A', value: sorted(names).map(text) }],
    ]);
  }

  /** The message was sent to a client; it is copied. */
  delivered(message: Message, queue: string, redelivered: boolean, via: Via): void {
    // What somebody sees here is not told again, or it would never end.
    if (exchangeOf(message) === TRACE_EXCHANGE || this.vhost.replyQueues.has(queue)) return;
    this.waiting.push({ message: copyOf(message), queue, redelivered, via });
    this.timer.set(this.vhost.clock.now());
  }

  /** Sends what waits. Not to be called by what a queue calls. */
  flush(): void {
    if (this.waiting.length === 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const { message, queue, redelivered, via } of waiting) {
      const again: Field = { type: 'I', value: redelivered ? 1 : 0 };
      this.send(`deliver.${queue}`, message, propertiesOf(message), [['redelivered', again], ...this.placeOf(via)]);
    }
  }

  stop(): void {
    this.timer.cancel();
    this.waiting = [];
  }

  private placeOf({ connection, channel, user }: Via): FieldTable {
    return [
      ['vhost', text(this.vhost.name)],
      ['connection', text(connection)],
      ['channel', { type: 'I', value: channel }],
      ['user', text(user)],
    ];
  }

  private send(key: string, message: Message, properties: Properties, more: FieldTable): void {
    const headers: FieldTable = [
      ['exchange_name', text(exchangeOf(message))],
      ['routing_keys', { type: 'A', value: keysOf(message, properties).map(text) }],
      ['properties', { type: 'F', value: tableOf(properties) }],
      ['node', text(this.node)],
      ...more,
    ];
    const routingKey = shortened(key);
    this.vhost.forward(
      TRACE_EXCHANGE,
      newMessage(TRACE_EXCHANGE, routingKey, { headers }, message),
      [routingKey],
      headers,
    );
  }
}

function propertiesOf({ headerBytes, headerStart, headerEnd }: Message): Properties {
  return decodeProperties(headerBytes, headerStart + CONTENT_HEADER_BYTES, headerEnd);
}

function keysOf(message: Message, { headers = [] }: Properties): string[] {
  return [routingKeyOf(message), ...texts(findField(headers, 'CC')), ...blindKeysOf(message)];
}

/** Each name once, in the order of their bytes. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

function tableOf(properties: Properties): FieldTable {
  return PROPERTY_NAMES.flatMap(([name, field]): FieldTable => {
    const value = properties[name];
    if (value === undefined) return [];
    if (typeof value === 'string') return [[field, text(value)]];
    if (typeof value === 'number') return [[field, { type: 'I', value }]];
    if (typeof value === 'bigint') return [[field, integer(value)]];
    return [[field, { type: 'F', value }]];
  });
}

/** An integer as a field: a signedint where it fits, else 64 bits. */
function integer(value: bigint): Field {
  return BigInt.asIntN(32, value) === value
    ? { type: 'I', value: Number(value) }
    : { type: 'l', value: BigInt.asIntN(64, value) };
}

function text(value: string): Field {
  return { type: 'S', value };
}

/** The key cut to what a routing key can hold: a name of 255 bytes is too long with the word before it. */
function shortened(key: string): string {
  let end = key.length;
  while (Buffer.byteLength(key.slice(0, end)) > KEY_BYTES_MAX) end--;
  return key.slice(0, end);
}
