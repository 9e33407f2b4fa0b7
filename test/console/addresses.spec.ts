import { expect, signIn, test, uniqueName } from './console-test.ts';

test.beforeEach(({ page, expectErrors }) => {
  expectErrors(/40[034]/);
  return signIn(page);
});

const missing = uniqueName('missing');

for (const [path, said] of [
  [`/queues/%2F/${missing}`, 'There is no such queue'],
  [`/exchanges/%2F/${missing}`, 'There is no such exchange'],
  [`/dead-letters?in=%2F&queue=${missing}`, `There is no queue ${missing}`],
  [`/dead-letters?queue=${missing}`, `Which queue ${missing}?`],
  [`/queues?vhost=${missing}`, `There is no vhost ${missing}`],
  [`/exchanges?vhost=${missing}`, `There is no vhost ${missing}`],
  [`/dead-letters?vhost=${missing}`, `There is no vhost ${missing}`],
  [`/?vhost=${missing}`, `There is no vhost ${missing}`],
] as const) {
  test(`an address with a name that is not there says so: ${path.replace(missing, 'NAME')}`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByText(said).first()).toBeVisible();
    await expect(page.getByRole('button', { name: /^Replay/ })).toHaveCount(0);
  });
}

for (const [path, label, shown] of [
  [`/queues/new?vhost=${missing}`, 'Vhost', missing],
  [`/exchanges/new?vhost=${missing}`, 'Vhost', missing],
  [`/publish?in=${missing}&exchange=${missing}`, 'Vhost', missing],
  [`/publish?in=%2F&exchange=${missing}`, 'Exchange', missing],
] as const) {
  test(`a form shows the name that its address has, not another: ${path.replaceAll(missing, 'NAME')}`, async ({
    page,
  }) => {
    await page.goto(path);
    await expect(page.getByRole('main').getByLabel(label, { exact: true })).toHaveValue(shown);
  });
}
