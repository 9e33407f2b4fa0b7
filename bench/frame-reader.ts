/**
 * Cuts the byte stream of a socket into frames, in place. Of a body only the first bytes are looked at, the rest is skipped over, so
 * that reading a message costs the same whatever its size. Owns the memory that the socket reads into: what a sink is given is valid
 * until it returns.
 */
import { get32 } from '../lib/amqp/bytes.ts';
import { FRAME_BODY, FRAME_END, FRAME_HEADER, FRAME_METHOD } from '../lib/amqp/frame.ts';
import { STAMP_BYTES } from './stamp.ts';

const ARENA_BYTES = 384 * 1024;
export const FRAME_HEADER_BYTES = 7;

export interface FrameSink {
  method(arena: Buffer, at: number, size: number): void;
  header(bodySize: number): void;
  /** The first bytes of a body frame: as many as a stamp, or all if there are fewer. */
  body(arena: Buffer, view: DataView, at: number, size: number): void;
  /** All frames of one read were given. */
  drained(): void;
}

export class FrameReader {
  sink: FrameSink;
  readonly #arena = Buffer.allocUnsafeSlow(ARENA_BYTES);
  readonly #view = new DataView(this.#arena.buffer, this.#arena.byteOffset, ARENA_BYTES);
  #kept = 0;
  #skip = 0;

  constructor(sink: FrameSink) {
    this.sink = sink;
  }

  /** Where the next bytes of the socket belong. */
  space(): Buffer {
    return this.#arena.subarray(this.#kept);
  }

  /** Takes the bytes that were put into the space. */
  filled(length: number): void {
    const end = this.#kept + length;
    const at = this.#cut(this.#arena, end);
    this.#kept = end - at;
    if (this.#kept > 0 && at > 0) this.#arena.copyWithin(0, at, end);
    this.sink.drained();
  }

  #cut(arena: Buffer, end: number): number {
    let at = Math.min(this.#skip, end);
    this.#skip -= at;
    while (end - at >= FRAME_HEADER_BYTES) {
      const type = arena[at] as number;
      const size = get32(arena, at + 3);
      const payload = at + FRAME_HEADER_BYTES;
      const next = payload + size + 1;
      if (type === FRAME_BODY) {
        if (end < payload + Math.min(size, STAMP_BYTES)) return at;
        this.sink.body(arena, this.#view, payload, size);
        if (next > end) {
          this.#skip = next - end;
          return end;
        }
      } else {
        if (size + FRAME_HEADER_BYTES >= ARENA_BYTES) throw new Error(`a frame of ${size} bytes, of type ${type}`);
        if (next > end) return at;
        if (type === FRAME_METHOD) this.sink.method(arena, payload, size);
        else if (type === FRAME_HEADER) this.sink.header(get32(arena, payload + 8));
      }
      if (arena[next - 1] !== FRAME_END) throw new Error(`a frame of type ${type} and ${size} bytes has no end`);
      at = next;
    }
    return at;
  }
}
