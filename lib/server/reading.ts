/**
 * When a connection reads: while nothing holds it. A hold is a reply that waits, an alarm, unsent output, or a
 * publisher too far ahead of consumers, or of everybody else.
 */
import type { Socket } from 'node:net';
import type { FrameReader } from '../amqp/frame.ts';

export type Hold = 'reply' | 'alarm' | 'output' | 'pace';

/** How long a publisher that is far ahead of its consumers waits before more is read of it. */
const SLOW_DOWN_MS = 5;
/** How long it stays visible that a connection was held back. */
const SLOWED_SHOWN_MS = 1_000;

export class Reading {
  private readonly holds = new Set<Hold>();
  private slowedAtMs = 0;
  private readonly socket: Socket;
  private readonly reader: FrameReader;
  private readonly failed: (error: unknown) => void;

  /** `failed` gets what the reader throws over frames that were kept. */
  constructor(socket: Socket, reader: FrameReader, failed: (error: unknown) => void) {
    this.socket = socket;
    this.reader = reader;
    this.failed = failed;
  }

  get isFree(): boolean {
    return this.holds.size === 0;
  }

  has(reason: Hold): boolean {
    return this.holds.has(reason);
  }

  /** True while it is not the client's fault that nothing is read. */
  get isHeldByServer(): boolean {
    return this.has('alarm') || this.has('reply') || this.has('pace');
  }

  /** Held back now or a moment ago: for its output, or to let consumers catch up. */
  get isSlowed(): boolean {
    return this.has('output') || this.has('pace') || Date.now() - this.slowedAtMs < SLOWED_SHOWN_MS;
  }

  hold(reason: Hold): void {
    if (reason === 'pace' || reason === 'output') this.slowedAtMs = Date.now();
    this.holds.add(reason);
  }

  letGo(reason: Hold): void {
    if (this.holds.delete(reason) && this.isFree) this.goOn();
  }

  /** Ends all holds. */
  letGoOfAll(): void {
    this.holds.clear();
    this.goOn();
  }

  /** The client publishes faster than its queue's consumers take: they get a little time. */
  slowDown(): void {
    if (this.has('pace')) return;
    this.hold('pace');
    setTimeout(() => this.letGo('pace'), SLOW_DOWN_MS);
  }

  /** The client's messages keep the broker busy: everybody else has their turn first. */
  giveWay(): void {
    if (this.has('pace')) return;
    this.hold('pace');
    setImmediate(() => this.letGo('pace'));
  }

  /** First what was kept, then the socket. */
  private goOn(): void {
    if (this.socket.destroyed) return;
    try {
      this.reader.resume();
    } catch (error) {
      this.failed(error);
    }
    if (!this.reader.stopped) this.socket.resume();
  }
}
