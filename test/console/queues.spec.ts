import { expect, pageOf, signIn, test, uniqueName } from './console-test.ts';

test.beforeEach(({ page }) => signIn(page));

test('filter and sort stand in the URL and survive a reload', async ({ page, amqp: channel }) => {
  const stem = uniqueName('sorted');
  for (const [suffix, count] of [
    ['a', 1],
    ['b', 3],
    ['c', 2],
  ] as const) {
    await channel.assertQueue(`${stem}-${suffix}`);
    for (let i = 0; i < count; i++) channel.sendToQueue(`${stem}-${suffix}`, Buffer.from('x'));
  }
  await page.goto('/c/local/queues');
  await page.keyboard.press('/');
  await page.keyboard.type(stem);
  await page.getByRole('button', { name: 'Ready', exact: true }).click();
  await expect(page).toHaveURL(/sort=ready&order=descending/);
  const names = page.getByRole('region', { name: 'Queues' }).getByRole('link');
  await expect(names).toHaveText([`${stem}-b`, `${stem}-c`, `${stem}-a`]);
  await page.reload();
  await expect(page.getByLabel('Filter by name')).toHaveValue(stem);
  await expect(names).toHaveText([`${stem}-b`, `${stem}-c`, `${stem}-a`]);

  await page.getByLabel('Filter by name').fill(`${stem}-none`);
  await expect(page.getByText('No queue matches')).toBeVisible();
  await page.getByRole('button', { name: 'Show all queues' }).click();
  await expect(page.getByText('No queue matches')).toBeHidden();
});

test('rows keep their places under the pointer, and change them when it leaves', async ({ page, amqp: channel }) => {
  const stem = uniqueName('steady');
  await channel.assertQueue(`${stem}-a`);
  await channel.assertQueue(`${stem}-b`);
  channel.sendToQueue(`${stem}-a`, Buffer.from('x'));
  await page.goto(`/c/local/queues?text=${stem}&sort=ready&order=descending`);
  const names = page.getByRole('region', { name: 'Queues' }).getByRole('link');
  await expect(names).toHaveText([`${stem}-a`, `${stem}-b`]);
  await names.first().hover();
  for (let i = 0; i < 5; i++) channel.sendToQueue(`${stem}-b`, Buffer.from('x'));
  await expect(page.getByRole('row', { name: new RegExp(`${stem}-b`) })).toContainText('5');
  await expect(names).toHaveText([`${stem}-a`, `${stem}-b`]);
  await page.mouse.move(5, 400);
  await expect(names).toHaveText([`${stem}-b`, `${stem}-a`]);
});

test('numbers follow without a reload, and stand still when paused', async ({ page, amqp: channel }) => {
  const name = uniqueName('live');
  await channel.assertQueue(name);
  await page.goto(`/c/local/queues?text=${name}`);
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row.getByRole('cell').nth(2)).toHaveText('0');
  channel.sendToQueue(name, Buffer.from('x'));
  await expect(row.getByRole('cell').nth(2)).toHaveText('1');
  await page.getByRole('radio', { name: 'Paused' }).click();
  channel.sendToQueue(name, Buffer.from('x'));
  await page.waitForTimeout(2500);
  await expect(row.getByRole('cell').nth(2)).toHaveText('1');
  await page.keyboard.press('r');
  await expect(row.getByRole('cell').nth(2)).toHaveText('2');
});

test('purging and deleting name the queue and what goes with it', async ({ page, amqp: channel }) => {
  const name = uniqueName('doomed');
  await channel.assertQueue(name);
  for (let i = 0; i < 3; i++) channel.sendToQueue(name, Buffer.from('x'));
  await page.goto(pageOf('queues', name));
  await page.getByRole('button', { name: 'Purge' }).click();
  await expect(page.getByRole('dialog', { name: `Purge ${name}?` })).toContainText('3 ready messages');
  await page.getByRole('button', { name: 'Purge 3 messages' }).click();
  await expect(page.getByText(`3 messages removed from ${name}.`)).toBeVisible();
  expect(await channel.checkQueue(name)).toMatchObject({ messageCount: 0 });

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete queue' }).click();
  await expect(page).toHaveURL(/\/queues$/);
  await expect(page.getByRole('link', { name, exact: true })).toBeHidden();
});

test('what is large must be confirmed by its name', async ({ page, amqp: channel }) => {
  const name = uniqueName('large');
  await channel.assertQueue(name);
  for (let i = 0; i < 1001; i++) channel.sendToQueue(name, Buffer.from('x'));
  await page.goto(pageOf('queues', name));
  await page.getByRole('button', { name: 'Purge' }).click();
  const verb = page.getByRole('button', { name: 'Purge 1,001 messages' });
  await expect(verb).toBeDisabled();
  await page.getByLabel(/to confirm/).fill(name);
  await verb.click();
  await expect(page.getByText(`1,001 messages removed from ${name}.`)).toBeVisible();
});

test('a name may hold anything', async ({ page, amqp: channel }) => {
  for (const stem of ['a/b über 100% ?#&', '%2F..%41', '日本 "quoted" ~x', "it's <b>"]) {
    const name = `${uniqueName('odd')} ${stem}`;
    await channel.assertQueue(name);
    channel.sendToQueue(name, Buffer.from('odd body'));
    await page.goto('/c/local/queues');
    await page.getByLabel('Filter by name').fill(name);
    // Rows move once the filter is applied: a click before that would meet another row.
    await expect(page.getByText(/^1 (of \d+ )?queues?$/)).toBeVisible();
    await page.getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
    await expect(page).toHaveTitle(`${name} · Warren`);
    await page.reload();
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
    await page.getByRole('tab', { name: /Messages/ }).click();
    await expect(page.getByRole('button', { name: /odd body/ })).toBeVisible();
    // A page that is still on the queue would ask for what is gone.
    await page.goto('/c/local/queues');
    await channel.deleteQueue(name);
  }
});

test('what is not there is not asked for over and over, and shows when it comes', async ({
  page,
  amqp: channel,
  expectErrors,
}) => {
  expectErrors(/404/);
  const name = uniqueName('later');
  let asked = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/console-api/c/local/queue') asked++;
  });
  await page.goto(pageOf('queues', name));
  await expect(page.getByText('There is no such queue')).toBeVisible();
  await page.waitForTimeout(6_000);
  expect(asked).toBeLessThan(4);
  await channel.assertQueue(name);
  await expect(page.getByText('There is no such queue')).toBeHidden({ timeout: 5_000 });
});

test('a queue that is not there says so in the words of the broker', async ({ page, expectErrors }) => {
  expectErrors(/404/);
  await page.goto(pageOf('queues', 'not-there'));
  await expect(page.getByText("no queue 'not-there' in vhost '/'")).toBeVisible();
});

test('a refusal is shown in the words of the broker', async ({ page, amqp: channel, expectErrors }) => {
  expectErrors(/409/);
  const name = uniqueName('unequal');
  await channel.assertQueue(name, { durable: true });
  await page.goto('/c/local/queues/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Max length (messages)').fill('10');
  await page.getByRole('button', { name: 'Declare queue' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'refused' })).toContainText('inequivalent arg');
});

test('a binding can be removed, and brought back at once', async ({ page, amqp: channel }) => {
  const name = uniqueName('bound');
  await channel.assertQueue(name);
  await channel.bindQueue(name, 'amq.topic', 'a.#');
  await page.goto(`${pageOf('queues', name)}?tab=bindings`);
  await page.getByRole('button', { name: /^Remove the binding from amq.topic/ }).click();
  await expect(page.getByText('0 new, 1 gone')).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(page.getByText('None. Messages come in through the default exchange')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('cell', { name: 'a.#', exact: true })).toBeVisible();
});

test('messages that contain a text are found, and the search stands in the URL', async ({ page, amqp: channel }) => {
  const name = uniqueName('searched');
  await channel.assertQueue(name);
  for (const city of ['Bern', 'Zürich', 'Basel']) channel.sendToQueue(name, Buffer.from(`from ${city}`));
  await page.goto(`${pageOf('queues', name)}?tab=messages`);
  await expect(page.getByRole('button', { name: /from Basel/ })).toBeVisible();
  await page.getByLabel('Containing text').fill('Zürich');
  await expect(page.getByText('1 match in 3 messages looked at of 3 ready.')).toBeVisible();
  await expect(page.getByRole('button', { name: /from Basel/ })).toBeHidden();
  await page.reload();
  await expect(page.getByRole('button', { name: /from Zürich/ })).toBeVisible();
  await page.getByLabel('Containing text').fill('Genf');
  await expect(page.getByText('No such message')).toBeVisible();
});

test('messages are found by routing key, header and cause of death', async ({ page, amqp: channel }) => {
  const [name, dead] = [uniqueName('filtered'), uniqueName('dead')];
  await channel.assertQueue(dead);
  await channel.assertQueue(name, { deadLetterExchange: '', deadLetterRoutingKey: dead });
  await channel.bindQueue(name, 'amq.topic', '#');
  for (const [key, tenant] of [
    ['order.paid', 'acme'],
    ['order.sent', 'globex'],
    ['invoice.paid', 'acme'],
  ] as const) {
    channel.publish('amq.topic', key, Buffer.from(`${key} of ${tenant}`), { headers: { tenant } });
  }
  await page.goto(`${pageOf('queues', name)}?tab=messages`);
  const shown = (text: string) => page.getByRole('button', { name: text });
  await expect(shown('invoice.paid of acme')).toBeVisible();
  await page.getByLabel('Routing key pattern').fill('order.*');
  await expect(page.getByText('2 matches in 3 messages looked at of 3 ready.')).toBeVisible();
  await page.getByLabel('Header', { exact: true }).fill('tenant');
  await page.getByLabel('Header value').fill('acme');
  await expect(page.getByText('1 match in 3 messages looked at of 3 ready.')).toBeVisible();
  await page.reload();
  await expect(shown('order.paid of acme')).toBeVisible();
  await expect(shown('order.sent of globex')).toHaveCount(0);
  const rejected = await channel.get(name);
  if (rejected !== false) channel.nack(rejected, false, false);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}&reason=rejected`);
  await expect(page.getByText('1 match in 1 message looked at of 1 ready.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Replay all found' })).toBeEnabled();
  await page.getByLabel('Cause of death').selectOption('expired');
  await expect(page.getByText('No such dead letter')).toBeVisible();
  await page.getByRole('button', { name: 'All messages' }).click();
  await expect(page.getByRole('button', { name: 'Replay all', exact: true })).toBeEnabled();
});

test('a policy that holds is named on its queue, with what it says', async ({ page, amqp: channel }) => {
  const name = uniqueName('governed');
  await channel.assertQueue(name);
  const headers = { authorization: `Basic ${btoa('guest:guest')}` };
  const data = { pattern: `^${name}$`, definition: { 'max-length': 7 }, 'apply-to': 'queues' };
  const policy = `/api/policies/%2F/${name}`;
  expect((await page.request.put(policy, { headers, data })).status()).toBe(201);
  await page.goto(pageOf('queues', name));
  await expect(page.getByText('max-length: 7')).toBeVisible();
  await expect(page.getByText('Pol', { exact: true })).toBeVisible();
  await page.goto('/');
  await expect(page.getByText(/changed policy/).first()).toBeVisible();
  await page.request.delete(policy, { headers });
});

test('a queue is paused and resumed from its page, says so, and is a problem while messages wait', async ({
  page,
  amqp: channel,
}) => {
  const name = uniqueName('halted');
  await channel.assertQueue(name);
  const got: string[] = [];
  await channel.consume(name, (message) => got.push(String(message?.content)), { noAck: true });
  await page.goto(pageOf('queues', name));
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText(`${name} is paused: it takes messages and gives none.`)).toBeVisible();
  channel.sendToQueue(name, Buffer.from('held'));
  const ready = page.getByLabel('Now').getByText('1', { exact: true }).first();
  await expect(ready).toBeVisible();
  await expect(page.getByText('Paused: consumers and gets')).toBeAttached();
  await page.goto('/');
  await expect(page.getByText(`${name} is paused`).first()).toBeVisible();
  expect(got).toEqual([]);

  await page.goto(pageOf('queues', name));
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await expect.poll(() => got).toEqual(['held']);
  await page.goto('/audit');
  await expect(
    page
      .getByText(new RegExp(`paused queue ${name}`))
      .or(page.getByText('paused queue'))
      .first(),
  ).toBeVisible();
});
