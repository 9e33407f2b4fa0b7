/**
 * Patterns mean what they mean to RabbitMQ: the tables and random patterns are put to Erlang's own `re` as well. Skipped
 * where no Erlang is installed. WARREN_PATTERN_SEED and WARREN_PATTERN_COUNT: other random patterns, and more of them.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidPattern } from '../lib/pattern/invalid-pattern.ts';
import { compilePattern } from '../lib/pattern/pattern.ts';
import { askErlang, hasErlang, type PatternAnswer, type PatternCase } from './conformance/erlang-patterns.ts';
import { anyShortName, anySoup, anyWellFormedPattern } from './lib/pattern/any-pattern.ts';
import { INVALID, PATTERNS, UNSUPPORTED } from './lib/pattern/pattern-table.ts';

const SEED = Number(process.env.WARREN_PATTERN_SEED ?? 1);
const COUNT = Number(process.env.WARREN_PATTERN_COUNT ?? 4000);
const isInstalled = hasErlang();

const one = (pattern: string, names: string[] = []): PatternCase => ({ pattern, isCaseless: false, names });

function answerOf({ pattern, isCaseless, names }: PatternCase): PatternAnswer {
  try {
    const compiled = compilePattern(pattern, isCaseless);
    return names.map((name) => compiled.test(name));
  } catch (error) {
    if (error instanceof InvalidPattern) return { reason: error.reason, offset: error.offset };
    throw error;
  }
}

/**
 * Whether the answers differ for no known reason: a pattern that Warren alone refuses says so, and Erlang alone refuses
 * to look behind at branches of different lengths.
 */
function differs(mine: PatternAnswer, erlangs: PatternAnswer): boolean {
  if (Array.isArray(mine) && Array.isArray(erlangs)) return mine.some((answer, i) => answer !== erlangs[i]);
  if (Array.isArray(mine)) return !Array.isArray(erlangs) && !/not fixed length/.test(erlangs.reason);
  return Array.isArray(erlangs) && !/supported|too large|too many/.test(mine.reason);
}

describe.skipIf(!isInstalled)(`beside Erlang's re${isInstalled ? '' : ' (skipped: no erl is installed)'}`, () => {
  test('every row of the table is true of it', () => {
    const answers = askErlang(PATTERNS.map(([pattern, matches, others]) => one(pattern, [...matches, ...others])));
    const expected = PATTERNS.map(([, matches, others]) => [...matches.map(() => true), ...others.map(() => false)]);
    expect(PATTERNS.map(([pattern], i) => [pattern, answers[i]])).toEqual(
      PATTERNS.map(([pattern], i) => [pattern, expected[i]]),
    );
  });

  test('what is no pattern is refused in the same words', () => {
    const answers = askErlang(INVALID.map(([pattern]) => one(pattern)));
    expect(INVALID.map(([pattern], i) => [pattern, answers[i]])).toEqual(
      INVALID.map(([pattern, reason]) => [pattern, expect.objectContaining({ reason })]),
    );
  });

  test('what is not supported is a pattern to it', () => {
    expect(
      askErlang(UNSUPPORTED.map(([pattern]) => one(pattern, ['a']))).filter((answer) => !Array.isArray(answer)),
    ).toEqual([]);
  });

  test('each byte is in the same sets, in either case', () => {
    const bytes = [...Array(256)].map((_, byte) => `\\x${byte.toString(16).padStart(2, '0')}`);
    const classes = ['alnum', 'alpha', 'ascii', 'blank', 'cntrl', 'digit', 'graph', 'lower', 'print', 'punct'];
    const sets = [
      ...[...'dDhHsSvVwWNR'].map((letter) => `\\${letter}`),
      ...[...classes, 'space', 'upper', 'word', 'xdigit'].flatMap((name) => [`[[:${name}:]]`, `[[:^${name}:]]`]),
      ...bytes,
    ];
    // Every byte that UTF-8 has: as the first of a character, and as the second.
    const codes = [...Array(0x100).keys(), ...[...Array(30).keys()].map((i) => (i + 2) << 6), 0x800, 0xd000, 0x10000];
    const names = codes.map((code) => String.fromCodePoint(code));
    const cases = sets.flatMap((set) =>
      [`\\A(?:${set})[\\x80-\\xbf]*\\z`, `\\A\\xc2(?:${set})\\z`].flatMap((pattern) => [
        { pattern, isCaseless: false, names },
        { pattern, isCaseless: true, names },
      ]),
    );
    const answers = askErlang(cases);
    expect(cases.filter((each, i) => differs(answerOf(each), answers[i] as PatternAnswer))).toEqual([]);
  });

  test.for([
    ['well-formed', anyWellFormedPattern({ isPcre: true })],
    ['ill-formed', anySoup],
  ] as const)(
    `${COUNT} random patterns of seed ${SEED} are taken or refused, and match, alike: %s`,
    { timeout: 240_000 },
    ([, any]) => {
      const sampled = fc.sample(
        fc.record({
          pattern: any,
          isCaseless: fc.boolean(),
          names: fc.array(anyShortName, { minLength: 12, maxLength: 12 }),
        }),
        {
          seed: SEED,
          numRuns: COUNT,
        },
      );
      const answers = askErlang(sampled);
      const mine = sampled.map(answerOf);
      const different = sampled.flatMap((each, i) =>
        differs(mine[i] as PatternAnswer, answers[i] as PatternAnswer)
          ? [{ ...each, erlangs: answers[i], mine: mine[i] }]
          : [],
      );
      expect(different.slice(0, 5)).toEqual([]);
      // Both kinds of answers were compared.
      expect(mine.filter((answer, i) => Array.isArray(answer) && Array.isArray(answers[i])).length).toBeGreaterThan(
        COUNT / 10,
      );
    },
  );
});
