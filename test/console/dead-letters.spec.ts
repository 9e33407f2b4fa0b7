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
  await page.goto(`/dead-letters?in=%2F&queue=${dead}`);
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

test('all go back; what has no history stays and the reason is told', async ({ page, amqp: channel }) => {
  const { work, dead } = await deadLetters(channel, ['one', 'two']);
  channel.sendToQueue(dead, Buffer.from('never died'));
  await page.goto(`/dead-letters?in=%2F&queue=${dead}`);
  await expect(page.getByRole('row', { name: /never died/ })).toContainText('needs a target');
  await page.getByRole('button', { name: 'Replay all' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('need a target, will be left here');
  await dialog.getByRole('button', { name: 'Replay 3 messages' }).click();
  await expect(dialog).toContainText(`2 messages to ${work}`);
  await expect(dialog).toContainText('1 message left here: Needs a target.');
  expect([await count(channel, work), await count(channel, dead)]).toEqual([2, 1]);
});

test('a chosen target takes what needs one; a target that is not there is refused', async ({
  page,
  amqp: channel,
  expectErrors,
}) => {
  expectErrors(/404/);
  const { dead } = await deadLetters(channel, ['one']);
  channel.sendToQueue(dead, Buffer.from('never died'));
  const target = uniqueName('elsewhere');
  await channel.assertQueue(target);
  await page.goto(`/dead-letters?in=%2F&queue=${dead}`);
  await page.getByRole('button', { name: 'Replay all' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Send to another queue instead').fill('not-there');
  await dialog.getByRole('button', { name: 'Replay 2 messages' }).click();
  await expect(dialog.getByRole('alert')).toContainText("no queue 'not-there' in vhost '/'");
  await dialog.getByLabel('Send to another queue instead').fill(target);
  await dialog.getByRole('button', { name: 'Replay 2 messages' }).click();
  await expect(dialog).toContainText(`2 messages to ${target}`);
  expect(await count(channel, target)).toBe(2);
});

test('what came back three times stays unless it is forced', async ({ page, amqp: channel }) => {
  const { work, dead } = await deadLetters(channel, ['poison']);
  await page.goto(`/dead-letters?in=%2F&queue=${dead}`);
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
  await replay(false);
  await expect(dialog).toContainText('it goes only when forced');
  await page.getByRole('button', { name: 'Done' }).click();
  await replay(true);
  await expect(dialog).toContainText(`1 message to ${work}`);
});
