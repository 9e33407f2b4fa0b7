/** The port that RabbitMQ has for Prometheus: plain HTTP, nothing but its pages. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Monitoring } from '../engine/figures.ts';
import { peerOf } from '../web/peer.ts';
import { sentPath } from '../web/sent-path.ts';
import type { TrustedProxies } from '../web/trusted-proxies.ts';
import type { PerObject } from './per-object.ts';
import { answerScrape } from './scrape.ts';

export interface PrometheusListener {
  port: number;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  monitoring: Monitoring;
  perObject: PerObject;
  /** Whose word counts about where a scraper is. */
  trusted: TrustedProxies;
  /** 0: any free one. */
  port: number;
  /** Resolves when the server can be reached; rejects with one clear line. */
  listen(server: Server, port: number): Promise<{ port: number; close(): void }>;
  log: (level: 'error', text: string) => void;
}

/** Who asks for longer is no scraper. */
const REQUEST_MS = 30_000;

/** Resolves when the pages can be scraped; rejects with one clear line. */
export async function listenForPrometheus(options: PrometheusOptions): Promise<PrometheusListener> {
  const { port, log } = options;
  const server = createServer({ requestTimeout: REQUEST_MS, maxHeaderSize: 16_384 }, (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      log('error', `scrape failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const listening = await options.listen(server, port);
  return {
    port: listening.port,
    stop: () =>
      new Promise((resolve) => {
        server.once('close', resolve);
        listening.close();
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { monitoring, perObject, trusted }: PrometheusOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const sent = { url: `http://prometheus${request.url}`, headers: headersOf(request) };
  const { pathname, searchParams } = new URL(sent.url);
  const { status, headers, body } = await answerScrape(monitoring, perObject, {
    path: pathname.startsWith('/metrics/') ? `/metrics${sentPath(sent, '/metrics')}` : pathname,
    parameters: searchParams,
    acceptEncoding: sent.headers.get('accept-encoding'),
    address: peerOf(request.socket, request.headers, trusted).address,
  });
  response.writeHead(status, { ...headers, 'Content-Length': body.length }).end(body);
}

function headersOf({ headers }: IncomingMessage): Pick<Headers, 'get'> {
  return { get: (name) => headers[name]?.toString() ?? null };
}
