/** The broker's objects as the port's plain data. */
import { findField } from '../../amqp/field-table.ts';
import { decodeProperties } from '../../amqp/properties.ts';
import type { Consumer } from '../../broker/consumers/consumer.ts';
import { deaths, stringOf, texts } from '../../broker/dead-letters/dead-letter.ts';
import type { Binding } from '../../broker/exchanges/binding.ts';
import type { Exchange } from '../../broker/exchanges/exchange.ts';
import { CONTENT_HEADER_BYTES, exchangeOf, type MessageView, routingKeyOf } from '../../broker/messages/message.ts';
import { isHeaded, replaysOf } from '../../broker/messages/replay-mark.ts';
import type { Queue } from '../../broker/queues/queue.ts';
import { integerValue } from '../../broker/queues/queue-arguments.ts';
import type { Vhost } from '../../broker/vhosts/vhost.ts';
import type { BindingInfo } from '../bindings.ts';
import type { ExchangeInfo } from '../exchanges.ts';
import type { Death, PeekedMessage } from '../messages.ts';
import type { ConsumerInfo, QueueInfo } from '../queues.ts';
import { typedProperties, typedTable } from './typed-table.ts';

/** At most so many queues are named; the others are only counted. */
const NAMED_MAX = 20;

export function queueInfo(queue: Queue, { deadLetters }: Vhost): QueueInfo {
  return {
    vhost: queue.vhost,
    name: queue.name,
    type: queue.options.type,
    durable: queue.durable,
    autoDelete: queue.autoDelete,
    exclusive: queue.owner !== null,
    arguments: typedTable(queue.arguments),
    ready: queue.readyCount,
    unacked: queue.unackedCount,
    readyBytes: queue.readyBytes,
    unackedBytes: queue.unackedBytes,
    consumers: queue.consumers.all.length,
    consumerCapacity: queue.consumers.capacity,
    exclusiveConsumer: queue.consumers.all.find(({ exclusive }) => exclusive)?.tag ?? null,
    singleActiveConsumer: queue.consumers.active?.tag ?? null,
    oldestReadyAtMs: queue.closedReason === null ? queue.oldestReadyAtMs() : null,
    idleSinceMs: queue.idleSinceMs,
    isPaused: queue.consumers.isPaused,
    closedReason: queue.closedReason,
    deadLetterExchange: queue.options.deadLetterExchange,
    deadLetterRoutingKey: queue.options.deadLetterRoutingKey,
    deadLetterSources: someOf(deadLetters.sources(queue), deadLetters.sourceCount(queue)),
    policy: queue.policy?.policy ?? null,
    operatorPolicy: queue.policy?.operatorPolicy ?? null,
    effectivePolicyDefinition: { ...queue.policy?.definition },
    waitingLetters: queue.waitingLetters,
    stream: queue.closedReason === null ? queue.stream : null,
    counters: { ...queue.counters },
  };
}

export function someOf(queues: Iterable<Queue>, count: number): { count: number; names: string[] } {
  const names: string[] = [];
  for (const { name } of queues) {
    if (names.length === NAMED_MAX) break;
    names.push(name);
  }
  return { count, names };
}

/** Reads the first ready message, which may be on the disk. */
export function headTimestamp(queue: Queue): string | null {
  let timestamp: bigint | undefined;
  if (queue.closedReason === null)
    queue.peek(-1, 1, ({ headerBytes, headerStart, headerEnd }) => {
      timestamp = decodeProperties(headerBytes, headerStart + CONTENT_HEADER_BYTES, headerEnd).timestamp;
    });
  return timestamp === undefined ? null : timestamp.toString();
}

export function consumerInfo(consumer: Consumer): ConsumerInfo {
  return {
    consumerTag: consumer.tag,
    ...consumer.sink.describe(),
    ackRequired: !consumer.noAck,
    exclusive: consumer.exclusive,
    prefetch: consumer.prefetch,
    unacked: consumer.unackedCount,
    priority: consumer.priority,
    active: !consumer.queue.options.singleActiveConsumer || consumer.queue.consumers.active === consumer,
    offset: consumer.queue.offsetOf(consumer),
  };
}

export function bindingInfo(binding: Binding): BindingInfo {
  return {
    vhost: binding.source.vhost,
    source: binding.source.name,
    destinationType: binding.destination.kind,
    destination: binding.destination.name,
    routingKey: binding.routingKey,
    arguments: typedTable(binding.arguments),
  };
}

export function exchangeInfo(exchange: Exchange): ExchangeInfo {
  const { type, durable, autoDelete, internal, declaredBy } = exchange.options;
  return {
    vhost: exchange.vhost,
    name: exchange.name,
    type,
    durable,
    autoDelete,
    internal,
    arguments: typedTable(exchange.options.arguments),
    predeclared: exchange.predeclared,
    declaredBy: declaredBy === '' ? null : declaredBy,
    bindingCount: exchange.bindings.size,
    incomingCount: exchange.incoming.size,
    messagesDelayed: exchange.type.delayedCount ?? null,
    policy: exchange.policy?.policy ?? null,
    effectivePolicyDefinition: { ...exchange.policy?.definition },
    counters: { ...exchange.counters },
  };
}

export function peekedMessage(
  message: MessageView,
  position: string,
  redelivered: boolean,
  bodyBytesMax: number,
): PeekedMessage {
  const properties = decodeProperties(
    message.headerBytes,
    message.headerStart + CONTENT_HEADER_BYTES,
    message.headerEnd,
  );
  const shown = Math.min(message.bodySize, bodyBytesMax);
  const said = deaths(properties.headers ?? []).map(death);
  return {
    position,
    redelivered,
    arrivedAtMs: message.arrivedAtMs,
    expiresAtMs: message.expiresAtMs === 0 ? null : message.expiresAtMs,
    exchange: exchangeOf(message),
    routingKey: routingKeyOf(message),
    properties: typedProperties(properties),
    deaths: message.died ? said : [],
    claimedDeaths: message.died ? [] : said,
    replays: replaysOf(message.replayMark),
    replayHeaded: isHeaded(message.replayMark),
    bodySize: message.bodySize,
    body: message.bodyBytes.toString('base64', message.bodyStart, message.bodyStart + shown),
  };
}

function death(entry: ReturnType<typeof deaths>[number]): Death {
  const text = (name: string): string | undefined => stringOf(findField(entry, name));
  const count = findField(entry, 'count');
  const time = findField(entry, 'time');
  return {
    queue: text('queue') ?? '',
    reason: text('reason') ?? '',
    count: (count && integerValue(count)) ?? 1,
    exchange: text('exchange') ?? '',
    routingKeys: texts(findField(entry, 'routing-keys')),
    timeSeconds: time?.type === 'T' ? Number(time.value) : null,
    originalExpiration: text('original-expiration') ?? null,
  };
}
