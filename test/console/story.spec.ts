/** What a newcomer does in the first ten minutes, from an empty broker to a message that was saved. */
import type { ConsumeMessage } from 'amqplib';
import { expect, pageOf, signIn, test, uniqueName } from './console-test.ts';

test('create, publish, look, fail, replay, succeed', async ({ page, amqp: channel }) => {
  const [shop, dlx] = [uniqueName('shop'), uniqueName('shop-dead')];
  const [orders, dead] = [uniqueName('orders'), uniqueName('orders-dead')];
  await signIn(page);
  await page.goto('/');

  for (const [name, type] of [
    [shop, 'topic'],
    [dlx, 'fanout'],
  ] as const)
    await test.step(`create exchange ${name}`, async () => {
      await page.getByRole('navigation').getByRole('link', { name: 'Exchanges' }).click();
      await page.getByRole('link', { name: 'New exchange' }).click();
      await page.getByLabel('Name', { exact: true }).fill(name);
      await page.getByRole('radio', { name: new RegExp(`^${type}`) }).check();
      await page.getByRole('button', { name: 'Declare exchange' }).click();
      await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
    });

  await test.step('create the queue for dead letters and bind it', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Queues' }).click();
    await page.getByRole('link', { name: 'New queue' }).click();
    await page.getByLabel('Name', { exact: true }).fill(dead);
    await page.getByRole('button', { name: 'Declare queue' }).click();
    await page.getByRole('tab', { name: /Bindings/ }).click();
    await page.getByLabel('From exchange').fill(dlx);
    await page.getByRole('button', { name: 'Add binding' }).click();
    await expect(
      page.getByRole('region', { name: 'Bindings into this queue' }).getByRole('link', { name: dlx }),
    ).toBeVisible();
  });

  await test.step('create the queue for work', async () => {
    await page.goto('/c/local/queues/new');
    await page.getByLabel('Name', { exact: true }).fill(orders);
    await page.getByLabel('Dead-letter exchange').fill(dlx);
    await page.getByLabel('Message TTL (ms)').fill('soon');
    await expect(page.getByText('Write a whole number.')).toBeVisible();
    await page.getByLabel('Message TTL (ms)').fill('3600000');
    await expect(page.getByRole('region', { name: 'code' })).toContainText(`"x-dead-letter-exchange": "${dlx}"`);
    await page.getByRole('button', { name: 'Declare queue' }).click();
    await expect(page.getByRole('heading', { name: orders, exact: true })).toBeVisible();
  });

  await test.step('bind it from the side of the exchange', async () => {
    await page.goto(pageOf('exchanges', shop));
    await page.getByLabel('Name', { exact: true }).fill(orders);
    await page.getByLabel('Routing key').first().fill('order.*');
    await page.getByRole('button', { name: 'Add binding' }).click();
    await expect(
      page.getByRole('region', { name: 'Bindings from this exchange' }).getByRole('link', { name: orders }),
    ).toBeVisible();
    const tester = page.locator('section', { hasText: 'Where would it go?' });
    await tester.getByLabel('Routing key').fill('order.new');
    await expect(tester.getByRole('link', { name: orders }).first()).toBeVisible();
    const way = tester.getByRole('region', { name: 'The way' });
    await expect(way.getByText('order.*')).toBeVisible();
    await expect(way.getByRole('link', { name: `queue ${orders}` })).toBeVisible();
    expect(new URL(page.url()).searchParams.get('key')).toBe('order.new');
    await tester.getByLabel('Routing key').fill('nothing');
    await expect(tester.getByText('Reaches no queue')).toBeVisible();
  });

  await test.step('publish, and be told where it went', async () => {
    await page.getByRole('link', { name: 'Publish to it' }).click();
    await expect(page.getByRole('heading', { name: 'Publish', exact: true })).toBeVisible();
    await page.getByLabel('Routing key').fill('order.new');
    await page.getByLabel('Body', { exact: true }).fill('{"order": 4711');
    await expect(page.getByText(/^Not JSON/)).toBeVisible();
    await page.getByLabel('Body', { exact: true }).fill('{"order": 4711}');
    await page.getByRole('button', { name: 'Add header' }).click();
    await page.getByLabel('header 1 name').fill('attempt');
    await page.getByLabel('header 1 type').selectOption('integer');
    await page.getByLabel('header 1 value').fill('7');
    await page.getByText('More properties').click();
    await page.getByLabel('message-id').fill('m-4711');
    await page.getByRole('button', { name: 'Publish 1 message' }).click();
    await expect(page.getByText('1 message reached')).toBeVisible();
    await page.getByLabel('Routing key').fill('lost');
    await page.getByRole('button', { name: 'Publish 1 message' }).click();
    await expect(page.getByText('Unroutable: no queue took it')).toBeVisible();
  });

  await test.step('look without taking', async () => {
    await page.goto(`${pageOf('queues', orders)}?tab=messages`);
    await page.getByRole('button', { name: /Open the message: \{"order": 4711\}/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Message' });
    await expect(drawer.getByRole('region', { name: 'Body' })).toContainText('"order": 4711');
    await expect(drawer.getByText('m-4711')).toBeVisible();
    await expect(drawer.getByRole('row', { name: 'attempt 7 int64' })).toBeVisible();
    await page.keyboard.press('Escape');
    expect(await channel.checkQueue(orders)).toMatchObject({ messageCount: 1 });
  });

  await test.step('a consumer rejects it', async () => {
    const rejected = new Promise<ConsumeMessage>((resolve) => {
      void channel.consume(
        orders,
        (message) => {
          if (message === null) return;
          channel.nack(message, false, false);
          resolve(message);
        },
        { consumerTag: 'fails' },
      );
    });
    expect((await rejected).fields.redelivered).toBe(false);
    await channel.cancel('fails');
  });

  await test.step('it shows in Dead letters with its history', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Dead letters' }).click();
    await page.getByLabel('Filter by name').fill(dead);
    await page.getByRole('region', { name: 'Queues with dead letters' }).getByRole('button', { name: dead }).click();
    const row = page.getByRole('region', { name: 'Dead letters', exact: true }).getByRole('row', { name: /4711/ });
    await expect(row).toContainText('rejected');
    await row.getByRole('button', { name: /Open the message/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Dead letter' });
    const history = drawer.getByRole('list', { name: /Death history/ });
    await expect(history).toContainText(`rejected in ${orders}`);
    await expect(history).toContainText(`published to ${shop} with key order.new`);
    await expect(drawer.getByText('The newest failure in x-death (rejected, entry 1)')).toBeVisible();
  });

  let received: ConsumeMessage | undefined;
  await test.step('replay it, and a consumer takes it', async () => {
    await channel.consume(orders, (message) => {
      if (message === null) return;
      received = message;
      channel.ack(message);
    });
    await page.getByRole('button', { name: 'Replay this message' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay 1 message' }).click();
    await expect(page.getByRole('dialog')).toContainText(`1 message to ${orders}`);
    await page.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => received?.fields.routingKey).toBe('order.new');
    await expect(page.getByText('No dead letters here now')).toBeVisible();
  });

  await test.step('it is the message it was', () => {
    expect(received?.content.toString()).toBe('{"order": 4711}');
    expect(received?.fields.exchange).toBe(shop);
    expect(received?.properties).toMatchObject({
      messageId: 'm-4711',
      contentType: 'application/json',
      deliveryMode: 2,
    });
    const headers = received?.properties.headers ?? {};
    expect(headers).toMatchObject({
      attempt: 7,
      'replay-count': 1,
      'replayed-from': dead,
      'replay-original-queue': orders,
      'replay-original-exchange': shop,
      'replay-original-routing-key': 'order.new',
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  await test.step('the charts moved, and the counts and the activity tell of it', async () => {
    // The table shows thirty points: of this range five minutes, so that all of the story is in it.
    await page.goto(`${pageOf('queues', orders)}?range=1h`);
    await expect(page.getByText('Acked').first()).toBeVisible();
    await page.getByRole('button', { name: 'Rates as a table' }).click();
    const points = page.getByRole('region', { name: 'Rates, newest points' });
    await expect(points.getByRole('cell', { name: /[1-9]/ }).first()).toBeVisible();
    const counted = page.locator('section', { hasText: 'since the broker started' });
    await expect(counted).toContainText('1 rejected');
    await page.getByRole('navigation').getByRole('link', { name: 'Overview', exact: true }).click();
    await expect(page.getByText(`replayed dead letters of ${dead}`)).toBeVisible();
    await expect(page.getByRole('figure', { name: 'Rates' }).locator('path.recharts-curve').first()).toBeVisible();
  });
});
