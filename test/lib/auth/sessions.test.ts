import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SecretKey } from '../../../lib/auth/secret-key.ts';
import { Sessions, sessionId } from '../../../lib/auth/sessions.ts';
import type { Database } from '../../../lib/db/database.ts';
import { SessionRecords } from '../../../lib/db/sessions.ts';
import { scratchDatabase } from '../db/scratch-database.ts';

const ORIGIN = { remoteAddress: '::1', userAgent: 'a browser' };
const HOUR = 60 * 60 * 1000;
const key = new SecretKey();
let database: Database;
let sessions: Sessions;

beforeEach(async () => {
  // The database's own timers go on: only the date is ours.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T08:00:00Z') });
  database = await scratchDatabase();
  sessions = new Sessions(new SessionRecords(database), key);
});

afterEach(() => {
  vi.useRealTimers();
});

/** Another process, or this one after a restart. */
function restarted(): Sessions {
  return new Sessions(new SessionRecords(database), key);
}

test('a token is its user, also after a restart', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  expect(await sessions.user(token)).toBe('ada');
  expect(await restarted().user(token)).toBe('ada');
});

test('any other token is nobody', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  expect(await sessions.user(`${token}x`)).toBeNull();
  expect(await sessions.user('')).toBeNull();
});

test('a token that another key signed is nobody, whatever the database holds', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  const elsewhere = new Sessions(new SessionRecords(database), new SecretKey());
  expect([await elsewhere.user(token), await elsewhere.lasts(token)]).toEqual([null, false]);
  expect(await sessions.user(token)).toBe('ada');
});

test('tokens differ, and the database does not hold them', async () => {
  const tokens = [(await sessions.begin('ada', ORIGIN)).token, (await sessions.begin('ada', ORIGIN)).token];
  expect(tokens[0]).not.toBe(tokens[1]);
  expect(tokens[0]?.length).toBeGreaterThanOrEqual(43);
  const kept = JSON.stringify(await database.session.findMany());
  for (const token of tokens) expect(kept).not.toContain(token);
});

test('a session ends eight hours after its last use', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  for (let hour = 0; hour < 24; hour += 4) {
    vi.setSystemTime(Date.now() + 4 * HOUR);
    expect(await sessions.user(token)).toBe('ada');
  }
  vi.setSystemTime(Date.now() + 8 * HOUR);
  expect(await sessions.user(token)).toBeNull();
  expect(await restarted().user(token)).toBeNull();
});

test('a use moves the end on for other processes too', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  vi.setSystemTime(Date.now() + 7 * HOUR);
  await sessions.user(token);
  vi.setSystemTime(Date.now() + 7 * HOUR);
  expect(await restarted().user(token)).toBe('ada');
});

test('who signs out is nobody at once, elsewhere still somebody', async () => {
  const [here, elsewhere] = [await sessions.begin('ada', ORIGIN), await sessions.begin('ada', ORIGIN)];
  await sessions.user(here.token);
  await sessions.end(here.token);
  expect(await sessions.user(here.token)).toBeNull();
  expect(await restarted().user(here.token)).toBeNull();
  expect(await sessions.user(elsewhere.token)).toBe('ada');
});

test('expired sessions do not pile up', async () => {
  await sessions.begin('ada', ORIGIN);
  vi.setSystemTime(Date.now() + 9 * HOUR);
  await sessions.begin('bob', ORIGIN);
  expect((await database.session.findMany()).map((session) => session.user)).toEqual(['bob']);
});

test('asking whether a session lasts does not make it last longer', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  for (let hour = 0; hour < 7; hour++) {
    vi.setSystemTime(Date.now() + HOUR);
    expect(await sessions.lasts(token)).toBe(true);
    expect(await restarted().lasts(token)).toBe(true);
  }
  vi.setSystemTime(Date.now() + HOUR);
  expect(await sessions.lasts(token)).toBe(false);
  expect(await restarted().lasts(token)).toBe(false);
});

test('a session that was ended lasts no longer, nor does one that never was', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  await sessions.end(token);
  expect(await sessions.lasts(token)).toBe(false);
  expect(await sessions.lasts('x')).toBe(false);
});

test('sessions are listed by whose they are, newest first, without what opens them', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  vi.setSystemTime(Date.now() + HOUR);
  await sessions.begin('bob', { remoteAddress: '10.0.0.1', userAgent: 'x'.repeat(1000) });
  vi.setSystemTime(Date.now() + HOUR);
  await sessions.user(token);
  const all = await sessions.list(null);
  expect(all.map(({ user }) => user)).toEqual(['bob', 'ada']);
  expect(all[0]?.userAgent.length).toBeLessThan(500);
  const [adas] = await sessions.list('ada');
  expect(adas).toMatchObject({
    ...ORIGIN,
    id: sessionId(token),
    sinceMs: Date.now() - 2 * HOUR,
    lastUsedMs: Date.now(),
  });
  expect(JSON.stringify(all)).not.toContain(token);
});

test('a session that is revoked has ended, at once and for other processes', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  const other = await sessions.begin('ada', ORIGIN);
  expect(await sessions.user(token)).toBe('ada');
  const id = sessionId(token);
  expect(await sessions.owner(id)).toBe('ada');
  await sessions.revoke(id);
  expect([await sessions.user(token), await restarted().user(token)]).toEqual([null, null]);
  expect([await sessions.owner(id), await sessions.owner('none')]).toEqual([null, null]);
  expect(await sessions.user(other.token)).toBe('ada');
});

test('a session that has ended by itself is nobody’s and in no list', async () => {
  const { token } = await sessions.begin('ada', ORIGIN);
  vi.setSystemTime(Date.now() + 8 * HOUR);
  expect(await sessions.list(null)).toEqual([]);
  expect(await sessions.owner(sessionId(token))).toBeNull();
});
