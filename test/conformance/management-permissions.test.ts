/** Every entry of the management API, asked by users of every tag in their own vhost and in another. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Access, ApiRoute } from '../../lib/management/api-route.ts';
import { API_ROUTES } from '../../lib/management/api-routes.ts';
import { type Answer, askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';
import { fillSandbox, SANDBOX_BODIES, SANDBOX_NAMES } from './sandbox.ts';

/** Users by their tags. */
const USERS = {
  untagged: '',
  unknown: 'some-other-tag',
  management: 'management',
  policymaker: 'policymaker',
  monitoring: 'monitoring',
  both: 'policymaker,monitoring',
  administrator: 'administrator',
};
const MANAGEMENT = ['management', 'policymaker', 'monitoring', 'administrator'];

let broker: TestBroker;
const ask = (method: string, path: string, body?: unknown, user?: string): Promise<Answer> =>
  askApi(broker, method, path, body, user);

beforeAll(async () => {
  broker = await startBroker();
  for (const [user, tags] of Object.entries(USERS)) await ask('PUT', `/users/${user}`, { password: 'p', tags });
  await fillSandbox(broker, Object.keys(USERS));
});
afterAll(() => broker.stop());

function mayAsk(tags: string[], access: Access): boolean {
  if (access === 'anyone') return true;
  if (!tags.some((tag) => MANAGEMENT.includes(tag))) return false;
  return access === 'management' || tags.includes('administrator') || tags.includes(access);
}

/** What lives in a vhost is changed by those who may enter it alone; looking in is for these tags as well. */
function mayEnter(tags: string[], { method, path }: ApiRoute): boolean {
  const isInside = /^\/(queues|exchanges|bindings)\/:vhost\//.test(path) && !path.endsWith('/actions');
  if (method !== 'GET' && isInside) return false;
  const looks = method === 'GET' && tags.includes('monitoring');
  return looks || tags.includes('administrator');
}

/** True where access depends on whose connections they are: these are somebody else's. */
function isOfAnother({ method, path }: ApiRoute, tags: string[]): boolean {
  return method === 'DELETE' && path === '/connections/username/:user' && !tags.includes('administrator');
}

function pathOf({ path }: ApiRoute, vhost: string): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) =>
    name === 'vhost' ? vhost : (SANDBOX_NAMES[name] ?? 'nothing'),
  );
}

async function check(entry: ApiRoute, user: string, tags: string[], vhost: string): Promise<void> {
  const path = pathOf(entry, vhost);
  const isForeign = entry.path.includes(':vhost') && vhost === 'other' && !mayEnter(tags, entry);
  const { status, body } = await ask(
    entry.method,
    path,
    SANDBOX_BODIES[entry.operation?.action ?? ''] ?? (entry.body && {}),
    `${user}:p`,
  );
  const what = `${user} ${entry.method} ${path}: ${status} ${JSON.stringify(body)?.slice(0, 100)}`;
  const isRefused = !mayAsk(tags, entry.access) || isForeign || isOfAnother(entry, tags);
  if (entry.access !== 'anyone' && isRefused) expect([status, body?.error], what).toEqual([401, 'not_authorised']);
  else expect([200, 201, 204, 400, 404, 412, 503], what).toContain(status);
}

describe.each(Object.entries(USERS))('%s', (user, tagList) => {
  const tags = tagList.split(',');

  test.each(['own', 'other'])('reads what its tags open (vhost: %s)', async (vhost) => {
    for (const entry of API_ROUTES) if (entry.method === 'GET') await check(entry, user, tags, vhost);
  });

  test.each(['own', 'other'])('changes what its tags open (vhost: %s)', { timeout: 30_000 }, async (vhost) => {
    for (const entry of API_ROUTES) {
      if (entry.method === 'GET') continue;
      await check(entry, user, tags, vhost);
      // What was allowed may have taken away what the next entries need.
      if (mayAsk(tags, entry.access)) await fillSandbox(broker, Object.keys(USERS));
    }
  });
});
