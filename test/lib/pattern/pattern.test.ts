import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidPattern } from '../../../lib/pattern/invalid-pattern.ts';
import { compilePattern, escapePattern, keptPattern, patternSteps } from '../../../lib/pattern/pattern.ts';
import { anyHurtfulName, anyShortName, anySoup, anyWellFormedPattern, slowName } from './any-pattern.ts';
import { INVALID, PATTERNS, UNSUPPORTED } from './pattern-table.ts';

/** The steps of one match by a pattern that nobody compiled before. */
let fresh = 0;
function stepsOf(source: string, name: string): number {
  const pattern = compilePattern(`(?#${fresh++})${source}`);
  const before = patternSteps();
  pattern.test(name);
  return patternSteps() - before;
}

test.for(PATTERNS)('%s is read as PCRE reads it', ([source, matches, others]) => {
  const pattern = compilePattern(source);
  expect([...matches, ...others].filter((name) => pattern.test(name))).toEqual(matches);
});

describe('what is no pattern, or none that can be had in linear time, is refused with the reason', () => {
  test.for([...INVALID, ...UNSUPPORTED])('%s: %s', ([source, reason]) => {
    expect(() => compilePattern(source)).toThrow(expect.objectContaining({ name: 'InvalidPattern', reason }));
  });
});

test('a refusal says where, as Erlang shows it', () => {
  expect(() => compilePattern('a(')).toThrow(new InvalidPattern('missing )', 2));
  expect(new InvalidPattern('\\ at end of pattern', 1).term).toBe('{"\\\\ at end of pattern",1}');
});

test('one that is kept and cannot be used matches nothing and has its problem', () => {
  const pattern = keptPattern('(a)\\1');
  expect([pattern.test('aa'), pattern.test(''), pattern.problem]).toEqual([
    ...[false, false],
    'back-references are not supported at byte 4',
  ]);
  expect(keptPattern('a').problem).toBeNull();
});

test('case is told apart unless it is asked not to be', () => {
  expect([compilePattern('^q', false).test('Q'), compilePattern('^q', true).test('Q')]).toEqual([false, true]);
});

describe('an escaped text', () => {
  test('matches itself alone, in any option', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, other) => {
        for (const options of ['', '(?x)', '(?s)']) {
          const pattern = compilePattern(`${options}\\A${escapePattern(text)}\\z`);
          expect([pattern.test(text), pattern.test(other)]).toEqual([true, other === text]);
        }
      }),
    );
  });
});

describe('whoever writes the pattern', () => {
  /** Each holds an engine that goes back up for longer than anybody waits. */
  const CATASTROPHES = [
    ...[
      '^(a+)+$',
      '(a*)*b',
      '(a|a)*b',
      '(a|aa)+$',
      '^(a|a?)+$',
      '(.*)*!!',
      '(.*a){20}!!',
      '^(([a-z])+.)+[A-Z]([a-z])+$',
    ],
    ...[
      '(?:a?){100}a{100}$',
      '(x+x+)+y',
      '([a-zA-Z]+)*$!',
      '(?=(a+)+$)a*b',
      '(?!(a|a)*b$)c',
      '.*.*.*.*.*=',
      'a*a*a*a*a*b',
    ],
  ];

  test.for(CATASTROPHES)('%s costs twice as much on a name that is twice as long, and not more', (source) => {
    for (const part of ['a', 'x', 'ab', 'aA']) {
      const steps = [60, 120, 240].map((count) => stepsOf(source, `${part.repeat(count)}!`)) as [
        number,
        number,
        number,
      ];
      expect(steps[1]).toBeLessThanOrEqual(2.5 * steps[0] + 100);
      expect(steps[2]).toBeLessThanOrEqual(2.5 * steps[1] + 100);
    }
  });

  test('a name costs its bytes times the instructions at most, and no text but a refusal is thrown', () => {
    const anyText = fc.oneof(anySoup, anyWellFormedPattern({ isPcre: true }), fc.string({ unit: 'binary' }));
    let used = 0;
    fc.assert(
      fc.property(anyText, fc.oneof(anyHurtfulName, anyShortName, fc.string({ unit: 'binary' })), (source, name) => {
        const { size, problem } = keptPattern(source);
        if (problem !== null) return;
        used++;
        const before = patternSteps();
        compilePattern(source).test(name);
        expect(patternSteps() - before).toBeLessThanOrEqual((Buffer.byteLength(name) + 1) * size);
      }),
      { numRuns: 1000 },
    );
    expect(used).toBeGreaterThan(200);
  });

  test('one of few bytes stands for no more than a bounded program', () => {
    expect(compilePattern('(?:a{40}){100}').size).toBeLessThanOrEqual(4096);
    const large = [
      ...[
        '(?:x{1000}){1000}',
        'a{65535}',
        '((a{0,100}){0,100}){0,100}',
        '((((a{9}){9}){9}){9}){9}',
        '(?=a{5000})',
        '(?=a)'.repeat(25),
      ],
      ...['(?:(?:(?:\\b|a){999}){999}){999}', 'a'.repeat(4097), '(?:a|'.repeat(249).concat('b', '){9}'.repeat(249))],
    ];
    for (const source of large) {
      expect([source, keptPattern(source).problem]).toEqual([
        source,
        expect.stringMatching(/too large|too many|longer than/),
      ]);
    }
  });

  test('what takes nothing may be repeated without end', () => {
    for (const source of ['(?:){65535}', '((?:){65535}){65535}', '((?:\\b){65535}){65535}', '(?:(?=a)*)*']) {
      expect([source, compilePattern(`^a?${source}`).test('a')]).toEqual([source, true]);
    }
  });

  describe('what is remembered', () => {
    const names = [...Array(60)].map((_, i) => slowName(i));
    const stepsAgain = (source: string): number => {
      const pattern = compilePattern(source);
      const answers = names.map((name) => pattern.test(name));
      const before = patternSteps();
      expect(names.map((name) => pattern.test(name))).toEqual(answers);
      return patternSteps() - before;
    };

    test('of a usual pattern is all, so that a name costs no step again', () => {
      expect(stepsAgain('^app-(a|b)-.*$|[0-9]{4}$|b$')).toBe(0);
    });

    test('of one whose names lead to ever other sets of instructions is bounded', () => {
      expect(stepsAgain('[ab]*a[ab]{180}c')).toBeGreaterThan(0);
    });

    test('of all patterns together is bounded, and forgetting it changes no answer', () => {
      const sources = [...Array(150)].map((_, i) => `[ab]*a[ab]{${50 + i}}b$`);
      const some = names.slice(0, 10);
      const answers = (): boolean[][] => sources.map((source) => some.map((name) => compilePattern(source).test(name)));
      const first = answers();
      expect(new Set(first.flat())).toEqual(new Set([true, false]));
      const usual = compilePattern('^(?:a|b)*$');
      const before = patternSteps();
      usual.test('abab');
      const learnt = patternSteps() - before;
      expect(answers()).toEqual(first);
      const after = patternSteps();
      usual.test('abab');
      expect([learnt > 0, patternSteps() - after]).toEqual([true, learnt]);
    });
  });

  test('parentheses nest as deep as with PCRE, and no deeper', () => {
    const nested = (depth: number): string => '('.repeat(depth).concat('a', ')'.repeat(depth));
    expect(compilePattern(nested(250)).test('a')).toBe(true);
    expect(keptPattern(nested(251)).problem).toMatch(/^parentheses are too deeply nested/);
    expect(keptPattern('(?='.repeat(30).concat('a', ')'.repeat(30))).problem).toBeNull();
  });
});

describe('a name', () => {
  test('may have every odd character', () => {
    const pattern = compilePattern('^.+$(?<!x)|(?s)^[^a]*(?!\\x00)\\b');
    for (let code = 0; code <= 0xffff; code += code < 0x300 ? 1 : 97) {
      const character = String.fromCharCode(code);
      for (const name of [character, `a${character}`, `${character}\ud800`, character.repeat(255)]) {
        expect(typeof pattern.test(name)).toBe('boolean');
      }
    }
  });

  test('is its bytes of UTF-8, also where it is no text', () => {
    expect(compilePattern('^\\xef\\xbf\\xbd$').test('\ud800')).toBe(true);
    expect(compilePattern('^\\xf0\\x9f\\x98\\x80$').test('😀')).toBe(true);
    expect(compilePattern(`^(?:é){1000}$`).test('é'.repeat(1000))).toBe(true);
  });
});

test('where JavaScript means the same, it finds the same', () => {
  fc.assert(
    // Short ones: its engine goes back over each as often as the pattern can be read.
    fc.property(anyWellFormedPattern({ isPcre: false }), anyShortName, (source, longer) => {
      const [pattern, name] = [keptPattern(source), longer.slice(0, 6)];
      fc.pre(!pattern.problem?.startsWith('too many'));
      expect([pattern.problem, pattern.test(name)]).toEqual([null, new RegExp(source).test(name)]);
    }),
    { numRuns: 1000 },
  );
});
