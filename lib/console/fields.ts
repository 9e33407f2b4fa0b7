/** The inputs that several routes share: names, field tables, message properties. */
import * as z from 'zod';
import type { MessageProperties, TypedField, TypedTable } from '../engine/port.ts';
import { TABLE_NESTING_MAX } from '../engine/typed-table.ts';

const encoder = new TextEncoder();

/** A short string of the protocol: its length travels in one byte. */
export const shortString = z
  .string()
  .refine((text) => encoder.encode(text).length <= 255, 'is longer than 255 bytes in UTF-8');

export const vhostName = shortString.min(1, 'must not be empty');
export const objectName = shortString.min(1, 'must not be empty');

const integer = (min: number, max: number) => z.int().min(min).max(max);
/** A 64-bit integer as a decimal string, because a JSON number cannot hold it. */
const integer64 = (signed: boolean) =>
  z
    .string()
    .regex(signed ? /^-?\d{1,20}$/ : /^\d{1,20}$/, 'must be a whole number in decimal digits')
    .refine(
      (text) => (signed ? BigInt.asIntN : BigInt.asUintN)(64, BigInt(text)) === BigInt(text),
      'does not fit 64 bits',
    );
const base64 = z.base64('must be base64');

const typedField: z.ZodType<TypedField> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('t'), value: z.boolean() }),
    z.strictObject({ type: z.literal('b'), value: integer(-128, 127) }),
    z.strictObject({ type: z.literal('B'), value: integer(0, 255) }),
    z.strictObject({ type: z.literal('s'), value: integer(-32768, 32767) }),
    z.strictObject({ type: z.literal('u'), value: integer(0, 65535) }),
    z.strictObject({ type: z.literal('I'), value: integer(-2147483648, 2147483647) }),
    z.strictObject({ type: z.literal('i'), value: integer(0, 4294967295) }),
    z.strictObject({ type: z.literal('f'), value: z.number() }),
    z.strictObject({ type: z.literal('d'), value: z.number() }),
    z.strictObject({ type: z.literal('l'), value: integer64(true) }),
    z.strictObject({ type: z.literal('L'), value: integer64(false) }),
    z.strictObject({ type: z.literal('T'), value: integer64(false) }),
    z.strictObject({
      type: z.literal('D'),
      value: z.strictObject({ scale: integer(0, 255), unscaled: integer(-2147483648, 2147483647) }),
    }),
    z.strictObject({ type: z.literal('S'), value: z.string() }),
    z.strictObject({ type: z.literal('S-bytes'), value: base64 }),
    z.strictObject({ type: z.literal('x'), value: base64 }),
    z.strictObject({ type: z.literal('A'), value: z.array(typedField) }),
    z.strictObject({ type: z.literal('F'), value: rawTable }),
    z.strictObject({ type: z.literal('V'), value: z.null() }),
  ]),
);

const rawTable: z.ZodType<TypedTable> = z.lazy(() => z.array(z.strictObject({ name: shortString, field: typedField })));

export const typedTable = rawTable.refine(
  (table) => nesting(table) <= TABLE_NESTING_MAX,
  `is nested deeper than ${TABLE_NESTING_MAX} levels`,
);

export const messageProperties: z.ZodType<MessageProperties> = z.strictObject({
  contentType: shortString.optional(),
  contentEncoding: shortString.optional(),
  headers: typedTable.optional(),
  deliveryMode: integer(1, 2).optional(),
  priority: integer(0, 255).optional(),
  correlationId: shortString.optional(),
  replyTo: shortString.optional(),
  expiration: shortString.regex(/^\d+$/, 'must be a whole number of milliseconds').optional(),
  messageId: shortString.optional(),
  timestamp: integer64(false).optional(),
  type: shortString.optional(),
  userId: shortString.optional(),
  appId: shortString.optional(),
  clusterId: shortString.optional(),
});

export const messageBody = base64;

/** A number in a query string. */
export const queryInteger = (min: number, max: number, otherwise: number) =>
  z.coerce.number().int().min(min).max(max).default(otherwise);

export const noInput = z.object({});

/** Of the tables and arrays in it. */
function nesting(table: TypedTable): number {
  return table.reduce((deepest, { field }) => Math.max(deepest, nestingOf(field)), 0);
}

function nestingOf(field: TypedField): number {
  if (field.type === 'F') return 1 + nesting(field.value);
  if (field.type === 'A') return 1 + field.value.reduce((deepest, value) => Math.max(deepest, nestingOf(value)), 0);
  return 0;
}
