/** What pages show of a broker that can do less than this one. */
import type { Page } from '@playwright/test';
import type { Capabilities } from '../../lib/engine/capabilities.ts';
import { EMBEDDED_CAPABILITIES } from '../../lib/engine/embedded/capabilities.ts';
import { expect, pageOf, signIn, test, uniqueName } from './console-test.ts';

test.beforeEach(({ page }) => signIn(page));

/** The broker's answer to what it can do, with some of it changed. */
async function answerWith(page: Page, changes: Partial<Capabilities>): Promise<void> {
  await page.route('**/console-api/c/local/capabilities', (route) =>
    route.fulfill({ json: { ...EMBEDDED_CAPABILITIES, ...changes } }),
  );
}

test('without browsing the reason stands in place of the messages, and nobody asks for them', async ({
  page,
  amqp,
}) => {
  const name = uniqueName('unseen');
  await amqp.assertQueue(name);
  amqp.sendToQueue(name, Buffer.from('unseen'));
  await answerWith(page, { browse: { kind: 'none', reason: 'Its messages cannot be seen from outside.' } });
  await page.goto(`${pageOf('queues', name)}?tab=messages`);
  await expect(page.getByText('Its messages cannot be seen from outside.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Ready messages' })).toHaveCount(0);
});

test('looking that marks what it shows says so', async ({ page, amqp }) => {
  const name = uniqueName('marked');
  await amqp.assertQueue(name);
  await answerWith(page, { browse: { kind: 'redelivers', reason: 'Looking marks messages as redelivered.' } });
  await page.goto(`${pageOf('queues', name)}?tab=messages`);
  await expect(page.getByText('Looking marks messages as redelivered.')).toBeVisible();
  await expect(page.getByText('Looking takes nothing')).toHaveCount(0);
});

test('without lasting positions messages are shown, and none is opened or chosen', async ({ page, amqp }) => {
  const name = uniqueName('unplaced');
  await amqp.assertQueue(name);
  amqp.sendToQueue(name, Buffer.from('unplaced body'));
  await answerWith(page, { positions: { kind: 'none', reason: 'Messages have no lasting position.' } });
  await page.goto(`${pageOf('queues', name)}?tab=messages`);
  await expect(page.getByRole('cell', { name: 'unplaced body' })).toBeVisible();
  await expect(page.getByText('Messages have no lasting position.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Open the message/ })).toHaveCount(0);
});

test('without moving the reason stands in place of each button that replays', async ({ page, amqp }) => {
  const [work, dead] = [uniqueName('work'), uniqueName('work-dead')];
  await amqp.assertQueue(dead);
  await amqp.assertQueue(work, { deadLetterExchange: '', deadLetterRoutingKey: dead });
  amqp.sendToQueue(work, Buffer.from('stays'));
  await expect.poll(async () => (await amqp.checkQueue(work)).messageCount).toBe(1);
  const message = await amqp.get(work);
  if (message !== false) amqp.nack(message, false, false);
  await answerWith(page, {
    move: { kind: 'none', reason: 'Messages cannot be moved safely.' },
    deaths: { kind: 'claimed', reason: 'Deaths are told by headers alone.' },
  });
  await page.goto(`/c/local/dead-letters?in=%2F&queue=${dead}`);
  await expect(page.getByText('Deaths are told by headers alone.')).toBeVisible();
  await expect(page.getByText('Messages cannot be moved safely.')).toBeVisible();
  await page.getByRole('button', { name: 'Open the message: stays' }).click();
  await expect(page.getByRole('dialog')).toContainText('Messages cannot be moved safely.');
  await expect(page.getByRole('button', { name: /^Replay/, includeHidden: true })).toHaveCount(0);
});

test('without rates and ages the reasons stand in place of charts and numbers, and nothing is sorted by them', async ({
  page,
  amqp,
}) => {
  const name = uniqueName('unmeasured');
  await amqp.assertQueue(name);
  await answerWith(page, {
    rates: { kind: 'none', reason: 'Rates are not measured.' },
    oldestAge: { kind: 'none', reason: 'Ages are not known.' },
  });
  await page.goto(pageOf('queues', name));
  const now = page.getByLabel('Now', { exact: true });
  await expect(now.getByText('Rates are not measured.')).toHaveCount(3);
  await expect(now.getByText('Ages are not known.')).toHaveCount(1);
  await expect(page.getByRole('figure', { name: 'Backlog' })).toBeVisible();
  await expect(page.getByRole('figure', { name: 'Rates' })).toHaveCount(0);
  await page.goto(`/c/local/queues?text=${name}`);
  const table = page.getByRole('region', { name: 'Queues' });
  await expect(table.getByRole('button', { name: 'Ready', exact: true })).toBeVisible();
  await expect(table.getByRole('button', { name: 'In/s' })).toHaveCount(0);
  await expect(table.getByRole('columnheader', { name: 'Oldest' })).toHaveAttribute('title', 'Ages are not known.');
});

test('without pausing the reason stands in place of the button', async ({ page, amqp }) => {
  const name = uniqueName('unpaused');
  await amqp.assertQueue(name);
  await answerWith(page, { pause: { kind: 'none', reason: 'Its queues cannot be paused.' } });
  await page.goto(pageOf('queues', name));
  await expect(page.getByText('Its queues cannot be paused.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toHaveCount(0);
});

test('without routing nothing is asked and the reason is told', async ({ page }) => {
  await answerWith(page, { route: { kind: 'none', reason: 'It does not say where messages go.' } });
  await page.goto(pageOf('exchanges', 'amq.topic'));
  await expect(page.getByText('It does not say where messages go.')).toBeVisible();
  await page.goto('/c/local/publish');
  await expect(page.getByText('It does not say where messages go.')).toBeVisible();
});
