import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
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

interface CollectedFrame {
  type: number;
  channel: number;
  payload: string;
}

/** Copies what it is given, and stops the reader after as many frames as it is told. */
class Collector implements FrameSink {
  readonly seen: CollectedFrame[] = [];
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

const shown = (frames: { type: number; channel: number; payload: Uint8Array }[]): CollectedFrame[] =>
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

describe('a frame', () => {
  const BODY = Buffer.alloc(1000, 'b');
  const allocations = () => {
    const spies = [vi.spyOn(Buffer, 'allocUnsafeSlow'), vi.spyOn(Buffer, 'allocUnsafe'), vi.spyOn(Buffer, 'from')];
    return {
      get count() {
        return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
      },
      get bytes() {
        return spies[0]?.mock.calls.reduce((sum, [size]) => sum + Number(size), 0) ?? 0;
      },
    };
  };

  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('that is whole is cut where it is, nothing is copied', () => {
    const chunk = Buffer.concat([encodeFrame(FRAME_METHOD, 1, BODY), encodeFrame(FRAME_BODY, 1, BODY)]);
    const inPlace: boolean[] = [];
    const sink = { frame: (_type: number, _channel: number, buffer: Buffer) => inPlace.push(buffer === chunk) > 0 };
    const reader = new FrameReader(sink, 0);
    const allocated = allocations();
    reader.push(chunk);
    expect(allocated.count).toBe(0);
    expect(inPlace).toEqual([true, true]);
  });

  test('over many chunks costs memory in proportion to its bytes', () => {
    const frame = encodeFrame(FRAME_BODY, 1, Buffer.alloc(1_000_000));
    const sink = new Collector();
    const reader = new FrameReader(sink, 0);
    const allocated = allocations();
    for (let at = 0; at < frame.length; at += 1000) reader.push(frame.subarray(at, at + 1000));
    expect(sink.seen).toHaveLength(1);
    expect(allocated.bytes).toBeLessThan(4 * frame.length);
  });

  test('that announces much and sends little gets memory for little', () => {
    const reader = new FrameReader(new Collector(), 0);
    const allocated = allocations();
    reader.push(Buffer.of(FRAME_BODY, 0, 1, 0xff, 0xff, 0xff, 0xff));
    reader.push(Buffer.alloc(10_000));
    expect(reader.bufferedBytes).toBe(10_007);
    expect(allocated.bytes).toBeLessThan(32_768);
  });

  test('after which the reader stops leaves the rest to be copied once, however often it stops again', () => {
    const frames = Buffer.concat(Array.from({ length: 500 }, () => encodeFrame(FRAME_BODY, 1, Buffer.alloc(0))));
    const sink = new Collector();
    sink.stopAfter = 1;
    const reader = new FrameReader(sink, 0);
    const allocated = allocations();
    reader.push(frames);
    while (reader.stopped) reader.resume();
    expect(sink.seen).toHaveLength(500);
    expect(allocated.count).toBe(1);
  });
});

describe('a sink', () => {
  test('that pushes while it is given a frame gets that later, in order', () => {
    const seen: number[] = [];
    const more = Buffer.concat([2, 3].map((channel) => encodeFrame(FRAME_BODY, channel, Buffer.alloc(0))));
    const reader: FrameReader = new FrameReader(
      {
        frame(_type, channel) {
          seen.push(channel);
          if (channel === 0) reader.push(more);
          return true;
        },
      },
      0,
    );
    reader.push(Buffer.concat([0, 1].map((channel) => encodeFrame(FRAME_BODY, channel, Buffer.alloc(0)))));
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(reader.bufferedBytes).toBe(0);
  });

  test('that resumes inside a frame and then stops has stopped', () => {
    const seen: number[] = [];
    const reader: FrameReader = new FrameReader(
      {
        frame(_type, channel) {
          seen.push(channel);
          reader.resume();
          return false;
        },
      },
      0,
    );
    reader.push(Buffer.concat([0, 1].map((channel) => encodeFrame(FRAME_BODY, channel, Buffer.alloc(0)))));
    expect(seen).toEqual([0]);
    expect(reader.stopped).toBe(true);
    reader.resume();
    expect(seen).toEqual([0, 1]);
  });

  test('that lowers the frame size has it hold from the next frame on', () => {
    const reader: FrameReader = new FrameReader(
      {
        frame() {
          reader.frameMax = 100;
          return true;
        },
      },
      FRAME_MAX,
    );
    const frame = encodeFrame(FRAME_BODY, 1, Buffer.alloc(101));
    expect(() => reader.push(Buffer.concat([frame, frame]))).toThrow(AmqpError);
  });
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
