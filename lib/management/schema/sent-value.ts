/**
 * Values as tools send them: RabbitMQ takes booleans and numbers as strings too, and null where there is a default.
 * A message that is one word, as `not_boolean`, becomes RabbitMQ's `{not_boolean,durable}`; others are answered as they are.
 */
import * as z from 'zod';
import { FieldError, tableOfJson } from '../../fields/json-table.ts';
import type { TypedTable } from '../../fields/typed-field.ts';
import { isJsonInteger, isJsonObject, type JsonObject, type JsonValue, jsonInteger } from '../../json/json-value.ts';
import { writeJson } from '../../json/write-json.ts';
import { jsonValue } from '../../operations/fields.ts';

/** Any value of a body, for a text: JSON may hold objects that no text can be made of. */
export function written(value: unknown): string {
  return typeof value === 'string' ? value : String(writeJson(value));
}

/** Whatever JSON can say; the broker checks it and answers in its own words. */

export const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])], { error: 'not_boolean' })
  .transform((value) => value === true || value === 'true');

/** A flag that may be left out. */
export const flagOr = (otherwise: boolean) =>
  flag
    .nullish()
    .transform((value) => value ?? otherwise)
    .meta({ description: `${otherwise} when it is left out` });

const NOT_INTEGER = { error: 'not_integer' };
const LONG_INTEGER = /^\s*[+-]?\d{1,40}\s*$/;

export const integer = z
  .union([z.int(NOT_INTEGER), z.string().regex(/^\s*[+-]?\d{1,15}\s*$/, NOT_INTEGER)], NOT_INTEGER)
  .transform(Number);

/** An integer with as many digits as there are. */
export const longInteger = z
  .custom<number | bigint | string>(
    (value) => isJsonInteger(value) || (typeof value === 'string' && LONG_INTEGER.test(value)),
    NOT_INTEGER,
  )
  .transform(integerOfText)
  .meta({ type: ['integer', 'string'] });

/** A value that the broker takes for a long integer, or refuses in its own words. */
export const anyNumber = jsonValue
  .transform((value) => (typeof value === 'string' && LONG_INTEGER.test(value) ? integerOfText(value) : value))
  .meta({ type: ['integer', 'string'] });

export const text = z.string({ error: 'not_a_string' });

/** A text that must be there; null is taken for an empty one. */
export const requiredText = text.nullable().transform((value) => value ?? '');

/** A text that may be left out. */
export const textOr = (otherwise: string) =>
  text
    .nullish()
    .transform((value) => value ?? otherwise)
    .meta({ description: `${JSON.stringify(otherwise)} when it is left out` });

/** "a,b" or a list. */
export const tags = z
  .union([z.string(), z.array(z.string())], { error: '{invalid_tags}' })
  .transform((value) => (typeof value === 'string' ? value.split(',') : value))
  .transform((list) => list.map((tag) => tag.trim()).filter((tag) => tag !== ''));

/** An empty table is an empty list to some tools. */
const isTable = (value: unknown): boolean =>
  value === null || isJsonObject(value) || (Array.isArray(value) && value.length === 0);

export const jsonObject = z
  .custom<JsonObject | [] | null>(isTable, 'not_a_table')
  .transform((value): JsonObject => (value === null || Array.isArray(value) ? {} : value))
  .meta({ type: 'object' });

/** Arguments and headers. */
export const table = jsonObject
  .transform((value, context): TypedTable => {
    if (holdsNull(value)) {
      context.addIssue('null_not_allowed');
      return z.NEVER;
    }
    try {
      return tableOfJson(value);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      context.addIssue(error.message);
      return z.NEVER;
    }
  })
  .meta({ type: 'object' });

function integerOfText(value: number | bigint | string): number | bigint {
  return typeof value === 'string' ? jsonInteger(BigInt(value.trim().replace('+', ''))) : value;
}

function holdsNull(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(holdsNull);
  return value === null || (isJsonObject(value) && Object.values(value).some(holdsNull));
}
