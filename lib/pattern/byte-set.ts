/**
 * Sets of bytes, and those that PCRE has names for. A character is a byte, of Latin-1 where it is not ASCII: so
 * Erlang's `re` takes names when it is not told that they are Unicode, and RabbitMQ does not tell it.
 */
export class ByteSet {
  /** By byte: 1 for each that is in the set. */
  readonly members = new Uint8Array(256);

  /** The set of some ranges: their first and their last bytes in turn. */
  static of(...bounds: number[]): ByteSet {
    const set = new ByteSet();
    for (let i = 0; i < bounds.length; i += 2) set.addRange(bounds[i] as number, bounds[i + 1] as number);
    return set;
  }

  has(byte: number): boolean {
    return this.members[byte] === 1;
  }

  addRange(first: number, last: number): void {
    this.members.fill(1, first, last + 1);
  }

  addAll(other: ByteSet): void {
    for (let byte = 0; byte < 256; byte++) if (other.has(byte)) this.members[byte] = 1;
  }

  /** Adds to each letter its other case. */
  addOtherCases(): void {
    for (const [upper, lower] of CASES) {
      if (this.has(upper) || this.has(lower)) this.members[upper] = this.members[lower] = 1;
    }
  }

  inverse(): ByteSet {
    const set = new ByteSet();
    for (let byte = 0; byte < 256; byte++) set.members[byte] = this.has(byte) ? 0 : 1;
    return set;
  }

  union(other: ByteSet): ByteSet {
    const set = new ByteSet();
    set.addAll(this);
    set.addAll(other);
    return set;
  }

  meets(other: ByteSet): boolean {
    return this.members.some((member, byte) => member === 1 && other.has(byte));
  }
}

/** Capital letters that have a small one, which is 0x20 further on. */
const CAPITALS = ByteSet.of(0x41, 0x5a, 0xc0, 0xd6, 0xd8, 0xde);
const CASES: [upper: number, lower: number][] = [];
for (let byte = 0; byte < 256; byte++) if (CAPITALS.has(byte)) CASES.push([byte, byte + 0x20]);

const LOWER = ByteSet.of(0x61, 0x7a, 0xaa, 0xaa, 0xb5, 0xb5, 0xba, 0xba, 0xdf, 0xf6, 0xf8, 0xff);
const DIGIT = ByteSet.of(0x30, 0x39);
const ALPHA = CAPITALS.union(LOWER);
const ALNUM = ALPHA.union(DIGIT);
const SPACE = ByteSet.of(0x09, 0x0d, 0x20, 0x20);
const PUNCT = ByteSet.of(0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e, 0xa0, 0xa9, 0xab, 0xb4);
PUNCT.addAll(ByteSet.of(0xb6, 0xb9, 0xbb, 0xbf, 0xd7, 0xd7, 0xf7, 0xf7));

export const ANY_BYTE = ByteSet.of(0x00, 0xff);
export const NOT_NEWLINE = ByteSet.of(0x00, 0x09, 0x0b, 0xff);
export const WORD = ALNUM.union(ByteSet.of(0x5f, 0x5f));
const VERTICAL_SPACE = ByteSet.of(0x0a, 0x0d, 0x85, 0x85);
const HORIZONTAL_SPACE = ByteSet.of(0x09, 0x09, 0x20, 0x20, 0xa0, 0xa0);

/** The sets by their names between `[:` and `:]`. */
export const POSIX_CLASSES: ReadonlyMap<string, ByteSet> = new Map([
  ['alnum', ALNUM],
  ['alpha', ALPHA],
  ['ascii', ANY_BYTE],
  ['blank', ByteSet.of(0x09, 0x09, 0x20, 0x20)],
  ['cntrl', ByteSet.of(0x00, 0x1f, 0x7f, 0x9f)],
  ['digit', DIGIT],
  ['graph', ALNUM.union(PUNCT)],
  ['lower', LOWER],
  ['print', ALNUM.union(PUNCT).union(ByteSet.of(0x20, 0x20))],
  ['punct', PUNCT],
  ['space', SPACE],
  ['upper', CAPITALS],
  ['word', WORD],
  ['xdigit', ByteSet.of(0x30, 0x39, 0x41, 0x46, 0x61, 0x66)],
]);

/** Letters that stand for a set behind a backslash. */
export const ESCAPED_CLASSES: ReadonlyMap<string, ByteSet> = new Map([
  ['d', DIGIT],
  ['D', DIGIT.inverse()],
  ['h', HORIZONTAL_SPACE],
  ['H', HORIZONTAL_SPACE.inverse()],
  ['s', SPACE],
  ['S', SPACE.inverse()],
  ['v', VERTICAL_SPACE],
  ['V', VERTICAL_SPACE.inverse()],
  ['w', WORD],
  ['W', WORD.inverse()],
]);
