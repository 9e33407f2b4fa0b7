/**
 * Publishes as much as it may: a stretch of the ring a write, held back by the confirm window, the backlog, the rate, the count and the
 * socket. Only one of these ever waits to wake it.
 */
import type { Histogram } from 'hdr-histogram-js';
import { get32, get64 } from '../lib/amqp/bytes.ts';
import type { RunClock } from './clock.ts';
import { ConfirmWindow } from './confirm-window.ts';
import type { FrameSink } from './frame-reader.ts';
import { newLatency, recordLatency } from './latency.ts';
import type { Link } from './link.ts';
import { PublishRing, type RingSource } from './publish-ring.ts';
import type { Tally } from './tally.ts';
import { type Content, ID_ACK, ID_NACK, ID_RETURN } from './wire.ts';

const WRITES_PER_TURN = 16;
const BACKLOG_STEP_MAX = 256;

export interface ProducerLimits {
  /** Of this producer; 0: none. */
  readonly count: number;
  readonly ratePerSecond: number;
  /** How long after the start its first message is due. */
  readonly phaseNs: number;
  readonly confirmWindow: number;
  /** Deliveries of the whole run, shared with so many producers. */
  readonly maxBacklog: number;
  readonly producers: number;
  readonly copies: number;
}

export class Producer implements FrameSink {
  readonly ring: PublishRing;
  readonly confirms: ConfirmWindow | undefined;
  confirmed = 0;
  nacked = 0;
  returned = 0;
  lastPublishedNs = 0;
  lastSettledNs = 0;
  confirmLatency: Histogram | undefined;
  readonly #around: ProducerSurroundings;
  readonly #limits: ProducerLimits;
  #startNs = 0;
  #running = false;
  #waiting = false;
  #alarmSet = false;

  constructor(
    around: ProducerSurroundings,
    sources: readonly RingSource[],
    content: Content,
    run: number,
    limits: ProducerLimits,
  ) {
    this.#around = around;
    this.#limits = limits;
    this.ring = new PublishRing(sources, content, around.link.frameMax, run);
    if (limits.confirmWindow > 0) this.confirms = new ConfirmWindow(limits.confirmWindow);
    if (around.latency && this.confirms) this.confirmLatency = newLatency();
    around.link.socket.on('drain', () => this.#wake());
  }

  start(): void {
    this.#startNs = this.#around.clock.nowNs();
    this.#running = true;
    this.#pump();
  }

  /** Publishes no more; resolves once what was published has left for the kernel. */
  async stop(): Promise<void> {
    this.#running = false;
    const { socket } = this.#around.link;
    while (socket.writableLength > 0 && !socket.destroyed) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  method(arena: Buffer, at: number, size: number): void {
    const id = get32(arena, at);
    if (id === ID_ACK || id === ID_NACK)
      this.#settle(get64(arena, at + 4), ((arena[at + 12] as number) & 1) === 1, id === ID_ACK);
    else if (id === ID_RETURN) this.returned++;
    else this.#around.link.heard(arena, at, size);
  }

  header(): void {}

  body(): void {}

  /** All that came in one read is cut. */
  drained(): void {
    if (this.confirms) this.#wake();
  }

  #settle(tag: number, multiple: boolean, positive: boolean): void {
    const now = this.#around.clock.nowNs();
    const { confirmLatency } = this;
    const settled =
      this.confirms?.settle(
        tag,
        multiple,
        confirmLatency && ((sentNs) => recordLatency(confirmLatency, now - sentNs)),
      ) ?? 0;
    if (positive) this.confirmed += settled;
    else this.nacked += settled;
    this.lastSettledNs = now;
    this.#around.tally.settled(this.#around.thread, settled);
  }

  #wake(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#pump();
  }

  #pump(): void {
    const { link, clock, tally, thread } = this.#around;
    for (let writes = 0; this.#running && !link.failure; writes++) {
      const now = clock.nowNs();
      const count = writes < WRITES_PER_TURN ? this.#allowed(now) : 0;
      if (count < 1) {
        this.#waiting = true;
        if (writes === WRITES_PER_TURN) this.#alarm((ring) => setImmediate(ring));
        return;
      }
      this.confirms?.sent(count, now);
      link.socket.write(this.ring.next(count, now));
      this.lastPublishedNs = now;
      tally.published(thread, count);
    }
  }

  /** How many may go out in one write. Where nothing else will wake the producer, it sets itself an alarm. */
  #allowed(now: number): number {
    const { link, tally } = this.#around;
    if (link.socket.writableLength > 0) return 0;
    const allowed = Math.min(this.ring.stretch, this.confirms?.room ?? Number.POSITIVE_INFINITY, this.#left());
    if (allowed < 1) return 0;
    const due = this.#due(now);
    if (due < 1) this.#alarm((ring) => setTimeout(ring, Math.max(1, this.#msToNext(now))));
    const { progress } = tally;
    const room = this.#backlogRoom();
    if (room < 1) this.#alarm((ring) => tally.awaitProgress(progress, ring));
    return Math.min(allowed, due, room);
  }

  /** One at a time: whoever else wakes the producer meanwhile would set another each time. */
  #alarm(set: (ring: () => void) => unknown): void {
    if (this.#alarmSet) return;
    this.#alarmSet = true;
    set(() => {
      this.#alarmSet = false;
      this.#wake();
    });
  }

  #left(): number {
    return this.#limits.count > 0 ? this.#limits.count - this.ring.published : Number.POSITIVE_INFINITY;
  }

  #due(now: number): number {
    const { ratePerSecond, phaseNs } = this.#limits;
    if (ratePerSecond === 0) return Number.POSITIVE_INFINITY;
    return Math.floor(((now - this.#startNs - phaseNs) * ratePerSecond) / 1e9) + 1 - this.ring.published;
  }

  #msToNext(now: number): number {
    const { ratePerSecond, phaseNs } = this.#limits;
    const dueNs = this.#startNs + phaseNs + (this.ring.published * 1e9) / ratePerSecond;
    return Math.ceil((dueNs - now) / 1e6);
  }

  /** Nothing at all below a step, so that a write carries more than what one read of a consumer has freed. */
  #backlogRoom(): number {
    const { maxBacklog, producers, copies } = this.#limits;
    if (maxBacklog === 0) return Number.POSITIVE_INFINITY;
    const { published, consumed } = this.#around.tally.totals();
    const backlog = (Math.imul(published, copies) - consumed) | 0;
    const room = Math.floor((maxBacklog - backlog) / copies / producers);
    const step = Math.max(1, Math.min(BACKLOG_STEP_MAX, Math.floor(maxBacklog / copies / producers / 4)));
    return room < step ? 0 : room;
  }
}

export interface ProducerSurroundings {
  readonly link: Link;
  readonly clock: RunClock;
  readonly tally: Tally;
  readonly thread: number;
  readonly latency: boolean;
}
