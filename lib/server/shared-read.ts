/**
 * One read buffer for all connections. A socket that emits 'data' gets 64 KiB of fresh memory for every read, which at
 * full speed is hundreds of megabytes of garbage a second; reading is synchronous, so one buffer is enough.
 * Invariant: what `receive` wants to keep it copies before it returns.
 */
import { Socket } from 'node:net';
import type { Transport } from './transport.ts';

const READ_BYTES = 128 * 1024;
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

/**
 * Takes over an accepted socket that has not begun to read. `onread` is an option of new sockets only, and a server
 * has no way to ask for it; hence the hand-over of the handle, as net itself does it.
 */
export function readShared(accepted: Socket): Transport {
  const holder = accepted as unknown as { _handle: object | null };
  const handle = holder._handle;
  holder._handle = null;
  let sink: (chunk: Buffer) => void = () => {};
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: shared,
      callback: (length: number): boolean => {
        sink(shared.subarray(0, length));
        return true;
      },
    },
  };
  const socket = new Socket(options as unknown as ConstructorParameters<typeof Socket>[0]);
  return {
    socket,
    tls: null,
    start(receive) {
      sink = receive;
      socket.resume();
    },
  };
}
