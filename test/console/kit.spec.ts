/** What every page is built with: long lists, columns, drawers, forms that are left and come back. */
import { expect, makeUser, pageOf, signIn, test, uniqueName } from './console-test.ts';

test.beforeEach(({ page }) => signIn(page));

test('of a long list the rows in view are in the page, down to the last', async ({ page, amqp }) => {
  const stem = uniqueName('long');
  const names = Array.from({ length: 90 }, (_, i) => `${stem}-${String(i).padStart(2, '0')}`);
  for (const name of names) await amqp.assertQueue(name, { durable: false });
  await page.goto(`/c/local/queues?text=${stem}`);
  const table = page.getByRole('region', { name: 'Queues' });
  await expect(table.getByRole('link', { name: names[0] as string })).toBeVisible();
  await expect(table.getByRole('table')).toHaveAttribute('aria-rowcount', '91');
  await expect(table.getByRole('link', { name: names.at(-1) as string })).toHaveCount(0);
  expect(await table.getByRole('link').count()).toBeLessThan(90);

  await page.locator('main').evaluate((main) => main.scrollTo(0, main.scrollHeight));
  const last = table.getByRole('link', { name: names.at(-1) as string });
  await expect(last).toBeInViewport();
  // Its row stands where it would among all of them.
  const gap = await last.evaluate((link) => {
    const [row, head] = [link.closest('tr'), link.closest('table')?.querySelector('thead')];
    return (row?.getBoundingClientRect().bottom ?? 0) - (head?.getBoundingClientRect().bottom ?? 0);
  });
  expect(Math.abs(gap - 90 * 32)).toBeLessThan(90);

  await table.getByRole('link').first().focus();
  for (let i = 0; i < 30; i++) await page.keyboard.press('Shift+Tab');
  await expect(page.locator(':focus')).toHaveText(new RegExp(`^${stem}-\\d\\d$`));
  for (const name of names) await amqp.deleteQueue(name);
});

test('a page past the end of a list says so and leads back; another vhost begins at its first page', async ({
  page,
  amqp,
}) => {
  const name = uniqueName('last');
  const vhost = uniqueName('elsewhere');
  const headers = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };
  await amqp.assertQueue(name);
  await page.goto(`/c/local/queues?text=${name}&offset=100`);
  await expect(page.getByText('Nothing on this page any more')).toBeVisible();
  await expect(page.getByText('none of 1 queue')).toBeVisible();
  await page.getByRole('button', { name: 'First page' }).click();
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
  expect(new URL(page.url()).search).toBe(`?text=${name}`);

  await page.request.put(`/api/vhosts/${vhost}`, { headers });
  await page.goto(`/c/local/queues?text=${name}&offset=100`);
  await page.getByLabel('Vhost', { exact: true }).selectOption('/');
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
  await page.goto('about:blank');
  await page.request.delete(`/api/vhosts/${vhost}`, { headers });
});

test('the columns of a list are chosen, and stand in the URL', async ({ page, amqp }) => {
  const name = uniqueName('columns');
  await amqp.assertQueue(name);
  await page.goto(`/c/local/queues?text=${name}`);
  const header = page.getByRole('columnheader', { name: 'Unacked' });
  await expect(header).toBeVisible();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Unacked' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Features' }).click();
  await page.keyboard.press('Escape');
  await expect(header).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Columns, 2 hidden' })).toBeVisible();
  expect(new URL(page.url()).searchParams.get('hide')).toBe('unacked,features');
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Ready' })).toBeVisible();
  await expect(header).toHaveCount(0);
});

test('a narrow list shows what matters most without a sideways scroll', async ({ page, amqp }) => {
  const name = uniqueName('narrow');
  await amqp.assertQueue(name);
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [path, list, headers] of [
    [`/c/local/queues?text=${name}`, 'Queues', ['Name', 'Ready', 'Consumers']],
    ['/c/local/exchanges', 'Exchanges', ['Name', 'In/s']],
    ['/audit', 'Audit, newest first', ['User', 'What']],
  ] as const) {
    await page.goto(path);
    const table = page.getByRole('region', { name: list });
    await expect(table.getByRole('columnheader')).toHaveText([...headers]);
    expect(await table.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  }
});

test('a list that grows a little keeps its rows, and the focus in them', async ({ page, amqp }) => {
  const stem = uniqueName('grows');
  const names = Array.from({ length: 62 }, (_, i) => `${stem}-${String(i).padStart(2, '0')}`);
  for (const name of names.slice(0, 58)) await amqp.assertQueue(name, { durable: false });
  await page.goto(`/c/local/queues?text=${stem}`);
  await page.getByRole('link', { name: names[3] as string }).focus();
  for (const name of names.slice(58)) await amqp.assertQueue(name, { durable: false });
  await expect(page.getByRole('link', { name: names[61] as string })).toBeVisible();
  await expect(page.getByRole('link', { name: names[3] as string })).toBeFocused();
  for (const name of names) await amqp.deleteQueue(name);
});

test('a drawer goes on to the next and back, stands in the URL, and keeps its place', async ({ page, amqp }) => {
  const name = uniqueName('opened');
  await amqp.assertQueue(name);
  for (const body of ['one', 'two', 'three']) amqp.sendToQueue(name, Buffer.from(body));
  await page.goto(`${pageOf('queues', name)}?tab=messages`);
  await page.getByRole('button', { name: 'Open the message: one' }).click();
  const drawer = page.getByRole('dialog', { name: 'Message' });
  await expect(drawer).toContainText('one');
  await drawer.getByRole('button', { name: 'Next message' }).click();
  await expect(drawer).toContainText('two');
  await page.keyboard.press('k');
  await expect(drawer).toContainText('one');
  // With a modifier the key is the browser's.
  await page.keyboard.press('Alt+j');
  await expect(drawer.getByRole('button', { name: 'Previous message' })).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('j');
  await expect(drawer).toContainText('two');
  await page.reload();
  await expect(drawer).toContainText('two');
  // The first two are taken: what is next now is the third.
  await expect(
    page.getByRole('region', { name: 'Ready messages', includeHidden: true }).locator('tbody tr'),
  ).toHaveCount(3);
  for (let i = 0; i < 2; i++) await amqp.get(name, { noAck: true });
  await expect(
    page.getByRole('region', { name: 'Ready messages', includeHidden: true }).locator('tbody tr'),
  ).toHaveCount(1);
  await page.keyboard.press('j');
  await expect(drawer).toContainText('three');
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  expect(new URL(page.url()).searchParams.has('opened')).toBe(false);
});

test('what is typed into a form survives a reload, until it is sent or given up', async ({ page, amqp }) => {
  const name = uniqueName('begun');
  await page.goto('/c/local/queues/new');
  await expect(page.getByRole('button', { name: 'Declare queue' })).toBeEnabled();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Message TTL (ms)').fill('soon');
  await expect(page.getByText('Write a whole number.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Declare queue' })).toBeDisabled();
  await page.reload();
  await expect(page.getByText('As you left it.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(name);
  await expect(page.getByText('Write a whole number.')).toBeVisible();

  await page.getByRole('button', { name: 'Start anew' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('');
  await expect(page.getByLabel('Message TTL (ms)')).toHaveValue('');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Declare queue' }).click();
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
  expect(await amqp.checkQueue(name)).toMatchObject({ queue: name });
  await page.goto('/c/local/queues/new');
  await expect(page.getByRole('button', { name: 'Declare queue' })).toBeEnabled();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('');

  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible();
  await page.goto('/c/local/queues/new');
  await expect(page.getByRole('button', { name: 'Declare queue' })).toBeEnabled();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('');

  await page.goto('/c/local/publish');
  await page.getByLabel('Body', { exact: true }).fill('{"kept": true}');
  await page.goto('/c/local/queues');
  await page.goto('/c/local/publish');
  await expect(page.getByLabel('Body', { exact: true })).toHaveValue('{"kept": true}');
});

test('a message is begun anew with its address', async ({ page }) => {
  await page.goto('/c/local/publish?exchange=amq.topic&key=order.new');
  await page.getByLabel('Body', { exact: true }).fill('{"kept": true}');
  await page.getByLabel('Routing key').fill('order.old');
  await page.reload();
  await page.getByRole('button', { name: 'Start anew' }).click();
  await expect(page.getByLabel('Body', { exact: true })).toHaveValue(/hello/);
  await expect(page.getByLabel('Exchange')).toHaveValue('');
  await expect(page.getByLabel('Routing key')).toHaveValue('');
  expect(new URL(page.url()).search).toBe('');
});

for (const [form, path, field] of [
  ['a queue', '/c/local/queues/new', 'Name'],
  ['an exchange', '/c/local/exchanges/new', 'Name'],
  ['a message', '/c/local/publish', 'Body'],
] as const)
  test(`the form of ${form} takes nothing before its scripts are there, which would lose it`, async ({ page }) => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/*.js*', async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(path, { waitUntil: 'commit' });
    const input = page.getByLabel(field, { exact: true });
    await expect(input).toBeDisabled();
    release();
    await input.fill('typed');
    await expect(input).toHaveValue('typed');
  });

test('what one user began is not shown to the next who signs in in the tab', async ({ page, expectErrors }) => {
  expectErrors(/401/);
  const name = uniqueName('next');
  const removeUser = await makeUser(page, name);
  const body = page.getByLabel('Body', { exact: true });
  await page.goto('/c/local/publish');
  await body.fill('{"secret": true}');
  await page.reload();
  await expect(body).toHaveValue('{"secret": true}');

  // The page is made anew by itself.
  await page.request.post('/console-api/session', { data: { user: name, password: 'pw' } });
  await expect(page.getByRole('button', { name: `Signed in as ${name}` })).toBeVisible();
  await expect(body).toBeEnabled();
  await expect(body).toHaveValue(/hello/);
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('secret');
  await removeUser();
});
