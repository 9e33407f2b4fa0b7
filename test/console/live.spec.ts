import { expect, signIn, test, uniqueName } from './console-test.ts';

test('a queue that is declared elsewhere appears within two seconds, without a reload, and pages hardly ask', async ({
  page,
  amqp,
}) => {
  await signIn(page);
  const streaming = page.waitForResponse((response) => response.url().includes('/console-api/events'));
  await page.goto('/queues');
  const headers = (await streaming).headers();
  expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(headers['cache-control']).toBe('no-cache, no-transform');
  expect(headers['content-encoding']).toBeUndefined();
  await expect(page.getByText('live', { exact: true })).toBeVisible();

  const queue = uniqueName('elsewhere');
  await amqp.assertQueue(queue, { durable: false });
  await expect(page.getByRole('link', { name: queue })).toBeVisible({ timeout: 2_000 });
  for (let i = 0; i < 3; i++) amqp.sendToQueue(queue, Buffer.from('x'));
  const row = page.getByRole('row', { name: queue });
  await expect(row.getByText('3', { exact: true }).first()).toBeVisible({ timeout: 2_500 });

  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/console-api/queues')) asked++;
  });
  const start = Date.now();
  await expect.poll(() => Date.now() - start, { timeout: 10_000 }).toBeGreaterThan(6_000);
  expect(asked).toBeLessThanOrEqual(3);
  await amqp.deleteQueue(queue);
  await expect(page.getByRole('link', { name: queue })).toHaveCount(0, { timeout: 2_000 });
});

test('where the stream is broken the page asks, and says that it is reconnecting', async ({
  page,
  amqp,
  expectErrors,
}) => {
  expectErrors(/ERR_FAILED/);
  await signIn(page);
  await page.route('**/console-api/events**', (route) => route.abort());
  await page.goto('/queues');
  await expect(page.getByText('reconnecting', { exact: true })).toBeVisible();
  const queue = uniqueName('polled');
  await amqp.assertQueue(queue, { durable: false });
  await expect(page.getByRole('link', { name: queue })).toBeVisible({ timeout: 3_000 });
  await page.unroute('**/console-api/events**');
  await expect(page.getByText('live', { exact: true })).toBeVisible({ timeout: 10_000 });
  await amqp.deleteQueue(queue);
  await expect(page.getByRole('link', { name: queue })).toHaveCount(0, { timeout: 2_000 });
});

test('without refreshing there is no stream', async ({ page }) => {
  await signIn(page);
  await page.goto('/queues');
  await expect(page.getByText('live', { exact: true })).toBeVisible();
  await page.getByRole('radio', { name: 'Paused' }).click();
  await expect(page.getByText('live', { exact: true })).toHaveCount(0);
  await expect(page.getByText('reconnecting', { exact: true })).toHaveCount(0);
  await page.getByRole('radio', { name: 'Live' }).click();
  await expect(page.getByText('live', { exact: true })).toBeVisible();
});
