/** What the audit keeps of what is asked for through the management API. */
import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../lib/audit/entry.ts';
import { EngineError } from '../../../lib/engine/errors.ts';
import type { ExchangeInfo } from '../../../lib/engine/exchanges.ts';
import type { Engine } from '../../../lib/engine/port.ts';
import { answer } from '../../../lib/management/answer.ts';
import { deskInMemory } from '../console/desk-in-memory.ts';

const BASIC = { authorization: `Basic ${btoa('ops:right')}`, host: 'localhost' };

/** The status of the answer, and the entries that the audit has then. */
async function asked(
  engine: Partial<Engine>,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; entries: AuditEntry[] }> {
  const { desk, entries } = deskInMemory({
    authenticate: async (user) => ({ user, tags: ['administrator'], vhosts: ['v'] }),
    listVhosts: async () => ['v'],
    ...engine,
  });
  const request = new Request(`http://localhost/api${path}`, {
    method,
    headers: BASIC,
    ...(body && { body: JSON.stringify(body) }),
  });
  const { status } = await answer(desk, request, path, '127.0.0.1');
  return { status, entries };
}

const PUBLICATION = { routing_key: 'k', properties: {}, payload: 'hi', payload_encoding: 'string' };

test('of a name or a detail that is very long the beginning is kept', async () => {
  const publish = async () => ({ routedTo: [], refusedBy: [], delayed: false });
  const sent = { ...PUBLICATION, routing_key: 'k'.repeat(1_000_000) };
  const [published] = (await asked({ publish }, 'POST', '/exchanges/v/x/publish', sent)).entries;
  expect(published?.detail).toMatch(/^1 with key 'k+…$/);
  expect(published?.detail.length).toBe(1_001);
  const putUser = async () => ({ created: true });
  const [user] = (await asked({ putUser }, 'PUT', `/users/${'u'.repeat(10_000)}`, { tags: '' })).entries;
  expect(user?.object).toBe(`${'u'.repeat(1_000)}…`);
});

test('a message that a full queue refused was not published, to whoever asked and to the audit', async () => {
  const publish = async () => ({ routedTo: ['open'], refusedBy: ['full'], delayed: false });
  expect(await asked({ publish }, 'POST', '/exchanges/v/x/publish', PUBLICATION)).toMatchObject({
    status: 400,
    entries: [{ outcome: 'PRECONDITION_FAILED', detail: "1 with key 'k', reached 1 queues, refused by 1, by API" }],
  });
});

test('the removal of a binding that is not there is kept as refused, with what the path says of the binding', async () => {
  const exchange = async () => ({ type: 'topic' }) as ExchangeInfo;
  const bindings = async () => ({ rows: [], total: 0, matching: 0 });
  const path = '/bindings/v/e/x/q/q/a%20key~hash';
  const kept = { action: 'binding.remove', vhost: 'v', object: 'x', detail: "to queue 'q', key 'a key', by API" };
  expect(await asked({ exchange, bindings }, 'DELETE', path)).toMatchObject({
    status: 404,
    entries: [{ ...kept, outcome: 'NOT_FOUND' }],
  });
  const refusal = new EngineError('ACCESS_REFUSED', 'no');
  expect(await asked({ exchange: () => Promise.reject(refusal), bindings }, 'DELETE', path)).toMatchObject({
    status: 401,
    entries: [{ ...kept, outcome: 'ACCESS_REFUSED' }],
  });
});

test.each([
  ['/queues/v/q', { deleteQueue: () => Promise.reject(new EngineError('NOT_FOUND', 'no queue')) }],
  ['/exchanges/v/x', { deleteExchange: () => Promise.reject(new EngineError('NOT_FOUND', 'no exchange')) }],
])('the removal of %s that is not there is a 404, and kept as refused', async (path, engine) => {
  expect(await asked(engine, 'DELETE', path)).toMatchObject({ status: 404, entries: [{ outcome: 'NOT_FOUND' }] });
});
