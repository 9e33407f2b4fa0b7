import { test as base, expect, type Page } from '@playwright/test';
import { type Channel, type ChannelModel, connect } from 'amqplib';

export { expect };

const AMQP_URL = `amqp://guest:guest@127.0.0.1:${process.env.WARREN_TEST_AMQP_PORT}`;

interface Fixtures {
  /** A channel of a real client, on a connection that ends with the test. */
  amqp: Channel;
  /** Errors in the browser's console that match are part of the test; any other fails it. */
  expectErrors: (pattern: RegExp) => void;
}

/** Tests of the console: signed in, with whatever the browser complains about as a failure. */
export const test = base.extend<Fixtures>({
  expectErrors: [
    async ({ page }, use) => {
      const expected: RegExp[] = [];
      const errors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(String(error)));
      await use((pattern) => expected.push(pattern));
      expect(errors.filter((error) => !expected.some((pattern) => pattern.test(error)))).toEqual([]);
    },
    { auto: true },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here
  amqp: async ({}, use) => {
    const connection: ChannelModel = await connect(AMQP_URL);
    await use(await connection.createChannel());
    await connection.close();
  },
});

/** Without the form: for tests of what comes after it. */
export async function signIn(page: Page): Promise<void> {
  const response = await page.request.post('/console-api/session', { data: { user: 'guest', password: 'guest' } });
  expect(response.status()).toBe(200);
}

/** Makes an administrator of the default vhost with the password `pw`. What is returned removes the user, and leaves the page. */
export async function makeUser(page: Page, name: string): Promise<() => Promise<void>> {
  const headers = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };
  await page.request.put(`/api/users/${name}`, { headers, data: { password: 'pw', tags: 'administrator' } });
  const all = { configure: '.*', write: '.*', read: '.*' };
  await page.request.put(`/api/permissions/%2F/${name}`, { headers, data: all });
  return async () => {
    // A page whose user goes is led to the sign-in, which is no moment to close the browser.
    await page.goto('about:blank');
    await page.request.delete(`/api/users/${name}`, { headers });
  };
}

let lastName = 0;

/** A name that no other test uses: they share one broker. */
export function uniqueName(stem: string): string {
  return `${stem}.${process.pid}.${++lastName}`;
}

/** The page of a queue or an exchange, by its name in plain characters. */
export function pageOf(kind: 'queues' | 'exchanges', name: string): string {
  return `/c/local/${kind}/%2F/${encodeURIComponent(name)}`;
}
