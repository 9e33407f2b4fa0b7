/** Patterns as nobody would write them, and names that are meant to hurt. */
import fc from 'fast-check';
import { Random } from '../store/random.ts';

const LITERALS = ['a', 'b', 'c', 'A', '1', '_', '-', ' ', '\\.', '\\-', 'é', '\\n', '\\x61', '\\101'];
const SETS = ['.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\h', '\\v', '\\N', '[ab]', '[^a]', '[a-c1]', '[\\w-]'];
const POSIX_SETS = ['[[:alpha:]]', '[^[:punct:]]', '[[:^upper:]_]'];
const PLACES = ['^', '$', '\\A', '\\z', '\\Z', '\\b', '\\B', '\\G'];
const QUANTIFIERS = ['*', '+', '?', '{2}', '{0}', '{1,2}', '{2,}', '*?', '+?', '??', '{1,3}?'];
const POSSESSIVE = ['*+', '++', '?+', '{1,2}+'];
const SOUP = [
  ...[...LITERALS, ...SETS, ...POSIX_SETS, ...PLACES, ...QUANTIFIERS, ...POSSESSIVE],
  ...['(', ')', '(', ')', '|', '(?:', '(?>', '(?=', '(?!', '(?<=', '(?<!', '(?|', '(?<n>', '(?P<m>', "(?'o'"],
  ...['(?i)', '(?-i)', '(?s)', '(?m)', '(?x)', '(?U)', '(?i:', '(?x:', '(?#c)', '(?z)', '(?', '#'],
  ...['[', '[^', ']', '[:', '-', '[a-', '\\Q', '\\E', '\\Qa.\\E', '{', '}', '{,3}', '{1,', '\\', '\\1', '\\8', '\\11'],
  ...['\\K', '\\C', '\\cA', '\\e', '\\i', '\\0', '\\x', '\n', '[\\b', '\\b-'],
];

export interface Grammar {
  /** Also what JavaScript has not, or reads otherwise. */
  isPcre: boolean;
}

/** Patterns that are well-formed. */
export function anyWellFormedPattern({ isPcre }: Grammar): fc.Arbitrary<string> {
  const atoms = isPcre
    ? [...LITERALS, ...SETS, ...POSIX_SETS]
    : ['a', 'b', 'c', '1', '-', '.', '\\d', '\\w', '[ab]', '[^a]'];
  const places = isPcre ? PLACES : ['^', '\\b', '\\B'];
  const quantifiers = isPcre ? [...QUANTIFIERS, ...POSSESSIVE] : QUANTIFIERS;
  const groups = isPcre ? ['(', '(?:', '(?i:', '(?>', '(?s:', '(?m:', '(?|'] : ['(', '(?:'];
  return fc.letrec<{ pattern: string; part: string }>((tie) => ({
    pattern: fc
      .array(
        fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
        { minLength: 1, maxLength: 3 },
      )
      .map((branches) => branches.join('|')),
    part: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      fc.tuple(fc.constantFrom(...atoms), fc.constantFrom('', '', ...quantifiers)).map((both) => both.join('')),
      fc.constantFrom(...places),
      fc
        .tuple(fc.constantFrom(...groups), tie('pattern'), fc.constantFrom('', ...quantifiers))
        .map(([open, inside, quantifier]) => `${open}${inside})${quantifier}`),
      fc.tuple(fc.constantFrom('(?=', '(?!'), tie('pattern')).map(([open, inside]) => `${open}${inside})`),
      fc.constantFrom('(?<=a)', '(?<!a)', '(?<=ab|c)', '(?<![ab]1)'),
    ),
  })).pattern;
}

/** Anything made of what means something in patterns. */
export const anySoup: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...SOUP), { maxLength: 12 })
  .map((all) => all.join(''));

export const anyShortName: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('a', 'a', 'b', 'b', 'c', 'A', '1', '_', '-', '.', ' ', '\n'), { maxLength: 9 })
  .map((all) => all.join(''));

/** As long as a name may be, of what patterns here repeat, with an end that few of them expect. */
export const anyHurtfulName: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('a', 'b', 'ab', 'aab', 'a1', 'a-', 'é', ' ', '\n'), fc.constantFrom('', '!', 'b', '\n'))
  .map(([part, end]) => part.repeat(250 / Buffer.byteLength(part)) + end);

/** A name of two letters in no order: `SLOW_PATTERN` knows nothing of one of them by the others. */
export function slowName(seed: number, end = ''): string {
  const random = new Random(seed);
  return [...Array(250 - end.length)].map(() => random.pick(['a', 'b'])).join('') + end;
}

/** Large, and never done with a name of `slowName` before its end; it matches those that end with `ac`. */
export const SLOW_PATTERN = '(?:(?:[ab]{1,20}a){1,20}){4}[cd]$';
