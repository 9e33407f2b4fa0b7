import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { LOOPBACK, listenOn } from '../../../lib/server/listening.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function greeter(): Server {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => socket.end('hello'));
  ends.push(() => server.close());
  return server;
}

function greeted(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host, port });
    socket.once('error', reject);
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(bytes.toString());
    });
  });
}

test('a client gets through at every address, and at none after the close', async () => {
  const { port, hosts, close } = await listenOn(greeter(), 'AMQP', LOOPBACK, 0);
  expect(hosts[0]).toBe('127.0.0.1');
  for (const host of hosts) expect(await greeted(host, port)).toBe('hello');
  close();
  for (const host of hosts) await expect(greeted(host, port)).rejects.toThrow('ECONNREFUSED');
});

test('an address that this machine does not have is left out when it is a further one, and refused as the first', async () => {
  // For documentation only: no machine has it. [rfc 5737]
  const absent = '192.0.2.1';
  const { hosts, close } = await listenOn(greeter(), 'AMQP', ['127.0.0.1', absent], 0);
  ends.push(close);
  expect(hosts).toEqual(['127.0.0.1']);
  await expect(listenOn(greeter(), 'AMQP', [absent], 0)).rejects.toThrow('cannot listen for AMQP on 192.0.2.1:0');
});

test('a port that is taken at one of the addresses is taken: nothing listens at the others', async () => {
  const taken = createServer();
  ends.push(() => taken.close());
  const { port } = await listenOn(taken, 'AMQP', ['127.0.0.2'], 0);
  await expect(listenOn(greeter(), 'AMQP', ['127.0.0.1', '127.0.0.2'], port)).rejects.toThrow(
    `AMQP port ${port} on 127.0.0.2 is in use`,
  );
  await expect(greeted('127.0.0.1', port)).rejects.toThrow('ECONNREFUSED');
});
