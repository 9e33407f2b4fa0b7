import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Sessions } from '../../../lib/auth/sessions.ts';
import type { Database } from '../../../lib/db/database.ts';
import { SessionRecords } from '../../../lib/db/sessions.ts';
import { scratchDatabase } from '../db/scratch-database.ts';

const HOUR = 60 * 60 * 1000;
let database: Database;
let sessions: Sessions;

beforeEach(async () => {
  // The database's own timers go on: only the date is ours.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T08:00:00Z') });
  database = await scratchDatabase();
  sessions = new Sessions(new SessionRecords(database));
});

afterEach(() => {
  vi.useRealTimers();
});

/** Another process, or this one after a restart. */
function restarted(): Sessions {
  return new Sessions(new SessionRecords(database));
}

test('a token is its user, also after a restart', async () => {
  const { token } = await sessions.begin('ada');
  expect(await sessions.user(token)).toBe('ada');
  expect(await restarted().user(token)).toBe('ada');
});

test('any other token is nobody', async () => {
  const { token } = await sessions.begin('ada');
  expect(await sessions.user(`${token}x`)).toBeNull();
  expect(await sessions.user('')).toBeNull();
});

test('tokens differ, and the database does not hold them', async () => {
  const tokens = [(await sessions.begin('ada')).token, (await sessions.begin('ada')).token];
  expect(tokens[0]).not.toBe(tokens[1]);
  expect(tokens[0]?.length).toBeGreaterThanOrEqual(43);
  const kept = JSON.stringify(await database.session.findMany());
  for (const token of tokens) expect(kept).not.toContain(token);
});

test('a session ends eight hours after its last use', async () => {
  const { token } = await sessions.begin('ada');
  for (let hour = 0; hour < 24; hour += 4) {
    vi.setSystemTime(Date.now() + 4 * HOUR);
    expect(await sessions.user(token)).toBe('ada');
  }
  vi.setSystemTime(Date.now() + 8 * HOUR);
  expect(await sessions.user(token)).toBeNull();
  expect(await restarted().user(token)).toBeNull();
});

test('a use moves the end on for other processes too', async () => {
  const { token } = await sessions.begin('ada');
  vi.setSystemTime(Date.now() + 7 * HOUR);
  await sessions.user(token);
  vi.setSystemTime(Date.now() + 7 * HOUR);
  expect(await restarted().user(token)).toBe('ada');
});

test('who signs out is nobody at once, elsewhere still somebody', async () => {
  const [here, elsewhere] = [await sessions.begin('ada'), await sessions.begin('ada')];
  await sessions.user(here.token);
  await sessions.end(here.token);
  expect(await sessions.user(here.token)).toBeNull();
  expect(await restarted().user(here.token)).toBeNull();
  expect(await sessions.user(elsewhere.token)).toBe('ada');
});

test('expired sessions do not pile up', async () => {
  await sessions.begin('ada');
  vi.setSystemTime(Date.now() + 9 * HOUR);
  await sessions.begin('bob');
  expect((await database.session.findMany()).map((session) => session.user)).toEqual(['bob']);
});

test('asking whether a session lasts does not make it last longer', async () => {
  const { token } = await sessions.begin('ada');
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
  const { token } = await sessions.begin('ada');
  await sessions.end(token);
  expect(await sessions.lasts(token)).toBe(false);
  expect(await sessions.lasts('x')).toBe(false);
});
