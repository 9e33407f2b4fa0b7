/**
 * Reads patterns as PCRE 8.44 does, the one of Erlang's before release 28. Refused is what depends on what was matched
 * before, as back-references and recursion do: that cannot be decided in linear time. So is what nobody writes for
 * names: Unicode properties, callouts, verbs.
 */
import { isPosixClass, readClass } from './bracket-class.ts';
import { ANY_BYTE, ByteSet, ESCAPED_CLASSES, NOT_NEWLINE } from './byte-set.ts';
import { Reader, readEscapedByte } from './reader.ts';
import { type Assertion, type Tree, widthOf } from './syntax-tree.ts';

/** PCRE's own bounds. */
const DEPTH_MAX = 250;
const REPEAT_MAX = 65_535;
const GROUP_NAME_MAX = 32;

/** What a pattern may set within itself, by PCRE's letters. J: names may be twice; U: repetitions try few first. */
type Options = Readonly<Record<'i' | 'm' | 's' | 'x' | 'J' | 'U', boolean>>;

interface Quantifier {
  min: number;
  max: number;
  /** The offset of the quantifier's last character. */
  offset: number;
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'start',
  G: 'start',
  z: 'end',
  Z: 'last-line',
  b: 'word-edge',
  B: 'no-word-edge',
};

/** Groups that are refused, by what stands behind `(?`, and why. */
const REFUSED_GROUPS: readonly [start: RegExp, reason: string][] = [
  [/P=/y, 'back-references are not supported'],
  [/R|[+-]?\d|&|P>/y, 'recursion is not supported'],
  [/\(/y, 'conditional groups are not supported'],
  [/C/y, 'callouts are not supported'],
];

const bytes = (set: ByteSet): Tree => ({ kind: 'bytes', set });
const NEWLINE = bytes(ByteSet.of(0x0a, 0x0a));
const RETURN = bytes(ByteSet.of(0x0d, 0x0d));
const NO_NEWLINE: Tree = { kind: 'look-around', of: NEWLINE, isBehind: false, isNegative: true };
const OTHER_BREAK = bytes(ByteSet.of(0x0a, 0x0c, 0x85, 0x85));

/** `\R`: a return takes the newline behind it as well, and does not give it back. */
const LINE_BREAK: Tree = {
  kind: 'choice',
  parts: [
    { kind: 'sequence', parts: [RETURN, NEWLINE] },
    { kind: 'sequence', parts: [RETURN, NO_NEWLINE] },
    OTHER_BREAK,
  ],
};

/** `text` has one character a byte. Throws InvalidPattern. */
export function parsePattern(text: string, isCaseless: boolean): Tree {
  return new Parser(text, isCaseless).parse();
}

class Parser {
  private readonly reader: Reader;
  private options: Options;
  private readonly names = new Set<string>();
  private readonly literals: Tree[] = [];
  private groups = 0;
  private depth = 0;

  constructor(text: string, isCaseless: boolean) {
    this.reader = new Reader(text);
    this.options = { i: isCaseless, m: false, s: false, x: false, J: false, U: false };
  }

  parse(): Tree {
    const tree = this.readChoice();
    return this.reader.isAtEnd ? tree : this.reader.fail('unmatched parentheses');
  }

  /** An option that is set in one branch holds in the next ones too, up to the end of the group. */
  private readChoice(): Tree {
    const parts = [this.readBranch()];
    while (this.reader.take('|')) parts.push(this.readBranch());
    return parts.length === 1 ? (parts[0] as Tree) : { kind: 'choice', parts };
  }

  private readBranch(): Tree {
    const { reader } = this;
    const parts: Tree[] = [];
    let canRepeat = false;
    for (;;) {
      // An \E that ends nothing means nothing.
      while (this.skipComments() || reader.take('\\E'));
      if (reader.isAtEnd || reader.next === '|' || reader.next === ')') break;
      if (reader.take('\\Q')) {
        canRepeat = this.readQuoted(parts) || canRepeat;
        continue;
      }
      const quantifier = this.readQuantifier();
      if (quantifier === null) {
        const isGroup = reader.next === '(';
        const part = this.readPart();
        if (part !== null) parts.push(part);
        canRepeat = part !== null && (isGroup || part.kind !== 'assertion');
      } else {
        if (!canRepeat) return reader.fail('nothing to repeat', quantifier.offset);
        parts.push(this.readRepeat(parts.pop() as Tree, quantifier));
        canRepeat = false;
      }
    }
    return parts.length === 1 ? (parts[0] as Tree) : { kind: 'sequence', parts };
  }

  /** Up to `\E` or the end. Returns whether there was anything. */
  private readQuoted(parts: Tree[]): boolean {
    const { reader } = this;
    const before = parts.length;
    while (!reader.isAtEnd && !reader.take('\\E')) parts.push(this.literal(reader.takeByte()));
    return parts.length > before;
  }

  /** Comments; with the option x white space too. Returns whether there were any. */
  private skipComments(): boolean {
    const { reader } = this;
    const before = reader.at;
    for (;;) {
      if (reader.take('(?#')) {
        reader.takeMatch(/[^)]*/y);
        if (!reader.take(')')) reader.fail('missing ) after comment');
      } else if (!this.options.x || !reader.takeMatch(/(?:[\t-\r ]|#[^\n]*)+/y)) {
        return reader.at > before;
      }
    }
  }

  /** The quantifier that is next; null: there is none, as a brace that begins none stands for itself. */
  private readQuantifier(): Quantifier | null {
    const { reader } = this;
    const found = reader.takeMatch(/([*+?])|\{(\d+)(,?)(\d*)\}/y);
    if (!found) return null;
    const offset = reader.at - 1;
    const [, sign, from, comma, to] = found;
    if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity, offset };
    const min = Number(from);
    const max = to === '' ? (comma === '' ? min : Infinity) : Number(to);
    if (min > REPEAT_MAX || (max > REPEAT_MAX && to !== '')) reader.fail('number too big in {} quantifier', offset);
    if (max < min) reader.fail('numbers out of order in {} quantifier', offset);
    return { min, max, offset };
  }

  private readRepeat(of: Tree, { min, max }: Quantifier): Tree {
    const { reader } = this;
    this.skipComments();
    const isPossessive = reader.take('+');
    const isLazy = !isPossessive && reader.take('?');
    // What takes nothing is the same once and often.
    const most = widthOf(of) === 0 ? 1 : Infinity;
    const isGreedy = isPossessive || isLazy === this.options.U;
    const repeat: Tree = { kind: 'repeat', of, min: Math.min(min, most), max: Math.min(max, most), isGreedy };
    return isPossessive ? { kind: 'atomic', of: repeat, offset: reader.at } : repeat;
  }

  /** The next part; null: it sets options, or means nothing where only whether the pattern matches is asked. */
  private readPart(): Tree | null {
    const { reader, options } = this;
    switch (reader.next) {
      case '(':
        reader.at++;
        return this.readGroup();
      case '[':
        return this.readBrackets();
      case '\\':
        reader.at++;
        return this.readEscape();
      case '^':
        reader.at++;
        return { kind: 'assertion', assertion: options.m ? 'line-start' : 'start' };
      case '$':
        reader.at++;
        return { kind: 'assertion', assertion: options.m ? 'line-end' : 'last-line' };
      case '.':
        reader.at++;
        return bytes(options.s ? ANY_BYTE : NOT_NEWLINE);
      default:
        return this.literal(reader.takeByte());
    }
  }

  private literal(byte: number): Tree {
    // The two cases of an option do not share a place.
    const at = this.options.i ? byte + 256 : byte;
    const known = this.literals[at];
    if (known !== undefined) return known;
    const set = ByteSet.of(byte, byte);
    if (this.options.i) set.addOtherCases();
    const literal = bytes(set);
    this.literals[at] = literal;
    return literal;
  }

  private readBrackets(): Tree {
    const { reader } = this;
    if (isPosixClass(reader)) {
      const isClass = reader.isNext('[:');
      return reader.fail(`POSIX ${isClass ? 'named classes' : 'collating elements'} are supported only within a class`);
    }
    reader.at++;
    return bytes(readClass(reader, this.options.i));
  }

  /** From behind the backslash on. */
  private readEscape(): Tree | null {
    const { reader } = this;
    const number = Number(/^[1-9]\d*/.exec(reader.text.slice(reader.at, reader.at + 6))?.[0] ?? 0);
    if (number > 0 && (number < 8 || number <= this.groups)) return reader.fail('back-references are not supported');
    const byte = readEscapedByte(reader);
    if (byte !== null) return this.literal(byte);
    const letter = reader.next;
    if (letter === 'g' || letter === 'k') return reader.fail('back-references and recursion are not supported');
    if ('pPX'.includes(letter)) return reader.fail('Unicode properties are not supported');
    reader.at++;
    const assertion = ASSERTIONS[letter];
    if (assertion !== undefined) return { kind: 'assertion', assertion };
    const named = ESCAPED_CLASSES.get(letter);
    if (named !== undefined) return bytes(named);
    if (letter === 'C') return bytes(ANY_BYTE);
    if (letter === 'R') return LINE_BREAK;
    if (letter === 'K') return null;
    // The letter that is left is N; a name behind it is one of Unicode.
    if (reader.takeMatch(/\{(?!\d+,?\d*\})/y)) return reader.fail('Unicode names are not supported');
    return bytes(NOT_NEWLINE);
  }

  /** From behind the opening parenthesis on. */
  private readGroup(): Tree | null {
    const { reader } = this;
    if (reader.takeMatch(/\*[:A-Za-z]/y)) return reader.fail('verbs are not supported');
    if (!reader.take('?')) {
      this.groups++;
      return this.readInside();
    }
    if (reader.take(':') || reader.take('|')) return this.readInside();
    if (reader.take('>')) return { kind: 'atomic', of: this.readInside(), offset: reader.at };
    const lookAround = reader.takeMatch(/(<?)([=!])/y);
    if (lookAround) return this.readLookAround(lookAround[1] === '<', lookAround[2] === '!');
    for (const [start, reason] of REFUSED_GROUPS) if (reader.takeMatch(start)) return reader.fail(reason);
    const named = reader.takeMatch(/P?<|'/y);
    if (named) return this.readNamed(named[0] === "'" ? "'" : '>');
    return this.readOptions();
  }

  private readInside(): Tree {
    const { reader, options } = this;
    if (++this.depth > DEPTH_MAX) return reader.fail('parentheses are too deeply nested');
    const tree = this.readChoice();
    this.depth--;
    this.options = options;
    return reader.take(')') ? tree : reader.fail('missing )');
  }

  private readLookAround(isBehind: boolean, isNegative: boolean): Tree {
    const { reader } = this;
    const of = this.readInside();
    const branches = of.kind === 'choice' ? of.parts : [of];
    if (isBehind && branches.some((branch) => widthOf(branch) === null)) {
      return reader.fail('lookbehind assertion is not fixed length', reader.at - 1);
    }
    return { kind: 'look-around', of, isBehind, isNegative };
  }

  private readNamed(end: string): Tree {
    const { reader } = this;
    const name = reader.takeMatch(/[\w\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\xff]*/y)?.[0] ?? '';
    if (name === '') return reader.fail('unrecognized character after (?<');
    if (/^\d/.test(name)) return reader.fail('group name must start with a non-digit');
    if (!reader.take(end)) return reader.fail('syntax error in subpattern name (missing terminator)');
    if (name.length > GROUP_NAME_MAX) return reader.fail('subpattern name is too long (maximum 32 characters)');
    if (this.names.has(name) && !this.options.J) return reader.fail('two named subpatterns have the same name');
    this.names.add(name);
    this.groups++;
    return this.readInside();
  }

  /** Options for what follows, or with a colon for a group of its own. */
  private readOptions(): Tree | null {
    const { reader } = this;
    const outer = this.options;
    const [, on = '', off = ''] = reader.takeMatch(/([imsxJU]*)((?:-[imsxJU]*)*)/y) ?? [];
    const isGroup = reader.next === ':';
    if (!isGroup && reader.next !== ')') return reader.fail('unrecognized character after (? or (?-');
    reader.at++;
    this.options = { ...outer, ...settings(on, true), ...settings(off, false) };
    if (!isGroup) return null;
    const tree = this.readInside();
    this.options = outer;
    return tree;
  }
}

function settings(letters: string, value: boolean): Partial<Options> {
  return Object.fromEntries([...letters.replaceAll('-', '')].map((letter) => [letter, value]));
}
