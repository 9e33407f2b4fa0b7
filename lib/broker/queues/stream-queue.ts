/**
 * A stream: every consumer reads all of it, from where it likes and at its own pace; an ack returns credit and nothing
 * else. Messages go when the stream is too long or they are too old. [rabbit: streams]
 * Invariant: every consumer has a reader whose cursor is behind what it was sent last.
 */
import type { FieldTable } from '../../amqp/field-table.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import type { Consumer } from '../consumers/consumer.ts';
import { passes, type StreamFilter, type StreamStart, streamFilter, streamStart } from '../consumers/stream-reading.ts';
import { LIMITS } from '../limits.ts';
import type { Message } from '../messages/message.ts';
import { StreamMessages } from '../messages/stream-messages.ts';
import { Timer } from '../timer.ts';
import { countIn, countOut } from './counting.ts';
import { Queue } from './queue.ts';
import type { QueueOptions } from './queue-arguments.ts';
import type { QueueIdentity, QueueSurroundings, StreamFacts } from './queue-surroundings.ts';

interface Reader {
  consumer: Consumer;
  cursor: number;
  filter: StreamFilter | null;
}

export class StreamQueue extends Queue {
  declare protected readonly ready: StreamMessages;
  private readonly readers = new Map<Consumer, Reader>();
  /** Goes on for consumers whose filter passed over as many messages as one turn may. */
  private readonly resume: Timer;

  constructor(around: QueueSurroundings, identity: QueueIdentity, args: FieldTable, options: QueueOptions) {
    super(around, identity, args, options, new StreamMessages(around.store, identity.id, options.segmentBytesMax));
    this.resume = new Timer(around.clock, () => this.dispatch());
    this.reading(() => this.dropOverflow());
  }

  override get stream(): StreamFacts {
    const { firstOffset, nextOffset, stretchCount } = this.ready;
    return { firstOffset, nextOffset, segments: stretchCount };
  }

  override publish(message: Message): boolean {
    if (this.closedReason !== null) return false;
    countIn(this.counters, message);
    this.idleSinceMs = null;
    if (this.ready.append(message, this.around.clock.now())) this.reading(() => this.dropOverflow());
    if (this.readers.size > 0) this.dispatch();
    return true;
  }

  override get(): boolean {
    throw this.unsupported('basic.get');
  }

  override purge(): number {
    throw this.unsupported('queue.purge');
  }

  override ack(): void {
    if (this.deleted) return;
    this.counters.acked++;
    this.traffic.acked++;
    this.unackedCount--;
  }

  override reject(): void {
    if (!this.deleted) this.unackedCount--;
  }

  override requeue(tickets: number[]): void {
    if (!this.deleted) this.unackedCount -= tickets.length;
  }

  override subscribe(consumer: Consumer): void {
    if (consumer.noAck) {
      throw new AmqpError('NOT_IMPLEMENTED', `automatic acknowledgement not supported by stream ${this.text}`);
    }
    if (consumer.prefetch === 0) {
      throw new AmqpError('PRECONDITION_FAILED', `consumer prefetch count is not set for stream ${this.text}`);
    }
    const start = streamStart(consumer.arguments, this.around.clock.now(), this.text);
    const filter = streamFilter(consumer.arguments, this.text);
    super.subscribe(consumer);
    this.reading(() => {
      this.readers.set(consumer, { consumer, cursor: this.cursorAt(start), filter });
    });
  }

  override unsubscribe(consumer: Consumer, returns = false): void {
    this.readers.delete(consumer);
    super.unsubscribe(consumer, returns);
  }

  override wake(consumer: Consumer): void {
    const reader = this.readers.get(consumer);
    if (reader !== undefined) this.reading(() => this.serve(reader));
  }

  override wakeAll(consumers: Consumer[]): void {
    for (const consumer of consumers) this.wake(consumer);
  }

  override delete(): void {
    this.resume.cancel();
    this.readers.clear();
    super.delete();
  }

  /** A stream is as long as it is, whatever its consumers do. */
  override get isBehind(): boolean {
    return false;
  }

  /** The offset of the message that the consumer gets next; null when it does not read this stream. */
  override offsetOf(consumer: Consumer): number | null {
    const reader = this.readers.get(consumer);
    return reader === undefined || this.closedReason !== null ? null : this.ready.offsetFrom(reader.cursor);
  }

  protected override dispatchReady(): void {
    for (const reader of this.readers.values()) this.serve(reader);
  }

  protected override dropOverflow(): void {
    const { bytesMax, maxAgeMs } = this.options;
    this.ready.trim(bytesMax, maxAgeMs === null ? null : this.around.clock.now() - maxAgeMs);
  }

  protected override hand(consumer: Consumer, message: Message, ticket: number): void {
    countOut(this.counters, this.traffic, message, false);
    this.traffic.deliveredAck++;
    this.unackedCount++;
    consumer.sink.deliver(consumer, message, ticket, false);
  }

  private serve(reader: Reader): void {
    const { consumer, filter } = reader;
    const { ready } = this;
    let passed = 0;
    while (consumer.canTake() && !this.consumers.isPaused) {
      const at = ready.seek(reader.cursor);
      if (at < 0) return;
      reader.cursor = ready.after(at);
      const message = ready.readPlain(at);
      if (filter === null || passes(filter, message)) this.hand(consumer, ready.withOffset(), at);
      else if (++passed === LIMITS.filteredPerTurnMax) {
        this.resume.set(this.around.clock.now());
        return;
      }
    }
  }

  private cursorAt(start: StreamStart): number {
    const { ready } = this;
    if (start === 'first') return 0;
    if (start === 'last') return ready.lastPosition;
    if (start === 'next') return ready.end;
    return 'offset' in start ? ready.positionOf(start.offset) : ready.positionAt(start.sinceMs);
  }

  private unsupported(method: string): AmqpError {
    return new AmqpError('NOT_IMPLEMENTED', `${method} not supported by stream queues ${this.text}`);
  }
}
