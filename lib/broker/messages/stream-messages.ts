/**
 * The messages of a stream: a log that nothing is taken out of, with an offset on each message that only grows.
 * Invariant: offsets are those of neighbours, without a gap, from the first live message to the last one.
 */
import { withLongHeader } from '../../amqp/added-header.ts';
import { LIMITS } from '../limits.ts';
import type { MessageLog, MessageStore } from '../ports.ts';
import { type Message, MessageView } from './message.ts';
import { ReadyMessages } from './ready-messages.ts';

export class StreamMessages extends ReadyMessages {
  /** The offset of the message that comes next. */
  nextOffset = 0;
  private readonly log: MessageLog;
  private readonly stretchBytes: number;
  /** Position of the last message; -1: there is none. */
  private last = -1;
  /** The start of the stretch that was the last one when old stretches were last given up. */
  private trimmedAt = 0;
  private readonly probe = new MessageView();

  /** Old messages go in pieces of at most `segmentBytesMax`, and of the broker's own bound. */
  constructor(store: MessageStore, logName: string, segmentBytesMax: number | null) {
    const { streamStretchBytesMin: least, streamStretchBytesMax: most } = LIMITS;
    const stretchBytes = Math.max(least, Math.min(segmentBytesMax ?? most, most));
    super(store, logName, 0, true, { stretchBytesMax: stretchBytes, keepsTransient: true });
    this.stretchBytes = stretchBytes;
    this.log = this.lane(0).log;
    try {
      if (this.log.corrupt === null) this.findEnd();
    } catch (error) {
      // The queue sees that, and closes.
      if (this.log.corrupt === null) throw error;
    }
  }

  /** The offset of the oldest message; that of the next one when there is none. */
  get firstOffset(): number {
    const first = this.log.seek(0);
    return first < 0 ? this.nextOffset : this.offsetAt(first);
  }

  get stretchCount(): number {
    return this.log.stretches().length;
  }

  /** Puts a message at the end. True when it is time to `trim`: a stretch may be full. */
  append(message: Message, nowMs: number): boolean {
    this.last = this.log.append(message, nowMs, 0, this.nextOffset);
    this.nextOffset++;
    this.count++;
    this.bytes += message.bodySize;
    return this.last - this.trimmedAt >= this.stretchBytes;
  }

  /**
   * Gives up the oldest stretches: while there is more than `bytesMax`, and those in which everything came before
   * `oldestMs`. The last one stays.
   */
  trim(bytesMax: number | null, oldestMs: number | null): void {
    const stretches = this.log.stretches();
    let bytes = stretches.reduce((sum, stretch) => sum + stretch.bytes, 0);
    let keep = 0;
    while (keep < stretches.length - 1) {
      const next = stretches[keep + 1] as { start: number };
      const isOld = oldestMs !== null && this.arrivedAtMs(next.start) < oldestMs;
      if (!isOld && (bytesMax === null || bytes <= bytesMax)) break;
      bytes -= (stretches[keep] as { bytes: number }).bytes;
      keep++;
    }
    this.trimmedAt = stretches.at(-1)?.start ?? 0;
    if (keep === 0) return;
    this.log.removeBefore((stretches[keep] as { start: number }).start);
    this.count = this.log.liveCount;
    this.bytes = this.log.liveBytes;
  }

  /** The offset at which a consumer starts that wants only messages from now on. */
  get end(): number {
    return this.last < 0 ? 0 : this.log.after(this.last);
  }

  /** The last message; the end when there is none. */
  get lastPosition(): number {
    return Math.max(0, this.last);
  }

  /** The position of the message with that offset, else of the first one after it that there is, or that will be. */
  positionOf(offset: number): number {
    if (offset >= this.nextOffset) return this.end;
    return this.walk(
      this.stretchBefore((start) => this.offsetAt(start) <= offset),
      (at) => this.offsetAt(at) >= offset,
    );
  }

  /** The position of the first message that came at `ms` or later; the end when there is none. */
  positionAt(ms: number): number {
    return this.walk(
      this.stretchBefore((start) => this.arrivedAtMs(start) < ms),
      (at) => this.arrivedAtMs(at) >= ms,
    );
  }

  /** The first message at or after `position`; -1: none yet. */
  seek(position: number): number {
    return this.log.seek(position);
  }

  /** The offset of the first message at or after `position`. */
  offsetFrom(position: number): number {
    const at = this.log.seek(position);
    return at < 0 ? this.nextOffset : this.offsetAt(at);
  }

  after(position: number): number {
    return this.log.after(position);
  }

  /** The message at `position`, which must be there, as it was published. */
  readPlain(position: number): MessageView {
    this.log.read(position, this.view);
    return this.view;
  }

  /** Makes what was just read fit to be delivered: with its offset among the headers. */
  withOffset(): MessageView {
    const { view } = this;
    const { headerBytes, headerStart, headerEnd } = view;
    const offset = view.offset < 0 ? view.expiresAtMs : view.offset;
    view.headerBytes = withLongHeader(headerBytes, headerStart, headerEnd, 'x-stream-offset', offset);
    view.headerStart = 0;
    view.headerEnd = view.headerBytes.length;
    view.expiresAtMs = 0;
    return view;
  }

  /** Nothing leaves a stream by being settled. */
  override remove(): void {}

  override nextExpiryMs(): number {
    return 0;
  }

  override takeOut(): boolean {
    return false;
  }

  override peek(
    from: number,
    limit: number,
    onMessage: (message: MessageView, ticket: number, redelivered: boolean) => void,
  ): number {
    let at = this.log.seek(Math.max(0, from));
    for (let seen = 0; at >= 0 && seen < limit; seen++) {
      const next = this.log.after(at);
      this.readPlain(at);
      onMessage(this.withOffset(), at, false);
      at = this.log.seek(next);
    }
    return at;
  }

  /** The offset in a record; format 1 has it in the place of the expiry: nothing expires in a stream. */
  private offsetAt(position: number): number {
    const offset = this.log.offset(position);
    return offset < 0 ? this.log.expiresAtMs(position) : offset;
  }

  private arrivedAtMs(position: number): number {
    this.log.read(this.log.seek(position), this.probe);
    return this.probe.arrivedAtMs;
  }

  /** The start of the last stretch whose first message `isBefore`; of the first one when there is none. */
  private stretchBefore(isBefore: (start: number) => boolean): number {
    const stretches = this.log.stretches();
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (isBefore(this.log.seek((stretches[middle] as { start: number }).start))) low = middle;
      else high = middle - 1;
    }
    return stretches[low]?.start ?? 0;
  }

  private walk(from: number, until: (at: number) => boolean): number {
    let at = this.log.seek(from);
    while (at >= 0 && !until(at)) at = this.log.seek(this.log.after(at));
    return at < 0 ? this.end : at;
  }

  private findEnd(): void {
    const stretch = this.log.stretches().at(-1);
    if (stretch === undefined) return;
    for (let at = this.log.seek(stretch.start); at >= 0; at = this.log.seek(this.log.after(at))) this.last = at;
    this.nextOffset = this.offsetAt(this.last) + 1;
    this.trimmedAt = stretch.start;
  }
}
