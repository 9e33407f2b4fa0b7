import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { engineErrorCode } from '../engine/errors.ts';
import type { Monitoring } from '../engine/figures.ts';
import { isMalformed } from '../web/sent-path.ts';
import { CONTENT_TYPE } from './exposition.ts';
import { metricsPage } from './page.ts';

/** What a scraper asks for. */
export interface Scrape {
  /** As it was sent. */
  path: string;
  parameters: URLSearchParams;
  acceptEncoding: string | null;
}

export interface ScrapeAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** A page of many thousand queues has megabytes: more at once are refused. */
const PAGES_MAX = 4;
const deflated = promisify(gzip);
let pages = 0;

/** The answer to a GET of a scraper, who needs no password here, as with RabbitMQ. */
export async function answerScrape(monitoring: Monitoring, scrape: Scrape): Promise<ScrapeAnswer> {
  const { path, parameters, acceptEncoding } = scrape;
  if (isMalformed(path)) return plain(400, 'the path is not percent-encoded as it should be\n');
  const page = metricsPage(monitoring, path, parameters);
  if (page === null) return plain(404, 'Not Found\n');
  if (pages === PAGES_MAX) return plain(503, `more than ${PAGES_MAX} scrapes at once\n`);
  pages++;
  try {
    const pieces: Buffer[] = [];
    for await (const piece of page) pieces.push(Buffer.from(piece));
    const body = Buffer.concat(pieces);
    const headers = { 'Content-Type': CONTENT_TYPE, Vary: 'Accept-Encoding', 'Cache-Control': 'no-store' };
    if (!/\bgzip\b/.test(acceptEncoding ?? '')) return { status: 200, headers, body };
    return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: await deflated(body) };
  } catch (error) {
    if (engineErrorCode(error) !== 'UNAVAILABLE') throw error;
    return plain(503, 'the broker is not running\n');
  } finally {
    pages--;
  }
}

function plain(status: number, text: string): ScrapeAnswer {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) };
}
