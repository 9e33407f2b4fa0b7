/**
 * Regular expressions as RabbitMQ's users write them: PCRE, matched anywhere in a name. An empty one matches nothing
 * where it is a permission; that is the permission's rule, not this file's.
 */
import { InvalidSetting } from './invalid-setting.ts';

/** What PCRE's names of character classes hold, as the inside of a JavaScript class. */
const CLASSES: Record<string, string> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/** An escaped character; a class; the start of a group or of an option; a possessive quantifier. */
const PARTS = /\\[\s\S]|\[\^?\]?(?:\[:\^?\w*:\]|\\[\s\S]|[^\]\\])*\]|\(\?(?:P[<=>]|>|#|[a-zA-Z-]+\))|[*+?}]\+/g;

/** Throws InvalidSetting when it is no regular expression, or one that this broker cannot read as PCRE does. */
export function compilePattern(pattern: string): RegExp {
  const [, options = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const source = translate(options === '' ? pattern : pattern.slice(options.length + 3), pattern);
  let reason = '';
  // PCRE may escape any character, such as \- and \_; with the flag u only few may be.
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags + [...new Set(options)].join(''));
    } catch (error) {
      reason = error instanceof Error ? error.message.replace(/^.*: /, '') : String(error);
    }
  }
  throw new InvalidSetting(`invalid regular expression '${pattern}': ${reason}`, reason);
}

/** The text as a pattern that matches nothing but it. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** PCRE's spelling as JavaScript's. */
function translate(source: string, whole: string): string {
  const refuse = (part: string): never => {
    const reason = `${part} is not supported`;
    throw new InvalidSetting(`invalid regular expression '${whole}': ${reason}`, reason);
  };
  return source.replace(PARTS, (part) => {
    // JavaScript would take \A, \z and \Z, the ends of the text, for letters.
    if (part === '\\A') return '^';
    if (part === '\\z' || part === '\\Z') return '$';
    if (part === '(?P<') return '(?<';
    // A class may begin with the bracket that would end it.
    if (part.startsWith('['))
      return part
        .replace(/^(\[\^?)\]/, '$1\\]')
        .replace(/\[:(\^?\w*):\]/g, (name, key) => CLASSES[key] ?? refuse(name));
    return part.startsWith('\\') ? part : refuse(part);
  });
}
