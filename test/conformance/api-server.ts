/** The management API of a broker without its console: the same entries behind a plain HTTP server. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { currentDesk } from '../../lib/console/current-desk.ts';
import { answer } from '../../lib/management/answer.ts';

export function serveApi(port: number): Server {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const url = `http://127.0.0.1:${port}${incoming.url}`;
      const path = (incoming.url ?? '').split('?')[0]?.replace(/^\/api/, '') ?? '';
      const response = await answer(currentDesk(), requestOf(incoming, url), path, incoming.socket.remoteAddress ?? '');
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    })();
  });
  return server.listen(port, '127.0.0.1');
}

function requestOf(incoming: IncomingMessage, url: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  const body = hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' as const } : {};
  return new Request(url, { method: incoming.method ?? 'GET', headers, ...body });
}
