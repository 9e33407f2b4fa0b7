/** The management API and the console's of a broker without its pages: the same entries behind a plain HTTP server. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SESSION_COOKIE, sessionId } from '../../lib/auth/sessions.ts';
import { answer as answerConsole } from '../../lib/console/answer.ts';
import { answer } from '../../lib/management/answer.ts';
import { running } from '../../lib/running.ts';

export function serveApi(port: number): Server {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const url = `http://127.0.0.1:${port}${incoming.url}`;
      const path = (incoming.url ?? '').split('?')[0] ?? '';
      const request = requestOf(incoming, url, outgoing);
      const { headers, status, body } = path.startsWith('/console-api/')
        ? await answerSignedIn(request, path.slice('/console-api'.length), outgoing)
        : await answer(running().desk, request, path.replace(/^\/api/, ''), incoming.socket.remoteAddress ?? '');
      outgoing.writeHead(status, Object.fromEntries(headers));
      if (body === null) outgoing.end();
      // Who reads no further ends it, and that is no failure of the server.
      else await pipeline(Readable.fromWeb(body as never), outgoing).catch(() => {});
    })();
  });
  return server.listen(port, '127.0.0.1');
}

/** Answers with the user behind the cookie, as the console's own door finds out. */
async function answerSignedIn(request: Request, path: string, outgoing: ServerResponse): Promise<Response> {
  const { desk, sessions } = running();
  const token = new RegExp(`${SESSION_COOKIE}=([^;]+)`).exec(request.headers.get('cookie') ?? '')?.[1];
  return answerConsole(desk, request, path, {
    remoteAddress: '127.0.0.1',
    user: token === undefined ? null : await sessions.user(token),
    sessionId: token === undefined ? null : sessionId(token),
    isSignedIn: async () => token !== undefined && (await sessions.lasts(token)),
    async setSession(user) {
      if (token !== undefined) await sessions.end(token);
      const begun =
        user === null ? undefined : await sessions.begin(user, { remoteAddress: '127.0.0.1', userAgent: 'test' });
      outgoing.setHeader('set-cookie', `${SESSION_COOKIE}=${begun?.token ?? ''}`);
    },
  });
}

function requestOf(incoming: IncomingMessage, url: string, outgoing: ServerResponse): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  const body = hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' as const } : {};
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  return new Request(url, { method: incoming.method ?? 'GET', headers, signal: gone.signal, ...body });
}
