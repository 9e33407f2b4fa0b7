/** A Warren of its own, whose data directory has messages that belong to nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../conformance/broker.ts';
import { expect, test } from './console-test.ts';

let server: ChildProcess;
let folder: string;
let address: string;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warren-orphaned-'));
  const orphan = join(folder, 'messages/orphaned/0123456789abcdef01234567-29990102T030405Z');
  mkdirSync(orphan, { recursive: true });
  writeFileSync(join(orphan, '0000000000000000.log'), 'x'.repeat(3 * 1024));
  const [port, amqp] = await freePorts(2);
  address = `http://127.0.0.1:${port}`;
  const settings = { PORT: String(port), WARREN_AMQP_PORT: String(amqp), WARREN_DATA_DIR: folder };
  const env = { ...process.env, ...settings, DATABASE_URL: '', WARREN_PROMETHEUS_PORT: '0', TZ: 'UTC' };
  server = spawn(process.execPath, ['scripts/start.mjs'], { env, stdio: 'ignore' });
  const answers = async () => (await fetch(`${address}/healthz`).catch(() => null))?.status;
  await expect.poll(answers, { timeout: 60_000 }).toBe(200);
});

test.afterAll(async () => {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await gone;
  rmSync(folder, { recursive: true, force: true });
});

test.use({ timezoneId: 'UTC' });

test('messages that were set aside are told to who watches the node: how much, where, until when', async ({ page }) => {
  await page.request.post(`${address}/console-api/session`, { data: { user: 'guest', password: 'guest' } });
  await page.goto(`${address}/`);
  const note = page.getByRole('region', { name: 'Messages set aside' });
  await expect(note).toContainText(
    'Messages of 1 queue or exchange that the database does not know are set aside: 3 KiB',
  );
  await expect(note).toContainText(`${folder}/messages/orphaned, the first of them until 2999-02-01 03:04:05.`);
});

test('who does not watch the node is not told of them', async ({ page }) => {
  const headers = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };
  const put = (path: string, data: object) => page.request.put(`${address}/api/${path}`, { headers, data });
  await put('users/ann', { password: 'ann', tags: 'management' });
  await put('permissions/%2F/ann', { configure: '.*', write: '.*', read: '.*' });
  await page.request.post(`${address}/console-api/session`, { data: { user: 'ann', password: 'ann' } });
  await page.goto(`${address}/`);
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await expect(page.getByText('Consumers', { exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Messages set aside' })).toHaveCount(0);
});
