/**
 * A queue: who may put messages in, who gets them, and how they end. It decides; time, memory and sockets come from
 * outside.
 * Invariants: no delivery that awaits an ack without a live record in `ready`; every message leaves by exactly one of
 * ack, delivery without ack, expire, reject, delivery limit, overflow, retention, purge, delete or move.
 */
import type { FieldTable } from '../../amqp/field-table.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import type { DeathReason } from '../../figures/death-reason.ts';
import type { Consumer } from '../consumers/consumer.ts';
import { ConsumerRing } from '../consumers/consumer-ring.ts';
import type { Binding } from '../exchanges/binding.ts';
import { LIMITS } from '../limits.ts';
import { copyOf, type Message, type MessageView, type Origin } from '../messages/message.ts';
import { type PeekCallback, ReadyMessages } from '../messages/ready-messages.ts';
import type { AppliedPolicy } from '../policies/policy-book.ts';
import { resourceText } from '../resource.ts';
import { Timer } from '../timer.ts';
import type { Traffic } from '../vhosts/activity.ts';
import { countIn, countOut, newQueueCounters } from './counting.ts';
import type { Owner } from './owner.ts';
import type { QueueOptions } from './queue-arguments.ts';
import { effectiveOptions, isLimited, timeToLiveMs } from './queue-settings.ts';
import type { QueueIdentity, QueueSurroundings, StreamFacts } from './queue-surroundings.ts';

/** A classic queue, and what other types have in common with it. */
export class Queue {
  readonly kind = 'queue' as const;
  readonly vhost: string;
  readonly name: string;
  /** Names the message log; never used again. */
  readonly id: string;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  /** The connection that alone may use this queue; null: not exclusive. */
  readonly owner: Owner | null;
  readonly arguments: FieldTable;
  /** In effect: what the arguments ask for and what policies say. Worked out when either changes. */
  options: QueueOptions;
  /** What policies say of this queue; null: nothing. */
  policy: AppliedPolicy | null = null;
  readonly incoming = new Set<Binding>();
  readonly counters = newQueueCounters();
  readonly consumers: ConsumerRing;
  unackedCount = 0;
  unackedBytes = 0;
  deleted = false;
  /** When the queue last became idle: nothing ready, unacked or consuming. Null while it is in use. */
  idleSinceMs: number | null;
  protected readonly ready: ReadyMessages;
  private readonly declared: QueueOptions;
  private limited: boolean;
  protected readonly around: QueueSurroundings;
  /** Shared by all queues of this type. */
  readonly traffic: Traffic;
  private readonly expiry: Timer;
  private readonly lease: Timer;
  /** Goes on dropping messages beyond the limits, after a turn that dropped as many as one may. */
  private trimming: Timer | null = null;
  private readonly trim = (): void => this.dropOverflow();
  private readonly rearm = (): void => {
    const next = this.ready.nextExpiryMs();
    if (next > 0) this.expiry.set(next);
    else this.expiry.cancel();
  };
  private hadConsumer = false;
  /** Why the queue's messages cannot be read, so that it takes and gives none; null: it works. */
  closedReason: string | null;

  /** `ready` and `consumers` are a classic queue's when absent. */
  constructor(
    around: QueueSurroundings,
    identity: QueueIdentity,
    args: FieldTable,
    options: QueueOptions,
    ready?: ReadyMessages,
    consumers?: ConsumerRing,
  ) {
    this.around = around;
    this.traffic = around.activity.traffic[options.type];
    this.vhost = identity.vhost;
    this.name = identity.name;
    this.id = identity.id;
    this.durable = identity.durable;
    this.autoDelete = identity.autoDelete;
    this.owner = identity.owner;
    this.arguments = args;
    this.declared = options;
    this.options = options;
    this.limited = isLimited(options);
    this.consumers = consumers ?? new ConsumerRing(options.singleActiveConsumer);
    this.ready = ready ?? new ReadyMessages(around.store, identity.id, options.priorityMax, identity.durable);
    this.closedReason = this.ready.corrupt;
    this.idleSinceMs = around.clock.now();
    this.expiry = new Timer(around.clock, () => this.reading(() => this.expireReady()));
    this.lease = new Timer(around.clock, () => {
      if (!this.deleted && this.consumers.all.length === 0) around.ended(this);
    });
    this.used();
  }

  /** How errors name the queue. */
  get text(): string {
    return resourceText('queue', this.name, this.vhost);
  }

  get readyCount(): number {
    return this.ready.count;
  }

  get readyBytes(): number {
    return this.ready.bytes;
  }

  /** To be called when everything that a message may go to is there again: messages that expired meanwhile may go. */
  recovered(): void {
    this.reading(() => this.afterChange());
  }

  /** Takes over what policies say now: at once for what is ready, and for what comes. */
  applyPolicy(policy: AppliedPolicy | null): void {
    if (policy === null && this.policy === null) return;
    const before = this.options;
    this.policy = policy;
    this.options = effectiveOptions(this.arguments, this.declared, policy);
    this.limited = isLimited(this.options);
    if (this.options.expiresMs === null) this.lease.cancel();
    else if (this.options.expiresMs !== before.expiresMs) this.used();
    this.reading(this.trim);
    this.afterChange();
  }

  /** Takes a message in; false when the queue refuses it (x-overflow reject-publish). */
  publish(message: Message): boolean {
    if (this.closedReason !== null) return false;
    if (this.limited && this.options.overflow !== 'drop-head' && this.isFullFor(message)) {
      this.counters.overflowed++;
      if (this.options.overflow === 'reject-publish-dlx') this.around.deadLetter(this, message, 'maxlen', null);
      return false;
    }
    countIn(this.counters, message);
    this.idleSinceMs = null;
    const consumer = this.ready.count === 0 ? this.consumers.next() : undefined;
    if (consumer?.noAck) {
      this.hand(consumer, message, -1, false);
      return true;
    }
    const now = this.around.clock.now();
    const ttl = timeToLiveMs(this.options, message);
    const expiresAt = ttl < 0 ? 0 : now + ttl;
    if (consumer) {
      this.hand(consumer, message, this.ready.addTaken(message, now, expiresAt), false);
      return true;
    }
    if (ttl === 0 && this.ready.count === 0 && !this.limited && this.losesLetters) {
      this.counters.expired++;
      this.around.deadLetter(this, message, 'expired', null);
    } else {
      this.ready.add(message, now, expiresAt);
      if (this.limited) this.reading(this.trim);
      // Behind others it expires when it comes to the head.
      if (ttl === 0) this.reading(() => this.dropExpiredHeads());
    }
    this.afterChange();
    return true;
  }

  /** Hands out what is ready to whoever can take it. */
  dispatch(): void {
    this.reading(() => this.dispatchReady());
  }

  protected dispatchReady(): void {
    const { ready } = this;
    while (ready.count > 0) {
      // First: what has expired takes nobody's turn.
      if (this.dropHeadIfExpired()) continue;
      const consumer = this.consumers.next();
      if (!consumer) break;
      const ticket = ready.take();
      const { returned } = ready;
      if (consumer.noAck) {
        this.hand(consumer, ready.view, -1, returned);
        ready.remove(ticket, ready.view.bodySize);
      } else this.hand(consumer, ready.view, ticket, returned);
    }
    this.afterChange();
  }

  /**
   * basic.get: gives the head to `take` and returns true, or returns false when nothing is ready or the queue is paused.
   * The message is valid only during the call; `ticket` is -1 with noAck.
   */
  get(noAck: boolean, take: (message: Message, ticket: number, redelivered: boolean) => void): boolean {
    this.used();
    let found = false;
    this.reading(() => {
      found = this.getReady(noAck, take);
    });
    this.afterChange();
    return found;
  }

  ack(ticket: number, bodyBytes: number): void {
    if (this.deleted) return;
    this.counters.acked++;
    this.traffic.acked++;
    this.settle(ticket, bodyBytes);
  }

  /** reject or nack without requeue: the message dies here. */
  reject(ticket: number): void {
    if (this.deleted) return;
    this.counters.rejected++;
    this.buryUnacked(ticket, 'rejected');
  }

  /** Puts unacked messages back at their places; they will be marked redelivered. Tickets in any order. */
  requeue(tickets: number[]): void {
    if (this.deleted || tickets.length === 0) return;
    this.unackedBytes -= this.ready.giveBack(tickets);
    this.unackedCount -= tickets.length;
    if (this.limited) this.reading(this.trim);
    this.dispatch();
  }

  /** Throws ACCESS_REFUSED when an exclusive consumer is there, or wanted while others are. */
  subscribe(consumer: Consumer): void {
    if (this.consumers.excludes(consumer)) throw new AmqpError('ACCESS_REFUSED', `${this.text} in exclusive use`);
    this.hadConsumer = true;
    this.idleSinceMs = null;
    this.consumers.add(consumer);
    this.lease.cancel();
  }

  /** The consumer takes no more; what it has not settled stays unacked. `returns`: it comes back, and a `dispatch`, before others take any. */
  unsubscribe(consumer: Consumer, returns = false): void {
    this.consumers.remove(consumer);
    if (this.deleted) return;
    this.used();
    if (this.autoDelete && this.hadConsumer && this.consumers.all.length === 0) {
      this.around.ended(this);
      return;
    }
    this.noteIdle();
    if (this.options.singleActiveConsumer && !returns) this.dispatch();
  }

  /** The consumer may have room or credit again. */
  wake(consumer: Consumer): void {
    this.consumers.wake(consumer);
    if (this.ready.count > 0) this.dispatch();
  }

  wakeAll(consumers: Consumer[]): void {
    this.consumers.wakeAll(consumers);
    if (this.ready.count > 0) this.dispatch();
  }

  /** Removes everything that is ready; returns how many. */
  purge(): number {
    const count = this.ready.purge();
    this.afterChange();
    return count;
  }

  /** Ends the queue: consumers are told, messages are gone; acks that still come are fine and do nothing. */
  delete(): void {
    this.deleted = true;
    this.expiry.cancel();
    this.lease.cancel();
    this.trimming?.cancel();
    for (const consumer of [...this.consumers.all]) {
      this.consumers.remove(consumer);
      consumer.sink.cancelled(consumer);
    }
    this.ready.delete();
    this.unackedCount = 0;
    this.unackedBytes = 0;
  }

  /** The queue was used in a way that renews x-expires. */
  used(): void {
    const { expiresMs } = this.options;
    if (expiresMs === null || this.deleted || this.consumers.all.length > 0) return;
    this.lease.set(this.around.clock.now() + expiresMs);
  }

  /** When the oldest ready message arrived; null when none is ready. */
  oldestReadyAtMs(): number | null {
    return this.ready.oldestArrivedAtMs();
  }

  /** Throws when the queue cannot be deleted on such a condition, or when the condition does not hold. */
  checkDelete(onlyIf: { unused: boolean; empty: boolean }): void {
    if (onlyIf.unused && this.consumers.all.length > 0)
      throw new AmqpError('PRECONDITION_FAILED', `${this.text} in use`);
    if (onlyIf.empty && this.readyCount > 0) throw new AmqpError('PRECONDITION_FAILED', `${this.text} not empty`);
  }

  /** Looks at ready messages without touching them; see ReadyMessages. */
  peek(from: number, limit: number, onMessage: PeekCallback): number {
    let next = -1;
    this.reading(() => {
      next = this.ready.peek(from, limit, onMessage);
    });
    return next;
  }

  /** Takes one ready message out of the middle for another place; see ReadyMessages. */
  takeOut(ticket: number, use: (message: MessageView) => boolean): boolean {
    let taken = false;
    this.reading(() => {
      taken = this.ready.takeOut(ticket, use);
    });
    if (taken) this.afterChange();
    return taken;
  }

  /** The log and position of a message, for the message that takes its place. */
  originOf(ticket: number): Origin {
    return this.ready.origin(ticket);
  }

  /** Dead letters that are kept here because nobody took them yet, and their body bytes; neither ready nor unacked. */
  get waitingLetters(): number {
    return 0;
  }

  get waitingLetterBytes(): number {
    return 0;
  }

  /** The facts about a stream; null: the queue is none. */
  get stream(): StreamFacts | null {
    return null;
  }

  /** The offset of what a stream's consumer gets next; null: it is no stream's. */
  offsetOf(_consumer: Consumer): number | null {
    return null;
  }

  /** True when a publisher should be slowed: its messages pile up while consumers' sockets are full. */
  get isBehind(): boolean {
    const { all, isPaused } = this.consumers;
    return this.ready.count > LIMITS.backlogBeforeThrottle && all.length > 0 && !isPaused;
  }

  /** Gives a message to a consumer; with a ticket it is unacked from here on. */
  protected hand(consumer: Consumer, message: Message, ticket: number, redelivered: boolean): void {
    countOut(this.counters, this.traffic, message, redelivered);
    if (ticket < 0) {
      this.counters.deliveredNoAck++;
      this.traffic.deliveredNoAck++;
    } else {
      this.traffic.deliveredAck++;
      this.countUnacked(message);
    }
    consumer.sink.deliver(consumer, message, ticket, redelivered);
  }

  private getReady(noAck: boolean, take: (message: Message, ticket: number, redelivered: boolean) => void): boolean {
    const { ready } = this;
    this.dropExpiredHeads();
    if (ready.count === 0 || this.consumers.isPaused) {
      this.counters.gotEmpty++;
      this.traffic.gotEmpty++;
      return false;
    }
    const ticket = ready.take();
    const { returned } = ready;
    let view: Message = ready.view;
    if (ready.count > 0 && ready.mayExpire) {
      // What has come to the head by that is not counted as ready any more; to look at it takes the view's memory away.
      view = copyOf(view);
      this.dropExpiredHeads();
    }
    countOut(this.counters, this.traffic, view, returned);
    if (!noAck) this.countUnacked(view);
    this.counters[noAck ? 'gotNoAck' : 'got']++;
    this.traffic[noAck ? 'gotNoAck' : 'got']++;
    take(view, noAck ? -1 : ticket, returned);
    if (noAck) ready.remove(ticket, view.bodySize);
    return true;
  }

  private countUnacked({ bodySize }: Message): void {
    this.unackedCount++;
    this.unackedBytes += bodySize;
  }

  private settle(ticket: number, bodyBytes: number): void {
    this.unackedCount--;
    this.unackedBytes -= bodyBytes;
    this.ready.remove(ticket, bodyBytes);
    this.noteIdle();
  }

  /** True when a dead letter may get lost on its way, so that it need not be kept until it has arrived. */
  protected get losesLetters(): boolean {
    return true;
  }

  /** Ends a message that was taken out of the ready ones: its dead letter goes, and its record here too. */
  protected bury(ticket: number, message: Message, reason: DeathReason): void {
    const { bodySize } = message;
    this.around.deadLetter(this, message, reason, this.ready.origin(ticket));
    this.ready.remove(ticket, bodySize);
  }

  protected buryUnacked(ticket: number, reason: DeathReason): void {
    const message = this.ready.read(ticket);
    this.unackedCount--;
    this.unackedBytes -= message.bodySize;
    this.bury(ticket, message, reason);
    this.noteIdle();
  }

  private dropExpiredHeads(): void {
    while (this.dropHeadIfExpired());
  }

  private dropHeadIfExpired(): boolean {
    if (this.ready.count === 0 || !this.ready.headHasExpired(this.around.clock.now())) return false;
    this.counters.expired++;
    this.bury(this.ready.take(), this.ready.view, 'expired');
    return true;
  }

  protected dropOverflow(): void {
    if (this.options.overflow !== 'drop-head') return;
    for (let dropped = 0; this.ready.count > 0 && this.exceeds(this.ready.count, this.ready.bytes); dropped++) {
      if (dropped === LIMITS.expiredPerTurnMax) {
        this.trimLater();
        return;
      }
      this.counters.overflowed++;
      this.bury(this.ready.take(), this.ready.view, 'maxlen');
    }
  }

  private trimLater(): void {
    this.trimming ??= new Timer(this.around.clock, () => {
      this.reading(this.trim);
      this.afterChange();
    });
    this.trimming.set(this.around.clock.now());
  }

  /** True when the queue holds too much with one more message. */
  isFullFor({ bodySize }: Message): boolean {
    return this.exceeds(this.ready.count + 1, this.ready.bytes + bodySize);
  }

  protected exceeds(count: number, bytes: number): boolean {
    const { lengthMax, bytesMax } = this.options;
    return (lengthMax !== null && count > lengthMax) || (bytesMax !== null && bytes > bytesMax);
  }

  private expireReady(): void {
    const now = this.around.clock.now();
    for (let settled = 0; settled < LIMITS.expiredPerTurnMax; settled++) {
      const ticket = this.ready.takeExpired(now);
      if (ticket < 0) break;
      this.counters.expired++;
      this.bury(ticket, this.ready.view, 'expired');
    }
    this.afterChange();
  }

  /** To be called when another message may be at the head, or none. */
  protected afterChange(): void {
    this.reading(this.rearm);
    if (this.closedReason === null) this.noteIdle();
  }

  /** Does what reads messages. When they turn out to be corrupt the queue closes, and others go on. */
  protected reading(read: () => void): void {
    if (this.closedReason !== null) return;
    try {
      read();
    } catch (error) {
      this.closedReason = this.ready.corrupt;
      if (this.closedReason === null) throw error;
      this.expiry.cancel();
      this.around.closed(this, this.closedReason);
      for (const consumer of [...this.consumers.all]) {
        this.consumers.remove(consumer);
        consumer.sink.cancelled(consumer);
      }
    }
  }

  protected noteIdle(): void {
    if (this.ready.count > 0 || this.unackedCount > 0 || this.consumers.all.length > 0) this.idleSinceMs = null;
    else this.idleSinceMs ??= this.around.clock.now();
  }
}
