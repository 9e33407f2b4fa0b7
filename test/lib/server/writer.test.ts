import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { Writer } from '../../../lib/server/writer.ts';

/** A socket that takes what it is given when it is told to. */
function slowSocket() {
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
  const writer = new Writer(
    socket as unknown as Socket,
    () => {},
    () => {},
  );
  const send = (): void => {
    writer.write(Buffer.alloc(1000));
    writer.flush();
  };
  return { socket, writer, send, takeOne: () => written.shift()?.() };
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
