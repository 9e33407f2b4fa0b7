import { readFileSync } from 'node:fs';
import { expect, pageOf, signIn, test, uniqueName } from './console-test.ts';

test('what was done is found with what it changed, and saved as a file', async ({ page, request }) => {
  const name = uniqueName('audited');
  await signIn(page);
  for (const [method, data] of [
    ['post', { vhost: '/', name, durable: true, autoDelete: false, arguments: [] }],
    ['delete', { vhost: '/', name }],
  ] as const)
    expect((await page.request[method]('/console-api/queue', { data })).status()).toBe(200);
  const refused = await request.delete(`/api/queues/%2F/${name}`, {
    headers: { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` },
  });
  expect(refused.status()).toBe(404);

  await page.goto('/audit');
  await page.getByRole('textbox', { name: 'Filter by name' }).fill(name);
  const rows = page.getByRole('row').filter({ hasText: name });
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText('NOT_FOUND');
  await page.getByRole('radio', { name: 'Done' }).click();
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(new RegExp(`text=${name}.*outcome=ok`));
  await page.reload();
  await expect(rows).toHaveCount(2);

  await rows.first().getByRole('button').click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('region', { name: 'Before' })).toContainText('"durable": true');
  await page.keyboard.press('Escape');

  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const lines = readFileSync(await (await coming).path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain(`queue.delete,/,${name}`);
});

test('who looked at messages is kept, once for a look', async ({ page, amqp }) => {
  const name = uniqueName('looked-at');
  await amqp.assertQueue(name);
  amqp.sendToQueue(name, Buffer.from('hello'));
  await signIn(page);
  await page.goto(`${pageOf('queues', name)}?tab=messages`);
  await expect(page.getByText('hello')).toBeVisible();
  await page.reload();
  await expect(page.getByText('hello')).toBeVisible();
  await page.goto(`/audit?text=${name}`);
  const rows = page.getByRole('row').filter({ hasText: name });
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('looked at messages of queue');
});

test('a link to an entry opens it, wherever it is in the list', async ({ page, amqp, expectErrors }) => {
  expectErrors(/404/);
  const name = uniqueName('linked');
  await amqp.assertQueue(name);
  await signIn(page);
  await page.request.post('/console-api/queue/purge', { data: { vhost: '/', name } });
  const found = await page.request.get(`/console-api/audit?object=${name}`);
  const [{ id }] = ((await found.json()) as { rows: [{ id: number }] }).rows;
  // A filter that leaves it out is as a page that it is not on.
  await page.goto(`/audit?text=${name}-other&opened=${id}`);
  await expect(page.getByRole('dialog')).toContainText('queue.purge');
  await page.goto('/audit?opened=2000000000');
  await expect(page.getByRole('dialog')).toContainText('There is no such entry');
});

test('the audit is for administrators', async ({ page, expectErrors }) => {
  expectErrors(/403/);
  const name = uniqueName('viewer');
  const headers = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };
  await page.request.put(`/api/users/${name}`, { headers, data: { password: 'pw', tags: 'monitoring' } });
  const signedIn = await page.request.post('/console-api/session', { data: { user: name, password: 'pw' } });
  expect(signedIn.status()).toBe(200);
  await page.goto('/audit');
  await expect(page.getByText('The audit log is for users with the tag administrator.')).toBeVisible();
  expect((await page.request.get('/console-api/audit/export')).status()).toBe(403);
  await page.request.delete(`/api/users/${name}`, { headers });
});
