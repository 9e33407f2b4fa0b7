/** Every page in both themes: no violation of WCAG that axe can find, and a picture to look at in test-results/pages. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, test } from './console-test.ts';
import { openShop, PAGES } from './shop.ts';

async function settle(page: Page): Promise<void> {
  await expect(page.getByText('Loading')).toHaveCount(0);
  // Charts come after the page: their points, then their drawing.
  await page.waitForTimeout(1000);
}

async function inspect(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/pages/${name}.png` });
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect(found, name).toEqual([]);
}

for (const theme of ['light', 'dark'] as const)
  test.describe(theme, () => {
    test.use({ colorScheme: theme, viewport: { width: 1440, height: 900 } });
    test.setTimeout(400_000);

    test('all pages', async ({ page, amqp: channel }) => {
      await page.goto('/login');
      await inspect(page, `login-${theme}`);
      await signIn(page);
      await openShop(channel);
      for (const { name, path } of PAGES) {
        await page.goto(path);
        await settle(page);
        await inspect(page, `${name}-${theme}`);
      }
    });

    test('drawers and dialogs', async ({ page, amqp: channel }) => {
      await signIn(page);
      await openShop(channel);
      await page.goto('/c/local/dead-letters?in=%2F&queue=shop.dead-orders');
      await page
        .getByRole('button', { name: /Open the message/ })
        .first()
        .click();
      await settle(page);
      await inspect(page, `dead-letter-${theme}`);
      await page.getByRole('button', { name: 'Replay this message' }).click();
      await settle(page);
      await inspect(page, `replay-${theme}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await inspect(page, `help-${theme}`);
    });
  });

test('a page of a narrow window has no sideways scroll of its own', async ({ page, amqp: channel }) => {
  test.setTimeout(240_000);
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page);
  await openShop(channel);
  for (const { name, path } of PAGES) {
    await page.goto(path);
    await settle(page);
    await page.screenshot({ path: `test-results/pages/${name}-narrow.png` });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond, name).toBeLessThanOrEqual(0);
  }
});
