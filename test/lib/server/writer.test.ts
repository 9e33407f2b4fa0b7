import type { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Writer } from '../../../lib/server/writer.ts';

/** A socket that takes what it is given when it is told to. */
function slowSocket(onRoom = (): void => {}) {
  const written: (() => void)[] = [];
  const socket = {
    destroyed: false,
    _handle: { writeQueueSize: 0 },
    write: (bytes: Buffer, done: () => void) => {
      socket._handle.writeQueueSize += bytes.length;
      written.push(() => {
        socket._handle.writeQueueSize -= bytes.length;
        done();
      });
    },
  };
  const writer = new Writer(socket as unknown as Socket, () => {}, onRoom);
  const send = (): void => {
    writer.write(Buffer.alloc(1000));
    writer.flush();
  };
  const takeOne = (): boolean => {
    const taken = written.shift();
    taken?.();
    return taken !== undefined;
  };
  return { socket, writer, send, takeOne };
}

test('is not stuck while nothing waits', () => {
  const { writer, send, takeOne } = slowSocket();
  expect(writer.stuckMs(1_000)).toBe(0);
  send();
  takeOne();
  expect([writer.stuckMs(2_000), writer.stuckMs(90_000)]).toEqual([0, 0]);
});

test('is stuck since the first look at bytes of which none were taken, whatever is added to them', () => {
  const { writer, send, takeOne } = slowSocket();
  writer.stuckMs(1_000);
  send();
  expect([writer.stuckMs(2_000), writer.stuckMs(5_000)]).toEqual([0, 3_000]);
  writer.write(Buffer.alloc(1));
  expect(writer.stuckMs(6_000)).toBe(4_000);
  takeOne();
  expect(writer.stuckMs(7_000)).toBe(0);
});

test('is not stuck at the first look, with what has not been handed to the socket yet', () => {
  const { writer } = slowSocket();
  writer.write(Buffer.alloc(10));
  expect(writer.stuckMs(50_000)).toBe(0);
});

test('is not stuck while a large write goes on', () => {
  const { socket, writer, send } = slowSocket();
  send();
  expect(writer.stuckMs(1_000)).toBe(0);
  socket._handle.writeQueueSize--;
  expect([writer.stuckMs(9_000), writer.stuckMs(10_000)]).toEqual([0, 1_000]);
});

test('whoever was refused room hears of it once the socket has taken what was in the way, whatever was asked for', () => {
  const step = fc.oneof(
    fc.record({ write: fc.integer({ min: 0, max: 2_000_000 }) }),
    fc.record({ ask: fc.integer({ min: 1, max: 1_500_000 }) }),
    fc.constant('flush' as const),
    fc.constant('take' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      let refusals = 0;
      let heard = 0;
      const { writer, takeOne } = slowSocket(() => {
        heard++;
        refusals = 0;
      });
      for (const one of steps) {
        if (one === 'flush') writer.flush();
        else if (one === 'take') takeOne();
        else if ('write' in one) writer.write(Buffer.alloc(one.write));
        else if (!writer.hasRoom(one.ask)) refusals++;
      }
      const before = heard;
      writer.flush();
      while (takeOne());
      expect(writer.unsentBytes).toBe(0);
      expect(refusals).toBe(0);
      expect(heard - before).toBeLessThanOrEqual(1);
    }),
  );
});

test('a stopped writer has no room ever again and says so to nobody', () => {
  let heard = 0;
  const { writer, send, takeOne } = slowSocket(() => heard++);
  send();
  writer.stop();
  expect(writer.hasRoom()).toBe(false);
  takeOne();
  expect([writer.hasRoom(), heard]).toEqual([false, 0]);
});
