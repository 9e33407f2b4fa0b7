import { expect, test } from 'vitest';
import { API_ROUTES } from '../../../lib/management/api-routes.ts';
import { openApi } from '../../../lib/management/openapi.ts';

const document = openApi(API_ROUTES, '4.2.9');

test('every route is described once, and nothing else', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = API_ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(served.length).toBeGreaterThan(100);
  expect(described.toSorted()).toEqual([...new Set(served)].toSorted());
});

test('every name in a path is a parameter', () => {
  let named = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    named += names.length;
    for (const { parameters } of Object.values(methods))
      expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(names);
  }
  expect(named).toBeGreaterThan(100);
});

test('every operation has a name of its own, and what is referred to is there', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const ids = operations.map((operation) => (operation as { operationId: string }).operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path as string);
  expect(references.length).toBeGreaterThan(0);
  for (const reference of new Set(references)) {
    const found = reference.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
    expect(found, reference).toBeDefined();
  }
});

test('every GET says what it answers, and every body has a shape', () => {
  let answers = 0;
  let bodies = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(methods)) {
      const { schema } = requestBody?.content['application/json'] ?? { schema: { type: 'object' } };
      expect(schema, `${method} ${path}`).toHaveProperty('type', 'object');
      if (requestBody !== undefined) bodies++;
      // There are no sessions of AMQP 1.0 here.
      if (method !== 'get' || path === '/connections/{name}/sessions') continue;
      answers++;
      expect(responses, path).toHaveProperty(['200', 'content', 'application/json', 'schema']);
    }
  }
  expect(answers).toBeGreaterThan(50);
  expect(bodies).toBeGreaterThan(10);
});

test('what reads a body says so', () => {
  const withBody = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => 'requestBody' in operation)
      .map(([method]) => `${method} ${path}`),
  );
  expect(withBody).toContain('put /queues/{vhost}/{name}');
  expect(withBody).toContain('delete /queues/quorum/{vhost}/{name}/replicas/delete');
  expect(withBody.filter((name) => name.startsWith('get'))).toEqual([]);
});
