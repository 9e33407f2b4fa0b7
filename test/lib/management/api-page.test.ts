import { expect, test } from 'vitest';
import { apiPage } from '../../../lib/management/api-page.ts';
import { API_ROUTES } from '../../../lib/management/api-routes.ts';
import { openApi } from '../../../lib/management/openapi.ts';

const document = openApi(API_ROUTES, '4.2.9');
const page = apiPage(document);

test('the page names every path and every shape', () => {
  const paths = Object.keys(document.paths);
  const shapes = Object.keys(document.components.schemas);
  expect(paths.length).toBeGreaterThan(50);
  expect(shapes.length).toBeGreaterThan(20);
  for (const path of paths) expect(page).toContain(`/api${path}</code>`);
  for (const name of shapes) expect(page).toContain(`id="${name}"`);
});

test('every link within the page leads somewhere', () => {
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(targets).size).toBeGreaterThan(40);
  for (const name of new Set(targets)) expect(page).toContain(`id="${name}"`);
});

test('no script, and nothing from elsewhere', () => {
  expect(page).not.toMatch(/<script|https?:/);
});
