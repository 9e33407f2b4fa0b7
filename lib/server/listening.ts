/**
 * Ports on one address or several. A server of Node listens on one: for each further address a plain one takes the
 * sockets and hands them on as if the first had accepted them, so that limits and certificates stay in one place.
 */
import { createServer, type Server, type ServerOpts } from 'node:net';

/** This machine by both of its addresses: clients that resolve `localhost` try one, and not all fall back to the other. */
export const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

const BACKLOG = 1024;
/** Errors of an address that this machine does not have. */
const ABSENT: readonly (string | undefined)[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

export interface Listening {
  port: number;
  /** Addresses where clients can connect. */
  hosts: readonly string[];
  /** No further sockets are accepted; those that were go on. */
  close(): void;
}

/**
 * Resolves when clients can connect at all `hosts`, of which the further ones may be absent; rejects with one clear line,
 * and then nothing listens. Port 0: any free one.
 */
export async function listenOn(
  server: Server,
  protocol: string,
  hosts: readonly string[],
  port: number,
): Promise<Listening> {
  const [first, ...further] = hosts;
  const bound = await bind(server, protocol, first as string, port);
  const servers = new Map([[first as string, server]]);
  const close = (): void => {
    for (const one of servers.values()) one.close();
  };
  try {
    for (const host of further) {
      const other = await listenAlso(server, protocol, host, bound);
      if (other !== null) servers.set(host, other);
    }
  } catch (error) {
    close();
    throw error;
  }
  return { port: bound, hosts: [...servers.keys()], close };
}

/** Sockets that come to the port at another address go to `server`. Null: this machine has no such address. */
export async function listenAlso(server: Server, protocol: string, host: string, port: number): Promise<Server | null> {
  const { allowHalfOpen = false, pauseOnConnect = false } = server as Server & ServerOpts;
  const other = createServer({ allowHalfOpen, pauseOnConnect }, (socket) => {
    server.emit('connection', socket);
  });
  try {
    await bind(other, protocol, host, port);
    return other;
  } catch (error) {
    if (error instanceof ListenError && ABSENT.includes(error.code)) return null;
    throw error;
  }
}

class ListenError extends Error {
  readonly code: string | undefined;

  constructor(protocol: string, host: string, port: number, cause: NodeJS.ErrnoException) {
    const inUse = `${protocol} port ${port} on ${host} is in use`;
    super(cause.code === 'EADDRINUSE' ? inUse : `cannot listen for ${protocol} on ${host}:${port}: ${cause.message}`);
    this.code = cause.code;
  }
}

function bind(server: Server, protocol: string, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(new ListenError(protocol, host, port, error));
    server.once('error', failed);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
