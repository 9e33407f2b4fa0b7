import { engineErrorCode } from '../engine/errors.ts';
import type { Monitoring } from '../engine/figures.ts';
import { gzipped } from '../web/compression.ts';
import { isMalformed } from '../web/sent-path.ts';
import { CONTENT_TYPE } from './exposition.ts';
import { metricsPage } from './page.ts';
import { type PerObject, perObjectRefusal } from './per-object.ts';

/** What a scraper asks for. */
export interface Scrape {
  /** The path as it was sent. */
  path: string;
  parameters: URLSearchParams;
  acceptEncoding: string | null;
  /** The address of a `Peer`. */
  address: string;
}

export interface ScrapeAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** A page of many thousand queues has megabytes: more at once are refused. */
const PAGES_MAX = 4;
let pages = 0;

/** The answer to a GET of a scraper, who needs no password here, as with RabbitMQ. */
export async function answerScrape(
  monitoring: Monitoring,
  perObject: PerObject,
  scrape: Scrape,
): Promise<ScrapeAnswer> {
  const { path, parameters, acceptEncoding, address } = scrape;
  if (isMalformed(path)) return plain(400, 'the path is not percent-encoded as it should be\n');
  const refusal = perObjectRefusal(path, perObject, address);
  if (refusal !== null) return plain(403, refusal);
  const page = metricsPage(monitoring, path, parameters);
  if (page === null) return plain(404, 'Not Found\n');
  if (pages === PAGES_MAX) return plain(503, `more than ${PAGES_MAX} scrapes at once\n`);
  pages++;
  try {
    const pieces: Buffer[] = [];
    for await (const piece of page) pieces.push(Buffer.from(piece));
    const body = Buffer.concat(pieces);
    const headers = { 'Content-Type': CONTENT_TYPE, Vary: 'Accept-Encoding', 'Cache-Control': 'no-store' };
    const compressed = await gzipped(body, acceptEncoding);
    if (compressed === null) return { status: 200, headers, body };
    return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: compressed };
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
