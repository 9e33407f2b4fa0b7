import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeFrame,
  FRAME_BODY,
  FRAME_HEADER,
  FRAME_METHOD,
  FrameReader,
  type FrameSink,
  HEARTBEAT_FRAME,
} from '../../../lib/amqp/frame.ts';
import { AmqpError } from '../../../lib/amqp/reply-code.ts';

interface Seen {
  type: number;
  channel: number;
  payload: string;
}

/** Copies what it is given, and stops the reader after as many frames as it is told. */
class Collector implements FrameSink {
  readonly seen: Seen[] = [];
  stopAfter = Number.POSITIVE_INFINITY;

  frame(type: number, channel: number, buffer: Buffer, start: number, end: number): boolean {
    this.seen.push({ type, channel, payload: buffer.toString('hex', start, end) });
    return this.seen.length % this.stopAfter !== 0;
  }
}

const FRAME_MAX = 4096;
const anyFrames = fc.array(
  fc.record({
    type: fc.constantFrom(FRAME_METHOD, FRAME_HEADER, FRAME_BODY),
    channel: fc.nat(65_535),
    payload: fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 100, maxLength: FRAME_MAX - 8 })),
  }),
  { minLength: 1, maxLength: 12 },
);

const encode = (frames: { type: number; channel: number; payload: Uint8Array }[]): Buffer =>
  Buffer.concat(frames.map(({ type, channel, payload }) => encodeFrame(type, channel, payload)));

const shown = (frames: { type: number; channel: number; payload: Uint8Array }[]): Seen[] =>
  frames.map((frame) => ({ ...frame, payload: Buffer.from(frame.payload).toString('hex') }));

/** Pushes the stream in pieces, out of one buffer that is used again for each of them. */
function pushInPieces(reader: FrameReader, stream: Buffer, cuts: number[]): void {
  const shared = Buffer.alloc(stream.length);
  const ends = [...cuts.map((cut) => cut % stream.length), stream.length].sort((a, b) => a - b);
  let from = 0;
  for (const to of ends) {
    stream.copy(shared, 0, from, to);
    reader.push(shared.subarray(0, to - from));
    from = to;
    shared.fill(0xaa);
  }
}

test('however a stream is cut, it gives the same frames', () => {
  fc.assert(
    fc.property(anyFrames, fc.array(fc.nat(), { maxLength: 30 }), (frames, cuts) => {
      const sink = new Collector();
      pushInPieces(new FrameReader(sink, FRAME_MAX), encode(frames), cuts);
      expect(sink.seen).toEqual(shown(frames));
    }),
    { numRuns: 300 },
  );
});

test('a reader that was stopped goes on where it was', () => {
  fc.assert(
    fc.property(
      anyFrames,
      fc.array(fc.nat(), { maxLength: 10 }),
      fc.integer({ min: 1, max: 4 }),
      (frames, cuts, stopAfter) => {
        const sink = new Collector();
        sink.stopAfter = stopAfter;
        const reader = new FrameReader(sink, FRAME_MAX);
        pushInPieces(reader, encode(frames), cuts);
        for (let i = 0; i <= frames.length; i++) reader.resume();
        expect(sink.seen).toEqual(shown(frames));
        expect(reader.bufferedBytes).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

test('whatever bytes come, there are frames or an error of the protocol, and memory does not grow beyond what came', () => {
  fc.assert(
    fc.property(
      anyFrames,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (frames, changes, cuts) => {
        const stream = encode(frames);
        for (const [at, value] of changes) stream[at % stream.length] = value;
        const reader = new FrameReader(new Collector(), FRAME_MAX);
        try {
          pushInPieces(reader, stream, cuts);
        } catch (error) {
          expect(error).toBeInstanceOf(AmqpError);
          reader.push(stream);
          expect(reader.bufferedBytes).toBe(0);
        }
        expect(reader.bufferedBytes).toBeLessThanOrEqual(stream.length);
      },
    ),
    { numRuns: 500 },
  );
});

describe('a bad frame', () => {
  const push =
    (bytes: Buffer, frameMax = FRAME_MAX) =>
    () =>
      new FrameReader(new Collector(), frameMax).push(bytes);
  const refused = (reply: string, text: string | RegExp) =>
    expect.objectContaining({ reply, message: expect.stringMatching(text) });

  test('that is too large is refused by its head alone', () => {
    const head = Buffer.of(FRAME_METHOD, 0, 1, 0x7f, 0xff, 0xff, 0xff);
    expect(push(head)).toThrow(refused('FRAME_ERROR', /frame_too_large,2147483647,4088/));
    expect(push(encodeFrame(FRAME_METHOD, 1, Buffer.alloc(FRAME_MAX)))).not.toThrow();
    expect(push(encodeFrame(FRAME_METHOD, 1, Buffer.alloc(FRAME_MAX + 1)))).toThrow(AmqpError);
    expect(push(encodeFrame(FRAME_METHOD, 1, Buffer.alloc(FRAME_MAX * 10)), 0)).not.toThrow();
  });

  test('without its end octet is a FRAME_ERROR', () => {
    const frame = encodeFrame(FRAME_METHOD, 1, Buffer.alloc(4));
    frame[frame.length - 1] = 0;
    expect(push(frame)).toThrow(refused('FRAME_ERROR', /invalid_frame_end_marker,0/));
  });

  test('of an unknown type is a FRAME_ERROR', () => {
    expect(push(encodeFrame(9, 0, Buffer.alloc(0)))).toThrow(refused('FRAME_ERROR', /unknown_frame/));
  });

  test('that is a heartbeat with a payload, or on a channel, is refused', () => {
    expect(push(HEARTBEAT_FRAME)).not.toThrow();
    expect(push(encodeFrame(8, 0, Buffer.alloc(1)))).toThrow(refused('FRAME_ERROR', /unknown_frame/));
    expect(push(encodeFrame(8, 1, Buffer.alloc(0)))).toThrow(refused('UNEXPECTED_FRAME', ''));
  });
});
