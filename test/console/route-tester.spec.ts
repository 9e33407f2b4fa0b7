import { expect, pageOf, signIn, test, uniqueName } from './console-test.ts';

test('where a message would go is shown with the way, on the page of the exchange and before it is published', async ({
  page,
  amqp,
}) => {
  const [entry, audit, rest] = [uniqueName('entry'), uniqueName('audit'), uniqueName('rest')];
  const [orders, log, left, one, two] = [
    uniqueName('orders'),
    uniqueName('log'),
    uniqueName('left'),
    uniqueName('one'),
    uniqueName('two'),
  ];
  await amqp.assertExchange(rest, 'fanout', { durable: false });
  await amqp.assertExchange(entry, 'topic', { durable: false, alternateExchange: rest });
  await amqp.assertExchange(audit, 'x-random', { durable: false });
  for (const queue of [orders, log, left, one, two]) await amqp.assertQueue(queue, { exclusive: true });
  await amqp.bindQueue(orders, entry, 'order.*');
  await amqp.bindQueue(log, entry, '#.paid');
  await amqp.bindQueue(left, rest, '');
  await amqp.bindExchange(audit, entry, 'order.#');
  for (const queue of [one, two]) await amqp.bindQueue(queue, audit, 'any');
  await signIn(page);

  await page.goto(`${pageOf('exchanges', entry)}?key=order.paid`);
  const tester = page.getByRole('region', { name: 'The way' });
  for (const queue of [orders, log, one, two]) {
    await expect(tester.getByRole('link', { name: `queue ${queue}` })).toBeVisible();
  }
  await expect(tester.getByText('Only one of these gets it, by chance:')).toBeVisible();
  await expect(page.getByText('Reaches 2 queues')).toBeVisible();
  await expect(page.getByText('And, as chance decides, some of 2 queues')).toBeVisible();

  await page.getByLabel('Routing key').last().fill('nowhere');
  await expect(tester.getByText('so it goes to the alternate exchange')).toBeVisible();
  await expect(tester.getByRole('link', { name: `queue ${left}` })).toBeVisible();
  await page.getByRole('button', { name: 'Add CC', exact: true }).click();
  await page.getByLabel('header 1 value').fill('["x.paid"]');
  await expect(tester.getByText('takes x.paid')).toBeVisible();
  await expect(tester.getByRole('link', { name: `queue ${left}` })).toHaveCount(0);

  // What is asked is in the address, and goes on to the page that publishes.
  await page.reload();
  await expect(tester.getByText('takes x.paid')).toBeVisible();
  await page.getByRole('link', { name: 'Publish this' }).click();
  await expect(page.getByRole('heading', { name: 'Publish', exact: true })).toBeVisible();
  await expect(tester.getByText('takes x.paid')).toBeVisible();
  await page.getByLabel('Routing key').fill('order.paid');
  await expect(tester.getByRole('link', { name: `queue ${orders}` })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Routing key')).toHaveValue('order.paid');
  await page.getByRole('button', { name: 'Publish 1 message' }).click();
  await expect.poll(async () => (await amqp.checkQueue(orders)).messageCount).toBe(1);
  expect((await amqp.checkQueue(left)).messageCount).toBe(0);
  const either = await Promise.all([one, two].map(async (queue) => (await amqp.checkQueue(queue)).messageCount));
  expect(either.reduce((sum, count) => sum + count)).toBe(1);
});
