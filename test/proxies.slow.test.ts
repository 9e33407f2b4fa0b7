/** The built program behind a proxy: who is taken for whom, by what it is told about proxies. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { freePorts } from './conformance/broker.ts';
import { killPrograms, Program } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'warren-proxies-'));
afterEach(killPrograms);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BASIC = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };
/** The headers that a proxy adds that a client outside has asked. */
const OUTSIDE = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'warren.example',
};

async function start(settings: Record<string, string>): Promise<Program> {
  const [console, amqp] = (await freePorts(2)).map(String);
  const program = new Program({
    ...{ PORT: console ?? '', WARREN_AMQP_PORT: amqp ?? '', WARREN_PROMETHEUS_PORT: '0' },
    ...{ WARREN_DATA_DIR: mkdtempSync(join(folder, 'data-')), ...settings },
  });
  await program.ready();
  return program;
}

test('without a word about proxies all that comes through one is from outside, guest is refused, and no header helps', async () => {
  const program = await start({});
  expect((await program.signIn()).status).toBe(200);
  const lies: Record<string, string>[] = [
    {},
    { 'x-forwarded-for': '127.0.0.1' },
    { 'x-forwarded-for': '::1' },
    { forwarded: 'for=127.0.0.1' },
  ];
  for (const lie of lies) expect((await program.signIn({ ...OUTSIDE, ...lie })).status).toBe(401);
});

test('a trusted proxy says who asks: for users of this machine, sessions, the audit, metrics, TLS and other sites', async () => {
  const program = await start({ WARREN_TRUSTED_PROXIES: '127.0.0.1', WARREN_LOOPBACK_USERS: 'none' });
  const signedIn = await program.signIn(OUTSIDE);
  expect(signedIn.status).toBe(200);
  expect(signedIn.headers.get('set-cookie')).toMatch(/; Secure/i);
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const ask = async (path: string, headers: object = {}) =>
    fetch(program.console + path, { headers: { ...OUTSIDE, cookie, ...headers } });
  const { rows: sessions } = await (await ask('/console-api/sessions')).json();
  expect(sessions.map((session: { remoteAddress: string }) => session.remoteAddress)).toEqual(['203.0.113.9']);
  const { rows: entries } = await (await ask('/console-api/audit')).json();
  expect(entries).toMatchObject([{ action: 'session.sign-in', remoteAddress: '203.0.113.9' }]);
  expect((await ask('/metrics/per-object')).status).toBe(403);
  expect((await fetch(`${program.console}/metrics/per-object`)).status).toBe(200);
  const purge = (origin: string) =>
    fetch(`${program.console}/api/queues/%2F/none`, { method: 'DELETE', headers: { ...OUTSIDE, ...BASIC, origin } });
  expect((await purge('https://warren.example')).status).toBe(404);
  expect((await purge('https://evil.example')).status).toBe(403);
});

test('a trusted proxy is no way for a client to be somebody else', async () => {
  const program = await start({ WARREN_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' });
  for (const forwarded of ['127.0.0.1, 203.0.113.9', '127.0.0.1, 10.0.0.9', '::1, 203.0.113.9, 10.0.0.9', 'unknown'])
    expect([forwarded, (await program.signIn({ ...OUTSIDE, 'x-forwarded-for': forwarded })).status]).toEqual([
      forwarded,
      401,
    ]);
  const audit = await fetch(`${program.console}/api/whoami`, { headers: BASIC });
  expect(audit.status).toBe(200);
});

test('wrong passwords count by who asks, not by the proxy', async () => {
  const program = await start({ WARREN_TRUSTED_PROXIES: '127.0.0.1', WARREN_LOOPBACK_USERS: 'none' });
  const whoami = async (address: string, password: string) => {
    const authorization = `Basic ${Buffer.from(`guest:${password}`).toString('base64')}`;
    const headers = { authorization, 'x-forwarded-for': address };
    return (await fetch(`${program.console}/api/whoami`, { headers })).status;
  };
  const guesses = await Promise.all(Array.from({ length: 20 }, (_, i) => whoami('203.0.113.66', `guess ${i}`)));
  expect(guesses.filter((status) => status === 401)).toHaveLength(10);
  expect(await whoami('203.0.113.66', 'guest')).toBe(429);
  expect(await whoami('203.0.113.9', 'guest')).toBe(200);
});
