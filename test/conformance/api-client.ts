import * as z from 'zod';
import { findRoute } from '../../lib/management/api-routes.ts';
import { unhealthy } from '../../lib/management/schema/health.ts';
import { error as errorShape } from '../../lib/management/schema/refusal.ts';
import type { TestBroker } from './broker.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what is looked at
  body: any;
}

/**
 * Asks the management API; `path` begins after /api, `body` that is no text is sent as JSON, `user` is name:password.
 * Every answer must be of the shape that the API's document promises.
 */
export async function askApi(
  broker: Pick<TestBroker, 'consolePort'>,
  method: string,
  path: string,
  body?: unknown,
  user = 'guest:guest',
  patienceMs = 60_000,
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${broker.consolePort}/api${path}`, {
    method,
    signal: AbortSignal.timeout(patienceMs),
    headers: user === '' ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
  requireShape(method, path, answer);
  return answer;
}

const refusal = z.union([errorShape, unhealthy]);

function requireShape(method: string, path: string, { status, body }: Answer): void {
  const [pathname, query] = path.split('?') as [string, string | undefined];
  // Columns leave out what they like.
  if (new URLSearchParams(query).has('columns')) return;
  const shape = status < 400 ? findRoute(method, pathname).route.answer : refusal;
  if (body === undefined && (status !== 200 || shape === undefined)) return;
  const problem = shape === undefined ? 'a body that is not promised' : shape.safeParse(body).error?.message;
  if (problem !== undefined) throw new Error(`${method} ${path} answered ${status} in another shape: ${problem}`);
}
