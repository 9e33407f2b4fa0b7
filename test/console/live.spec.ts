import type { BrowserContext, Page, Request } from '@playwright/test';
import { expect, signIn, test, uniqueName } from './console-test.ts';

test('a queue that is declared elsewhere appears without a reload, and pages hardly ask', async ({ page, amqp }) => {
  await signIn(page);
  const streaming = page.waitForResponse((response) => response.url().includes('/console-api/c/local/events'));
  const queue = uniqueName('elsewhere');
  // Of a long list only a part has rows.
  await page.goto(`/c/local/queues?text=${queue}`);
  const headers = (await streaming).headers();
  expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(headers['cache-control']).toBe('no-cache, no-transform');
  expect(headers['content-encoding']).toBeUndefined();
  await expect(page.getByText('live', { exact: true })).toBeVisible();

  await amqp.assertQueue(queue, { durable: false });
  await expect(page.getByRole('link', { name: queue })).toBeVisible();
  for (let i = 0; i < 3; i++) amqp.sendToQueue(queue, Buffer.from('x'));
  const row = page.getByRole('row', { name: queue });
  await expect(row.getByText('3', { exact: true }).first()).toBeVisible();

  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/console-api/c/local/queues')) asked++;
  });
  const start = Date.now();
  await expect.poll(() => Date.now() - start, { timeout: 10_000 }).toBeGreaterThan(6_000);
  expect(asked).toBeLessThanOrEqual(3);
  await amqp.deleteQueue(queue);
  await expect(page.getByRole('link', { name: queue })).toHaveCount(0);
});

test('where the stream is broken the page asks, and says that it is reconnecting', async ({
  page,
  amqp,
  expectErrors,
}) => {
  expectErrors(/ERR_FAILED/);
  await signIn(page);
  await page.route('**/console-api/c/local/events**', (route) => route.abort());
  await page.goto('/c/local/queues');
  await expect(page.getByText('reconnecting', { exact: true })).toBeVisible();
  const queue = uniqueName('polled');
  await amqp.assertQueue(queue, { durable: false });
  await expect(page.getByRole('link', { name: queue })).toBeVisible({ timeout: 3_000 });
  await page.unroute('**/console-api/c/local/events**');
  await expect(page.getByText('live', { exact: true })).toBeVisible({ timeout: 10_000 });
  await amqp.deleteQueue(queue);
  await expect(page.getByRole('link', { name: queue })).toHaveCount(0);
});

test('without refreshing there is no stream', async ({ page }) => {
  await signIn(page);
  await page.goto('/c/local/queues');
  await expect(page.getByText('live', { exact: true })).toBeVisible();
  await page.getByRole('radio', { name: 'Paused' }).click();
  await expect(page.getByText('live', { exact: true })).toHaveCount(0);
  await expect(page.getByText('reconnecting', { exact: true })).toHaveCount(0);
  await page.getByRole('radio', { name: 'Live' }).click();
  await expect(page.getByText('live', { exact: true })).toBeVisible();
});

/** More windows than a browser opens connections to a host. */
const WINDOWS = 8;

/** Opens the list of queues with that text in many windows. `streams` are the windows that read one. */
async function openWindows(
  context: BrowserContext,
  text: string,
): Promise<{ pages: Page[]; streams: Map<Request, Page> }> {
  const streams = new Map<Request, Page>();
  const end = (request: Request) => streams.delete(request);
  context.on('request', (request) => {
    if (request.url().includes('/console-api/c/local/events')) streams.set(request, request.frame().page());
  });
  context.on('requestfailed', end);
  context.on('requestfinished', end);
  const pages: Page[] = [];
  for (let i = 0; i < WINDOWS; i++) {
    const page = await context.newPage();
    await page.goto(`/c/local/queues?text=${text}`);
    await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible();
    pages.push(page);
  }
  return { pages, streams };
}

test('eight windows of one browser load, are live, and share one stream, whichever of them close', async ({
  page,
  context,
  amqp,
}) => {
  test.setTimeout(300_000);
  await signIn(page);
  const { pages, streams } = await openWindows(context, 'shared');
  const areLive = async (left: readonly Page[]) => {
    expect(left.length).toBeGreaterThan(0);
    const name = uniqueName('shared');
    await amqp.assertQueue(name);
    for (const one of left) {
      await expect(one.getByText('live', { exact: true })).toBeVisible({ timeout: 20_000 });
      await expect(one.getByRole('link', { name })).toBeVisible({ timeout: 20_000 });
    }
    const readers = [...streams.values()].filter((one) => !one.isClosed());
    expect(readers).toHaveLength(1);
    return readers[0] as Page;
  };
  let left = pages;
  for (let closed = 0; closed < 3; closed++) {
    const reader = await areLive(left);
    await reader.close();
    left = left.filter((one) => one !== reader);
  }
  await areLive(left);

  // The choice of the refresh is one for the whole browser.
  await left[0]?.getByRole('radio', { name: 'Paused' }).click();
  for (const one of left) await expect(one.getByText('live', { exact: true })).toHaveCount(0);
  await expect.poll(() => [...streams.values()].filter((one) => !one.isClosed()).length).toBe(0);
});

test('where windows cannot share, few have a stream and all load, because the others ask', async ({
  page,
  context,
  amqp,
}) => {
  test.setTimeout(300_000);
  await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'));
  await signIn(page);
  const name = uniqueName('unshared');
  const { pages } = await openWindows(context, name);
  await amqp.assertQueue(name);
  expect(pages).toHaveLength(WINDOWS);
  for (const one of pages) await expect(one.getByRole('link', { name })).toBeVisible({ timeout: 20_000 });
  const isLive = (one: Page) => one.getByText('live', { exact: true }).isVisible();
  await expect.poll(async () => (await Promise.all(pages.map(isLive))).filter(Boolean).length).toBe(3);
});

test('signing out in one window signs out all, and another user’s sign-in makes their pages anew', async ({
  page,
  context,
  expectErrors,
}) => {
  expectErrors(/401/);
  const name = uniqueName('viewer');
  const headers = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };
  await page.request.put(`/api/users/${name}`, { headers, data: { password: 'pw', tags: 'monitoring' } });
  await signIn(page);
  await page.goto('/c/local/queues');
  const other = await context.newPage();
  await other.goto('/c/local/queues');
  for (const one of [page, other]) await expect(one.getByText('live', { exact: true })).toBeVisible();
  const signedIn = await page.request.post('/console-api/session', { data: { user: name, password: 'pw' } });
  expect(signedIn.status()).toBe(200);
  for (const one of [page, other]) {
    await expect(one.getByRole('button', { name: `Signed in as ${name}` })).toBeVisible({ timeout: 10_000 });
    await expect(one.getByText('live', { exact: true })).toBeVisible();
  }
  await page.getByRole('button', { name: `Signed in as ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const one of [page, other]) await expect(one).toHaveURL(/\/login/);
  await page.request.delete(`/api/users/${name}`, { headers });
});
