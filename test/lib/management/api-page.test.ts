import { expect, test } from 'vitest';
import { apiPage } from '../../../lib/management/api-page.ts';
import { API_ROUTES } from '../../../lib/management/api-routes.ts';
import { openApi } from '../../../lib/management/openapi.ts';

const document = openApi(API_ROUTES, '4.2.9');
const page = apiPage(document);

test('the page names every path and every shape', () => {
  for (const path of Object.keys(document.paths)) expect(page).toContain(`/api${path}</code>`);
  for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`id="${name}"`);
});

test('every link within the page leads somewhere', () => {
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(targets).size).toBeGreaterThan(40);
  for (const name of new Set(targets)) expect(page).toContain(`id="${name}"`);
});

test('no script, and nothing from elsewhere', () => {
  expect(page).not.toMatch(/<script|https?:/);
});
