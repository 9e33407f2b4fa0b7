/**
 * Frames: type u8, channel u16, size u32, payload, 0xCE. The reader cuts them in place in the chunks that it is given
 * and copies only what it must keep: the beginning of a frame that spans chunks, and the rest after a stop. [amqp 4.2.3]
 */
import { get32 } from './bytes.ts';
import { octetsText } from './octets.ts';
import { AmqpError } from './reply-code.ts';

export const FRAME_METHOD = 1;
export const FRAME_HEADER = 2;
export const FRAME_BODY = 3;
export const FRAME_HEARTBEAT = 8;
export const FRAME_END = 0xce;
/** Head and end octet. */
export const FRAME_OVERHEAD = 8;
export const PROTOCOL_HEADER = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1');
export const HEARTBEAT_FRAME = Buffer.of(FRAME_HEARTBEAT, 0, 0, 0, 0, 0, 0, FRAME_END);

const HEAD_BYTES = 7;
const PARTIAL_BYTES_MIN = 4096;

export function encodeFrame(type: number, channel: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(payload.length + FRAME_OVERHEAD);
  frame[0] = type;
  frame.writeUInt16BE(channel, 1);
  frame.writeUInt32BE(payload.length, 3);
  frame.set(payload, HEAD_BYTES);
  frame[HEAD_BYTES + payload.length] = FRAME_END;
  return frame;
}

/** Who gets the frames. The buffer is valid during the call of `push` or `resume` that led to it, no longer. */
export interface FrameSink {
  /** Returns false to stop the reader until `resume`. */
  frame(type: number, channel: number, buffer: Buffer, payloadStart: number, payloadEnd: number): boolean;
}

export class FrameReader {
  /** Negotiated frame size, overhead included; 0: no limit. */
  frameMax: number;
  stopped = false;
  private readonly sink: FrameSink;
  private waiting: Buffer[] = [];
  /** The beginning of a frame that is not complete; `partialLength` bytes of it. */
  private partial: Buffer | null = null;
  private partialLength = 0;
  private reading = false;
  private dead = false;

  constructor(sink: FrameSink, frameMax: number) {
    this.sink = sink;
    this.frameMax = frameMax;
  }

  /** Bytes that are kept for later. */
  get bufferedBytes(): number {
    return this.waiting.reduce((sum, chunk) => sum + chunk.length, this.partialLength);
  }

  /** Cuts what the chunk completes. Throws FRAME_ERROR or UNEXPECTED_FRAME, and is dead after that. */
  push(chunk: Buffer): void {
    if (this.dead) return;
    if (this.stopped || this.reading) {
      this.waiting.push(Buffer.from(chunk));
      return;
    }
    this.read(chunk, false);
    this.readWaiting();
  }

  /** Goes on after a stop. */
  resume(): void {
    if (!this.stopped || this.dead) return;
    this.stopped = false;
    // Called by the sink itself: the loop that called it goes on.
    if (!this.reading) this.readWaiting();
  }

  private readWaiting(): void {
    while (!this.stopped && !this.dead) {
      const chunk = this.waiting.shift();
      if (chunk === undefined) return;
      this.read(chunk, true);
    }
  }

  /** `own`: the chunk is a copy already, so that what a stop leaves of it need not be copied again. */
  private read(chunk: Buffer, own: boolean): void {
    this.reading = true;
    try {
      let at = this.partial === null ? 0 : this.complete(chunk);
      const { length } = chunk;
      while (!this.stopped && length - at >= HEAD_BYTES) {
        const end = at + FRAME_OVERHEAD + this.payloadSize(chunk, at);
        if (end > length) break;
        this.emit(chunk, at, end);
        at = end;
      }
      if (at >= length) return;
      if (this.stopped) this.waiting.unshift(own ? chunk.subarray(at) : Buffer.from(chunk.subarray(at)));
      else this.keep(chunk, at);
    } catch (error) {
      this.dead = true;
      this.waiting = [];
      this.partial = null;
      this.partialLength = 0;
      throw error;
    } finally {
      this.reading = false;
    }
  }

  /** Feeds the unfinished frame; returns how much of the chunk it took. */
  private complete(chunk: Buffer): number {
    let at = 0;
    if (this.partialLength < HEAD_BYTES) {
      at = this.fill(chunk, at, HEAD_BYTES);
      if (this.partialLength < HEAD_BYTES) return at;
    }
    const partial = this.partial as Buffer;
    const total = FRAME_OVERHEAD + this.payloadSize(partial, 0);
    at = this.fill(chunk, at, total);
    if (this.partialLength < total) return at;
    const whole = this.partial as Buffer;
    this.partial = null;
    this.partialLength = 0;
    this.emit(whole, 0, total);
    return at;
  }

  /** Adds bytes until the partial frame has `wanted`; its memory at most doubles beyond what has arrived. */
  private fill(chunk: Buffer, at: number, wanted: number): number {
    const partial = this.partial as Buffer;
    const count = Math.min(wanted - this.partialLength, chunk.length - at);
    const needed = this.partialLength + count;
    if (needed > partial.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(wanted, partial.length * 2)));
      partial.copy(grown, 0, 0, this.partialLength);
      this.partial = grown;
    }
    chunk.copy(this.partial as Buffer, this.partialLength, at, at + count);
    this.partialLength = needed;
    return at + count;
  }

  private keep(chunk: Buffer, at: number): void {
    const length = chunk.length - at;
    this.partial = Buffer.allocUnsafeSlow(Math.max(length, PARTIAL_BYTES_MIN));
    chunk.copy(this.partial, 0, at);
    this.partialLength = length;
  }

  /** Judges a frame by its head alone. */
  private payloadSize(bytes: Buffer, at: number): number {
    const type = bytes[at] as number;
    const size = get32(bytes, at + 3);
    // RabbitMQ tolerates a payload as large as the whole frame may be.
    if (this.frameMax > 0 && size > this.frameMax) {
      throw new AmqpError(
        'FRAME_ERROR',
        `type ${type}, all octets = <<>>: {frame_too_large,${size},${this.frameMax - FRAME_OVERHEAD}}`,
      );
    }
    if (type !== FRAME_METHOD && type !== FRAME_HEADER && type !== FRAME_BODY && type !== FRAME_HEARTBEAT) {
      throw new AmqpError('FRAME_ERROR', `type ${type}, all octets = <<>>: unknown_frame`);
    }
    if (type === FRAME_HEARTBEAT) {
      if (size > 0) throw new AmqpError('FRAME_ERROR', `type ${type}, all octets = <<>>: unknown_frame`);
      if (bytes[at + 1] !== 0 || bytes[at + 2] !== 0)
        throw new AmqpError('UNEXPECTED_FRAME', `type ${type}, all octets = <<>>`);
    }
    return size;
  }

  private emit(bytes: Buffer, start: number, end: number): void {
    const last = bytes[end - 1] as number;
    if (last !== FRAME_END) {
      const type = bytes[start] as number;
      throw new AmqpError(
        'FRAME_ERROR',
        `type ${type}, ${octetsText(bytes, start + HEAD_BYTES, end - 1)}: {invalid_frame_end_marker,${last}}`,
      );
    }
    const channel = ((bytes[start + 1] as number) << 8) | (bytes[start + 2] as number);
    if (!this.sink.frame(bytes[start] as number, channel, bytes, start + HEAD_BYTES, end - 1)) this.stopped = true;
  }
}
