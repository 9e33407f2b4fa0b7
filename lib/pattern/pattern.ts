/**
 * Patterns on names, as RabbitMQ's users write them: PCRE's, which match anywhere in a name. The door of this room, and
 * the only engine for patterns from outside: its time is linear in a name's length, whoever wrote the pattern.
 */
import { compileTree } from './compiler.ts';
import { InvalidPattern } from './invalid-pattern.ts';
import { Matcher } from './matcher.ts';
import { parsePattern } from './parser.ts';

export { patternSteps } from './matcher.ts';

/** Bytes of a pattern. */
const PATTERN_BYTES_MAX = 4096;
/** Compiled patterns that wait for the next one who has the same: many users may, and who polls a list always has. */
const SHARED_MAX = 1000;
const shared = new Map<string, Matcher>();
/** The bytes of a name, where it is not unusually long. */
const scratch = new Uint8Array(1024);
const utf8 = new TextEncoder();

export class Pattern {
  /** Why the pattern cannot be used; null: it can. */
  readonly problem: string | null;
  private readonly matcher: Matcher | null;

  constructor(matcher: Matcher | null, problem: string | null) {
    this.matcher = matcher;
    this.problem = problem;
  }

  /** The pattern's instructions, which a name costs a byte at most; 0 where it cannot be used. */
  get size(): number {
    return this.matcher?.size ?? 0;
  }

  /** Whether the pattern matches somewhere in the name's bytes of UTF-8. One that cannot be used never does. */
  test(name: string): boolean {
    if (this.matcher === null) return false;
    const bytesMax = 3 * name.length;
    const bytes = bytesMax <= scratch.length ? scratch : new Uint8Array(bytesMax);
    return this.matcher.find(bytes, write(name, bytes));
  }
}

/** Throws InvalidPattern. `isCaseless`: letters match in either case. */
export function compilePattern(source: string, isCaseless = false): Pattern {
  const key = `${isCaseless ? 'i' : '-'}${source}`;
  const known = shared.get(key);
  if (known !== undefined) return new Pattern(known, null);
  if (Buffer.byteLength(source) > PATTERN_BYTES_MAX) {
    throw new InvalidPattern(`longer than ${PATTERN_BYTES_MAX} bytes`, PATTERN_BYTES_MAX);
  }
  const tree = parsePattern(Buffer.from(source).toString('latin1'), isCaseless);
  const matcher = new Matcher(compileTree(tree));
  for (const oldest of shared.size < SHARED_MAX ? [] : shared.keys()) {
    shared.delete(oldest);
    break;
  }
  shared.set(key, matcher);
  return new Pattern(matcher, null);
}

/** A pattern that is stored already, by an earlier release or another broker: one that cannot be used matches nothing. */
export function keptPattern(source: string): Pattern {
  const error = patternError(source);
  return error === null ? compilePattern(source) : new Pattern(null, error.message);
}

/** Why the pattern cannot be used; null: it can. */
export function patternError(source: string): InvalidPattern | null {
  try {
    compilePattern(source);
    return null;
  } catch (error) {
    if (error instanceof InvalidPattern) return error;
    throw error;
  }
}

/** The text as a pattern that matches nothing but it. */
export function escapePattern(text: string): string {
  return text.replace(/[^\w\x80-\uffff]/g, '\\$&');
}

/** Returns the bytes written. */
function write(name: string, bytes: Uint8Array): number {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code > 0x7f) return utf8.encodeInto(name, bytes).written;
    bytes[i] = code;
  }
  return name.length;
}
