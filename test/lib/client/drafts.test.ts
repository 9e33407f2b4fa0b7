import { beforeEach, expect, test, vi } from 'vitest';
import { begunFields, dropDrafts, keepDraft, keepDraftsOf, keptDraft } from '../../../lib/client/drafts.ts';

const stored = new Map<string, string>();

/** As a browser has it: what is kept are properties of its own. */
class Storage {
  [key: string]: unknown;

  getItem(key: string): string | null {
    return stored.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    stored.set(key, value);
    this[key] = value;
  }

  removeItem(key: string): void {
    stored.delete(key);
    delete this[key];
  }
}

beforeEach(() => {
  stored.clear();
  vi.stubGlobal('sessionStorage', new Storage());
  keepDraftsOf('ann');
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
  expect(keptDraft('publish', '/')).toBeUndefined();
  expect([...stored.values()]).toEqual(['ann']);
});

test('who signs out leaves no draft behind, and all else that the tab keeps', () => {
  sessionStorage.setItem('warren.vhost', '/');
  keepDraft('publish', '/', { body: 'x' });
  keepDraft('new-queue', '/', { name: 'x' });
  dropDrafts();
  expect([...stored.keys()]).toEqual(['warren.vhost']);
  // As a page does that is left by the sign-out.
  keepDraft('publish', '/', { body: 'x' });
  expect([...stored.keys()]).toEqual(['warren.vhost']);
});

test('the drafts of one user are not there for the next', () => {
  keepDraft('publish', '/', { body: 'x' });
  keepDraftsOf('ann');
  expect(keptDraft('publish', '/')).toEqual({ body: 'x' });
  keepDraftsOf('ben');
  expect(keptDraft('publish', '/')).toBeUndefined();
  keepDraftsOf('ann');
  expect(keptDraft('publish', '/')).toBeUndefined();
});

test('a draft is what differs from the defaults, and is not kept elsewhere', () => {
  const defaults = { name: '', type: 'classic', durable: true, arguments: {}, key: '' };
  expect(begunFields(defaults, defaults, [])).toEqual({});
  expect(begunFields({ ...defaults, durable: false, key: 'k' }, defaults, ['key'])).toEqual({ durable: false });
  expect(begunFields({ ...defaults, arguments: { a: '5' } }, defaults, [])).toEqual({ arguments: { a: '5' } });
  // As a field is after somebody has emptied it.
  expect(begunFields({ ...defaults, arguments: { a: '' } }, defaults, [])).toEqual({});
});

test('what cannot be read counts as none', () => {
  keepDraft('publish', '/', { body: 'x' });
  for (const text of ['{', 'null', '5', '"x"']) {
    stored.set([...stored.keys()].at(-1) as string, text);
    expect(keptDraft('publish', '/')).toBeUndefined();
  }
});

test('a tab that may keep nothing keeps nothing', () => {
  const refuse = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  keepDraftsOf('ben');
  keepDraft('publish', '/', { body: 'x' });
  expect(keptDraft('publish', '/')).toBeUndefined();
});
