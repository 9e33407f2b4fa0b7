import type { Server } from 'node:net';

/** Resolves with the port when clients can connect; rejects with one clear line. Port 0: any free one. */
export function listenOn(server: Server, protocol: string, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      const text = inUse
        ? `${protocol} port ${port} on ${host} is in use`
        : `cannot listen for ${protocol} on ${host}:${port}: ${error.message}`;
      reject(new Error(text));
    });
    server.listen({ host, port, backlog: 1024 }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
