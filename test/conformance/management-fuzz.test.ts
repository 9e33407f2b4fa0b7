/** The management API under odd requests, made up from its own document; FUZZ_RUNS says how many for each operation. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { API_ROUTES } from '../../lib/management/api-routes.ts';
import { openApi } from '../../lib/management/openapi.ts';
import { anyRequest } from './any-request.ts';
import { askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';
import { fillSandbox } from './sandbox.ts';

/** As of a stack trace, or of a path on the disk of the server. */
const TRACE = /\n\s+at \S|node_modules|file:\/\/|\.ts:\d+/;
/** Longer than any request takes on a slow machine, shorter than for ever. */
const ANSWER_MS = 10_000;

let broker: TestBroker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.stop());

const operations = Object.entries(openApi(API_ROUTES, '4').paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

test.each(operations)('$method $path', { timeout: 60_000 }, async ({ method, path, operation }) => {
  await fillSandbox(broker);
  await fc.assert(
    // askApi wants every answer, refusals too, in the shape that the document promises.
    fc.asyncProperty(anyRequest(path, operation), async (request) => {
      const { status, body } = await askApi(broker, method, request.path, request.body, 'guest:guest', ANSWER_MS);
      const answered = Object.keys(operation.responses).some((code) =>
        String(status).startsWith(code.replace(/X+$/, '')),
      );
      expect(answered, `${status} is not one of the document's`).toBe(true);
      expect(JSON.stringify(body) ?? '').not.toMatch(TRACE);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? (method === 'GET' ? 5 : 12)) },
  );
  expect((await askApi(broker, 'GET', '/whoami')).body).toMatchObject({ name: 'guest', tags: ['administrator'] });
});
