/**
 * Calls on their way to the broker's thread and back. Each has a deadline, and a thread that says nothing at all is noticed:
 * then calls are refused at once and not one by one. Time counts only while this thread listens, so that an answer which
 * lies in the queue behind its own work is not taken for silence.
 */
import type { EngineHealth } from '../engine-health.ts';
import { EngineError, type EngineErrorCode } from '../errors.ts';
import type { Commands } from './commands.ts';
import type { LogLevel, ToThread } from './thread-messages.ts';

const CHECK_MS = 250;
/** Longer than two samples: a thread that is alive sends one a second. */
const SILENCE_MS_MAX = 2_000;
const DEADLINE_MS = 10_000;
/** What waits for the disk, or goes through much. */
const LONG_MS = 60_000;
const IMPORT_MS = 600_000;
const DEADLINES_MS: { readonly [command in keyof Commands]?: number } = {
  importDefinitions: IMPORT_MS,
  exportDefinitions: LONG_MS,
  objectFigures: LONG_MS,
  publish: LONG_MS,
  peek: LONG_MS,
  fetch: LONG_MS,
  move: LONG_MS,
  purgeQueue: LONG_MS,
  deleteQueue: LONG_MS,
  deleteVhost: LONG_MS,
  putVhost: LONG_MS,
};

/** Who waits longer than this for an answer is said to be slow. */
const SLOW_MS = 1_000;

interface Call {
  command: keyof Commands;
  /** Of `listenedMs`. */
  sinceMs: number;
  deadlineMs: number;
  /** Of `listenedMs`. */
  untilMs: number;
  resolve: (result: unknown) => void;
  reject: (error: EngineError) => void;
}

export interface ThreadCallsOptions {
  send: (message: Extract<ToThread, { kind: 'call' }>) => void;
  log: (level: LogLevel, text: string) => void;
}

export class ThreadCalls {
  private readonly send: ThreadCallsOptions['send'];
  private readonly log: ThreadCallsOptions['log'];
  private readonly calls = new Map<number, Call>();
  private lastId = 0;
  /** Why nothing is sent any more; null: calls are sent. */
  private endReason: string | null = null;
  /** Since when nothing is sent any more; a moment. */
  private endedAt: number | null = null;
  private timer: NodeJS.Timeout | null = null;
  private listenedMs = 0;
  private checkedAtMs = 0;
  /** Of `listenedMs`. */
  private heardMs = 0;
  private heardAt = Date.now();
  /** A moment; null: it does not hang. */
  private hangsSince: number | null = null;
  private answersSince = Date.now();

  constructor({ send, log }: ThreadCallsOptions) {
    this.send = send;
    this.log = log;
  }

  /** The thread is ready: from now on its silence counts. */
  start(): void {
    this.checkedAtMs = performance.now();
    this.heard();
    this.answersSince = Date.now();
    this.timer = setInterval(() => this.check(), CHECK_MS).unref();
  }

  /** True while the thread says nothing at all. */
  get isHanging(): boolean {
    return this.hangsSince !== null;
  }

  health(): Omit<EngineHealth, 'figuresAtMs'> {
    const slow = [...this.calls.values()]
      .map(({ command, sinceMs }) => ({ command, waitingMs: this.listenedMs - sinceMs }))
      .filter(({ waitingMs }) => waitingMs > SLOW_MS)
      .sort((one, other) => other.waitingMs - one.waitingMs);
    const reason = this.endReason ?? (this.hangsSince === null ? null : this.silence());
    const sinceMs = this.endedAt ?? this.hangsSince ?? this.answersSince;
    return { reachable: reason === null, sinceMs, reason, slow };
  }

  /** Rejects with the thread's refusal, or with UNAVAILABLE when it does not answer in time. */
  call(command: keyof Commands, args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const reason = this.endReason ?? (this.hangsSince === null ? null : `${this.silence()}; nothing was done`);
      if (reason !== null) throw new EngineError('UNAVAILABLE', reason);
      const id = ++this.lastId;
      this.send({ kind: 'call', id, command, args });
      const deadlineMs = DEADLINES_MS[command] ?? DEADLINE_MS;
      const sinceMs = this.listenedMs;
      this.calls.set(id, { command, sinceMs, deadlineMs, untilMs: sinceMs + deadlineMs, resolve, reject });
    });
  }

  /** What comes after the deadline is dropped. */
  resolve(id: number, result: unknown): void {
    this.calls.get(id)?.resolve(result);
    this.calls.delete(id);
  }

  reject(id: number, code: EngineErrorCode, text: string): void {
    this.calls.get(id)?.reject(new EngineError(code, text));
    this.calls.delete(id);
  }

  /** The thread has said something, whatever it was. */
  heard(): void {
    this.heardMs = this.listenedMs;
    if (this.hangsSince !== null) {
      const seconds = Math.round((Date.now() - this.hangsSince) / 1000);
      this.log('warning', `the broker answers again, after ${seconds} s`);
      this.hangsSince = null;
      this.answersSince = Date.now();
    }
    this.heardAt = Date.now();
  }

  /** Nothing is sent any more, and nobody waits for silence. What was sent may still be answered. */
  close(reason: string): void {
    this.endReason = reason;
    this.endedAt ??= this.hangsSince ?? Date.now();
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** The thread is gone, and with it all answers. */
  end(reason: string): void {
    this.close(reason);
    for (const { reject } of this.calls.values()) reject(new EngineError('UNAVAILABLE', reason));
    this.calls.clear();
  }

  private check(): void {
    const nowMs = performance.now();
    // What this thread slept or worked for more than its own beat was no listening.
    this.listenedMs += Math.min(nowMs - this.checkedAtMs, 2 * CHECK_MS);
    this.checkedAtMs = nowMs;
    if (this.hangsSince === null && this.listenedMs - this.heardMs >= SILENCE_MS_MAX) {
      this.hangsSince = this.heardAt;
      this.log('error', `${this.silence()}: requests are refused until it does`);
    }
    for (const [id, call] of this.calls) {
      // Who asked for long work waits: it may be what keeps the thread from answering.
      const isLost = this.isHanging && call.deadlineMs === DEADLINE_MS;
      if (!isLost && this.listenedMs < call.untilMs) continue;
      const within = `the broker did not answer within ${call.deadlineMs / 1000} s`;
      const text = `${isLost ? this.silence() : within}; what was asked for may have been done`;
      call.reject(new EngineError('UNAVAILABLE', text));
      this.calls.delete(id);
    }
  }

  private silence(): string {
    return `the broker has not answered since ${new Date(this.hangsSince ?? this.heardAt).toISOString()}`;
  }
}
