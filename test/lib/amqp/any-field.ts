import fc from 'fast-check';
import type { Field, FieldTable } from '../../../lib/amqp/field-table.ts';

const integer = (type: 'b' | 'B' | 's' | 'u' | 'I' | 'i', min: number, max: number) =>
  fc.integer({ min, max }).map((value): Field => ({ type, value }));

/** Well-formed text only: a lone surrogate has no UTF-8. */
const text = fc.string({ unit: 'grapheme', maxLength: 30 });

const simple: fc.Arbitrary<Field> = fc.oneof(
  fc.boolean().map((value): Field => ({ type: 't', value })),
  integer('b', -128, 127),
  integer('B', 0, 255),
  integer('s', -32_768, 32_767),
  integer('u', 0, 65_535),
  integer('I', -(2 ** 31), 2 ** 31 - 1),
  integer('i', 0, 2 ** 32 - 1),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Field => ({ type: 'l', value })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Field => ({ type: 'L', value })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value): Field => ({ type: 'T', value })),
  fc.float().map((value): Field => ({ type: 'f', value })),
  fc.double().map((value): Field => ({ type: 'd', value })),
  fc
    .record({ scale: fc.nat(255), unscaled: fc.nat(2 ** 32 - 1) })
    .map(({ scale, unscaled }): Field => ({ type: 'D', scale, unscaled })),
  text.map((value): Field => ({ type: 'S', value })),
  fc.constant<Field>({ type: 'S', value: Uint8Array.of(0xff, 0xfe, 0x00) }),
  fc.uint8Array({ maxLength: 20 }).map((value): Field => ({ type: 'x', value })),
  fc.constant<Field>({ type: 'V' }),
);

const nested = fc.letrec<{ field: Field; table: FieldTable }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'field' },
    simple,
    fc.array(tie('field'), { maxLength: 5 }).map((value): Field => ({ type: 'A', value })),
    tie('table').map((value): Field => ({ type: 'F', value })),
  ),
  table: fc.array(fc.tuple(text, tie('field')), { maxLength: 5 }),
}));

/** Any table: every type, nested, names that occur twice. */
export const anyTable: fc.Arbitrary<FieldTable> = nested.table;
export const anyText = text;
