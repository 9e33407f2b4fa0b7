import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortStringProblem } from '../../../lib/fields/short-string.ts';

test('a text is too long from 256 bytes on, whatever its characters take', () => {
  const character = fc.constantFrom('a', 'é', '€', '𐍈');
  fc.assert(
    fc.property(
      fc.array(character, { maxLength: 300 }).map((all) => all.join('')),
      (text) => {
        expect(shortStringProblem(text) === null).toBe(Buffer.byteLength(text) <= 255);
      },
    ),
  );
  for (const [fits, not] of [
    ['a'.repeat(255), 'a'.repeat(256)],
    ['€'.repeat(85), '€'.repeat(86)],
    ['', '𐍈'.repeat(64)],
  ] as const)
    expect([shortStringProblem(fits), shortStringProblem(not)]).toEqual([null, 'is longer than 255 bytes in UTF-8']);
});
