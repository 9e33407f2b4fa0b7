import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignInAttempts } from '../../../lib/auth/sign-in-attempts.ts';

const RIGHT = 'right';
const MINUTE_MS = 60_000;

class Door {
  readonly attempts = new SignInAttempts();
  nowMs = 1_000_000;

  /** Tries a password, as a door does that checks it at once. */
  try(user: string, password: string, address: string): 'in' | 'wrong' | 'refused' {
    const attempt = this.attempts.begin({ user, password, address }, this.nowMs);
    if (attempt.isRefused) return 'refused';
    const isRight = password === RIGHT;
    attempt.end(isRight ? 'passed' : 'failed', this.nowMs);
    return isRight ? 'in' : 'wrong';
  }

  guesses(count: number, user: string, address: string): string[] {
    return Array.from({ length: count }, (_, i) => this.try(user, `guess ${i}`, address));
  }

  delay(user: string, password: string, address: string): number {
    const attempt = this.attempts.begin({ user, password, address }, this.nowMs);
    attempt.end('undone', this.nowMs);
    return attempt.delayMs;
  }
}

const STRANGER = '203.0.113.66';
const HOME = '198.51.100.7';

describe('wrong passwords of a user from an address', () => {
  test('ten are checked in a minute, then none, not even the right one', () => {
    const door = new Door();
    expect(door.guesses(12, 'ada', STRANGER)).toEqual([...Array(10).fill('wrong'), 'refused', 'refused']);
    expect(door.try('ada', RIGHT, STRANGER)).toBe('refused');
    door.nowMs += MINUTE_MS;
    expect(door.try('ada', RIGHT, STRANGER)).toBe('in');
  });

  test('what is refused does not make the minute longer', () => {
    const door = new Door();
    door.guesses(10, 'ada', STRANGER);
    for (let i = 0; i < 59; i++) {
      door.nowMs += 1_000;
      expect(door.try('ada', `more ${i}`, STRANGER)).toBe('refused');
    }
    door.nowMs += 1_000;
    expect(door.try('ada', RIGHT, STRANGER)).toBe('in');
  });

  test('lock out nobody at another address, however many there are', () => {
    const door = new Door();
    for (let i = 0; i < 500; i++) door.guesses(12, 'ada', `203.0.113.${i % 250}`);
    expect(door.try('ada', RIGHT, HOME)).toBe('in');
    expect(door.try('ada', RIGHT, HOME)).toBe('in');
  });

  test('lock out no other user at the same address', () => {
    const door = new Door();
    door.guesses(12, 'ada', STRANGER);
    expect(door.try('ben', RIGHT, STRANGER)).toBe('in');
  });

  test('a program that repeats an old password is refused, and does not lock out who knows the new one', () => {
    const door = new Door();
    const repeated = Array.from({ length: 3_000 }, () => door.try('ada', 'old', STRANGER));
    expect(repeated.filter((outcome) => outcome === 'wrong')).toHaveLength(10);
    expect(door.try('ada', RIGHT, STRANGER)).toBe('in');
  });

  test('are forgiven to nobody for signing in between', () => {
    const door = new Door();
    for (let i = 0; i < 10; i++) {
      expect(door.try('ada', `guess ${i}`, STRANGER)).toBe('wrong');
      if (i < 9) expect(door.try('ada', RIGHT, STRANGER)).toBe('in');
    }
    expect(door.try('ada', 'guess 11', STRANGER)).toBe('refused');
  });
});

describe('wrong names and passwords from one address', () => {
  test('end after fifty, whatever names are tried', () => {
    const door = new Door();
    const outcomes = Array.from({ length: 60 }, (_, i) => door.try(`user ${i}`, 'password', STRANGER));
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(50);
    expect(door.try('never seen', RIGHT, STRANGER)).toBe('refused');
    expect(door.try('never seen', RIGHT, HOME)).toBe('in');
  });

  test('do not hold up who has signed in from there before, as behind a router that many share', () => {
    const door = new Door();
    expect(door.try('ada', RIGHT, STRANGER)).toBe('in');
    for (let i = 0; i < 60; i++) door.try(`user ${i}`, 'password', STRANGER);
    expect(door.try('ada', RIGHT, STRANGER)).toBe('in');
  });

  test.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::ffff:203.0.113.1', '203.0.113.1', true],
    ['::ffff:203.0.113.1', '::ffff:203.0.113.2', false],
    ['via 127.0.0.1', '127.0.0.1', false],
  ])('%s and %s are the same: %s', (one, other, isSame) => {
    const door = new Door();
    door.guesses(10, 'ada', one);
    expect(door.try('ada', RIGHT, other)).toBe(isSame ? 'refused' : 'in');
  });
});

test('attempts count before their passwords are checked: of many at once no more pass than of one after the other', () => {
  const attempts = new SignInAttempts();
  const begun = Array.from({ length: 40 }, (_, i) =>
    attempts.begin({ user: 'ada', password: `guess ${i}`, address: STRANGER }, 0),
  );
  expect(begun.filter(({ isRefused }) => !isRefused)).toHaveLength(10);
  for (const attempt of begun) attempt.end('failed', 1);
  expect(attempts.begin({ user: 'ada', password: RIGHT, address: STRANGER }, 2).isRefused).toBe(true);
});

test('a password that could not be checked counts for nothing', () => {
  const attempts = new SignInAttempts();
  for (let i = 0; i < 100; i++)
    attempts.begin({ user: 'ada', password: `guess ${i}`, address: STRANGER }, 0).end('undone', 0);
  expect(attempts.begin({ user: 'ada', password: RIGHT, address: STRANGER }, 0)).toMatchObject({
    isRefused: false,
    delayMs: 0,
  });
});

describe('however many addresses fail', () => {
  test('who was refused stays refused, and who never failed comes in', () => {
    const door = new Door();
    door.guesses(12, 'ada', STRANGER);
    for (let i = 0; i < 30_000; i++) door.try('ada', 'guess', `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    expect(door.try('ada', RIGHT, STRANGER)).toBe('refused');
    expect(door.try('ada', RIGHT, HOME)).toBe('in');
  });
});

describe('waiting before a password is checked', () => {
  test('is for who failed before only, grows, and has an end', () => {
    const door = new Door();
    const delays = Array.from({ length: 10 }, (_, i) => {
      const delay = door.delay('ada', `guess ${i}`, STRANGER);
      door.try('ada', `guess ${i}`, STRANGER);
      return delay;
    });
    expect(delays).toEqual([0, 0, 0, 0, 0, 100, 200, 400, 800, 1600]);
    for (let i = 10; i < 30; i++) door.try('ada', `guess ${i}`, STRANGER);
    expect(door.delay('ada', RIGHT, STRANGER)).toBe(2000);
    expect(door.delay('ada', RIGHT, HOME)).toBe(0);
    expect(door.delay('ben', RIGHT, STRANGER)).toBe(0);
  });

  test('is not for who knows the password that a program has forgotten', () => {
    const door = new Door();
    for (let i = 0; i < 20; i++) door.try('ada', 'old', STRANGER);
    expect(door.delay('ada', 'old', STRANGER)).toBeGreaterThan(1_000);
    expect(door.delay('ada', RIGHT, STRANGER)).toBe(0);
  });
});

test('in any minute and from any address, at most ten passwords of a user are checked; from an address without failures always', () => {
  const step = fc.record({
    user: fc.constantFrom('ada', 'ben'),
    address: fc.constantFrom(STRANGER, '203.0.113.67'),
    password: fc.integer({ min: 0, max: 30 }).map((n) => `guess ${n}`),
    waitMs: fc.constantFrom(0, 0, 0, 0, 500, 7_000),
  });
  const elevenGuesses = Array.from({ length: 11 }, (_, n) => ({
    user: 'ada',
    address: STRANGER,
    password: `guess ${n}`,
    waitMs: 0,
  }));
  let most = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const door = new Door();
      const checked: { key: string; password: string; atMs: number }[] = [];
      for (const { user, address, password, waitMs } of steps) {
        door.nowMs += waitMs;
        if (door.try(user, password, address) === 'wrong')
          checked.push({ key: user + address, password, atMs: door.nowMs });
        expect(door.try(user, RIGHT, HOME)).toBe('in');
      }
      for (const { key, atMs } of checked) {
        const within = checked.filter((one) => one.key === key && one.atMs >= atMs && one.atMs < atMs + MINUTE_MS);
        const distinct = new Set(within.map((one) => one.password));
        expect(distinct.size).toBeLessThanOrEqual(10);
        most = Math.max(most, distinct.size);
      }
    }),
    // One run that comes to the limit for sure.
    { numRuns: 100, examples: [[elevenGuesses]] },
  );
  expect(most).toBe(10);
});
