import { beforeEach, expect, test, vi } from 'vitest';
import { keepDraft, keptDraft } from '../../../lib/client/drafts.ts';

const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
});

test('a draft is kept by form and address', () => {
  keepDraft('new-queue', '/c/local/queues/new', { name: 'a', arguments: { 'x-max-length': '5' } });
  expect(keptDraft('new-queue', '/c/local/queues/new')).toEqual({ name: 'a', arguments: { 'x-max-length': '5' } });
  expect(keptDraft('new-queue', '/c/other/queues/new')).toBeUndefined();
  expect(keptDraft('publish', '/c/local/queues/new')).toBeUndefined();
});

test('an empty draft is none, and takes the one before away', () => {
  keepDraft('publish', '/', { body: 'x' });
  keepDraft('publish', '/', {});
  expect(stored.size).toBe(0);
});

test('what cannot be read counts as none', () => {
  keepDraft('publish', '/', { body: 'x' });
  for (const text of ['{', 'null', '5', '"x"']) {
    stored.set([...stored.keys()][0] as string, text);
    expect(keptDraft('publish', '/')).toBeUndefined();
  }
});

test('a tab that may keep nothing keeps nothing', () => {
  const refuse = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  keepDraft('publish', '/', { body: 'x' });
  expect(keptDraft('publish', '/')).toBeUndefined();
});
