/** Takes deliveries, keeps the ledger, acks. Consumer tags are the numbers of the queues, so that a delivery says where it is from. */
import type { Histogram } from 'hdr-histogram-js';
import { get32, get64, put64 } from '../lib/amqp/bytes.ts';
import type { RunClock } from './clock.ts';
import type { FrameSink } from './frame-reader.ts';
import { newLatency, recordLatency } from './latency.ts';
import { ConsumerLedger, type QueueLedger } from './ledger.ts';
import type { Link } from './link.ts';
import { STAMP_BYTES, stampedRun, stampedSentNs, stampedSequence, stampedSource } from './stamp.ts';
import type { Tally } from './tally.ts';
import { ACK_FRAME_BYTES, ACK_TAG_AT, ackFrame, ID_DELIVER } from './wire.ts';

const ACKS_PER_WRITE = 512;
const DIGIT_ZERO = 0x30;

export class Consumer implements FrameSink {
  consumed = 0;
  foreign = 0;
  lastConsumedNs = 0;
  readonly latency: Histogram | undefined;
  readonly #around: ConsumerSurroundings;
  readonly #ledgers: (ConsumerLedger | undefined)[] = [];
  readonly #ackFrame: Buffer;
  #acks = Buffer.allocUnsafe(ACKS_PER_WRITE * ACK_FRAME_BYTES);
  #acksBytes = 0;
  #unacked = 0;
  #deliveryTag = 0;
  #queue = 0;
  #redelivered = false;
  #left = 0;
  #stamped = false;
  #receivedNs = 0;
  #unreported = 0;

  constructor(around: ConsumerSurroundings) {
    this.#around = around;
    if (around.latency) this.latency = newLatency();
    this.#ackFrame = ackFrame(around.ackEvery > 1);
  }

  async subscribe(queue: number, name: string, ledger: QueueLedger): Promise<void> {
    const { link, ackEvery } = this.#around;
    this.#ledgers[queue] = new ConsumerLedger(ledger);
    const args = { queue: name, consumerTag: String(queue), noAck: ackEvery === 0, arguments: [] };
    await link.request('basic.consume', args, 'basic.consume-ok');
  }

  ledgers(): ConsumerLedger[] {
    return this.#ledgers.filter((ledger) => ledger !== undefined);
  }

  method(arena: Buffer, at: number, size: number): void {
    if (get32(arena, at) !== ID_DELIVER) {
      this.#around.link.heard(arena, at, size);
      return;
    }
    const tagEnd = at + 5 + (arena[at + 4] as number);
    let queue = 0;
    for (let i = at + 5; i < tagEnd; i++) queue = queue * 10 + (arena[i] as number) - DIGIT_ZERO;
    this.#queue = queue;
    this.#deliveryTag++;
    if (get64(arena, tagEnd) !== this.#deliveryTag) {
      throw new Error(`delivery tag ${get64(arena, tagEnd)} came where ${this.#deliveryTag} was due`);
    }
    this.#redelivered = (arena[tagEnd + 8] as number) !== 0;
  }

  header(bodyBytes: number): void {
    this.#left = bodyBytes;
    this.#stamped = false;
    if (bodyBytes === 0) this.#complete();
  }

  body(_arena: Buffer, view: DataView, at: number, size: number): void {
    if (!this.#stamped && size >= STAMP_BYTES) {
      this.#stamped = true;
      this.#note(view, at);
    }
    this.#left -= size;
    if (this.#left === 0) this.#complete();
  }

  drained(): void {
    this.#receivedNs = 0;
    if (this.#unreported > 0) this.#around.tally.consumed(this.#around.thread, this.#unreported);
    this.#unreported = 0;
    this.#flushAcks();
  }

  /** Acks what is left of a group. */
  finish(): void {
    if (this.#unacked > 0 && this.#around.ackEvery > 0) this.#ack();
    this.#flushAcks();
  }

  #note(view: DataView, at: number): void {
    if (this.#receivedNs === 0) {
      this.#receivedNs = this.#around.clock.nowNs();
      this.lastConsumedNs = this.#receivedNs;
    }
    const ledger = this.#ledgers[this.#queue];
    const run = stampedRun(view, at);
    if (!ledger || (run !== this.#around.run && this.#around.run !== undefined)) {
      this.foreign++;
      return;
    }
    ledger.delivered(stampedSource(view, at), stampedSequence(view, at), this.#redelivered);
    if (this.latency) recordLatency(this.latency, this.#receivedNs - stampedSentNs(view, at));
  }

  #complete(): void {
    if (!this.#stamped) this.foreign++;
    this.consumed++;
    this.#unreported++;
    this.#unacked++;
    if (this.#unacked === this.#around.ackEvery) this.#ack();
  }

  #ack(): void {
    if (this.#acksBytes === this.#acks.length) this.#flushAcks();
    this.#ackFrame.copy(this.#acks, this.#acksBytes);
    put64(this.#acks, this.#acksBytes + ACK_TAG_AT, this.#deliveryTag);
    this.#acksBytes += ACK_FRAME_BYTES;
    this.#unacked = 0;
  }

  #flushAcks(): void {
    if (this.#acksBytes === 0) return;
    const { socket } = this.#around.link;
    socket.write(this.#acks.subarray(0, this.#acksBytes));
    this.#acksBytes = 0;
    // What the kernel did not take at once is still read from these bytes.
    if (socket.writableLength > 0) this.#acks = Buffer.allocUnsafe(ACKS_PER_WRITE * ACK_FRAME_BYTES);
  }
}

export interface ConsumerSurroundings {
  readonly link: Link;
  readonly clock: RunClock;
  readonly tally: Tally;
  readonly thread: number;
  readonly latency: boolean;
  readonly ackEvery: number;
  /** Undefined: any run, as a drain takes what others left. */
  readonly run: number | undefined;
}
