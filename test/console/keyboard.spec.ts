import { expect, signIn, test } from './console-test.ts';

test.beforeEach(({ page }) => signIn(page));

test('g and a letter go to a page, ? explains, t changes the theme', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  for (const [letter, heading] of [
    ['q', 'Queues'],
    ['e', 'Exchanges'],
    ['p', 'Publish'],
    ['d', 'Dead letters'],
    ['o', 'Overview'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
    await expect(page.getByRole('heading', { name: heading, exact: true, level: 1 })).toBeVisible();
  }
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard and words' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('q');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();

  await page.emulateMedia({ colorScheme: 'light' });
  await page.keyboard.press('t');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('letters that are typed into a field do nothing else', async ({ page }) => {
  await page.goto('/c/local/queues');
  await page.keyboard.press('/');
  await expect(page.getByLabel('Filter by name')).toBeFocused();
  await page.keyboard.type('gopt?');
  await expect(page.getByLabel('Filter by name')).toHaveValue('gopt?');
  await expect(page).toHaveURL(/\/queues/);
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Filter by name')).toHaveValue('');
});

test('a queue is declared and deleted without a pointer', async ({ page }) => {
  await page.goto('/c/local/queues');
  await page.getByRole('link', { name: 'New queue' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name', { exact: true }).focus();
  await page.keyboard.type('by-keyboard');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'by-keyboard' })).toBeVisible();
  await page.getByRole('tab', { name: 'Overview' }).focus();
  // The focus moves after the key's own event is over, so the next key must wait for it as a person's does.
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Messages' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/tab=messages/);
  const remove = page.getByRole('button', { name: 'Delete' });
  await remove.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(remove).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete queue' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/queues$/);
});
