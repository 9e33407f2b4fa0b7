import { expect, test } from 'vitest';
import { ACTIONS, actWords } from '../../../lib/audit/actions.ts';

test('every action is a noun and a verb, and has words of its own', () => {
  for (const name of Object.keys(ACTIONS)) expect(name).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
  const words = Object.values(ACTIONS);
  expect(new Set(words).size).toBe(words.length);
});

test('an act is said by its words, one that is not known by its name', () => {
  expect(actWords('queue.purge', 'ok')).toBe('purged queue');
  expect(actWords('queue.rename', 'ok')).toBe('queue.rename');
  expect(actWords('toString', 'ok')).toBe('toString');
});

test('whoever was refused has not signed in', () => {
  expect(actWords('session.sign-in', 'ok')).toBe('signed in');
  expect(actWords('session.sign-in', 'UNAUTHENTICATED')).toBe('was refused to sign in');
});
