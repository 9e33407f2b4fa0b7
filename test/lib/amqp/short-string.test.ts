import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeShortString, fitsShortString, readShortString } from '../../../lib/amqp/short-string.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .uint8Array({ minLength: 200, maxLength: 300 })
    .map((bytes) => readShortString(Buffer.from(bytes), 0, bytes.length)),
);

test('a text fits a short string exactly when it can be encoded as one', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const encode = () => encodeShortString(text, 'it');
      if (fitsShortString(text)) expect(encode()[0]).toBe(encode().length - 1);
      else expect(encode).toThrow('it is longer than 255 bytes');
    }),
  );
});

test('bytes that came as a short string fit, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 255 }), (bytes) => {
      expect(fitsShortString(readShortString(Buffer.from(bytes), 0, bytes.length))).toBe(true);
    }),
  );
});
