/** What the inputs of several operations are made of: names, field tables, message properties, JSON. */
import * as z from 'zod';
import { FIELD_DEPTH_MAX, INTEGER_RANGES, integerProblem } from '../amqp/field-type.ts';
import type { MessageProperties } from '../engine/messages.ts';
import { shortStringProblem } from '../fields/short-string.ts';
import { fieldProblem, isShallow, ODD_FLOATS, type TypedField, type TypedTable } from '../fields/typed-field.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

export const shortString = z.string().superRefine((text, context) => {
  const problem = shortStringProblem(text);
  if (problem !== null) context.addIssue(problem);
});

export const vhostName = shortString.min(1, 'must not be empty');
export const objectName = shortString.min(1, 'must not be empty');

/** What each type can hold is said in one place, for the wire too: here only what a field looks like. */
const typedField: z.ZodType<TypedField, TypedField> = z.lazy(() =>
  z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('t'), value: z.boolean() }),
      z.strictObject({ type: z.enum(['b', 'B', 's', 'u', 'I', 'i']), value: z.number() }),
      z.strictObject({ type: z.enum(['l', 'L', 'T']), value: z.string() }),
      z.strictObject({ type: z.enum(['f', 'd']), value: z.union([z.number(), z.enum(ODD_FLOATS)]) }),
      z.strictObject({
        type: z.literal('D'),
        value: z.strictObject({ scale: z.number(), unscaled: z.number() }),
      }),
      z.strictObject({ type: z.literal('S'), value: z.string() }),
      z.strictObject({ type: z.enum(['S-bytes', 'x']), value: z.string() }),
      z.strictObject({ type: z.literal('A'), value: z.array(typedField) }),
      z.strictObject({ type: z.literal('F'), value: rawTable }),
      z.strictObject({ type: z.literal('V'), value: z.null() }),
    ])
    .superRefine((field, context) => {
      const problem = fieldProblem(field);
      if (problem !== null) context.addIssue(problem);
    }),
);

const rawTable: z.ZodType<TypedTable, TypedTable> = z.lazy(() =>
  z.array(z.strictObject({ name: shortString, field: typedField })),
);

export const typedTable = rawTable.refine(isShallow, `is nested deeper than ${FIELD_DEPTH_MAX} levels`);

const octet = z.int().min(0).max(Number(INTEGER_RANGES.B.max));
const seconds = z
  .string()
  .refine(
    (text) => integerProblem(INTEGER_RANGES.T, text) === null,
    'must be seconds in digits, at most 64 bits of them',
  );

export const messageProperties: z.ZodType<MessageProperties, MessageProperties> = z.strictObject({
  contentType: shortString.optional(),
  contentEncoding: shortString.optional(),
  headers: typedTable.optional(),
  deliveryMode: z.int().min(1).max(2).optional(),
  priority: octet.optional(),
  correlationId: shortString.optional(),
  replyTo: shortString.optional(),
  expiration: shortString.regex(/^\d+$/, 'must be a whole number of milliseconds').optional(),
  messageId: shortString.optional(),
  timestamp: seconds.optional(),
  type: shortString.optional(),
  userId: shortString.optional(),
  appId: shortString.optional(),
  clusterId: shortString.optional(),
});

export const messageBody = z.base64('must be base64');

/** Whatever JSON can say; the broker checks it and answers in its own words. */
export const jsonValue = z.custom<JsonValue>((value) => value !== undefined);

export const jsonObject = z.custom<JsonObject>(isJsonObject);
