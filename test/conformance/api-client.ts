import type { TestBroker } from './broker.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what is looked at
  body: any;
}

/** Asks the management API; `path` begins after /api, `body` that is no text is sent as JSON, `user` is name:password. */
export async function askApi(
  broker: Pick<TestBroker, 'consolePort'>,
  method: string,
  path: string,
  body?: unknown,
  user = 'guest:guest',
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${broker.consolePort}/api${path}`, {
    method,
    headers: user === '' ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
