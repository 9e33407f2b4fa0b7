/** Whoever guesses passwords over HTTP: how many are checked, who is held up by it, and what the audit says of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';
import { ConsoleClient } from './console-client.ts';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startBroker();
  for (const user of ['ada', 'ben', 'cleo'])
    await askApi(broker, 'PUT', `/users/${user}`, { password: 'right', tags: 'management' });
});
afterAll(() => broker.stop());

const statuses = (answers: { status: number }[]): Record<number, number> => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

async function rowsOf(user: string) {
  const client = await ConsoleClient.signedIn(broker);
  const response = await client.send('GET', `/audit?user=${user}`);
  return ((await response.json()) as { rows: { action: string; outcome: string; detail: string }[] }).rows;
}

test('of many wrong passwords at once over the API ten are checked, and all are one entry of the audit', async () => {
  const guesses = Array.from({ length: 300 }, (_, i) => askApi(broker, 'GET', '/whoami', undefined, `ada:guess${i}`));
  const answers = await Promise.all(guesses);
  expect(statuses(answers)).toEqual({ 401: 10, 429: 290 });
  const refused = await askApi(broker, 'GET', '/whoami', undefined, 'ada:right');
  expect(refused).toMatchObject({
    status: 429,
    body: { error: 'too_many_attempts', reason: expect.stringContaining('wait a minute') },
  });
  expect(refused.headers.get('retry-after')).toBe('60');
  await expect
    .poll(() => rowsOf('ada'), { timeout: 15_000 })
    .toMatchObject([
      {
        action: 'session.sign-in',
        outcome: 'UNAUTHENTICATED',
        detail: expect.stringContaining('by API, 301 times until'),
      },
    ]);
});

test('the same holds for the console, and neither holds up another user', async () => {
  const client = new ConsoleClient(broker);
  const guess = (password: string) => client.send('POST', '/session', { user: 'ben', password });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => guess(`guess ${i}`)));
  expect(statuses(answers)).toEqual({ 401: 10, 429: 30 });
  expect((await askApi(broker, 'GET', '/whoami', undefined, 'ben:right')).status).toBe(429);
  expect((await askApi(broker, 'GET', '/whoami', undefined, 'cleo:right')).status).toBe(200);
});

test('a tool that repeats an old password does not lock out who knows the new one', async () => {
  const repeated = Array.from({ length: 60 }, () => askApi(broker, 'GET', '/whoami', undefined, 'cleo:old'));
  expect(statuses(await Promise.all(repeated))).toEqual({ 401: 10, 429: 50 });
  expect((await askApi(broker, 'GET', '/whoami', undefined, 'cleo:right')).status).toBe(200);
});

test('many requests at once with the right password are all answered', async () => {
  await askApi(broker, 'PUT', '/users/dora', { password: 'right', tags: 'management' });
  const asked = Array.from({ length: 100 }, () => askApi(broker, 'GET', '/whoami', undefined, 'dora:right'));
  expect(statuses(await Promise.all(asked))).toEqual({ 200: 100 });
});
