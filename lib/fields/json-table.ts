/**
 * Field tables as plain JSON, the way RabbitMQ writes arguments and headers in its API and in definitions, and back: the one
 * codec between the two. JSON has fewer types than the wire: widths of integers and floats become one each, as they are one
 * for a headers exchange.
 */
import { FIELD_DEPTH_MAX, INTEGER_RANGES, integerProblem } from '../amqp/field-type.ts';
import {
  floatValue,
  isJsonInteger,
  type JsonObject,
  type JsonValue,
  jsonFloat,
  jsonInteger,
} from '../json/json-value.ts';
import { isBase64, type TypedField, type TypedTable, typedFloat } from './typed-field.ts';

/** RabbitMQ's way to write bytes. Whoever reads it takes bytes for bytes again, where they are no text. */
const NO_TEXT = 'Not UTF-8, base64 is: ';

/**
 * In the table's order. Of equal names the first counts, as for whoever looks one up. A number that JSON has no word
 * for becomes its name.
 */
export function jsonTable(table: TypedTable): JsonObject {
  const first = new Map<string, JsonValue>();
  for (const { name, field } of table) if (!first.has(name)) first.set(name, jsonField(field));
  return Object.fromEntries(first);
}

function jsonField(field: TypedField): JsonValue {
  switch (field.type) {
    case 'l':
    case 'L':
    case 'T':
      return jsonInteger(BigInt(field.value));
    case 'f':
    case 'd': {
      const value = Number(field.value);
      return Number.isFinite(value) ? jsonFloat(value) : field.value;
    }
    case 'D':
      return jsonFloat(Number(`${field.value.unscaled}e-${field.value.scale}`));
    case 'S-bytes':
    case 'x':
      return textOf(field.value) ?? NO_TEXT + field.value;
    case 'A':
      return field.value.map(jsonField);
    case 'F':
      return jsonTable(field.value);
    default:
      return field.value;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(base64: string): string | null {
  try {
    return utf8.decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** A value that no field can hold; the message names it. */
export class FieldError extends Error {}

/** The types that an integer can become; the first that holds it is taken. */
type IntegerTypes = readonly ('l' | 'T')[];

/** What an export may hold: only a timestamp has 64 bits without a sign. */
export const EXPORTED: IntegerTypes = ['l', 'T'];
const GIVEN: IntegerTypes = ['l'];

/**
 * The object as a table, with the types that RabbitMQ gives: integers are `l`, other numbers `d`. Throws FieldError for an
 * integer of more than 64 bits and for more nesting than the wire has.
 */
export function tableOfJson(object: JsonObject, integers = GIVEN): TypedTable {
  return tableOf(object, integers, 0);
}

/** One value as a field; `name` is what errors call it. */
export function fieldOfJson(name: string, value: JsonValue): TypedField {
  return fieldOf(name, value, GIVEN, 0);
}

/** `depth`: how many tables and lists are around it. */
function tableOf(object: JsonObject, integers: IntegerTypes, depth: number): TypedTable {
  return Object.entries(object).map(([name, value]) => ({ name, field: fieldOf(name, value, integers, depth) }));
}

function fieldOf(name: string, value: JsonValue, integers: IntegerTypes, depth: number): TypedField {
  if (value === null) return { type: 'V', value };
  if (typeof value === 'boolean') return { type: 't', value };
  if (typeof value === 'string') return stringField(value);
  if (isJsonInteger(value)) return integerField(name, value, integers);
  const float = floatValue(value);
  if (float !== undefined) return { type: 'd', value: typedFloat(float) };
  if (depth === FIELD_DEPTH_MAX) throw new FieldError(`'${name}': it is nested deeper than ${FIELD_DEPTH_MAX} levels`);
  if (!Array.isArray(value)) return { type: 'F', value: tableOf(value as JsonObject, integers, depth + 1) };
  return { type: 'A', value: value.map((entry) => fieldOf(name, entry, integers, depth + 1)) };
}

function integerField(name: string, value: number | bigint, integers: IntegerTypes): TypedField {
  const type = integers.find((one) => integerProblem(INTEGER_RANGES[one], value) === null);
  if (type === undefined) throw new FieldError(`'${name}': ${integerProblem(INTEGER_RANGES.l, value)}`);
  return { type, value: String(value) };
}

function stringField(value: string): TypedField {
  const base64 = value.startsWith(NO_TEXT) ? value.slice(NO_TEXT.length) : '';
  return base64 !== '' && isBase64(base64) && textOf(base64) === null
    ? { type: 'S-bytes', value: base64 }
    : { type: 'S', value };
}
