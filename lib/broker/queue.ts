/**
 * A queue: what is ready, what is unacked, and who takes it. It decides; time, memory and sockets come from outside.
 * Invariants: no delivery that awaits an ack without a live record in the log; every message leaves by exactly one of
 * ack, expire, reject, overflow, purge, delete or move; `readyCount` and `unackedCount` add up to the live records.
 *
 * A *ticket* names a message of this queue while it lives here: its position in the log of its priority's lane,
 * times the number of lanes, plus the lane.
 */
import type { FieldTable } from '../amqp/field-table.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import type { Binding } from './binding.ts';
import type { Clock } from './clock.ts';
import type { Consumer } from './consumer.ts';
import { ConsumerRing } from './consumer-ring.ts';
import type { DeathReason } from './dead-letter.ts';
import { Lane } from './lane.ts';
import { LIMITS } from './limits.ts';
import { type Message, MessageView } from './message.ts';
import type { Owner } from './owner.ts';
import type { MessageStore } from './ports.ts';
import type { QueueOptions } from './queue-arguments.ts';
import { QueueCounters } from './queue-counters.ts';
import { resourceText } from './resource.ts';
import { Timer } from './timer.ts';

/** What a queue asks of its vhost. */
export interface QueueSurroundings {
  clock: Clock;
  store: MessageStore;
  /** Sends a message that died here on its way; it is valid only during the call. */
  deadLetter(queue: Queue, message: Message, reason: DeathReason): void;
  /** The queue has reached the end of its life by itself: x-expires, or auto-delete. */
  ended(queue: Queue): void;
}

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
  readonly options: QueueOptions;
  readonly incoming = new Set<Binding>();
  readonly counters = new QueueCounters();
  readonly consumers: ConsumerRing;
  readyCount = 0;
  readyBytes = 0;
  unackedCount = 0;
  unackedBytes = 0;
  deleted = false;
  /** When it last became idle: nothing ready, unacked or consuming. Null while it is in use. */
  idleSinceMs: number | null;
  private hadConsumer = false;
  private holdsExpiring = false;
  private readonly lanes: Lane[] = [];
  private readonly around: QueueSurroundings;
  private readonly view = new MessageView();
  private readonly expiry: Timer;
  private readonly lease: Timer;

  constructor(
    around: QueueSurroundings,
    identity: { vhost: string; name: string; id: string; durable: boolean; autoDelete: boolean; owner: Owner | null },
    args: FieldTable,
    options: QueueOptions,
  ) {
    this.around = around;
    this.vhost = identity.vhost;
    this.name = identity.name;
    this.id = identity.id;
    this.durable = identity.durable;
    this.autoDelete = identity.autoDelete;
    this.owner = identity.owner;
    this.arguments = args;
    this.options = options;
    this.consumers = new ConsumerRing(options.singleActiveConsumer);
    for (let lane = 0; lane <= options.priorityMax; lane++) this.lanes.push(new Lane(around.store.open(this.logName(lane))));
    this.idleSinceMs = around.clock.now();
    this.expiry = new Timer(around.clock, () => this.expireHeads());
    this.lease = new Timer(around.clock, () => this.endIfUnused());
    this.used();
  }

  /** How errors name it. */
  get text(): string {
    return resourceText('queue', this.name, this.vhost);
  }

  /** Takes a message in; false when the queue refuses it (x-overflow reject-publish). */
  publish(message: Message): boolean {
    const { options } = this;
    if (options.overflow !== 'drop-head' && this.wouldOverflow(message)) {
      this.counters.overflowed++;
      if (options.overflow === 'reject-publish-dlx') this.around.deadLetter(this, message, 'maxlen');
      return false;
    }
    this.counters.published++;
    this.idleSinceMs = null;
    const consumer = this.readyCount === 0 ? this.consumers.next() : undefined;
    if (consumer?.noAck) {
      this.counters.delivered++;
      consumer.sink.deliver(consumer, message, -1, false);
      return true;
    }
    const now = this.around.clock.now();
    const ttl = this.ttlMs(message);
    if (ttl === 0 && !consumer) {
      this.counters.expired++;
      this.around.deadLetter(this, message, 'expired');
      this.noteIdle();
      return true;
    }
    const lane = this.laneOf(message);
    const position = (this.lanes[lane] as Lane).log.append(message, now, ttl < 0 ? 0 : now + ttl);
    if (consumer) {
      (this.lanes[lane] as Lane).head();
      (this.lanes[lane] as Lane).takeHead();
      this.unackedCount++;
      this.unackedBytes += message.bodySize;
      this.hand(consumer, message, this.ticket(lane, position), false);
      return true;
    }
    this.readyCount++;
    this.readyBytes += message.bodySize;
    if (ttl >= 0) this.holdsExpiring = true;
    if (options.lengthMax !== null || options.bytesMax !== null) this.dropOverflow();
    if (this.holdsExpiring) this.scheduleExpiry();
    this.noteIdle();
    return true;
  }

  /** Hands out what is ready to whoever can take it. */
  dispatch(): void {
    while (this.readyCount > 0) {
      const consumer = this.consumers.next();
      if (!consumer) break;
      const lane = this.firstLane();
      if (this.dropHeadIfExpired(lane)) continue;
      const returned = (this.lanes[lane] as Lane).headIsReturned;
      const position = this.takeHead(lane);
      if (consumer.noAck) {
        this.hand(consumer, this.view, -1, returned);
        this.remove(lane, position);
      } else {
        this.unackedCount++;
        this.unackedBytes += this.view.bodySize;
        this.hand(consumer, this.view, this.ticket(lane, position), returned);
      }
    }
    if (this.holdsExpiring) this.scheduleExpiry();
    this.noteIdle();
  }

  /**
   * basic.get: gives the head to `take` and returns true, or returns false when nothing is ready.
   * The message is valid only during the call; `ticket` is -1 with noAck.
   */
  get(noAck: boolean, take: (message: Message, ticket: number, redelivered: boolean) => void): boolean {
    this.used();
    while (this.readyCount > 0) {
      const lane = this.firstLane();
      if (this.dropHeadIfExpired(lane)) continue;
      const returned = (this.lanes[lane] as Lane).headIsReturned;
      const position = this.takeHead(lane);
      this.counters.delivered++;
      if (returned) this.counters.redelivered++;
      if (!noAck) {
        this.unackedCount++;
        this.unackedBytes += this.view.bodySize;
      }
      take(this.view, noAck ? -1 : this.ticket(lane, position), returned);
      if (noAck) this.remove(lane, position);
      if (this.holdsExpiring) this.scheduleExpiry();
      this.noteIdle();
      return true;
    }
    this.noteIdle();
    return false;
  }

  ack(ticket: number): void {
    if (this.deleted) return;
    this.counters.acked++;
    this.settle(ticket);
    this.noteIdle();
  }

  /** reject or nack without requeue: the message dies here. */
  reject(ticket: number): void {
    if (this.deleted) return;
    this.counters.rejected++;
    const lane = ticket % this.lanes.length;
    (this.lanes[lane] as Lane).log.read(this.positionOf(ticket), this.view);
    this.around.deadLetter(this, this.view, 'rejected');
    this.settle(ticket);
    this.noteIdle();
  }

  /** Puts unacked messages back at their places; they will be marked redelivered. Tickets in any order. */
  requeue(tickets: number[]): void {
    if (this.deleted || tickets.length === 0) return;
    const byLane = new Map<number, number[]>();
    for (const ticket of tickets) {
      const lane = ticket % this.lanes.length;
      const positions = byLane.get(lane);
      if (positions) positions.push(this.positionOf(ticket));
      else byLane.set(lane, [this.positionOf(ticket)]);
    }
    for (const [lane, positions] of byLane) {
      positions.sort((a, b) => a - b);
      for (const position of positions) {
        (this.lanes[lane] as Lane).log.read(position, this.view);
        const size = this.view.bodySize;
        this.unackedCount--;
        this.unackedBytes -= size;
        this.readyCount++;
        this.readyBytes += size;
        if (this.view.expiresAtMs > 0) this.holdsExpiring = true;
      }
      (this.lanes[lane] as Lane).giveBack(positions);
    }
    if (this.options.lengthMax !== null || this.options.bytesMax !== null) this.dropOverflow();
    this.dispatch();
  }

  /** Throws ACCESS_REFUSED when an exclusive consumer is there, or wanted while others are. */
  subscribe(consumer: Consumer): void {
    const { all } = this.consumers;
    if (all.some((other) => other.exclusive) || (consumer.exclusive && (all.length > 0 || this.options.singleActiveConsumer))) {
      throw new AmqpError('ACCESS_REFUSED', `${this.text} in exclusive use`);
    }
    this.hadConsumer = true;
    this.idleSinceMs = null;
    this.consumers.add(consumer);
    this.lease.cancel();
  }

  /** The consumer takes no more; what it has not settled stays unacked. */
  unsubscribe(consumer: Consumer): void {
    this.consumers.remove(consumer);
    if (this.deleted) return;
    this.used();
    if (this.autoDelete && this.hadConsumer && this.consumers.all.length === 0) {
      this.around.ended(this);
      return;
    }
    this.noteIdle();
    if (this.options.singleActiveConsumer) this.dispatch();
  }

  /** The consumer may have room or credit again. */
  wake(consumer: Consumer): void {
    this.consumers.wake(consumer);
    if (this.readyCount > 0) this.dispatch();
  }

  /** Removes everything that is ready; returns how many. */
  purge(): number {
    const count = this.readyCount;
    this.lanes.forEach((lane, index) => {
      for (let position = lane.head(); position >= 0; position = lane.head()) {
        lane.takeHead();
        this.remove(index, position);
      }
    });
    this.readyCount = 0;
    this.readyBytes = 0;
    this.noteIdle();
    return count;
  }

  /** Ends the queue: consumers are told, messages are gone; acks that still come are fine and do nothing. */
  delete(): void {
    this.deleted = true;
    this.expiry.cancel();
    this.lease.cancel();
    for (const consumer of [...this.consumers.all]) {
      this.consumers.remove(consumer);
      consumer.sink.cancelled(consumer);
    }
    this.lanes.forEach((_, lane) => {
      this.around.store.delete(this.logName(lane));
    });
    this.readyCount = 0;
    this.readyBytes = 0;
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
    let oldest: number | null = null;
    for (const lane of this.lanes) {
      const head = lane.head();
      if (head < 0) continue;
      lane.log.read(head, this.view);
      if (oldest === null || this.view.arrivedAtMs < oldest) oldest = this.view.arrivedAtMs;
    }
    return oldest;
  }

  /**
   * Looks at ready messages in the order of their delivery without touching them. `from` is a ticket, -1 the head.
   * Returns the ticket to go on with, -1 at the end. Each message is valid only during its call.
   */
  peek(from: number, limit: number, look: (message: MessageView, ticket: number, redelivered: boolean) => void): number {
    let seen = 0;
    const start = from < 0 ? this.lanes.length - 1 : from % this.lanes.length;
    for (let index = start; index >= 0; index--) {
      const lane = this.lanes[index] as Lane;
      const first = from >= 0 && index === start ? this.positionOf(from) : 0;
      for (const { position, returned } of lane.browse(first, limit - seen + 1)) {
        if (seen === limit) return this.ticket(index, position);
        lane.log.read(position, this.view);
        look(this.view, this.ticket(index, position), returned);
        seen++;
      }
    }
    return -1;
  }

  /**
   * Takes one ready message out of the middle: `use` gets it and says whether it has found another place for it.
   * Returns false when it is not ready (any more) or was not taken.
   */
  takeOut(ticket: number, use: (message: MessageView) => boolean): boolean {
    const index = ticket % this.lanes.length;
    const lane = this.lanes[index];
    const position = this.positionOf(ticket);
    if (!lane || lane.browse(position, 1)[0]?.position !== position) return false;
    lane.log.read(position, this.view);
    const size = this.view.bodySize;
    if (!use(this.view)) return false;
    lane.takeAt(position);
    this.readyCount--;
    this.readyBytes -= size;
    this.remove(index, position);
    this.noteIdle();
    return true;
  }

  /** True when a publisher should be slowed: its messages pile up while consumers' sockets are full. */
  get isBehind(): boolean {
    return this.readyCount > LIMITS.backlogBeforeThrottle && this.consumers.all.length > 0;
  }

  private hand(consumer: Consumer, message: Message, ticket: number, redelivered: boolean): void {
    this.counters.delivered++;
    if (redelivered) this.counters.redelivered++;
    consumer.sink.deliver(consumer, message, ticket, redelivered);
  }

  private settle(ticket: number): void {
    const lane = ticket % this.lanes.length;
    const position = this.positionOf(ticket);
    const { log } = this.lanes[lane] as Lane;
    log.read(position, this.view);
    this.unackedCount--;
    this.unackedBytes -= this.view.bodySize;
    log.remove(position);
  }

  /** Moves the head of the lane out of the ready ones and into `view`. */
  private takeHead(lane: number): number {
    const place = this.lanes[lane] as Lane;
    const position = place.head();
    place.log.read(position, this.view);
    place.takeHead();
    this.readyCount--;
    this.readyBytes -= this.view.bodySize;
    return position;
  }

  private remove(lane: number, position: number): void {
    (this.lanes[lane] as Lane).log.remove(position);
  }

  private dropHeadIfExpired(lane: number): boolean {
    if (!this.holdsExpiring) return false;
    const place = this.lanes[lane] as Lane;
    const expiresAt = place.log.expiresAtMs(place.head());
    if (expiresAt === 0 || expiresAt > this.around.clock.now()) return false;
    this.dropHead(lane, 'expired');
    return true;
  }

  private dropHead(lane: number, reason: 'expired' | 'maxlen'): void {
    const position = this.takeHead(lane);
    if (reason === 'expired') this.counters.expired++;
    else this.counters.overflowed++;
    this.around.deadLetter(this, this.view, reason);
    this.remove(lane, position);
  }

  private dropOverflow(): void {
    if (this.options.overflow !== 'drop-head') return;
    const { lengthMax, bytesMax } = this.options;
    while (
      this.readyCount > 0 &&
      ((lengthMax !== null && this.readyCount > lengthMax) || (bytesMax !== null && this.readyBytes > bytesMax))
    ) {
      this.dropHead(this.firstLane(), 'maxlen');
    }
  }

  private wouldOverflow(message: Message): boolean {
    const { lengthMax, bytesMax } = this.options;
    return (
      (lengthMax !== null && this.readyCount + 1 > lengthMax) ||
      (bytesMax !== null && this.readyBytes + message.bodySize > bytesMax)
    );
  }

  private expireHeads(): void {
    const now = this.around.clock.now();
    let settled = 0;
    for (let lane = this.lanes.length - 1; lane >= 0; lane--) {
      const place = this.lanes[lane] as Lane;
      for (let head = place.head(); head >= 0 && settled < LIMITS.expiredPerTurnMax; head = place.head()) {
        const expiresAt = place.log.expiresAtMs(head);
        if (expiresAt === 0 || expiresAt > now) break;
        this.dropHead(lane, 'expired');
        settled++;
      }
    }
    this.scheduleExpiry();
    this.noteIdle();
  }

  private scheduleExpiry(): void {
    if (this.readyCount === 0) {
      this.holdsExpiring = false;
      this.expiry.cancel();
      return;
    }
    let due = 0;
    for (const lane of this.lanes) {
      const head = lane.head();
      const expiresAt = head < 0 ? 0 : lane.log.expiresAtMs(head);
      if (expiresAt > 0 && (due === 0 || expiresAt < due)) due = expiresAt;
    }
    if (due > 0) this.expiry.set(due);
    else this.expiry.cancel();
  }

  private endIfUnused(): void {
    if (this.deleted || this.consumers.all.length > 0) return;
    this.around.ended(this);
  }

  private noteIdle(): void {
    if (this.readyCount > 0 || this.unackedCount > 0 || this.consumers.all.length > 0) this.idleSinceMs = null;
    else this.idleSinceMs ??= this.around.clock.now();
  }

  /** The effective time to live; -1: for ever. */
  private ttlMs(message: Message): number {
    const own = this.options.messageTtlMs;
    if (own === null) return message.expirationMs;
    return message.expirationMs < 0 ? own : Math.min(own, message.expirationMs);
  }

  private laneOf(message: Message): number {
    return Math.min(message.priority, this.lanes.length - 1);
  }

  /** The lane to serve: the highest priority that has something ready. */
  private firstLane(): number {
    for (let lane = this.lanes.length - 1; lane > 0; lane--) if ((this.lanes[lane] as Lane).head() >= 0) return lane;
    return 0;
  }

  private ticket(lane: number, position: number): number {
    return position * this.lanes.length + lane;
  }

  private positionOf(ticket: number): number {
    return Math.floor(ticket / this.lanes.length);
  }

  private logName(lane: number): string {
    return lane === 0 ? this.id : `${this.id}.${lane}`;
  }
}
