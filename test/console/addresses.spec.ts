import { expect, signIn, test, uniqueName } from './console-test.ts';

test.beforeEach(({ page, expectErrors }) => {
  expectErrors(/40[034]/);
  return signIn(page);
});

const missing = uniqueName('missing');

for (const [path, said] of [
  [`/c/local/queues/%2F/${missing}`, 'There is no such queue'],
  [`/c/local/exchanges/%2F/${missing}`, 'There is no such exchange'],
  [`/c/local/dead-letters?in=%2F&queue=${missing}`, `There is no queue ${missing}`],
  [`/c/local/dead-letters?queue=${missing}`, `Which queue ${missing}?`],
  [`/c/local/queues?vhost=${missing}`, `There is no vhost ${missing}`],
  [`/c/local/exchanges?vhost=${missing}`, `There is no vhost ${missing}`],
  [`/c/local/dead-letters?vhost=${missing}`, `There is no vhost ${missing}`],
  [`/c/local?vhost=${missing}`, `There is no vhost ${missing}`],
] as const) {
  test(`an address with a name that is not there says so: ${path.replace(missing, 'NAME')}`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByText(said).first()).toBeVisible();
    await expect(page.getByRole('button', { name: /^Replay/ })).toHaveCount(0);
  });
}

for (const [path, label, shown] of [
  [`/c/local/queues/new?vhost=${missing}`, 'Vhost', missing],
  [`/c/local/exchanges/new?vhost=${missing}`, 'Vhost', missing],
  [`/c/local/publish?in=${missing}&exchange=${missing}`, 'Vhost', missing],
  [`/c/local/publish?in=%2F&exchange=${missing}`, 'Exchange', missing],
] as const) {
  test(`a form shows the name that its address has, not another: ${path.replaceAll(missing, 'NAME')}`, async ({
    page,
  }) => {
    await page.goto(path);
    await expect(page.getByRole('main').getByLabel(label, { exact: true })).toHaveValue(shown);
  });
}

for (const [path, now] of [
  ['/', '/c/local'],
  ['/?vhost=%2F', '/c/local?vhost=%2F'],
  ['/queues?text=a&sort=ready', '/c/local/queues?text=a&sort=ready'],
  ['/queues/new', '/c/local/queues/new'],
  [`/queues/%2F/${missing}%20a%2Fb?tab=messages`, `/c/local/queues/%2F/${missing}%20a%2Fb?tab=messages`],
  ['/exchanges/%2F/amq.topic', '/c/local/exchanges/%2F/amq.topic'],
  ['/exchanges/~2E~2E/~', '/c/local/exchanges/~2E~2E/~'],
  [`/publish?in=%2F&key=${missing}`, `/c/local/publish?in=%2F&key=${missing}`],
  ['/dead-letters', '/c/local/dead-letters'],
] as const) {
  test(`an address from before clusters leads to the local one: ${path.replaceAll(missing, 'NAME')}`, async ({
    page,
  }) => {
    await page.goto(path);
    const { pathname, search } = new URL(page.url());
    expect(pathname + search).toBe(now);
  });
}

test('an address of a cluster that is not there says so', async ({ page }) => {
  for (const path of ['/c/nowhere', '/c/nowhere/queues/%2F/q']) {
    expect((await page.goto(path))?.status()).toBe(404);
    await expect(page.getByText('There is no such cluster')).toBeVisible();
    await expect(page).toHaveTitle(/^No such cluster/);
  }
  await page.getByRole('link', { name: 'The local cluster' }).click();
  await expect(page).toHaveURL(/\/c\/local$/);
});
