/**
 * Publishes that were encoded once, laid end to end so that a stretch of them goes out in one write. Slot i belongs to source
 * i mod (number of sources); only the stamps are written anew. A stretch must have left for the kernel before the next is stamped.
 */

import { writeStamp } from './stamp.ts';
import { type Content, publishFrames } from './wire.ts';

const RING_BYTES_MIN = 64 * 1024;
const SLOTS_MAX = 4096;

export class PublishRing {
  readonly slots: number;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #sources: Int32Array;
  readonly #starts: Int32Array;
  readonly #stamps: Int32Array;
  readonly #run: number;
  #published = 0;

  constructor(sources: readonly RingSource[], content: Content, frameMax: number, run: number) {
    const encoded = sources.map((source) => publishFrames(source.exchange, source.routingKey, content, frameMax));
    const cycleBytes = encoded.reduce((bytes, message) => bytes + message.bytes.length, 0);
    const cycles = Math.max(
      1,
      Math.min(Math.ceil(RING_BYTES_MIN / cycleBytes), Math.floor(SLOTS_MAX / sources.length)),
    );
    this.slots = cycles * sources.length;
    this.#bytes = Buffer.allocUnsafeSlow(cycles * cycleBytes);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    this.#sources = Int32Array.from(sources, (source) => source.id);
    this.#starts = new Int32Array(this.slots + 1);
    this.#stamps = new Int32Array(this.slots);
    this.#run = run;
    let at = 0;
    for (let slot = 0; slot < this.slots; slot++) {
      const message = encoded[slot % sources.length] as (typeof encoded)[number];
      this.#starts[slot] = at;
      this.#stamps[slot] = at + message.bodyAt;
      at += message.bytes.copy(this.#bytes, at);
    }
    this.#starts[this.slots] = at;
  }

  get published(): number {
    return this.#published;
  }

  /** How many of the next messages lie in one stretch. */
  get stretch(): number {
    return this.slots - (this.#published % this.slots);
  }

  /** Stamps the next messages, at most a stretch of them. The bytes belong to the ring. */
  next(count: number, sentNs: number): Buffer {
    const first = this.#published % this.slots;
    const sources = this.#sources.length;
    for (let i = 0; i < count; i++) {
      const published = this.#published + i;
      const source = this.#sources[published % sources] as number;
      writeStamp(
        this.#view,
        this.#stamps[first + i] as number,
        this.#run,
        source,
        Math.floor(published / sources),
        sentNs,
      );
    }
    this.#published += count;
    return this.#bytes.subarray(this.#starts[first], this.#starts[first + count]);
  }

  /** How many were published by the nth of its sources. */
  publishedOf(index: number): number {
    const sources = this.#sources.length;
    return Math.floor((this.#published + sources - 1 - index) / sources);
  }
}

export interface RingSource {
  readonly id: number;
  readonly exchange: string;
  readonly routingKey: string;
}
