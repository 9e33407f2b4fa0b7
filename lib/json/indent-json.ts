import { JsonError, scanJson } from './scan-json.ts';

const STEP = '  ';
/** How much longer the indented text may be: each level indents all that is in it, and levels cost two bytes each. */
const GROWTH_MAX = 8;
const CHARS_SPARE = 64 * 1024;

/**
 * The JSON text with a line for each member and element. Only white space between its tokens is another than before:
 * numbers, strings, their escapes and equal names stay as they were written. Throws JsonError for what is no JSON, and
 * for a text so deeply nested that indenting would make far more of it.
 */
export function indentJson(text: string): string {
  const charsMax = text.length * GROWTH_MAX + CHARS_SPARE;
  const parts: string[] = [];
  let length = 0;
  let depth = 0;
  /** The kind of token that the next one stands behind. */
  let before: 'nothing' | 'opening' | 'name' | 'value' = 'nothing';
  const add = (part: string): void => {
    length += part.length;
    if (length > charsMax) throw new JsonError('it is too deeply nested to be indented');
    parts.push(part);
  };
  const lead = (): void => {
    if (before === 'name') add(' ');
    else if (before !== 'nothing') add(`${before === 'value' ? ',' : ''}\n${STEP.repeat(depth)}`);
  };
  scanJson(
    text,
    {
      open(isObject) {
        lead();
        add(isObject ? '{' : '[');
        depth++;
        before = 'opening';
      },
      close(isObject) {
        depth--;
        if (before === 'value') add(`\n${STEP.repeat(depth)}`);
        add(isObject ? '}' : ']');
        before = 'value';
      },
      name(start, end) {
        lead();
        add(`${text.slice(start, end)}:`);
        before = 'name';
      },
      scalar(start, end) {
        lead();
        add(text.slice(start, end));
        before = 'value';
      },
    },
    Number.POSITIVE_INFINITY,
  );
  return parts.join('');
}
