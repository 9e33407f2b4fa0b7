/**
 * One AMQP channel: its consumers, its unacked deliveries, the message that is coming in, its confirms.
 * It turns methods into calls of the broker and what the broker hands out into frames; it decides nothing about queues.
 * Invariants: no delivery that awaits an ack without an entry in `unacked`; after channel.close only close-ok is sent.
 */
import { get32, get64 } from '../amqp/bytes.ts';
import { encodeFrame, FRAME_BODY, FRAME_HEADER, FRAME_METHOD } from '../amqp/frame.ts';
import { decodeMethod, encodeMethod, type Method, type MethodArguments, type MethodName } from '../amqp/method.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import type { Consumer, DeliverySink } from '../broker/consumers/consumer.ts';
import { Unacked } from '../broker/consumers/unacked.ts';
import type { Message } from '../broker/messages/message.ts';
import type { Via } from '../broker/publishing/firehose.ts';
import { Outcome, Publisher } from '../broker/publishing/publisher.ts';
import type { Route } from '../broker/publishing/route-cache.ts';
import type { Queue } from '../broker/queues/queue.ts';
import { CHANNEL_FIGURES, type ChannelCounters } from '../figures/channel-figures.ts';
import { zeros } from '../figures/figure.ts';
import { AckClock } from './ack-clock.ts';
import type { Confirms } from './confirms.ts';
import type { Connection } from './connection.ts';
import { ContentAssembler } from './content-assembler.ts';
import { deliverPrefix, writeDelivery, writeReturn } from './delivery.ts';
import type { RateMeter } from './rate-meter.ts';
import { Returned } from './returned.ts';
import type { Transaction } from './transaction.ts';

const BASIC_PUBLISH = (60 << 16) | 40;
const BASIC_ACK = (60 << 16) | 80;
const ACK_PAYLOAD_BYTES = 13;
const ZEROS = zeros(CHANNEL_FIGURES);

/** Does what a method says. A promise: nothing further may be read from the connection until it settles. */
export type MethodHandler = (channel: Channel, method: Method) => Promise<void> | undefined;

export class Channel implements DeliverySink {
  readonly connection: Connection;
  readonly id: number;
  readonly consumers = new Map<string, Consumer>();
  readonly unacked = new Unacked();
  readonly counts: ChannelCounters = { ...ZEROS };
  /** The channel's rates; null until the first measurement. */
  meter: RateMeter<keyof ChannelCounters> | null = null;
  /** The name that an empty queue name stands for. */
  lastDeclaredQueue: string | null = null;
  /** The prefetch of consumers that come later; 0: unlimited. */
  consumerPrefetch = 0;
  /** Shared by all consumers of the channel; 0: unlimited. */
  channelPrefetch = 0;
  /** What counts for the shared limit: deliveries to consumers, and what was outstanding when the limit was set. */
  private sharedUnacked = 0;
  /** The consumer that had the last delivery under the shared limit; the next one goes to another. */
  private lastServed: Consumer | null = null;
  confirms: Confirms | null = null;
  transaction: Transaction | null = null;
  /** True from the server's channel.close until the client's close-ok. */
  closing = false;
  /** The method that is being worked on, for errors. */
  current: { classId: number; methodId: number } = { classId: 0, methodId: 0 };
  /** The names of connection, channel and user for those who trace. */
  readonly via: Via;
  private readonly handle: MethodHandler;
  private readonly publisher: Publisher;
  private readonly content: ContentAssembler;
  private deliveryTag = 0;
  private ackClock: AckClock | null = null;
  private confirmsScheduled = false;
  /** Tags of consumers that lost their queue by this channel's own queue.delete, until that is answered; null otherwise. */
  private deferredCancels: string[] | null = null;

  constructor(connection: Connection, id: number, handle: MethodHandler) {
    this.connection = connection;
    this.id = id;
    this.handle = handle;
    const { session, name } = connection;
    this.via = { connection: name, channel: id, user: session.user.name };
    this.publisher = new Publisher(session, this.counts, this.via);
    this.content = new ContentAssembler(this.publisher, connection.limits.messageBytesMax);
  }

  /** One frame for this channel. A promise: nothing further may be read from this connection until it settles. */
  frame(type: number, buffer: Buffer, start: number, end: number): Promise<void> | undefined {
    if (type === FRAME_BODY) {
      if (this.content.body(buffer, start, end)) this.publish();
      return undefined;
    }
    if (type === FRAME_HEADER) {
      this.current = { classId: 60, methodId: 40 };
      if (this.content.header(buffer, start, end)) this.publish();
      return undefined;
    }
    if (type !== FRAME_METHOD)
      throw new AmqpError('UNEXPECTED_FRAME', 'expected method frame, got non method frame instead');
    if (!this.content.idle) this.content.interrupted();
    return this.method(buffer, start, end);
  }

  /** The memory that an incomplete message points into is about to be used for something else. */
  detachContent(): void {
    this.content.detach();
  }

  /** Frames while the channel waits for close-ok: everything else is for the dustbin. Returns true on close-ok. */
  frameWhileClosing(type: number, buffer: Buffer, start: number, end: number): boolean {
    if (type !== FRAME_METHOD || end - start < 4) return false;
    const id = get32(buffer, start);
    if (id === ((20 << 16) | 41)) return true;
    if (id === ((20 << 16) | 40)) this.send('channel.close-ok', {});
    return false;
  }

  send<K extends MethodName>(name: K, args: Partial<MethodArguments[K]>): void {
    // A reply that waited for the store may come too late.
    if (!this.connection.isOpen) return;
    this.connection.writer.write(encodeFrame(FRAME_METHOD, this.id, encodeMethod(name, args)));
  }

  addConsumer(consumer: Consumer): void {
    consumer.prefix = deliverPrefix(this.id, consumer.tag);
    this.consumers.set(consumer.tag, consumer);
  }

  /** Answers to this channel's requests come to that queue. */
  takeRepliesAt(queue: Queue): void {
    this.publisher.replyTo = queue.name;
  }

  get takesReplies(): boolean {
    return this.publisher.replyTo !== null;
  }

  removeConsumer(consumer: Consumer, returns = false): void {
    this.consumers.delete(consumer.tag);
    if (consumer.queue.name === this.publisher.replyTo) this.publisher.replyTo = null;
    consumer.queue.unsubscribe(consumer, returns);
  }

  /** The tag of a delivery that is about to be sent; with a ticket it is entered as unacked. */
  nextTag(queue: Queue, ticket: number, consumer: Consumer | null, bodyBytes: number): number {
    const tag = ++this.deliveryTag;
    if (ticket >= 0) this.unacked.add(tag, queue, ticket, consumer, bodyBytes);
    this.connection.session.vhost.counters.delivered++;
    return tag;
  }

  hasRoom({ queue }: Consumer): boolean {
    if (this.closing || !this.connection.isOpen) return false;
    return !(this.isFull && isShared(queue)) && this.connection.writer.hasRoom();
  }

  deliver(consumer: Consumer, message: Message, ticket: number, redelivered: boolean): void {
    const tag = this.nextTag(consumer.queue, ticket, consumer, message.bodySize);
    if (ticket >= 0) {
      consumer.unackedCount++;
      this.counts.deliveredAck++;
      this.sharedUnacked++;
    } else this.counts.deliveredNoAck++;
    if (this.channelPrefetch > 0) this.lastServed = consumer;
    if (redelivered) this.noteRedelivery();
    const { writer, frameMax } = this.connection;
    writeDelivery(writer, frameMax, consumer.prefix as Buffer, tag, redelivered, message, null);
    const { firehose } = this.connection.session.vhost;
    if (firehose !== null) firehose.delivered(message, consumer.queue.name, redelivered, this.via);
  }

  noteRedelivery(): void {
    this.counts.redelivered++;
    this.connection.session.vhost.counters.redelivered++;
  }

  cancelled(consumer: Consumer): void {
    this.consumers.delete(consumer.tag);
    if (this.closing || !this.connection.isOpen || !this.connection.clientCan('consumer_cancel_notify')) return;
    if (this.deferredCancels) this.deferredCancels.push(consumer.tag);
    else this.send('basic.cancel', { consumerTag: consumer.tag, nowait: true });
  }

  /** Cancels that `run` causes on this channel wait for sendCancels(): the reply of the method comes before them. */
  deferringCancels<T>(run: () => T): T {
    this.deferredCancels = [];
    try {
      return run();
    } catch (error) {
      this.deferredCancels = null;
      throw error;
    }
  }

  sendCancels(): void {
    const tags = this.deferredCancels ?? [];
    this.deferredCancels = null;
    if (this.closing) return;
    for (const consumerTag of tags) this.send('basic.cancel', { consumerTag, nowait: true });
  }

  describe(): { channel: string; connectionName: string | null; user: string } {
    const { name, clientName, session } = this.connection;
    return { channel: `${name} (${this.id})`, connectionName: clientName, user: session.user.name };
  }

  /** basic.qos with global: a limit for all consumers together, those without acks too. [rabbit: consumer prefetch] */
  limitTogether(prefetch: number): void {
    if (this.channelPrefetch === 0) this.sharedUnacked = this.unacked.size;
    this.channelPrefetch = prefetch;
  }

  /** The limit of the whole channel is reached. */
  private get isFull(): boolean {
    return this.channelPrefetch > 0 && this.sharedUnacked >= this.channelPrefetch;
  }

  /** Room or credit may have come back to all consumers of this channel; who had the last delivery asks last. */
  wakeConsumers(): void {
    const all = [...this.consumers.values()];
    const first = this.lastServed === null ? 0 : all.indexOf(this.lastServed) + 1;
    const byQueue = new Map<Queue, Consumer[]>();
    for (const consumer of [...all.slice(first), ...all.slice(0, first)]) {
      const others = byQueue.get(consumer.queue);
      if (others) others.push(consumer);
      else byQueue.set(consumer.queue, [consumer]);
    }
    for (const [queue, consumers] of byQueue) queue.wakeAll(consumers);
  }

  /** Gives back all that is outstanding; what an open transaction has settled is not. */
  recover(): void {
    const { transaction } = this;
    this.settle('requeue', 0, true, transaction ? (tag) => transaction.hasSettled(tag) : undefined);
  }

  /** Throws PRECONDITION_FAILED when a delivery has waited too long for its ack. */
  checkAckTimeout(nowMs: number): void {
    const { oldest } = this.unacked;
    if (oldest === null || this.closing) {
      this.ackClock?.clear();
      return;
    }
    this.ackClock ??= new AckClock();
    const sinceMs = this.ackClock.waitingSince(nowMs, oldest.tag, this.deliveryTag);
    const timeoutMs = oldest.queue.options.ackTimeoutMs ?? this.connection.limits.ackTimeoutMs;
    if (timeoutMs === null || nowMs - sinceMs < timeoutMs) return;
    this.current = { classId: 0, methodId: 0 };
    throw new AmqpError(
      'PRECONDITION_FAILED',
      `delivery acknowledgement on channel ${this.id} timed out. Timeout value used: ${timeoutMs} ms. This timeout value can be configured, see consumers doc guide to learn more`,
    );
  }

  ack(tag: number, multiple: boolean): void {
    this.checkTag(tag, multiple);
    this.settleOrKeep('ack', tag, multiple);
  }

  nack(tag: number, multiple: boolean, requeue: boolean): void {
    this.checkTag(tag, multiple);
    this.settleOrKeep(requeue ? 'requeue' : 'reject', tag, multiple);
  }

  /** Ends what the tag names (all up to it with `multiple`, all with tag 0; none that `keep` names) in one of three ways. */
  settle(kind: 'ack' | 'reject' | 'requeue', tag: number, multiple: boolean, keep?: (tag: number) => boolean): void {
    const { counters } = this.connection.session.vhost;
    const wasFull = this.isFull;
    let last: Consumer | null = null;
    const woken = new Set<Consumer>();
    const returned = kind === 'ack' ? null : new Returned();
    const one = (queue: Queue, ticket: number, consumer: Consumer | null, bodyBytes: number, at: number): void => {
      if (consumer) {
        consumer.unackedCount--;
        if (this.sharedUnacked > 0) this.sharedUnacked--;
        if (consumer !== last) woken.add(consumer);
        last = consumer;
      }
      if (returned) returned.add(queue, consumer, ticket, at);
      else {
        counters.acked++;
        queue.ack(ticket, bodyBytes);
      }
    };
    const before = this.unacked.size;
    if (multiple) this.unacked.takeUpTo(tag === 0 ? this.deliveryTag : tag, one, keep);
    else this.unacked.take(tag, one);
    // A queue hears of room in a full channel only after it has what came back, and gives that to others first.
    if (returned) returned.settle(kind === 'requeue', (queue) => !(wasFull && isShared(queue)));
    else this.counts.acked += before - this.unacked.size;
    const { isFull } = this;
    if (wasFull && !isFull) this.wakeConsumers();
    else for (const consumer of woken) if (!(isFull && isShared(consumer.queue))) consumer.queue.wake(consumer);
  }

  /** Publishes a message that a transaction kept, to `queues`; null: where its exchange sends it now. */
  publishKept(route: Route, message: Message, mandatory: boolean, queues: Queue[] | null): Outcome {
    this.publisher.admit(message);
    // An exchange that is gone by now was there when the message came: no error, over which the rest would be lost.
    const isThere = this.connection.session.vhost.exchanges.has(route.exchange.name);
    if (queues === null && isThere) return this.publishNow(route, message, mandatory, true);
    const outcome = this.publisher.publishTo(route, message, mandatory, queues ?? [], this.watchBacklog);
    if (mandatory && outcome === Outcome.unroutable) this.returnMessage(route, message);
    return outcome;
  }

  /** Gives back what was not settled and ends the consumers. The channel says nothing any more. */
  release(): void {
    if (!this.closing) this.connection.session.vhost.past.addChannel(this.counts);
    this.closing = true;
    const consumers = [...this.consumers.values()];
    for (const consumer of consumers) this.removeConsumer(consumer, true);
    const returned = new Returned();
    this.unacked.takeUpTo(this.deliveryTag, (queue, ticket, consumer, _, tag) => {
      if (consumer) consumer.unackedCount--;
      returned.add(queue, consumer, ticket, tag);
    });
    returned.settleWhole();
    for (const { queue } of consumers) if (queue.options.singleActiveConsumer && !queue.deleted) queue.dispatch();
    this.confirms = null;
    this.transaction = null;
    this.content.reset();
  }

  private method(buffer: Buffer, start: number, end: number): Promise<void> | undefined {
    const id = end - start >= 4 ? get32(buffer, start) : 0;
    if (id === BASIC_PUBLISH) {
      this.current = PUBLISH_IDS;
      this.content.method(buffer, start, end);
      if (this.connection.broker.blocked) this.connection.block();
      return undefined;
    }
    if (id === BASIC_ACK && end - start === ACK_PAYLOAD_BYTES) {
      this.current = ACK_IDS;
      this.ack(get64(buffer, start + 4), ((buffer[start + 12] as number) & 1) === 1);
      return undefined;
    }
    this.current = { classId: id >>> 16, methodId: id & 0xffff };
    return this.handle(this, decodeMethod(buffer, start, end));
  }

  private publish(): void {
    const { route, message, mandatory } = this.content;
    if (this.transaction) {
      const queues = this.publisher.destinations(route as Route, message);
      this.publisher.trace(route as Route, message, queues);
      this.transaction.addPublish(route as Route, message, mandatory, queues);
    } else {
      const outcome = this.publishNow(route as Route, message, mandatory);
      if (this.confirms) {
        this.connection.session.vhost.counters.receivedConfirm++;
        if (outcome === Outcome.refused) this.confirms.refuse();
        else this.confirms.taken();
        this.scheduleConfirms();
      }
    }
    this.content.reset();
  }

  private publishNow(route: Route, message: Message, mandatory: boolean, isTraced = false): Outcome {
    const { publisher } = this;
    const outcome = publisher.publish(route, message, mandatory, this.watchBacklog, isTraced);
    if (publisher.copies > 0) this.noteCopies();
    if (mandatory && (outcome === Outcome.unroutable || outcome === Outcome.delayed))
      this.returnMessage(route, message);
    return outcome;
  }

  /** Who makes many copies of messages lets others have their turn in between. */
  private noteCopies(): void {
    const { connection, publisher } = this;
    if (connection.turn.fanOut.spend(publisher.copies)) connection.reading.giveWay();
    publisher.copies = 0;
  }

  private readonly watchBacklog = (queue: Queue): void => {
    if (queue.isBehind) this.connection.reading.slowDown();
  };

  private returnMessage(route: Route, message: Message): void {
    // Clients that wait for a return and its confirm count on those before it having come: as with RabbitMQ, none reaches over a return.
    this.confirmPending();
    const method = encodeMethod('basic.return', {
      replyCode: 312,
      replyText: 'NO_ROUTE',
      exchange: route.exchange.name,
      routingKey: route.routingKey,
    });
    const { writer, frameMax } = this.connection;
    writeReturn(writer, frameMax, this.id, encodeFrame(FRAME_METHOD, this.id, method), message);
  }

  private scheduleConfirms(): void {
    if (this.confirmsScheduled) return;
    this.confirmsScheduled = true;
    this.connection.turn.atEnd(() => {
      this.confirmsScheduled = false;
      this.confirmPending();
    });
  }

  /** Confirms what was published so far, as soon as it is durable. */
  private confirmPending(): void {
    const { confirms } = this;
    if (!confirms?.hasPending) return;
    const { latest } = confirms;
    const stored = this.connection.broker.store.sync();
    if (stored === undefined) this.sendConfirms(confirms, latest);
    else {
      stored.then(
        () => this.sendConfirms(confirms, latest),
        (error: unknown) => this.connection.fail(error),
      );
    }
  }

  private sendConfirms(confirms: Confirms, latest: number): void {
    if (this.confirms !== confirms || !this.connection.isOpen) return;
    const confirmed = confirms.settle(
      latest,
      (deliveryTag, multiple) => this.send('basic.ack', { deliveryTag, multiple }),
      (deliveryTag) => this.send('basic.nack', { deliveryTag, multiple: false, requeue: false }),
    );
    this.counts.confirmed += confirmed;
    this.connection.session.vhost.counters.confirmed += confirmed;
  }

  /** In a transaction tag 0 means what is outstanding now, not what will be at the commit. */
  private settleOrKeep(kind: 'ack' | 'reject' | 'requeue', tag: number, multiple: boolean): void {
    if (!this.transaction) this.settle(kind, tag, multiple);
    else if (this.unacked.size > 0) this.transaction.addSettlement(kind, tag === 0 ? this.deliveryTag : tag, multiple);
  }

  private checkTag(tag: number, multiple: boolean): void {
    if ((multiple && tag === 0) || (this.unacked.has(tag) && !this.transaction?.hasSettled(tag))) return;
    throw new AmqpError('PRECONDITION_FAILED', `unknown delivery tag ${tag}`);
  }
}

const PUBLISH_IDS = { classId: 60, methodId: 40 };
const ACK_IDS = { classId: 60, methodId: 80 };

/** Quorum queues and streams know no limit for a whole channel; a consumer of theirs may have been there before it. */
function isShared(queue: Queue): boolean {
  return queue.options.type === 'classic';
}
