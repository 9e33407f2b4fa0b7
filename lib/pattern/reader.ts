/** A place in a pattern, whose bytes are the characters of a text. */
import { InvalidPattern } from './invalid-pattern.ts';

const LETTERS_BACK: Record<string, number> = { a: 0x07, e: 0x1b, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 };

export class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character, which stays the next; '' at the end. */
  get next(): string {
    return this.text[this.at] ?? '';
  }

  isNext(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** True when `text` is next: then the reader goes on behind it. */
  take(text: string): boolean {
    if (!this.isNext(text)) return false;
    this.at += text.length;
    return true;
  }

  /** Goes on behind what a sticky expression, one of the source, finds here; null: nothing. */
  takeMatch(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found) this.at = sticky.lastIndex;
    return found;
  }

  takeByte(): number {
    return this.text.charCodeAt(this.at++);
  }

  fail(reason: string, offset = this.at): never {
    throw new InvalidPattern(reason, offset);
  }
}

/**
 * The byte that an escape stands for, read from behind its backslash on; null, and nothing is read, where it stands for
 * something else. A number that may be a back-reference is none here.
 */
export function readEscapedByte(reader: Reader): number | null {
  const { next } = reader;
  if (next === '') return reader.fail('\\ at end of pattern');
  if ('lLuU'.includes(next)) return reader.fail('PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u');
  const simple = LETTERS_BACK[next];
  if (simple !== undefined) {
    reader.at++;
    return simple;
  }
  if (next === 'c') return readControl(reader);
  if (next === 'o') return readBraced(reader, 8);
  if (next === 'x') return readHex(reader);
  const octal = reader.takeMatch(/[0-7]{1,3}/y);
  if (octal) {
    const byte = Number.parseInt(octal[0], 8);
    return byte <= 0xff
      ? byte
      : reader.fail('octal value is greater than \\377 in 8-bit non-UTF-8 mode', reader.at - 1);
  }
  // Letters that mean something are the caller's; all else stands for itself.
  if (/[0-9A-Za-z]/.test(next) && !'89FIJMOTYijmqy'.includes(next)) return null;
  return reader.takeByte();
}

function readControl(reader: Reader): number {
  reader.at++;
  if (reader.isAtEnd) return reader.fail('\\c at end of pattern');
  const of = reader.next.toUpperCase().charCodeAt(0);
  if (of > 0x7f) return reader.fail('\\c must be followed by an ASCII character');
  reader.at++;
  return of ^ 0x40;
}

function readHex(reader: Reader): number {
  if (reader.text[reader.at + 1] === '{') return readBraced(reader, 16);
  reader.at++;
  const digits = reader.takeMatch(/[0-9A-Fa-f]{0,2}/y);
  return Number.parseInt(`0${digits?.[0] ?? ''}`, 16);
}

function readBraced(reader: Reader, base: 8 | 16): number {
  reader.at++;
  if (!reader.take('{')) return reader.fail('missing opening brace after \\o');
  const digits = reader.takeMatch(base === 8 ? /[0-7]*/y : /[0-9A-Fa-f]*/y)?.[0] ?? '';
  if (digits === '' && reader.next === '}') return reader.fail('digits missing in \\x{} or \\o{}');
  const byte = Number.parseInt(digits, base);
  if (byte > 0xff) return reader.fail('character value in \\x{} or \\o{} is too large');
  if (reader.take('}')) return byte;
  const kind = base === 8 ? 'non-octal character in \\o{}' : 'non-hex character in \\x{}';
  return reader.fail(`${kind} (closing brace missing?)`);
}
