import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeNul, unescapeNul } from '../../../lib/db/any-text.ts';

test('any text comes back, and is held without U+0000', () => {
  const unit = fc.constantFrom('\0', '\x1b', '0', 'e', 'a', '🐇');
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      expect(escapeNul(text)).not.toContain('\0');
      expect(unescapeNul(escapeNul(text))).toBe(text);
    }),
  );
});

test('different texts are held as different ones; usual ones as they are', () => {
  expect(new Set(['\0', '\x1b0', '\x1be0', '\x1b\0', '\0\x1b'].map(escapeNul)).size).toBe(5);
  expect(escapeNul('q.1 ü')).toBe('q.1 ü');
});
