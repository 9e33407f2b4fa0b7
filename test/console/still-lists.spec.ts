/** Lists that change all the time hold still while somebody is in them, and are up to date as soon as nobody is. */
import type { Locator, Page } from '@playwright/test';
import type { Channel } from 'amqplib';
import { expect, makeUser, pageOf, signIn, test, uniqueName } from './console-test.ts';

test.beforeEach(({ page }) => signIn(page));

const FULL = 50;

/** A queue that keeps its newest 50 messages while others come in. `stop` ends that and returns the last body. */
async function steadyInflow(channel: Channel): Promise<{ queue: string; stop: () => string }> {
  const queue = uniqueName('full');
  await channel.assertQueue(queue, { maxLength: FULL });
  let count = 0;
  const publish = () => {
    for (let i = 0; i < 10; i++) channel.sendToQueue(queue, Buffer.from(`message ${++count}`));
  };
  for (let i = 0; i < FULL / 10; i++) publish();
  const timer = setInterval(publish, 100);
  const stop = () => {
    clearInterval(timer);
    return `message ${count}`;
  };
  return { queue, stop };
}

const rowsOf = (page: Page, label: string): Locator => page.getByRole('region', { name: label }).locator('tbody tr');
const note = (page: Page): Locator => page.getByText(/^\d+ new, \d+ gone$/);
const gone = (rows: Locator): Locator => rows.and(rows.page().locator('[aria-disabled="true"]'));

/** Long enough for a few answers of the broker. */
async function wait(page: Page, rows: Locator): Promise<void> {
  const before = Date.now();
  while (Date.now() - before < 4_000) {
    expect(await rows.count()).toBeGreaterThanOrEqual(FULL);
    await page.waitForTimeout(200);
  }
}

test('messages of a full queue with steady inflow stay under the pointer, and never fewer than there are', async ({
  page,
  amqp,
}) => {
  const { queue, stop } = await steadyInflow(amqp);
  await page.goto(`${pageOf('queues', queue)}?tab=messages`);
  const rows = rowsOf(page, 'Ready messages');
  await expect(rows).toHaveCount(FULL);
  await rows.nth(5).hover();
  await expect(note(page)).toBeVisible();
  const texts = await rows.getByRole('button').allTextContents();
  await wait(page, rows);
  expect(await rows.getByRole('button').allTextContents()).toEqual(texts);
  await expect(note(page)).toHaveText('50 new, 50 gone');
  await expect(gone(rows)).toHaveCount(FULL);
  await expect(rows.nth(5)).toHaveAttribute('title', 'It is no longer in this list');
  await expect(rows.nth(5).getByRole('button')).toBeDisabled();
  await rows.nth(5).click({ force: true });
  await rows.nth(5).getByRole('button').dispatchEvent('click');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.screenshot({ path: 'test-results/pages/still-messages.png' });

  await page.getByRole('button', { name: 'Bring up to date' }).click();
  await expect(rows.getByRole('button').first()).not.toHaveText(texts[0] as string);
  await expect(rows).toHaveCount(FULL);

  await page.mouse.move(5, 5);
  await expect(note(page)).toHaveCount(0);
  await expect(gone(rows)).toHaveCount(0);
  await expect(rows).toHaveCount(FULL);
  const newest = stop();
  await expect(rows.last().getByRole('button')).toHaveText(newest);
  await rows.last().getByRole('button').click();
  await expect(page.getByRole('dialog', { name: 'Message' })).toContainText(newest);
});

test('a list holds still around the focus of the keyboard, which it keeps', async ({ page, amqp }) => {
  const { queue, stop } = await steadyInflow(amqp);
  await page.goto(`${pageOf('queues', queue)}?tab=messages`);
  const rows = rowsOf(page, 'Ready messages');
  await expect(rows).toHaveCount(FULL);
  await page.getByRole('region', { name: 'Ready messages' }).focus();
  await page.keyboard.press('Tab');
  const focused = page.locator(':focus');
  const text = (await focused.textContent()) as string;
  expect(text).toMatch(/^message \d+$/);
  await wait(page, rows);
  await expect(focused).toHaveText(text);
  await expect(focused).toBeDisabled();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('button', { name: 'Bring up to date' }).focus();
  await page.keyboard.press('Enter');
  await expect(rows.getByRole('button').first()).not.toHaveText(text);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(focused).toHaveText(/^message \d+$/);

  await page.getByRole('tab', { name: /Messages/ }).focus();
  await expect(note(page)).toHaveCount(0);
  stop();
});

test('what is scrolled away is let go, though the focus stays in it', async ({ page, amqp }) => {
  const name = uniqueName('far');
  await amqp.assertQueue(name);
  await amqp.bindQueue(name, 'amq.topic', 'a');
  await page.setViewportSize({ width: 1000, height: 300 });
  await page.goto(`${pageOf('queues', name)}?tab=bindings`);
  const rows = rowsOf(page, 'Bindings into this queue');
  await expect(rows).toHaveCount(1);
  await page.getByRole('region', { name: 'Bindings into this queue' }).focus();
  await page.keyboard.press('Tab');
  await amqp.unbindQueue(name, 'amq.topic', 'a');
  await expect(gone(rows)).toHaveCount(1);
  await expect(note(page)).toHaveText('0 new, 1 gone');
  await page.evaluate(() => {
    const main = document.getElementById('content') as HTMLElement;
    (main.firstElementChild as HTMLElement).style.paddingBottom = '2000px';
    main.scrollTo(0, 1500);
  });
  await expect(rows).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a touch in the list holds it, a touch elsewhere lets go', async ({ page, amqp }) => {
    const { queue, stop } = await steadyInflow(amqp);
    await page.goto(`${pageOf('queues', queue)}?tab=messages`);
    const rows = rowsOf(page, 'Ready messages');
    await expect(rows).toHaveCount(FULL);
    await page.getByRole('columnheader', { name: 'Body' }).tap();
    await wait(page, rows);
    await expect(note(page)).toHaveText('50 new, 50 gone');
    await expect(note(page)).toBeInViewport();
    await page.screenshot({ path: 'test-results/pages/still-messages-narrow.png' });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond).toBeLessThanOrEqual(0);
    await page.getByRole('heading', { name: 'Ready messages' }).tap();
    await expect(note(page)).toHaveCount(0);
    await expect(gone(rows)).toHaveCount(0);

    await page.getByRole('columnheader', { name: 'Body' }).tap();
    await expect(note(page)).toBeVisible();
    await page.getByRole('button', { name: 'Bring up to date' }).tap();
    await expect(note(page)).toHaveCount(0);
    stop();
  });
});

test('a list that is emptied stays as it was, and says that it is empty when nobody is in it', async ({
  page,
  amqp,
}) => {
  const name = uniqueName('emptied');
  await amqp.assertQueue(name);
  for (const body of ['a', 'b', 'c']) amqp.sendToQueue(name, Buffer.from(body));
  await page.goto(`${pageOf('queues', name)}?tab=messages`);
  const rows = rowsOf(page, 'Ready messages');
  await expect(rows).toHaveCount(3);
  await rows.nth(1).hover();
  await amqp.purgeQueue(name);
  await expect(gone(rows)).toHaveCount(3);
  await expect(note(page)).toHaveText('0 new, 3 gone');
  await page.mouse.move(5, 5);
  await expect(page.getByText('No message is ready')).toBeVisible();

  await page.getByText('No message is ready').hover();
  amqp.sendToQueue(name, Buffer.from('d'));
  await expect(rows).toHaveCount(1);
});

test('every list keeps what goes and waits with what comes, and shows both when it is left', async ({ page, amqp }) => {
  const [queue, other, exchange] = [uniqueName('kept'), uniqueName('kept'), uniqueName('kept')];
  const text = queue.slice(0, queue.lastIndexOf('.'));
  await amqp.assertQueue(queue);
  const bind = (key: string) => amqp.bindQueue(queue, 'amq.topic', key);
  const unbind = (key: string) => amqp.unbindQueue(queue, 'amq.topic', key);
  const take = (consumerTag: string) => amqp.consume(queue, () => {}, { consumerTag });
  // The sessions of one's own are few: those of guest are more than a page has rows for.
  const user = uniqueName('keeper');
  const removeUser = await makeUser(page, user);
  const session = () => page.request.post('/console-api/session', { data: { user, password: 'pw' } });
  const end = async () => {
    const { rows } = await (await page.request.get('/console-api/sessions')).json();
    const last = rows.find(({ userAgent }: { userAgent: string }) => userAgent === 'one that ends');
    expect((await page.request.delete('/console-api/sessions', { data: { id: last.id } })).status()).toBe(200);
  };
  const elsewhere = await page.context().browser()?.newContext({ userAgent: 'one that ends' });
  const lists = [
    {
      path: `/c/local/queues?text=${text}`,
      label: 'Queues',
      come: () => amqp.assertQueue(other),
      go: () => amqp.deleteQueue(other),
    },
    {
      path: `/c/local/exchanges?text=${text}`,
      label: 'Exchanges',
      come: () => amqp.assertExchange(exchange, 'fanout'),
      go: () => amqp.deleteExchange(exchange),
    },
    {
      path: `${pageOf('queues', queue)}?tab=bindings`,
      label: 'Bindings into this queue',
      come: () => bind('b'),
      go: () => unbind('b'),
    },
    {
      path: pageOf('exchanges', 'amq.topic'),
      label: 'Bindings from this exchange',
      come: () => bind('b'),
      go: () => unbind('b'),
    },
    {
      path: `${pageOf('queues', queue)}?tab=consumers`,
      label: 'Consumers',
      come: () => take(`${queue}-b`),
      go: () => amqp.cancel(`${queue}-b`),
    },
    {
      path: '/sessions',
      label: 'Sessions',
      come: () => elsewhere?.request.post('/console-api/session', { data: { user, password: 'pw' } }),
      go: end,
    },
  ];
  await amqp.assertExchange(`${text}.always`, 'fanout');
  await bind('a');
  await take(`${queue}-a`);
  expect((await session()).status()).toBe(200);
  for (const { path, label, come, go } of lists) {
    await test.step(label, async () => {
      await come();
      await page.goto(path);
      const rows = rowsOf(page, label);
      await expect.poll(() => rows.count()).toBeGreaterThan(1);
      const count = await rows.count();
      await rows.last().hover();
      await go();
      await expect(note(page)).toHaveText('0 new, 1 gone', { timeout: 8_000 });
      await expect(gone(rows)).toHaveCount(1);
      await expect(rows).toHaveCount(count);
      await page.mouse.move(5, 5);
      await expect(rows).toHaveCount(count - 1);
      await rows.last().hover();
      await come();
      await expect(note(page)).toHaveText('1 new, 0 gone', { timeout: 8_000 });
      await page.mouse.move(5, 5);
      await expect(note(page)).toHaveCount(0);
      await expect(rows).toHaveCount(count);
      await go();
    });
  }
  await elsewhere?.close();
  await removeUser();
});

test('a dead letter that has gone is not chosen any more, and "all" means those that are there', async ({
  page,
  amqp,
}) => {
  const [dead, work] = [uniqueName('gone-dead'), uniqueName('gone-work')];
  await amqp.assertQueue(dead);
  await amqp.assertQueue(work, { deadLetterExchange: '', deadLetterRoutingKey: dead });
  for (const body of ['one', 'two', 'three']) {
    amqp.sendToQueue(work, Buffer.from(body));
    await expect(async () => {
      const message = await amqp.get(work);
      if (message === false) throw new Error(`nothing in ${work}`);
      amqp.nack(message, false, false);
    }).toPass();
  }
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  const rows = rowsOf(page, 'Dead letters').filter({ hasText: 'Replay' });
  await expect(rows).toHaveCount(3);
  await rows.nth(0).getByRole('checkbox').check();
  await rows.nth(2).getByRole('checkbox').check();
  await expect(page.getByRole('button', { name: 'Replay selected (2)' })).toBeEnabled();
  await rows.nth(1).hover();
  await amqp.get(dead, { noAck: true });
  await expect(gone(rows)).toHaveCount(1);
  await expect(rows.nth(0).getByRole('button', { name: 'Replay' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Replay selected (1)' })).toBeEnabled();
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await expect(page.getByRole('button', { name: 'Replay selected (2)' })).toBeEnabled();
});

test('problems and acts hold still too', async ({ page, amqp }) => {
  const names = ['a', 'b'].map((end) => uniqueName(`unread-${end}`));
  for (const name of names) {
    await amqp.assertQueue(name);
    amqp.sendToQueue(name, Buffer.from('x'));
  }
  await page.goto('/');
  const problems = page.getByRole('list', { name: 'Problems' }).getByRole('listitem');
  await expect(problems.first()).toBeVisible();
  const titles = await problems.locator('p').allTextContents();
  await problems.first().hover();
  for (const name of names) await amqp.deleteQueue(name);
  await page.waitForTimeout(5_000);
  expect((await problems.locator('p').allTextContents()).length).toBeGreaterThanOrEqual(titles.length);
  await page.mouse.move(5, 5);

  const acts = page.getByRole('list', { name: /^Recent activity/ });
  await acts.getByRole('listitem').first().hover();
  const first = await acts.getByRole('listitem').first().locator('p').textContent();
  const name = uniqueName('declared');
  const data = { vhost: '/', name, durable: true, autoDelete: false, arguments: [] };
  expect((await page.request.post('/console-api/queue', { data })).status()).toBe(200);
  await expect(note(page)).toHaveText(/^1 new, [01] gone$/, { timeout: 10_000 });
  expect(await acts.getByRole('listitem').first().locator('p').textContent()).toBe(first);
  await page.mouse.move(5, 5);
  await expect(acts.getByRole('listitem').first()).toContainText(name);
});
