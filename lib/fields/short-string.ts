/** Short strings of the protocol, as names, keys and most properties are: one rule for routes, operations and forms. */

/** The length of one travels in a byte. */
const SHORT_STRING_BYTES_MAX = 255;

const encoder = new TextEncoder();

/** What is wrong with the text, behind its name in a sentence; null: it is short enough. */
export function shortStringProblem(text: string): string | null {
  // No character is shorter than a byte or longer than three in a unit of UTF-16.
  if (text.length * 3 <= SHORT_STRING_BYTES_MAX) return null;
  const isLong = text.length > SHORT_STRING_BYTES_MAX || encoder.encode(text).length > SHORT_STRING_BYTES_MAX;
  return isLong ? `is longer than ${SHORT_STRING_BYTES_MAX} bytes in UTF-8` : null;
}
