import fc from 'fast-check';
import { type JsonValue, jsonFloat, jsonInteger } from '../../../lib/json/json-value.ts';

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, true, false),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(jsonInteger),
    fc.integer().map((number): JsonValue => number),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(jsonFloat),
    fc.integer().map(jsonFloat),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .dictionary(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('__proto__', '1', 'a')), tie('value'), {
        maxKeys: 5,
      })
      .map((object): JsonValue => ({ ...object })),
  ),
}));

/** Whatever JSON can say, with integers of any size and floats of any value. */
export const anyJson: fc.Arbitrary<JsonValue> = value;
