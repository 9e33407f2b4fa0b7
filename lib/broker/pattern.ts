/**
 * Regular expressions as RabbitMQ's users write them: PCRE, matched anywhere in a name. An empty one matches nothing
 * where it is a permission; that is the permission's rule, not this file's.
 */
import { InvalidSetting } from './invalid-setting.ts';

/** Throws InvalidSetting when it is no regular expression. */
export function compilePattern(pattern: string): RegExp {
  const ignoresCase = pattern.startsWith('(?i)');
  // \A, \z and \Z are PCRE's ends of the text; JavaScript would take them for letters.
  const source = (ignoresCase ? pattern.slice(4) : pattern).replace(/\\([\s\S])/g, (whole, escaped: string) =>
    escaped === 'A' ? '^' : escaped === 'z' || escaped === 'Z' ? '$' : whole,
  );
  let reason = '';
  // PCRE may escape any character, such as \- and \_; with the flag u only few may be.
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, ignoresCase ? `${flags}i` : flags);
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
