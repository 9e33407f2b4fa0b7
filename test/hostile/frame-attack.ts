/** Connections that say hostile frames until they are closed, many at a time and again and again. */
import { connect } from 'node:net';
import { FRAME_METHOD, FrameReader } from '../../lib/amqp/frame.ts';
import { decodeMethod } from '../../lib/amqp/method.ts';
import { Dice } from '../conformance/differential/dice.ts';
import { CLOSE, hostileFrames, opening } from './hostile-frames.ts';
import type { Address } from './victim.ts';

const ATTACKERS = 32;
const FRAMES_PER_CONNECTION = 120;
/** A connection whose frames have lost their order is not answered at once. */
const PATIENCE_MS = 150;

export interface FrameTally {
  frames: number;
  connections: number;
  /** How connections ended, by reply code; 200: by the attacker's own wish, 0: by neither side within the time. */
  ends: Map<number, number>;
  /** Closes by which the broker says that it met something it had not foreseen, with the seed of the connection. */
  unforeseen: string[];
}

/** Says so many frames in that vhost. `alive` ends it early. */
export async function attackWithFrames(
  { host, port }: Address,
  vhost: string,
  frames: number,
  seed: number,
  tally: FrameTally,
  alive: () => boolean,
): Promise<void> {
  const begin = opening(vhost);
  const last = tally.frames + frames;
  let next = seed;
  const attack = async (): Promise<void> => {
    while (tally.frames < last && alive()) {
      const own = next++;
      const dice = new Dice(own);
      const burst: Buffer[] = [begin];
      const count = 1 + dice.number(FRAMES_PER_CONNECTION);
      while (burst.length < count) burst.push(...hostileFrames(dice));
      burst.push(CLOSE);
      tally.frames += burst.length;
      tally.connections++;
      const { code, text } = await said(host, port, Buffer.concat(burst));
      tally.ends.set(code, (tally.ends.get(code) ?? 0) + 1);
      if (code === 541 && text.includes('internal error')) tally.unforeseen.push(`connection of seed ${own}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: ATTACKERS }, attack));
}

/** Resolves with how the connection ended. */
function said(host: string, port: number, bytes: Buffer): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    let timer: NodeJS.Timeout;
    const end = (code: number, text = ''): void => {
      clearTimeout(timer);
      // A reset leaves no port behind that waits.
      socket.resetAndDestroy();
      resolve({ code, text });
    };
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => end(0), PATIENCE_MS);
    };
    const reader = new FrameReader(
      {
        frame(type, channel, buffer, start, stop) {
          if (type !== FRAME_METHOD || channel !== 0) return true;
          const method = decodeMethod(buffer, start, stop);
          if (method.name === 'connection.close-ok') end(200);
          else if (method.name === 'connection.close') end(method.arguments.replyCode, method.arguments.replyText);
          return !socket.destroyed;
        },
      },
      0,
    );
    socket.on('data', (chunk: Buffer) => {
      wait();
      if (!socket.destroyed) reader.push(chunk);
    });
    socket.on('error', () => {});
    socket.once('close', () => end(0));
    wait();
    socket.write(bytes);
  });
}
