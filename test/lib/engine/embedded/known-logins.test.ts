import { expect, test } from 'vitest';
import { KnownLogins } from '../../../../lib/engine/embedded/known-logins.ts';

const identity = { user: 'u', tags: [], vhosts: [] };

test('who was let in is known for a while, with that password and from there only', () => {
  const logins = new KnownLogins();
  logins.keep(logins.key('u', 'p', '10.0.0.1'), identity, 1_000);
  expect(logins.find(logins.key('u', 'p', '10.0.0.1'), 2_000)).toEqual(identity);
  expect(logins.find(logins.key('u', 'p', '10.0.0.1'), 100_000)).toBeNull();
  expect(logins.find(logins.key('u', 'P', '10.0.0.1'), 2_000)).toBeNull();
  expect(logins.find(logins.key('u', 'p', '127.0.0.1'), 2_000)).toBeNull();
  expect(logins.find(logins.key('up', '', '10.0.0.1'), 2_000)).toBeNull();
});

test('a refusal takes away what was known, and any change all of it', () => {
  const logins = new KnownLogins();
  const [one, other] = [logins.key('a', 'p', ''), logins.key('b', 'p', '')];
  logins.keep(one, identity, 0);
  logins.keep(other, identity, 0);
  logins.keep(one, null, 1);
  expect([logins.find(one, 2), logins.find(other, 2)]).toEqual([null, identity]);
  logins.forgetAll();
  expect(logins.find(other, 2)).toBeNull();
});

test('the password is nowhere in it, and there is an end to how many it knows', () => {
  const logins = new KnownLogins();
  expect(logins.key('u', 'secret', '')).not.toBe(new KnownLogins().key('u', 'secret', ''));
  const keys = Array.from({ length: 1_001 }, (_, i) => logins.key(`u${i}`, 'p', ''));
  for (const key of keys) logins.keep(key, identity, 0);
  expect([logins.find(keys[0] as string, 1), logins.find(keys[1] as string, 1)]).toEqual([null, identity]);
});
