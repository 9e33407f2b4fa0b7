import { expect, signIn, test, uniqueName } from './console-test.ts';

test('a wrong password is refused with the reason, the right one opens the page that was asked for', async ({
  page,
  expectErrors,
}) => {
  expectErrors(/401/);
  await page.goto('/c/local/queues?text=abc');
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel('Name').fill('guest');
  await page.getByLabel('Password').fill('wrong');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Wrong name or password.')).toBeVisible();

  await page.getByLabel('Password').fill('guest');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/queues\?text=abc$/);
  await expect(page.getByRole('heading', { name: 'Queues' })).toBeVisible();
});

test('what is typed before the scripts of the page are there stays, and goes nowhere until they are', async ({
  page,
}) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/*.js*', async (route) => {
    await released;
    await route.continue();
  });
  await page.goto('/login', { waitUntil: 'commit' });
  await page.getByLabel('Name').fill('guest');
  await page.getByLabel('Password').fill('guest');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/login$/);
  release();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled();
  await expect(page.getByLabel('Name')).toHaveValue('guest');
  await page.getByLabel('Password').press('Enter');
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
});

test('who signs out must sign in again', async ({ page }) => {
  await signIn(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'Signed in as guest' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto('/c/local/queues');
  await expect(page).toHaveURL(/\/login/);
});

test('a session that ends while a page is open leads to the sign-in page', async ({ page, expectErrors }) => {
  expectErrors(/401/);
  await signIn(page);
  await page.goto('/c/local/queues');
  await expect(page.getByRole('heading', { name: 'Queues' })).toBeVisible();
  await page.context().clearCookies();
  await expect(page).toHaveURL(/\/login\?next=%2Fc%2Flocal%2Fqueues/);
});

test('where a client comes from is seen, not believed', async ({ page }) => {
  const signInWith = async (headers: Record<string, string>) => {
    const data = { user: 'guest', password: 'guest' };
    return (await page.request.post('/console-api/session', { data, headers })).status();
  };
  expect(await signInWith({ 'x-warren-peer': '203.0.113.9' }), 'the socket comes from loopback').toBe(200);
  expect(await signInWith({ 'x-forwarded-for': '127.0.0.1' }), 'somebody speaks for another').toBe(401);
});

test('another site cannot act for the user', async ({ page }) => {
  await signIn(page);
  const purge = { vhost: '/', name: 'any' };
  const foreign = await page.request.post('/console-api/queue/purge', {
    data: purge,
    headers: { origin: 'http://elsewhere.example' },
  });
  expect(foreign.status()).toBe(403);
  expect(await foreign.json()).toMatchObject({ error: 'CROSS_SITE' });
});

test('a session elsewhere is seen and ended', async ({ page, browser, expectErrors }) => {
  expectErrors(/401/);
  await signIn(page);
  const elsewhere = await browser.newContext({ userAgent: 'A browser elsewhere' });
  const other = await elsewhere.newPage();
  await signIn(other);
  await page.goto('/');
  await page.getByRole('button', { name: 'Signed in as guest' }).click();
  await page.getByRole('menuitem', { name: 'Sessions' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'this one' })).toHaveCount(1);
  const row = page.getByRole('row').filter({ hasText: 'A browser elsewhere' });
  await expect(row).toContainText('127.0.0.1');
  await row.getByRole('button', { name: /^End the session of guest/ }).click();
  await expect(row.getByRole('button')).toBeDisabled();
  await page.mouse.move(5, 5);
  await expect(row).toHaveCount(0);
  expect((await other.request.get('/console-api/session')).status()).toBe(401);
  expect((await page.request.get('/console-api/session')).status()).toBe(200);
  await elsewhere.close();
});

test('the sessions of others are for administrators', async ({ page, browser }) => {
  const name = uniqueName('viewer');
  await signIn(page);
  const guests = (await (await page.request.get('/console-api/sessions?everybody=true')).json()).rows;
  const headers = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };
  await page.request.put(`/api/users/${name}`, { headers, data: { password: 'pw', tags: 'monitoring' } });
  const context = await browser.newContext();
  const session = await context.request.post('/console-api/session', { data: { user: name, password: 'pw' } });
  expect(session.status()).toBe(200);
  const { rows } = await (await context.request.get('/console-api/sessions?everybody=true')).json();
  expect(rows.map(({ user }: { user: string }) => user)).toEqual([name]);
  const ended = await context.request.delete('/console-api/sessions', { data: { id: guests[0].id } });
  expect(ended.status()).toBe(404);
  await context.close();
  await page.request.delete(`/api/users/${name}`, { headers });
});
