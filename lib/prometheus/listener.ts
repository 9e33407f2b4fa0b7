/** The port that RabbitMQ has for Prometheus: plain HTTP, nothing but its pages. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Monitoring } from '../engine/figures.ts';
import { answerScrape } from './scrape.ts';

export interface PrometheusListener {
  port: number;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  monitoring: Monitoring;
  /** 0: any free one. */
  port: number;
  /** Resolves when the server can be reached; rejects with one clear line. */
  listen(server: Server, port: number): Promise<{ port: number; close(): void }>;
  log: (level: 'error', text: string) => void;
}

/** Who asks for longer is no scraper. */
const REQUEST_MS = 30_000;

/** Resolves when it can be scraped; rejects with one clear line. */
export async function listenForPrometheus(options: PrometheusOptions): Promise<PrometheusListener> {
  const { monitoring, port, log } = options;
  const server = createServer({ requestTimeout: REQUEST_MS, maxHeaderSize: 16_384 }, (request, response) => {
    answer(monitoring, request, response).catch((error: unknown) => {
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

async function answer(monitoring: Monitoring, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const given = request.headers['accept-encoding'];
  const url = new URL(request.url ?? '/', 'http://localhost');
  const { status, headers, body } = await answerScrape(monitoring, url, given === undefined ? null : String(given));
  response.writeHead(status, { ...headers, 'Content-Length': body.length }).end(body);
}
