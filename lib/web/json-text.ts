/** JSON as strangers send it: how deep it is nested is known before anything recurses into it. */
import { EngineError } from '../engine/errors.ts';

/** Levels that a field table of the greatest depth has in the console's form: three for each of its own. */
export const JSON_NESTING_MAX = 256;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** @throws INVALID_REQUEST for a text that is nested too deep, whether it is JSON or not. */
export function refuseDeepJson(text: string): void {
  if (nestsDeeper(text, JSON_NESTING_MAX))
    throw new EngineError('INVALID_REQUEST', `the JSON is nested deeper than ${JSON_NESTING_MAX} levels`);
}

/** @throws INVALID_REQUEST for what is no JSON, or is nested too deep. */
export function parseJson(text: string): unknown {
  refuseDeepJson(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new EngineError('INVALID_REQUEST', 'the body is not JSON');
  }
}

/** Whether lists and objects of a JSON text are nested deeper than `levels`. One pass; strings are skipped. */
export function nestsDeeper(text: string, levels: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > levels) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return false;
}

/** Where the quote stands that ends the string which begins at `start`; the text's length when none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
