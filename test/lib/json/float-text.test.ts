import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floatText } from '../../../lib/json/float-text.ts';

test.each<[number, string]>([
  [5, '5.0'],
  [0, '0.0'],
  [-0, '-0.0'],
  [0.1, '0.1'],
  [-2.5, '-2.5'],
  [100, '100.0'],
  [1000, '1.0e3'],
  [123_456_789, '123456789.0'],
  [1e22, '1.0e22'],
  [1e39, '1.0e39'],
  [0.0001, '0.0001'],
  [1e-7, '1.0e-7'],
  [2 ** 53, '9.007199254740992e15'],
  [2 ** 53 - 1, '9007199254740991.0'],
  [Math.fround(0.1), '0.10000000149011612'],
  [Number.MAX_VALUE, '1.7976931348623157e308'],
  [Number.MIN_VALUE, '5.0e-324'],
])('%d is written as RabbitMQ writes it: %s', (value, text) => {
  expect(floatText(value)).toBe(text);
});

test('every float is read again as what it was, and as a float', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = floatText(value);
      expect(Number(text)).toBe(value);
      expect(text).toMatch(/^-?\d+\.\d+(e-?\d+)?$/);
    }),
    { numRuns: 2000 },
  );
});
