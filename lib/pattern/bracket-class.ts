/** What stands in brackets: bytes, ranges, escapes, quoted text and POSIX classes. */
import { ByteSet, ESCAPED_CLASSES, POSIX_CLASSES } from './byte-set.ts';
import { type Reader, readEscapedByte } from './reader.ts';

const BACKSPACE = 0x08;

/** From behind the opening bracket to behind the closing one. */
export function readClass(reader: Reader, isCaseless: boolean): ByteSet {
  const set = new ByteSet();
  skipNothings(reader);
  const isNegated = reader.take('^');
  if (isNegated) skipNothings(reader);
  let isQuoted = false;
  // The first character may be the bracket that would end it.
  for (let isFirst = true; isFirst || isQuoted || reader.next !== ']'; isFirst = false) {
    if (reader.isAtEnd) return reader.fail('missing terminating ] for character class');
    if (reader.take('\\E')) isQuoted = false;
    else if (!isQuoted && reader.take('\\Q')) isQuoted = true;
    else isQuoted = readMember(reader, set, isQuoted, isCaseless);
  }
  reader.at++;
  if (isCaseless) set.addOtherCases();
  return isNegated ? set.inverse() : set;
}

/** Whether an opening bracket, which is next, begins what POSIX has in brackets of its own, as `[:alpha:]`. */
export function isPosixClass(reader: Reader): boolean {
  const kind = reader.text[reader.at + 1] ?? '';
  if (!':.='.includes(kind) || kind === '') return false;
  for (let at = reader.at + 2; at < reader.text.length; at++) {
    const two = reader.text.slice(at, at + 2);
    if (two === '\\]' || two === '\\\\') at++;
    else if (two === `${kind}]`) return true;
    else if (two === `[${kind}` || two[0] === ']') return false;
  }
  return false;
}

/** Adds one character, a class, or a range. Returns whether what follows is quoted. */
function readMember(reader: Reader, set: ByteSet, isQuoted: boolean, isCaseless: boolean): boolean {
  const first = isQuoted ? reader.takeByte() : readOne(reader, isCaseless);
  if (typeof first !== 'number') {
    set.addAll(first);
    return false;
  }
  let isStillQuoted = isQuoted;
  while (reader.take('\\E')) isStillQuoted = false;
  const hyphenAt = reader.at;
  if (isStillQuoted || !reader.take('-')) {
    set.addRange(first, first);
    return isStillQuoted;
  }
  skipNothings(reader);
  const isLastQuoted = reader.take('\\Q');
  if (reader.isAtEnd || (!isLastQuoted && reader.next === ']')) {
    // A hyphen at the end is one.
    set.addRange(first, first);
    reader.at = hyphenAt;
    return false;
  }
  const last = isLastQuoted ? reader.takeByte() : readRangeEnd(reader);
  if (last < first) return reader.fail('range out of order in character class', reader.at - 1);
  set.addRange(first, last);
  return isLastQuoted;
}

function readOne(reader: Reader, isCaseless: boolean): number | ByteSet {
  if (reader.next === '[' && isPosixClass(reader)) return readPosixClass(reader, isCaseless);
  if (!reader.take('\\')) return reader.takeByte();
  const byte = readEscapedByte(reader);
  if (byte !== null) return byte;
  const letter = reader.next;
  if (letter === 'N') return reader.fail('\\N is not supported in a class');
  if (letter === 'p' || letter === 'P') return reader.fail('Unicode properties are not supported');
  reader.at++;
  if (letter === 'b') return BACKSPACE;
  // What means something only outside of brackets is a letter in them.
  return ESCAPED_CLASSES.get(letter) ?? letter.charCodeAt(0);
}

function readRangeEnd(reader: Reader): number {
  if (reader.next === '[' && isPosixClass(reader)) return reader.fail('invalid range in character class');
  if (!reader.take('\\')) return reader.takeByte();
  const byte = readEscapedByte(reader);
  if (byte !== null) return byte;
  return reader.take('b') ? BACKSPACE : reader.fail('invalid range in character class');
}

function readPosixClass(reader: Reader, isCaseless: boolean): ByteSet {
  const [, kind, not, name = ''] = reader.takeMatch(/\[([:.=])(\^?)(.*?)\1\]/sy) ?? [];
  if (kind !== ':') return reader.fail('POSIX collating elements are not supported');
  const cased = name === 'upper' || name === 'lower';
  const set = POSIX_CLASSES.get(isCaseless && cased ? 'alpha' : name) ?? reader.fail('unknown POSIX class name');
  return not === '^' ? set.inverse() : set;
}

function skipNothings(reader: Reader): void {
  while (reader.take('\\E') || reader.take('\\Q\\E'));
}
