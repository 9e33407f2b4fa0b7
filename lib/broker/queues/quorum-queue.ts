/**
 * A quorum queue, of one node: what is in it survives, a message that comes back too often dies, and dead letters may
 * be kept here until they have arrived. [rabbit: quorum queues]
 * Invariant: a message in `undelivered` is neither ready nor unacked, and still in the log.
 */
import type { FieldTable } from '../../amqp/field-table.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import type { DeathReason } from '../../figures/death-reason.ts';
import { ConsumerRing } from '../consumers/consumer-ring.ts';
import { LIMITS } from '../limits.ts';
import type { Message } from '../messages/message.ts';
import { type Letter, QuorumMessages } from '../messages/quorum-messages.ts';
import { Timer } from '../timer.ts';
import { Queue } from './queue.ts';
import type { QueueOptions } from './queue-arguments.ts';
import type { QueueIdentity, QueueSurroundings } from './queue-surroundings.ts';

interface Undelivered extends Letter {
  /** Queues that have the letter already. */
  readonly reached: Set<string>;
}

export class QuorumQueue extends Queue {
  declare protected readonly ready: QuorumMessages;
  private undelivered: Undelivered[] = [];
  private undeliveredBytes = 0;
  private readonly retry: Timer;

  constructor(around: QueueSurroundings, identity: QueueIdentity, args: FieldTable, options: QueueOptions) {
    // A quorum queue knows no reject-publish-dlx. [rabbit: quorum queues]
    const overflow = options.overflow === 'reject-publish-dlx' ? 'drop-head' : options.overflow;
    const ready = new QuorumMessages(around.store, identity.id);
    const consumers = new ConsumerRing(options.singleActiveConsumer, true);
    super(around, identity, args, { ...options, overflow }, ready, consumers);
    this.retry = new Timer(around.clock, () => this.deliverLetters());
    for (const letter of ready.letters) this.keep({ ...letter, reached: new Set() });
    if (this.undelivered.length > 0) this.retryLater();
  }

  override get(noAck: boolean, take: (message: Message, ticket: number, redelivered: boolean) => void): boolean {
    if (this.options.singleActiveConsumer) {
      const text = 'basic.get operations are not supported by quorum queues with single active consumer';
      throw new AmqpError('RESOURCE_LOCKED', `cannot obtain access to locked ${this.text}. ${text}`);
    }
    return super.get(noAck, take);
  }

  /** Every return counts; a message that has come back too often dies. */
  override requeue(tickets: number[]): void {
    if (this.deleted) return;
    const { deliveryLimit } = this.options;
    const kept: number[] = [];
    this.ready.toTheBack = deliveryLimit < 0;
    for (const ticket of tickets) {
      if (this.ready.countReturn(ticket) <= deliveryLimit || deliveryLimit < 0) kept.push(ticket);
      else {
        this.counters.deliveryLimited++;
        this.buryUnacked(ticket, 'delivery_limit');
      }
    }
    super.requeue(kept);
  }

  override checkDelete(onlyIf: { unused: boolean; empty: boolean }): void {
    const flag = onlyIf.unused ? 'if-unused' : onlyIf.empty ? 'if-empty' : null;
    if (flag === null) return;
    const text = `queue.delete operations with ${flag} flag set are not supported by quorum queues`;
    throw new AmqpError('NOT_IMPLEMENTED', `cannot delete ${this.text}. ${text}`);
  }

  override delete(): void {
    this.retry.cancel();
    this.undelivered = [];
    this.undeliveredBytes = 0;
    super.delete();
  }

  protected override get losesLetters(): boolean {
    const { deadLetterAtLeastOnce, overflow, deadLetterExchange } = this.options;
    return !deadLetterAtLeastOnce || overflow !== 'reject-publish' || deadLetterExchange === null;
  }

  protected override bury(ticket: number, _: Message, reason: DeathReason): void {
    // As it came: how often it has been delivered from here is nobody's business elsewhere.
    const message = this.ready.read(ticket);
    if (this.losesLetters) super.bury(ticket, message, reason);
    else {
      this.traffic.dead[reason].atLeastOnce++;
      const letter = { ticket, bodySize: message.bodySize, reason, reached: new Set<string>() };
      if (this.deliverLetter(letter, message)) return;
      this.ready.noteLetter(ticket, reason);
      this.retryLater();
    }
  }

  /** Consumers come first: the length counts when they have taken what they can. */
  protected override dropOverflow(): void {
    this.dispatchReady();
    super.dropOverflow();
  }

  /** Letters that wait count, so that a queue that nobody takes from is full at some time. */
  protected override exceeds(count: number, bytes: number): boolean {
    return super.exceeds(count + this.undelivered.length, bytes + this.undeliveredBytes);
  }

  override get waitingLetters(): number {
    return this.undelivered.length;
  }

  override get waitingLetterBytes(): number {
    return this.undeliveredBytes;
  }

  private deliverLetters(): void {
    const { length } = this.undelivered;
    const turn = this.undelivered.splice(0, LIMITS.expiredPerTurnMax);
    for (const { bodySize } of turn) this.undeliveredBytes -= bodySize;
    this.reading(() => {
      for (const letter of turn) this.deliverLetter(letter, this.ready.read(letter.ticket));
    });
    if (this.undelivered.length > 0) {
      const hasMoved = this.undelivered.length < length;
      if (hasMoved) this.retry.set(this.around.clock.now());
      else this.retryLater();
    }
    this.noteIdle();
  }

  private keep(letter: Undelivered): void {
    this.undelivered.push(letter);
    this.undeliveredBytes += letter.bodySize;
  }

  private retryLater(): void {
    this.retry.set(this.around.clock.now() + LIMITS.deadLetterRetryMs);
  }

  /** Delivers a dead letter; false when it has to wait, in `undelivered`. */
  private deliverLetter(letter: Undelivered, message: Message): boolean {
    const { ticket, bodySize, reason, reached } = letter;
    const arrived = this.around.deadLetterSurely(this, message, reason, this.ready.origin(ticket), reached);
    if (arrived) {
      this.traffic.deadConfirmed++;
      this.ready.remove(ticket, bodySize);
    } else this.keep(letter);
    return arrived;
  }
}
