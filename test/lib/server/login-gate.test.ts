import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SignInAttempts } from '../../../lib/auth/sign-in-attempts.ts';
import { LoginGate } from '../../../lib/server/login-gate.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ADDRESS = '203.0.113.66';

class Gate {
  readonly gate = new LoginGate(new SignInAttempts(), Date.now);
  checked: string[] = [];
  refused = 0;

  try(password: string, address = ADDRESS, isGone = false): void {
    const checkPassword = () => {
      if (isGone) return null;
      this.checked.push(password);
      return password === 'right';
    };
    this.gate.pass({ user: 'ada', password, address }, checkPassword, () => this.refused++);
  }

  fail(times: number): void {
    for (let i = 0; i < times; i++) {
      this.try(`wrong ${i}`);
      vi.advanceTimersByTime(2_000);
    }
    this.checked = [];
  }
}

test('who never failed does not wait', () => {
  const gate = new Gate();
  gate.try('right');
  gate.try('wrong');
  expect(gate.checked).toEqual(['right', 'wrong']);
});

test('a refusal is immediate, and after repeated ones it takes a while, for the right password too', () => {
  const gate = new Gate();
  gate.fail(7);
  gate.try('right');
  gate.try('right', '198.51.100.7');
  expect(gate.checked).toEqual(['right']);
  vi.advanceTimersByTime(399);
  expect(gate.checked).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(gate.checked).toEqual(['right', 'right']);
});

test('nobody waits for longer than two seconds, and nobody is refused unseen for having failed', () => {
  const gate = new Gate();
  gate.fail(40);
  gate.try('right');
  vi.advanceTimersByTime(2_000);
  expect([gate.checked, gate.refused]).toEqual([['right'], 0]);
});

describe('how many wait is bounded', () => {
  test('of one address, and others are not held up by it', () => {
    const gate = new Gate();
    gate.fail(8);
    for (let i = 0; i < 100; i++) gate.try(`more ${i}`);
    expect([vi.getTimerCount(), gate.refused]).toEqual([20, 80]);
    gate.try('right', '198.51.100.7');
    expect(gate.checked).toEqual(['right']);
    vi.advanceTimersByTime(2_000);
    expect([vi.getTimerCount(), gate.checked.length]).toEqual([0, 21]);
    gate.try('right');
    vi.advanceTimersByTime(2_000);
    expect(gate.checked.at(-1)).toBe('right');
  });

  test('of all addresses', () => {
    const gate = new Gate();
    for (let i = 0; i < 100; i++) {
      for (let n = 0; n < 5; n++) gate.try(`wrong ${n}`, `10.0.0.${i}`);
      for (let n = 0; n < 10; n++) gate.try(`more ${n}`, `10.0.0.${i}`);
    }
    expect([vi.getTimerCount(), gate.refused]).toEqual([500, 500]);
  });
});

test('of a client that goes while it waits the password is not checked at, and nothing counts', () => {
  const gate = new Gate();
  gate.fail(5);
  for (let i = 0; i < 10; i++) gate.try(`gone ${i}`, ADDRESS, true);
  vi.advanceTimersByTime(2_000);
  gate.try('right');
  vi.advanceTimersByTime(100);
  expect(gate.checked).toEqual(['right']);
});
