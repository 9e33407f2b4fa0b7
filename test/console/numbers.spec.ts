import { expect, pageOf, signIn, test, uniqueName } from './console-test.ts';

const WRITTEN = '{"id":1234567890123456789,"price":1.10,"id":[5.0,1e400]}';
const INDENTED = '{\n  "id": 1234567890123456789,\n  "price": 1.10,\n  "id": [\n    5.0,\n    1e400\n  ]\n}';

test('numbers are published as they were written, and shown as they are', async ({ page, amqp }) => {
  const queue = uniqueName('numbers');
  const policy = `/api/policies/%2F/${queue}`;
  const authorization = `Basic ${btoa('guest:guest')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  await page.request.put(policy, {
    headers,
    data: `{"pattern":"^${queue}$","definition":{"max-length":9007199254740993}}`,
  });
  await amqp.assertQueue(queue, { durable: false, arguments: { 'x-mine': { '!': 'double', value: 5 } } });
  await signIn(page);

  await test.step('a body is indented and nothing else', async () => {
    await page.goto(`/c/local/publish?in=%2F&key=${queue}`);
    const body = page.getByLabel('Body', { exact: true });
    await body.fill(WRITTEN);
    await page.getByRole('button', { name: 'Indent' }).click();
    await expect(body).toHaveValue(INDENTED);
    await body.fill('{"a":01}');
    await expect(page.getByText('Not JSON: line 1, column 7')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Indent' })).toBeDisabled();
    const deep = '['.repeat(5000) + ']'.repeat(5000);
    await body.fill(deep);
    await page.getByRole('button', { name: 'Indent' }).click();
    await expect(page.getByText('Not indented: it is too deeply nested to be indented.')).toBeVisible();
    await expect(body).toHaveValue(deep);
    await body.fill(WRITTEN);
  });

  await test.step('headers take what the wire has, and no more', async () => {
    for (const [i, [kind, refused, taken]] of [
      ['integer', '9223372036854775808', '9007199254740993'],
      ['number', '1e400', '5'],
      ['timestamp', '18446744073709551616', '9007199254740993'],
      ['json', '[9223372036854775808]', '[9007199254740993, 5.0, 5]'],
    ].entries()) {
      await page.getByRole('button', { name: 'Add header' }).click();
      await page.getByLabel(`header ${i + 1} name`).fill(`h-${kind}`);
      await page.getByLabel(`header ${i + 1} type`).selectOption(kind as string);
      await page.getByLabel(`header ${i + 1} value`).fill(refused as string);
      await expect(page.getByRole('button', { name: 'Publish 1 message' })).toBeDisabled();
      await page.getByLabel(`header ${i + 1} value`).fill(taken as string);
    }
    await page.getByRole('button', { name: 'Publish 1 message' }).click();
    await expect(page.getByText('1 message reached')).toBeVisible();
  });

  await test.step('the message is shown as it was written', async () => {
    await page.goto(`${pageOf('queues', queue)}?tab=messages`);
    await page.getByRole('button', { name: /Open the message/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Message' });
    await expect(drawer.getByRole('row', { name: 'h-integer 9007199254740993 int64' })).toBeVisible();
    await expect(drawer.getByRole('row', { name: 'h-number 5.0 double' })).toBeVisible();
    await expect(drawer.getByRole('row', { name: /^h-timestamp 9007199254740993/ })).toBeVisible();
    await expect(drawer.getByRole('row', { name: /^h-json \[ 9007199254740993, 5.0, 5 \]/ })).toBeVisible();
    const body = drawer.getByRole('region', { name: 'Body' });
    expect(await body.textContent()).toContain(INDENTED);
    await drawer.getByText('Text', { exact: true }).click();
    await expect(body).toContainText(WRITTEN);
    await page.keyboard.press('Escape');
  });

  await test.step('so are arguments and policies', async () => {
    await page.goto(pageOf('queues', queue));
    await expect(page.getByText('max-length: 9007199254740993')).toBeVisible();
    await expect(page.getByText('5.0', { exact: true })).toBeVisible();
  });
  await page.request.delete(policy, { headers });
});
