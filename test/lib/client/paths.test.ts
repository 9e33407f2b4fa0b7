import { describe, expect, test } from 'vitest';
import { localPath, nameOf, paths, segment } from '../../../lib/client/paths.ts';

const NAMES = [
  '/',
  '',
  '.',
  '..',
  '...',
  '~',
  '~2E',
  '%',
  '%2F',
  '100%',
  'a/b',
  'über 100%',
  '日本',
  'a b+c?d#e',
  "it's",
  '//',
  'x~y',
];

describe.each(NAMES)('the name %j', (name) => {
  test('comes back from its segment, however often that was decoded', () => {
    const encoded = segment(name);
    expect(nameOf(encoded)).toBe(name);
    expect(nameOf(decodeURIComponent(encoded))).toBe(name);
  });

  test('survives what a browser does to an address', () => {
    const url = new URL(paths.queue('/', name), 'http://localhost');
    expect(nameOf(url.pathname.split('/').at(-1) as string)).toBe(name);
  });
});

test('an address that was written by hand, with plain percent-encoding, names the same', () => {
  for (const name of NAMES.filter((one) => !/^\.{0,2}$|~/.test(one))) {
    const encoded = encodeURIComponent(name);
    expect(nameOf(encoded)).toBe(name);
    expect(() => nameOf(decodeURIComponent(encoded))).not.toThrow();
  }
  expect(nameOf('50%off')).toBe('50%off');
});

test('signing in leads back only to this site', () => {
  expect(localPath('/queues?text=a')).toBe('/queues?text=a');
  for (const lure of ['//evil.example/x', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', undefined])
    expect(localPath(lure)).toBe(paths.overview);
});
