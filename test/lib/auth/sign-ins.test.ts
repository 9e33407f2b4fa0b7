import { describe, expect, test } from 'vitest';
import type { RefusedSignIn } from '../../../lib/audit/refused-sign-ins.ts';
import { SignInAttempts } from '../../../lib/auth/sign-in-attempts.ts';
import { SignIns } from '../../../lib/auth/sign-ins.ts';
import type { Identity } from '../../../lib/engine/actor.ts';

const ADDRESS = '203.0.113.66';
const ADA: Identity = { user: 'ada', tags: [], vhosts: [] };

/** Passwords are checked when the test says so. */
class SignInsFixture {
  readonly noted: RefusedSignIn[] = [];
  readonly signIns = new SignIns(new SignInAttempts(), { note: (refused) => this.noted.push(refused) });
  checked = 0;
  answer: Promise<Identity | null> | undefined;

  async try(password: string, address = ADDRESS) {
    return this.signIns.signIn({ user: 'ada', password, address }, '', async () => {
      this.checked++;
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
  ])('%s: ten are checked', async (_, password) => {
    const fixture = new SignInsFixture();
    const outcomes = await fixture.all(Array.from({ length: 40 }, (__, i) => password(i)));
    expect(fixture.checked).toBe(10);
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'too-many')).toHaveLength(30);
    expect(fixture.noted).toHaveLength(40);
  });

  test('with the right password: all come in', async () => {
    const fixture = new SignInsFixture();
    const outcomes = await fixture.all(Array(200).fill('right'));
    expect(outcomes).toEqual(Array(200).fill(ADA));
    expect(await fixture.all(Array(200).fill('right'))).toEqual(Array(200).fill(ADA));
  });

  test('while others guess from elsewhere, who knows it comes in', async () => {
    const fixture = new SignInsFixture();
    const guesses = Array.from({ length: 300 }, (_, i) => fixture.try(`guess ${i}`, `198.51.100.${i % 20}`));
    expect(await fixture.try('right')).toBe(ADA);
    await Promise.all(guesses);
    expect(await fixture.try('right')).toBe(ADA);
  });
});

test('a password that could not be checked counts for nothing, and the reason is passed on', async () => {
  const fixture = new SignInsFixture();
  fixture.answer = Promise.reject(new Error('the broker does not answer'));
  fixture.answer.catch(() => {});
  for (let i = 0; i < 30; i++) await expect(fixture.try(`guess ${i}`)).rejects.toThrow('does not answer');
  fixture.answer = undefined;
  expect(await fixture.try('right')).toBe(ADA);
  expect(fixture.noted).toEqual([]);
});
