/** Beyond this a name or a detail is kept by its beginning: whoever acts chooses how long it is. */
const KEPT_CHARS_MAX = 1_000;

export function keptText(text: string): string {
  return text.length <= KEPT_CHARS_MAX ? text : `${text.slice(0, KEPT_CHARS_MAX).toWellFormed()}…`;
}
