/**
 * Publishing on behalf of one session: may it, where does the message go, who took it; and it is counted. The one door
 * for wire and console.
 */
import { get64 } from '../../amqp/bytes.ts';
import { checkTable, decodeTable, type FieldTable, findField } from '../../amqp/field-table.ts';
import { FIELD_TYPE_NAMES } from '../../amqp/field-type.ts';
import { decodeProperties, encodeContentHeader, PropertyScan } from '../../amqp/properties.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { readUtf8 } from '../../amqp/short-string.ts';
import { texts } from '../dead-letters/dead-letter.ts';
import type { Exchange } from '../exchanges/exchange.ts';
import {
  CONTENT_HEADER_BYTES,
  copyOf,
  encodeAddress,
  encodeKeys,
  type Message,
  readExpiration,
} from '../messages/message.ts';
import type { Queue } from '../queues/queue.ts';
import { REPLY_TO } from '../queues/reply-queue.ts';
import { resourceText } from '../resource.ts';
import type { Session } from '../session.ts';
import type { ChannelCounts } from '../vhosts/channel-counts.ts';
import { type Via, viaApi } from './firehose.ts';
import { Route, RouteCache } from './route-cache.ts';

/** What became of a message. */
export const Outcome = { unroutable: 0, taken: 1, refused: 2, delayed: 3 } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

const NO_HEADERS: FieldTable = [];

export class Publisher {
  private readonly session: Session;
  private readonly counts: ChannelCounts;
  private readonly via: Via;
  private readonly cache = new RouteCache();
  private readonly scan = new PropertyScan();
  /** The name of the queue for answers to this session, when a message asks for direct replies; null: it takes none. */
  replyTo: string | null = null;
  /** Copies of messages that went to several queues at once, since this count was last set to 0. */
  copies = 0;

  /** `counts`: the channel's; what is published without one belongs to the past at once. */
  constructor(session: Session, counts: ChannelCounts = session.vhost.past.counts, via: Via = viaApi(session.user)) {
    this.session = session;
    this.counts = counts;
    this.via = via;
  }

  /**
   * The route of an address: exchange and routing key as two short strings. Throws ACCESS_REFUSED and NOT_FOUND.
   * The route keeps its own copy of the address.
   */
  route(buffer: Buffer, start: number, end: number): Route {
    const { vhost } = this.session;
    const known = this.cache.find(buffer, start, end, vhost.version);
    if (known !== undefined) return known;
    const address = Buffer.from(buffer.subarray(start, end));
    const keyAt = 1 + (address[0] as number);
    const name = readUtf8(address, 1, keyAt);
    const routingKey = readUtf8(address, keyAt + 1, address.length);
    this.session.user.require('write', 'exchange', vhost.name, name);
    const exchange = vhost.exchanges.get(name);
    const text = resourceText('exchange', name, vhost.name);
    if (!exchange) throw new AmqpError('NOT_FOUND', `no ${text}`);
    if (exchange.options.internal) throw new AmqpError('ACCESS_REFUSED', `cannot publish to internal ${text}`);
    if (exchange.options.type === 'topic') this.session.user.requireTopic('write', vhost.name, name, routingKey);
    const { queues, isPerMessage } = vhost.route(exchange, [routingKey], () => NO_HEADERS);
    const route = new Route(address, exchange, routingKey, isPerMessage ? null : queues, vhost.version);
    this.cache.keep(route);
    return route;
  }

  /**
   * Reads the properties that the broker acts on into the message. Throws PRECONDITION_FAILED or SYNTAX_ERROR for
   * those that are not as they should be.
   */
  admit(message: Message): void {
    const { scan } = this;
    const { headerBytes: bytes } = message;
    scan.scan(bytes, message.headerStart + CONTENT_HEADER_BYTES, message.headerEnd);
    message.persistent = scan.deliveryMode === 2;
    message.priority = scan.priority < 0 ? 0 : scan.priority;
    message.died = false;
    message.replayMark = 0;
    message.expirationMs =
      scan.expirationStart < 0
        ? -1
        : readExpiration(bytes.toString('latin1', scan.expirationStart, scan.expirationEnd));
    if (scan.userIdStart >= 0) this.checkUserId(bytes.toString('utf8', scan.userIdStart, scan.userIdEnd));
    if (scan.replyToEnd - scan.replyToStart === REPLY_TO.length && scan.replyToStart >= 0) this.nameReplyPlace(message);
    if (scan.headersStart >= 0) checkTable(message.headerBytes, scan.headersStart, scan.headersEnd);
  }

  /**
   * Publishes an admitted message. `mandatory`: who published it gets it back when it is unroutable, or delayed. `each` is
   * told of every queue and whether it took the message. `isTraced`: those who trace know of it already.
   */
  publish(
    asked: Route,
    message: Message,
    mandatory: boolean,
    each?: (queue: Queue, taken: boolean) => void,
    isTraced = false,
  ): Outcome {
    const { vhost } = this.session;
    const { flow, activity } = vhost;
    // Between the method frame and the end of the body, or until a commit, the topology may have changed.
    if (asked.version !== vhost.version)
      return this.publish(this.route(asked.address, 0, asked.address.length), message, mandatory, each, isTraced);
    const route = asked;
    const { exchange } = route;
    flow.published++;
    this.counts.published++;
    activity.sizes.note(message.bodySize);
    exchange.publishedCount++;
    let { queues } = route;
    let isDelayed = false;
    if (this.scan.headersStart >= 0 || queues === null) {
      const headers = this.headersOf(message);
      const copies = this.copiesOf(exchange, headers);
      if (findField(headers, 'BCC')) hideBlindCopies(message, headers);
      if (queues === null || copies.length > 0) {
        const routing = vhost.route(exchange, [route.routingKey, ...copies], () => headers, message);
        if (routing.isRefused) return Outcome.refused;
        queues = routing.queues;
        isDelayed = routing.isKept && queues.length === 0;
      }
    }
    if (vhost.firehose !== null && !isTraced) vhost.firehose.published(message, queues, this.via);
    if (isDelayed) {
      // What waits in an exchange counts as routed nowhere so far. [rabbit: delayed message exchange]
      if (mandatory) this.countReturned();
      return Outcome.delayed;
    }
    return this.put(exchange, message, mandatory, queues, each);
  }

  /**
   * The queues that an admitted message goes to when it is published later, whatever becomes of bindings and exchanges.
   * Null: that shows when it is published, because it is addressed to queues by name, or exchanges on its way take note
   * of messages or keep them. Throws as `publish`.
   */
  destinations(asked: Route, message: Message): Queue[] | null {
    const { vhost } = this.session;
    const route = asked.version === vhost.version ? asked : this.route(asked.address, 0, asked.address.length);
    const headers = this.headersOf(message);
    const copies = this.copiesOf(route.exchange, headers);
    if (route.exchange.name === '') return null;
    if (route.queues !== null && copies.length === 0) return route.queues;
    const routing = vhost.route(route.exchange, [route.routingKey, ...copies], () => headers);
    if (routing.isNoting) return null;
    if (findField(headers, 'BCC')) hideBlindCopies(message, headers);
    return routing.queues;
  }

  /** Traces an admitted message that is published later, to `queues`; null: the queues show when it is published. */
  trace(route: Route, message: Message, queues: Queue[] | null): void {
    const { vhost } = this.session;
    if (vhost.firehose === null) return;
    if (queues !== null) {
      vhost.firehose.published(message, queues, this.via);
      return;
    }
    const headers = this.headersOf(message);
    const traced = copyOf(message);
    if (findField(headers, 'BCC')) hideBlindCopies(traced, headers);
    const keys = [route.routingKey, ...copyKeys(headers)];
    vhost.firehose.published(traced, vhost.route(route.exchange, keys, () => headers).queues, this.via);
  }

  /**
   * Publishes an admitted message to queues of earlier: to those that have their names now, and to none when all are
   * gone. A queue that was declared again is as good as the one that was deleted.
   */
  publishTo(
    { exchange }: Route,
    message: Message,
    mandatory: boolean,
    queues: Queue[],
    each?: (queue: Queue, taken: boolean) => void,
  ): Outcome {
    const { flow, activity } = this.session.vhost;
    flow.published++;
    this.counts.published++;
    activity.sizes.note(message.bodySize);
    exchange.publishedCount++;
    return this.put(exchange, message, mandatory, this.present(queues), each);
  }

  private present(queues: Queue[]): Queue[] {
    if (!queues.some((queue) => queue.deleted)) return queues;
    const { vhost } = this.session;
    return queues.flatMap((queue) => (queue.deleted ? (vhost.queues.get(queue.name) ?? []) : queue));
  }

  private put(
    exchange: Exchange,
    message: Message,
    mandatory: boolean,
    queues: Queue[],
    each?: (queue: Queue, taken: boolean) => void,
  ): Outcome {
    if (queues.length === 0) {
      exchange.unroutableCount++;
      if (mandatory) this.countReturned();
      else this.countDropped();
      return Outcome.unroutable;
    }
    this.session.vhost.activity.routed += queues.length;
    if (queues.length === 1) return this.putAll(exchange, message, queues, each);
    this.copies += queues.length;
    if (this.session.vhost.holdDeadLetters()) {
      try {
        return this.putAll(exchange, message, queues, each);
      } finally {
        this.session.vhost.releaseDeadLetters();
      }
    }
    return this.putAll(exchange, message, queues, each);
  }

  private countReturned(): void {
    this.session.vhost.flow.returned++;
    this.counts.returned++;
  }

  private countDropped(): void {
    this.session.vhost.flow.unroutable++;
    this.counts.dropped++;
  }

  private putAll(
    exchange: Exchange,
    message: Message,
    queues: Queue[],
    each?: (queue: Queue, taken: boolean) => void,
  ): Outcome {
    let outcome: Outcome = Outcome.taken;
    for (let i = 0; i < queues.length; i++) {
      const queue = queues[i] as Queue;
      const taken = queue.publish(message);
      if (taken) exchange.routedCount++;
      else outcome = Outcome.refused;
      each?.(queue, taken);
    }
    return outcome;
  }

  /** Throws the error that keeps this user from publishing such a message now. Publishes nothing. */
  check(exchange: string, routingKey: string, message: Message): void {
    const address = encodeAddress(exchange, routingKey);
    const route = this.route(address, 0, address.length);
    this.admit(message);
    this.copiesOf(route.exchange, this.headersOf(message));
  }

  /** The further routing keys. Throws PRECONDITION_FAILED, and ACCESS_REFUSED where the user may not write to them. */
  private copiesOf({ name, options }: Exchange, headers: FieldTable): string[] {
    const copies = copyKeys(headers);
    const { user, vhost } = this.session;
    if (options.type === 'topic') for (const key of copies) user.requireTopic('write', vhost.name, name, key);
    return copies;
  }

  private headersOf(message: Message): FieldTable {
    const { headersStart, headersEnd } = this.scan;
    return headersStart < 0 ? NO_HEADERS : decodeTable(message.headerBytes, headersStart, headersEnd);
  }

  /** A message that asks for direct replies carries the name of the place for them. */
  private nameReplyPlace(message: Message): void {
    const { scan } = this;
    if (message.headerBytes.toString('latin1', scan.replyToStart, scan.replyToEnd) !== REPLY_TO) return;
    if (this.replyTo === null) throw new AmqpError('PRECONDITION_FAILED', 'fast reply consumer does not exist');
    const flagsAt = message.headerStart + CONTENT_HEADER_BYTES;
    const properties = decodeProperties(message.headerBytes, flagsAt, message.headerEnd);
    const size = get64(message.headerBytes, message.headerStart + 4);
    message.headerBytes = encodeContentHeader(size, { ...properties, replyTo: this.replyTo });
    message.headerStart = 0;
    message.headerEnd = message.headerBytes.length;
    scan.scan(message.headerBytes, CONTENT_HEADER_BYTES, message.headerEnd);
  }

  private checkUserId(userId: string): void {
    const { user } = this.session;
    if (userId === user.name || user.hasTag('impersonator')) return;
    throw new AmqpError(
      'PRECONDITION_FAILED',
      `user_id property set to '${userId}' but authenticated user was '${user.name}'`,
    );
  }
}

/** The routing keys that the headers add. Throws PRECONDITION_FAILED unless CC and BCC are arrays. */
export function copyKeys(headers: FieldTable): string[] {
  return [...carbonCopies(headers, 'CC'), ...carbonCopies(headers, 'BCC')];
}

/**
 * The strings of an array; what else is in it is no key and does no harm. Throws PRECONDITION_FAILED unless it is an
 * array.
 */
function carbonCopies(headers: FieldTable, name: 'CC' | 'BCC'): string[] {
  const field = findField(headers, name);
  if (field === undefined) return [];
  if (field.type === 'A') return texts(field);
  const type = FIELD_TYPE_NAMES[field.type];
  throw new AmqpError('PRECONDITION_FAILED', `invalid message: {unacceptable_type_in_header,"${name}",${type}}`);
}

/**
 * Nobody gets to see who else got a copy, not even the publisher to whom the message is returned. Dead letters go there
 * too.
 */
function hideBlindCopies(message: Message, headers: FieldTable): void {
  message.blindKeys = encodeKeys(texts(findField(headers, 'BCC')));
  const flagsAt = message.headerStart + CONTENT_HEADER_BYTES;
  const properties = decodeProperties(message.headerBytes, flagsAt, message.headerEnd);
  const kept = headers.filter(([name]) => name !== 'BCC');
  const size = get64(message.headerBytes, message.headerStart + 4);
  message.headerBytes = encodeContentHeader(size, { ...properties, headers: kept });
  message.headerStart = 0;
  message.headerEnd = message.headerBytes.length;
}
