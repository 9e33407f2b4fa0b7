import type { Page } from '@playwright/test';
import type { Channel } from 'amqplib';
import { expect, signIn, test, uniqueName } from './console-test.ts';

test.beforeEach(({ page }) => signIn(page));

/** A work queue whose dead letters land in another, and dead letters in it. */
async function deadLetters(channel: Channel, bodies: readonly string[]): Promise<{ work: string; dead: string }> {
  const [work, dead] = [uniqueName('work'), uniqueName('work-dead')];
  await channel.assertQueue(dead);
  await channel.assertQueue(work, { deadLetterExchange: '', deadLetterRoutingKey: dead });
  for (const body of bodies) channel.sendToQueue(work, Buffer.from(body));
  for (let i = 0; i < bodies.length; i++) await reject(channel, work);
  return { work, dead };
}

async function reject(channel: Channel, queue: string): Promise<void> {
  const message = await channel.get(queue);
  if (message === false) throw new Error(`nothing in ${queue}`);
  channel.nack(message, false, false);
}

const count = async (channel: Channel, queue: string) => (await channel.checkQueue(queue)).messageCount;

test('a selection goes back, the rest stays', async ({ page, amqp: channel }) => {
  const { work, dead } = await deadLetters(channel, ['one', 'two', 'three']);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  await page.getByRole('row', { name: /one/ }).getByRole('checkbox').check();
  await page.getByRole('row', { name: /three/ }).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Replay selected (2)' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(work);
  await dialog.getByRole('button', { name: 'Replay 2 messages' }).click();
  await expect(dialog).toContainText(`2 messages to ${work}`);
  expect([await count(channel, work), await count(channel, dead)]).toEqual([2, 1]);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('row', { name: /two/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /one/ })).toBeHidden();
});

test('all go back; what has no record stays and the reason is told', async ({ page, amqp: channel }) => {
  const { work, dead } = await deadLetters(channel, ['one', 'two']);
  channel.sendToQueue(dead, Buffer.from('never died'));
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  await expect(page.getByRole('row', { name: /never died/ })).toContainText('needs a target');
  await page.getByRole('button', { name: 'Replay all' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('listitem').filter({ hasText: `to ${work}` })).toContainText('2');
  await expect(dialog).toContainText('left here: Needs a target. The broker has no record that it died');
  await dialog.getByRole('button', { name: 'Replay 2 messages' }).click();
  await expect(dialog).toContainText(`2 messages to ${work}`);
  await expect(dialog).toContainText('1 message left here: Needs a target.');
  expect([await count(channel, work), await count(channel, dead)]).toEqual([2, 1]);
});

test('a chosen target takes what needs one; a target that is not there moves nothing', async ({
  page,
  amqp: channel,
}) => {
  const { dead } = await deadLetters(channel, ['one']);
  channel.sendToQueue(dead, Buffer.from('never died'));
  const target = uniqueName('elsewhere');
  await channel.assertQueue(target);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  await page.getByRole('button', { name: 'Replay all' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Send to another queue instead').fill('not-there');
  await expect(dialog.getByRole('alert')).toContainText("No queue 'not-there' in vhost '/'");
  await expect(dialog.getByRole('button', { name: 'Replay 0 messages' })).toBeDisabled();
  await dialog.getByLabel('Send to another queue instead').fill(target);
  await dialog.getByRole('button', { name: 'Replay 2 messages' }).click();
  await expect(dialog).toContainText(`2 messages to ${target}`);
  expect(await count(channel, target)).toBe(2);
});

test('the dialog counts the whole queue, not the page, and the button says how many would move', async ({
  page,
  amqp: channel,
}) => {
  const work = uniqueName('work');
  const dead = uniqueName('work-dead');
  await channel.assertQueue(dead);
  await channel.assertQueue(work, { deadLetterExchange: '', deadLetterRoutingKey: dead });
  // More than a page of those that would stay lie before those that would move.
  for (let i = 0; i < 70; i++) channel.sendToQueue(dead, Buffer.from(`stays ${i}`));
  await channel.checkQueue(dead);
  for (let i = 0; i < 12; i++) channel.sendToQueue(work, Buffer.from(i < 5 ? `moves, blue ${i}` : `moves ${i}`));
  for (let i = 0; i < 12; i++) await reject(channel, work);
  await expect.poll(() => count(channel, dead)).toBe(82);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Replay all' }).click();
  await expect(dialog.getByRole('listitem').filter({ hasText: `to ${work}` })).toContainText('12');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'left here' })).toContainText('70');
  await expect(dialog.getByRole('button', { name: 'Replay 12 messages' })).toBeEnabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  // All of a page: every one of these would stay.
  await page.getByLabel('Select all on this page').check();
  await page.getByRole('button', { name: /^Replay selected \(\d+\)$/ }).click();
  await expect(dialog.getByRole('button', { name: 'Replay 0 messages' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  // A search narrows what all means.
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}&containing=blue`);
  await page.getByRole('button', { name: 'Replay all found' }).click();
  await dialog.getByRole('button', { name: 'Replay 5 messages' }).click();
  await expect(dialog).toContainText(`5 messages to ${work}`);
  expect([await count(channel, work), await count(channel, dead)]).toEqual([5, 77]);
});

test('headers are hints: shown as such, and followed only when somebody chooses', async ({ page, amqp: channel }) => {
  const { work, dead } = await deadLetters(channel, []);
  const forged = [{ queue: work, reason: 'rejected', exchange: 'x', 'routing-keys': ['k'], count: 1 }];
  channel.sendToQueue(dead, Buffer.from('forged'), { headers: { 'x-death': forged } });
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  const row = page.getByRole('row', { name: /forged/ });
  await expect(row).toContainText('not recorded');
  await row.getByRole('button', { name: /Open the message/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Deaths that only its headers tell of');
  await expect(dialog).toContainText(`Its header x-death says '${work}', but anybody can write headers`);
  await dialog.getByRole('button', { name: 'Replay this message' }).click();
  await expect(dialog.getByRole('button', { name: 'Replay 0 messages' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Choose it' }).click();
  await dialog.getByRole('button', { name: 'Replay 1 message' }).click();
  await expect(dialog).toContainText(`1 message to ${work}`);
  expect(await count(channel, work)).toBe(1);
});

test('what a full queue would push out is said before, and stays unless it is wished for', async ({
  page,
  amqp: channel,
}) => {
  const work = uniqueName('work');
  const dead = uniqueName('work-dead');
  await channel.assertQueue(dead);
  await channel.assertQueue(work, { deadLetterExchange: '', deadLetterRoutingKey: dead, maxLength: 2 });
  channel.sendToQueue(work, Buffer.from('late'));
  await reject(channel, work);
  for (let i = 0; i < 2; i++) channel.sendToQueue(work, Buffer.from(`live ${i}`));
  await expect.poll(() => count(channel, work)).toBe(2);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  await page.getByRole('button', { name: 'Replay all' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(
    '2 of at most 2 messages now; when it is full, one more would push out its oldest',
  );
  await expect(dialog.getByRole('button', { name: 'Replay 0 messages' })).toBeDisabled();
  await dialog.getByLabel('Push out the oldest messages of full queues').check();
  await expect(dialog).toContainText('1 message or more that wait there would die');
  await dialog.getByRole('button', { name: 'Replay 1 message' }).click();
  await expect(dialog).toContainText(`1 message to ${work}`);
  expect([await count(channel, work), await count(channel, dead)]).toEqual([2, 1]);
});

test('an address names one queue or says that it is not there: no other is shown in its place', async ({
  page,
  amqp: channel,
  expectErrors,
}) => {
  expectErrors(/404/);
  const { dead } = await deadLetters(channel, ['one']);
  const plain = uniqueName('plain');
  await channel.assertQueue(plain);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${plain}`);
  await expect(page.getByText(`${plain} is no queue of dead letters`)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Replay/ })).toHaveCount(0);
  const missing = uniqueName('missing');
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${missing}`);
  await expect(page.getByText(`There is no queue ${missing}`, { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Replay/ })).toHaveCount(0);
  // The list is there to choose from, and what is chosen is what the address names from then on.
  await page.getByRole('button', { name: dead, exact: true }).click();
  await expect(page.getByRole('row', { name: /one/ })).toBeVisible();
  expect(new URL(page.url()).searchParams.get('queue')).toBe(dead);
});

test('a queue that the page chose by itself stays chosen, whatever others hold by then', async ({
  page,
  amqp: channel,
}) => {
  await deadLetters(channel, ['one']);
  await page.goto('/c/local/dead-letters');
  await expect(page.getByRole('button', { name: 'Replay all' })).toBeVisible();
  const list = page.getByRole('region', { name: 'Queues with dead letters' });
  const chosen = await list.getByRole('row').nth(1).getByRole('button').first().innerText();
  await expect(page.getByRole('heading', { name: chosen, exact: true })).toBeVisible();
  // Another one comes to hold the most, and so to the head of the list.
  const { dead: fullest } = await deadLetters(channel, []);
  for (let i = 0; i < 500; i++) channel.sendToQueue(fullest, Buffer.from(`later ${i}`));
  await expect(list.getByRole('row').nth(1)).toContainText(fullest, { timeout: 15_000 });
  await expect(page.getByRole('heading', { name: chosen, exact: true })).toBeVisible();
  await channel.deleteQueue(fullest);
});

test('who goes elsewhere while the list is on its way gets there', async ({ page, amqp: channel }) => {
  await deadLetters(channel, ['one']);
  await page.goto('/');
  const [list, elsewhere] = [
    await gate(page, '**/console-api/c/local/dead-letters/queues?*'),
    await gate(page, '**/exchanges?_rsc=*'),
  ];
  await page.getByRole('link', { name: 'Dead letters' }).first().click();
  await expect(page.getByRole('heading', { name: 'Dead letters', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Exchanges' }).click();
  list.open();
  await expect(page.getByRole('heading', { name: 'Dead letters', level: 1 })).toBeVisible();
  await page.waitForTimeout(500);
  elsewhere.open();
  await expect(page.getByRole('heading', { name: 'Exchanges', level: 1 })).toBeVisible();
});

/** Holds back requests until it is opened. */
async function gate(page: Page, url: string): Promise<{ open(): void }> {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route(url, async (route) => {
    await opened;
    // Whoever asked may have gone.
    await route.continue().catch(() => {});
  });
  return { open };
}

test('a stream of dead letters says that nothing leaves it', async ({ page, amqp: channel }) => {
  const work = uniqueName('work');
  const dead = uniqueName('history');
  await channel.assertQueue(dead, { durable: true, arguments: { 'x-queue-type': 'stream' } });
  await channel.assertQueue(work, { deadLetterExchange: '', deadLetterRoutingKey: dead });
  channel.sendToQueue(work, Buffer.from('one'));
  await reject(channel, work);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  await expect(page.getByText('This queue is a stream: nothing is ever taken out of one').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Replay all' })).toBeDisabled();
});

test('a page whose dead letters were taken says so, and leads back to the head', async ({ page, amqp: channel }) => {
  const { dead } = await deadLetters(channel, ['one', 'two']);
  const listed = await page.request.get(`/console-api/dead-letters/messages?vhost=%2F&queue=${dead}&limit=2`);
  const { messages } = (await listed.json()) as { messages: { position: string }[] };
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}&pages=${messages[1]?.position}`);
  await expect(page.getByRole('row', { name: /two/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /one/ })).toHaveCount(0);
  for (let i = 0; i < 2; i++) await channel.get(dead, { noAck: true });
  await expect(page.getByText('Nothing here any more')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the head' }).click();
  await expect(page.getByText('No dead letters here now')).toBeVisible();
});

test('the queues and the messages of one of them are two lists: neither changes what the other has chosen', async ({
  page,
  amqp: channel,
}) => {
  const { work, dead } = await deadLetters(channel, ['one', 'two']);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  await page.getByRole('row', { name: /one/ }).getByRole('checkbox').check();
  await page.getByLabel('Filter by name').fill(dead);
  await expect(page.getByRole('region', { name: 'Queues with dead letters' }).getByRole('row')).toHaveCount(2);
  await expect(page.getByRole('row', { name: /one/ }).getByRole('checkbox')).toBeChecked();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Died in' }).click();
  await page.keyboard.press('Escape');
  const search = new URL(page.url()).searchParams;
  expect(search.get('queues.text')).toBe(dead);
  expect(search.get('hide')).toBe('where');
  expect(search.get('queues.hide')).toBeNull();
  expect(await count(channel, work)).toBe(0);
});

test('a dead letter that is gone is said to be gone, and offers no replay', async ({
  page,
  amqp: channel,
  expectErrors,
}) => {
  expectErrors(/404/);
  const { dead } = await deadLetters(channel, ['one']);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  await page.getByRole('button', { name: 'Open the message: one' }).click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('button', { name: 'Replay this message' })).toBeVisible();
  await channel.get(dead, { noAck: true });
  await page.reload();
  await expect(drawer).toContainText('There is no such dead letter');
  await expect(drawer.getByRole('button', { name: 'Replay this message' })).toHaveCount(0);
});

test('what came back three times stays unless it is forced', async ({ page, amqp: channel }) => {
  const { work, dead } = await deadLetters(channel, ['poison']);
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  const dialog = page.getByRole('dialog');
  const replay = async (force: boolean) => {
    await page
      .getByRole('row', { name: /poison/ })
      .getByRole('button', { name: 'Replay' })
      .click();
    if (force) await dialog.getByLabel('Also what has come back three times').check();
    await dialog.getByRole('button', { name: 'Replay 1 message' }).click();
    await dialog.getByRole('button', { name: 'Done' }).waitFor();
  };
  for (let i = 1; i <= 3; i++) {
    await replay(false);
    await page.getByRole('button', { name: 'Done' }).click();
    await reject(channel, work);
    await expect(
      page
        .getByRole('row', { name: /poison/ })
        .getByRole('cell')
        .nth(6),
    ).toHaveText(String(i));
  }
  await page
    .getByRole('row', { name: /poison/ })
    .getByRole('button', { name: 'Replay' })
    .click();
  await expect(dialog).toContainText('it goes only when forced');
  await expect(dialog.getByRole('button', { name: 'Replay 0 messages' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await replay(true);
  await expect(dialog).toContainText(`1 message to ${work}`);
});
