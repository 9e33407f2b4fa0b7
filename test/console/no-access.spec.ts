import type { Page } from '@playwright/test';
import { expect, test, uniqueName } from './console-test.ts';

const GUEST = { authorization: `Basic ${btoa('guest:guest')}` };
const EVERYTHING = { configure: '.*', write: '.*', read: '.*' };
const PAGES = ['', '/queues', '/queues/new', '/exchanges', '/exchanges/new', '/publish', '/dead-letters'].map(
  (page) => `/c/local${page}`,
);
/** What a page says where there is nothing. */
const NOTHING = /No problems|Nothing here yet|All queues are empty|No dead letters|No queues yet|0 queues/;

async function put(page: Page, path: string, data: object): Promise<void> {
  const response = await page.request.put(`/api${path}`, { headers: GUEST, data });
  expect(response.ok()).toBe(true);
}

/** Vhosts and users that a test has made: other tests count on one vhost. */
const made: string[] = [];

test.afterEach(async ({ page }) => {
  // A page whose user is taken away complains.
  await page.goto('about:blank');
  for (const path of made.splice(0))
    expect((await page.request.delete(`/api${path}`, { headers: GUEST })).ok()).toBe(true);
});

async function make(page: Page, path: string, data: object): Promise<void> {
  made.push(path);
  await put(page, path, data);
}

/** Signs in as a new user who may see no vhost. */
async function signInAs(page: Page, user: string): Promise<void> {
  await make(page, `/users/${user}`, { password: 'secret', tags: 'management' });
  const response = await page.request.post('/console-api/session', { data: { user, password: 'secret' } });
  expect(response.status()).toBe(200);
}

test('who may see no vhost is told so on every page, and who can help', async ({ page, expectErrors }) => {
  const user = uniqueName('ann');
  await signInAs(page, user);
  for (const path of PAGES) {
    await page.goto(path);
    const main = page.getByRole('main');
    await expect(main.getByText('You may see no virtual host yet')).toBeVisible();
    await expect(main).toContainText('An administrator grants them');
    await expect(main).toContainText(`user=${user}`);
    await expect(main).not.toContainText(NOTHING);
  }
  expectErrors(/403/);
  await page.goto('/audit');
  await expect(page.getByText('The audit log is for users with the tag administrator.')).toBeVisible();
  await page.goto('/sessions');
  await expect(page.getByText('You may see no virtual host yet')).toBeHidden();
});

test('what is granted shows by itself, and nothing of other vhosts with it', async ({ page, expectErrors }) => {
  expectErrors(/403/);
  const [user, vhost] = [uniqueName('ann'), uniqueName('vhost')];
  await signInAs(page, user);
  await page.goto('/');
  await expect(page.getByText('You may see no virtual host yet')).toBeVisible();
  await make(page, `/vhosts/${vhost}`, {});
  await put(page, `/permissions/${vhost}/${user}`, EVERYTHING);
  await expect(page.getByText('Nothing here yet')).toBeVisible();
  await expect(page.getByText('Your connections').first()).toBeVisible();
  await put(page, `/queues/${vhost}/own`, { durable: true });
  await expect(page.getByText('No problems: no alarm')).toBeVisible();
  await expect(page.getByText('1 queue,')).toBeVisible();
  await page.goto('/c/local/queues');
  await expect(page.getByRole('region', { name: 'Queues' }).getByRole('link')).toHaveText(['own']);
  // A vhost that is somebody else's is not an empty one.
  for (const path of ['', '/queues', '/exchanges', '/dead-letters']) {
    await page.goto(`/c/local${path}?vhost=%2F`);
    await expect(page.getByText(`access to vhost '/' refused for user '${user}'`).first()).toBeVisible();
    await expect(page.getByRole('main')).not.toContainText(NOTHING);
  }
});
