/** Ordinary requests of the broker's owner, between attacks. */
import { request as httpRequest } from 'node:http';
import type { Address } from './victim.ts';

const PATIENCE_MS = 30_000;
const OWNER = `Basic ${Buffer.from('guest:guest').toString('base64')}`;

export interface Answer {
  status: number;
  text: string;
  cookie: string | undefined;
  tookMs: number;
}

/** `path` begins with /api or /console-api and travels as it is, dots too. */
export function ask(http: Address, method: string, path: string, body?: unknown): Promise<Answer> {
  const begin = performance.now();
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    authorization: OWNER,
    ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
  };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ ...http, method, path, headers, timeout: PATIENCE_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.once('error', reject);
      response.once('end', () => {
        const cookie = response.headers['set-cookie']?.[0]?.split(';')[0];
        resolve({ status: response.statusCode ?? 0, text, cookie, tookMs: performance.now() - begin });
      });
    });
    sent.once('timeout', () => sent.destroy(new Error(`${method} ${path} was not answered`)));
    sent.once('error', reject);
    sent.end(bytes);
  });
}

/** A request that has to succeed. */
export async function must(http: Address, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await ask(http, method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 200)}`);
  return answer;
}
