import { describe, expect, test } from 'vitest';
import type { RefusedSignIn } from '../../../lib/audit/refused-sign-ins.ts';
import { SignInAttempts } from '../../../lib/auth/sign-in-attempts.ts';
import { SignIns } from '../../../lib/auth/sign-ins.ts';
import type { Identity } from '../../../lib/engine/actor.ts';

const ADDRESS = '203.0.113.66';
const ADA: Identity = { user: 'ada', tags: [], vhosts: [] };

/** Passwords are looked at when the test says so. */
class SignInsFixture {
  readonly noted: RefusedSignIn[] = [];
  readonly signIns = new SignIns(new SignInAttempts(), { note: (refused) => this.noted.push(refused) });
  looked = 0;
  answer: Promise<Identity | null> | undefined;

  async try(password: string, address = ADDRESS) {
    return this.signIns.signIn({ user: 'ada', password, address }, '', async () => {
      this.looked++;
      await new Promise((resolve) => setImmediate(resolve));
      return this.answer ?? (password === 'right' ? ADA : null);
    });
  }

  all(passwords: string[]) {
    return Promise.all(passwords.map((password) => this.try(password)));
  }
}

describe('many sign-ins at once', () => {
  test.each([
    ['different wrong passwords', (i: number) => `guess ${i}`],
    ['the same wrong password', () => 'guess'],
  ])('%s: ten are looked at', async (_, password) => {
    const place = new SignInsFixture();
    const outcomes = await place.all(Array.from({ length: 40 }, (__, i) => password(i)));
    expect(place.looked).toBe(10);
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'too-many')).toHaveLength(30);
    expect(place.noted).toHaveLength(40);
  });

  test('with the right password: all come in', async () => {
    const place = new SignInsFixture();
    const outcomes = await place.all(Array(200).fill('right'));
    expect(outcomes).toEqual(Array(200).fill(ADA));
    expect(await place.all(Array(200).fill('right'))).toEqual(Array(200).fill(ADA));
  });

  test('while others guess from elsewhere, who knows it comes in', async () => {
    const place = new SignInsFixture();
    const guesses = Array.from({ length: 300 }, (_, i) => place.try(`guess ${i}`, `198.51.100.${i % 20}`));
    expect(await place.try('right')).toBe(ADA);
    await Promise.all(guesses);
    expect(await place.try('right')).toBe(ADA);
  });
});

test('a password that could not be looked at counts for nothing, and the reason is passed on', async () => {
  const place = new SignInsFixture();
  place.answer = Promise.reject(new Error('the broker does not answer'));
  place.answer.catch(() => {});
  for (let i = 0; i < 30; i++) await expect(place.try(`guess ${i}`)).rejects.toThrow('does not answer');
  place.answer = undefined;
  expect(await place.try('right')).toBe(ADA);
  expect(place.noted).toEqual([]);
});
