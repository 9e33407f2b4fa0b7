import { expect, signIn, test } from './console-test.ts';

test('what gets into a page by way of a name cannot run', async ({ page, expectErrors }) => {
  expectErrors(/Content Security Policy/);
  await signIn(page);
  await page.goto('/c/local/queues');
  const violation = page.evaluate(
    () =>
      new Promise((resolve) =>
        addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective)),
      ),
  );
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="document.title = \'taken over\'">');
  });
  expect(await violation).toMatch(/^script-src/);
  expect(await page.title()).not.toBe('taken over');
});

test('each page has a nonce of its own, and no answer may be framed', async ({ request }) => {
  const policies = [];
  for (const path of ['/login', '/login', '/no-such-page', '/api/overview', '/console-api/session', '/api-docs']) {
    const headers = (await request.get(path)).headers();
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    policies.push(headers['content-security-policy']);
  }
  expect(policies[0]).not.toBe(policies[1]);
});
