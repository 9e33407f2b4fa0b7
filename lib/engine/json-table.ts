/** Field tables as plain JSON, the way RabbitMQ writes arguments in definitions and in its HTTP API, and back. */
import type { JsonValue } from './administration.ts';
import type { TypedField, TypedTable } from './port.ts';

/**
 * The table as an object. JSON has fewer types than the wire: what it cannot tell apart becomes one, bytes that are no
 * text become base64, and 64-bit integers that a number cannot hold become decimal strings. The first of duplicates counts.
 */
export function jsonTable(table: TypedTable): { [name: string]: JsonValue } {
  return Object.fromEntries(table.map(({ name, field }) => [name, jsonField(field)] as const).reverse());
}

function jsonField(field: TypedField): JsonValue {
  switch (field.type) {
    case 'l':
    case 'L':
    case 'T':
      return Number.isSafeInteger(Number(field.value)) ? Number(field.value) : field.value;
    case 'D':
      return field.value.unscaled / 10 ** field.value.scale;
    case 'A':
      return field.value.map(jsonField);
    case 'F':
      return jsonTable(field.value);
    default:
      return field.value;
  }
}

/** The object as a table, with the types that RabbitMQ gives: integers are 64 bits wide, other numbers doubles. */
export function tableOfJson(object: { [name: string]: JsonValue }): TypedTable {
  return Object.entries(object).map(([name, value]) => ({ name, field: fieldOfJson(value) }));
}

function fieldOfJson(value: JsonValue): TypedField {
  if (value === null) return { type: 'V', value };
  if (typeof value === 'boolean') return { type: 't', value };
  if (typeof value === 'string') return { type: 'S', value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { type: 'l', value: String(value) } : { type: 'd', value };
  if (Array.isArray(value)) return { type: 'A', value: value.map(fieldOfJson) };
  return { type: 'F', value: tableOfJson(value) };
}
