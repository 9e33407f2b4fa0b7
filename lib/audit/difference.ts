/** What an act did to a thing, as the audit keeps it: only what is another than before, without secrets, and bounded. */

import { writeJson } from '../json/write-json.ts';
import { withoutSecrets } from './secrets.ts';

/** Beyond this a value is kept by its beginning. */
const VALUE_CHARS_MAX = 4_000;

export interface Difference {
  /** JSON text; null: there was, or is, nothing. */
  before: string | null;
  after: string | null;
}

type Facts = Record<string, unknown>;

/** `before` and `after` are plain data; undefined: there is no such thing. */
export function differenceOf(before: unknown, after: unknown): Difference {
  const [was, is] = [factsOf(before), factsOf(after)];
  if (was === null || is === null) return { before: textOf(was), after: textOf(is) };
  const differs = (name: string): boolean => writeJson(was[name]) !== writeJson(is[name]);
  const only = (facts: Facts): Facts => Object.fromEntries(Object.entries(facts).filter(([name]) => differs(name)));
  return { before: textOf(only(was)), after: textOf(only(is)) };
}

function factsOf(thing: unknown): Facts | null {
  if (typeof thing !== 'object' || thing === null) return null;
  const known = Object.entries(thing).filter(([, value]) => value !== undefined);
  return withoutSecrets(Object.fromEntries(known)) as Facts;
}

function textOf(facts: Facts | null): string | null {
  if (facts === null || Object.keys(facts).length === 0) return null;
  const text = writeJson(facts);
  return text.length <= VALUE_CHARS_MAX ? text : JSON.stringify({ 'begins with': text.slice(0, VALUE_CHARS_MAX) });
}
