/**
 * Walks over a JSON text and tells of its parts where they are, without making anything of them: whoever listens keeps the
 * text as it is. As deep as the text is nested, and as long as it is, it takes no more of the stack.
 */

export interface JsonListener {
  /** `{` or `[`. */
  open(isObject: boolean): void;
  close(isObject: boolean): void;
  /** The name of a member, with its quotes. */
  name(start: number, end: number): void;
  /** A string with its quotes, a number or a word. */
  scalar(start: number, end: number): void;
}

/** The text is not JSON, or more deeply nested than it may be; the message says where. */
export class JsonError extends Error {}

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma or end' | 'nothing';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const ESCAPED = '"\\/bfnrt';

/** Throws JsonError. `depthMax`: of objects and lists in one another. */
export function scanJson(text: string, listener: JsonListener, depthMax: number): void {
  /** The objects and lists that are open; true: an object. */
  const open: boolean[] = [];
  let expected: Expected = 'value';
  const after = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end');
  for (let at = spaceEnd(text, 0); at < text.length; at = spaceEnd(text, at)) {
    const character = text[at] as string;
    const isObject = open.at(-1) === true;
    const isEnd = character === (isObject ? '}' : ']') && open.length > 0;
    if (isEnd && (expected === 'comma or end' || expected === (isObject ? 'name or }' : 'value or ]'))) {
      listener.close(isObject);
      open.pop();
      expected = after();
      at++;
    } else if (expected === 'value' || expected === 'value or ]') {
      if (character === '{' || character === '[') {
        if (open.length >= depthMax) throw problem(text, at, `nested deeper than ${depthMax}`);
        listener.open(character === '{');
        open.push(character === '{');
        expected = character === '{' ? 'name or }' : 'value or ]';
        at++;
      } else {
        const end = scalarEnd(text, at);
        listener.scalar(at, end);
        expected = after();
        at = end;
      }
    } else if (expected === 'name' || expected === 'name or }') {
      if (character !== '"') throw problem(text, at, 'a name in double quotes is missing');
      const end = stringEnd(text, at);
      listener.name(at, end);
      expected = 'colon';
      at = end;
    } else if (expected === 'colon' && character === ':') {
      expected = 'value';
      at++;
    } else if (expected === 'comma or end' && character === ',') {
      expected = isObject ? 'name' : 'value';
      at++;
    } else throw problem(text, at, MISSING[expected]);
  }
  if (expected !== 'nothing') throw problem(text, text.length, 'the end comes too early');
}

const MISSING: Record<Expected, string> = {
  value: 'a value is missing',
  'value or ]': 'a value is missing',
  name: 'a name in double quotes is missing',
  'name or }': 'a name in double quotes is missing',
  colon: 'a colon is missing',
  'comma or end': 'a comma or the end of the object or list is missing',
  nothing: 'something follows the value',
};

function spaceEnd(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); isSpace(code); code = text.charCodeAt(at)) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function scalarEnd(text: string, at: number): number {
  if (text[at] === '"') return stringEnd(text, at);
  for (const pattern of [NUMBER, WORD]) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  throw problem(text, at, 'a value is missing');
}

/** `start` is at the opening quote; returns the place behind the closing one. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20) throw problem(text, at, 'a control character stands in a string');
    if (code !== BACKSLASH) continue;
    const escaped = text[++at] ?? '';
    if (escaped === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) at += 4;
    else if (escaped === '' || !ESCAPED.includes(escaped)) throw problem(text, at, 'no such escape in a string');
  }
  throw problem(text, text.length, 'a string has no end');
}

function problem(text: string, at: number, what: string): JsonError {
  const before = text.slice(0, at).split('\n');
  return new JsonError(`line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${what}`);
}
