import { afterEach, expect, expectTypeOf, test, vi } from 'vitest';
import { act, ask, type Input } from '../../../lib/client/api.ts';
import type { QueuePage } from '../../../lib/console/queues.ts';

function answering(body: unknown, status = 200) {
  const sent = vi.fn(async (_url: string, _init: RequestInit) => Response.json(body, { status }));
  vi.stubGlobal('fetch', sent);
  return sent;
}

afterEach(() => vi.unstubAllGlobals());

test('a question goes into the query, without what is not given', async () => {
  const sent = answering({ rows: [], total: 0 });
  const page = await ask('/queues', { vhost: undefined, text: 'a b', limit: 5 });
  expect(sent.mock.calls[0]?.[0]).toBe('/console-api/c/local/queues?text=a+b&limit=5');
  expectTypeOf(page).toEqualTypeOf<QueuePage>();
});

test('an act goes into the body', async () => {
  const sent = answering({ messages: 3 });
  const { messages } = await act('POST', '/queue/purge', { vhost: '/', name: 'q' });
  expect(messages).toBe(3);
  expect(sent.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', body: '{"vhost":"/","name":"q"}' });
});

test('a refusal is an error with the code and the reason that were answered', async () => {
  answering({ error: 'NOT_FOUND', reason: 'no queue' }, 404);
  await expect(ask('/queue', { vhost: '/', name: 'q' })).rejects.toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
    message: 'no queue',
  });
});

test('what no route takes does not compile', async () => {
  answering({});
  // @ts-expect-error: there is no such path
  await ask('/queus', {});
  // @ts-expect-error: a page has no such field
  await ask('/queues', { page: 1 });
  // @ts-expect-error: one purges by POST
  await act('DELETE', '/queue/purge', { vhost: '/', name: 'q' });
  // @ts-expect-error: which queue?
  await act('POST', '/queue/purge', { vhost: '/' });
  // @ts-expect-error: a stream of events is no JSON
  await ask('/events', {});
  expectTypeOf<Input<'POST', '/queue/purge'>>().toEqualTypeOf<{ vhost: string; name: string }>();
});
