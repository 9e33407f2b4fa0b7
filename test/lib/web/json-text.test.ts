import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JSON_NESTING_MAX, nestsDeeper, parseJson } from '../../../lib/web/json-text.ts';

function nestingOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((deepest, inner) => Math.max(deepest, nestingOf(inner)), 0);
}

/** Texts that look like structure. */
const text = fc.string({
  unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', 'a', 'ü', '\n', '🐇'),
  maxLength: 12,
});
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'large', withCrossShrink: true },
    text,
    fc.constantFrom(null, true, 0, -1.5e300),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
}));

describe('the nesting of a text is that of the value it stands for', () => {
  test('whatever is in its strings and between its parts', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
        const written = JSON.stringify(json, null, indent);
        const nesting = nestingOf(json);
        expect(nestsDeeper(written, nesting)).toBe(false);
        if (nesting > 0) expect(nestsDeeper(written, nesting - 1)).toBe(true);
        expect(parseJson(written)).toEqual(JSON.parse(written));
      }),
      { numRuns: 500 },
    );
  });

  test('and a text that is no JSON throws nothing else than INVALID_REQUEST', () => {
    fc.assert(
      fc.property(text, (broken) => {
        try {
          parseJson(broken);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_REQUEST' });
        }
      }),
    );
  });
});

test.each([3_000, 1_000_000])('%i levels are refused before anything recurses', (levels) => {
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ] as const) {
    const deep = `${open.repeat(levels)}1${close.repeat(levels)}`;
    expect(() => parseJson(deep)).toThrow(`nested deeper than ${JSON_NESTING_MAX} levels`);
    expect(() => parseJson(open.repeat(levels))).toThrow('nested deeper');
  }
});

test('a long string of brackets, quotes and backslashes is no nesting', () => {
  for (const piece of ['[', '\\"[', '\\\\', '\\\\\\"{'])
    expect(nestsDeeper(`["${piece.repeat(200_000)}"]`, 1)).toBe(false);
});
