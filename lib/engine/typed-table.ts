/** Field tables and properties as the port shows them, and back. Nothing is lost: types, order and duplicates stay. */
import { type Field, type FieldTable, NESTING_MAX } from '../amqp/field-table.ts';
import type { Properties } from '../amqp/properties.ts';
import { EngineError } from './errors.ts';
import type { MessageProperties, TypedField, TypedTable } from './port.ts';

export function typedTable(table: FieldTable): TypedTable {
  return table.map(([name, field]) => ({ name, field: typedField(field) }));
}

function typedField(field: Field): TypedField {
  switch (field.type) {
    case 'l':
    case 'L':
    case 'T':
      return { type: field.type, value: field.value.toString() };
    case 'D':
      return { type: 'D', value: { scale: field.scale, unscaled: field.unscaled } };
    case 'S':
      return typeof field.value === 'string'
        ? { type: 'S', value: field.value }
        : { type: 'S-bytes', value: Buffer.from(field.value).toString('base64') };
    case 'x':
      return { type: 'x', value: Buffer.from(field.value).toString('base64') };
    case 'A':
      return { type: 'A', value: field.value.map(typedField) };
    case 'F':
      return { type: 'F', value: typedTable(field.value) };
    case 'V':
      return { type: 'V', value: null };
    case 't':
      return { type: 't', value: field.value };
    default:
      return { type: field.type, value: field.value };
  }
}

/** How deep tables and arrays may lie in each other, beside the outermost table. */
export const TABLE_NESTING_MAX = NESTING_MAX;

/** Throws INVALID_REQUEST for a value that its type cannot hold, and for tables nested too deep. */
export function fieldTable(table: TypedTable): FieldTable {
  return fieldsOf(table, 0);
}

/** `depth`: of the table. */
function fieldsOf(table: TypedTable, depth: number): FieldTable {
  return table.map(({ name, field }) => {
    if (Buffer.byteLength(name) > 255)
      throw new EngineError('INVALID_REQUEST', `the name '${name}' is longer than 255 bytes`);
    return [name, fieldOf(name, field, depth)];
  });
}

const INTEGER_RANGES: Record<string, [bigint, bigint]> = {
  b: [-128n, 127n],
  B: [0n, 255n],
  s: [-32_768n, 32_767n],
  u: [0n, 65_535n],
  I: [-(2n ** 31n), 2n ** 31n - 1n],
  i: [0n, 2n ** 32n - 1n],
  l: [-(2n ** 63n), 2n ** 63n - 1n],
  L: [-(2n ** 63n), 2n ** 63n - 1n],
  T: [0n, 2n ** 64n - 1n],
};

/** `depth`: of the table or array that the field is in. */
function fieldOf(name: string, field: TypedField, depth: number): Field {
  const refuse = (reason: string): never => {
    throw new EngineError('INVALID_REQUEST', `'${name}': ${reason}`);
  };
  const integer = (type: string, value: string | number): bigint => {
    if (!/^-?\d+$/.test(String(value))) return refuse(`'${value}' is no integer`);
    const [min, max] = INTEGER_RANGES[type] as [bigint, bigint];
    const number = BigInt(value);
    return number < min || number > max ? refuse(`${value} is not between ${min} and ${max}`) : number;
  };
  if ((field.type === 'A' || field.type === 'F') && depth >= TABLE_NESTING_MAX)
    return refuse(`is nested deeper than ${TABLE_NESTING_MAX} levels`);
  switch (field.type) {
    case 'l':
    case 'L':
    case 'T':
      return { type: field.type, value: integer(field.type, field.value) };
    case 'D':
      return {
        type: 'D',
        scale: Number(integer('B', field.value.scale)),
        unscaled: Number(integer('i', field.value.unscaled)),
      };
    case 'S-bytes':
      return { type: 'S', value: Buffer.from(field.value, 'base64') };
    case 'x':
      return { type: 'x', value: Buffer.from(field.value, 'base64') };
    case 'A':
      return { type: 'A', value: field.value.map((value) => fieldOf(name, value, depth + 1)) };
    case 'F':
      return { type: 'F', value: fieldsOf(field.value, depth + 1) };
    case 'V':
      return { type: 'V' };
    case 't':
    case 'S':
    case 'f':
    case 'd':
      return field;
    default:
      return { type: field.type, value: Number(integer(field.type, field.value)) };
  }
}

export function typedProperties(properties: Properties): MessageProperties {
  const { headers, timestamp, ...rest } = properties;
  return {
    ...rest,
    ...(headers && { headers: typedTable(headers) }),
    ...(timestamp !== undefined && { timestamp: timestamp.toString() }),
  };
}

/** Throws INVALID_REQUEST for a text that no short string of the protocol can hold. */
export function requireShort(name: string, text: string): void {
  if (Buffer.byteLength(text) > 255) throw new EngineError('INVALID_REQUEST', `${name} is longer than 255 bytes`);
}

/** Throws INVALID_REQUEST for a value that the property cannot hold. */
export function wireProperties(properties: MessageProperties): Properties {
  const { headers, timestamp, ...rest } = properties;
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value === 'string') requireShort(name, value);
    if (typeof value === 'number' && !(Number.isInteger(value) && value >= 0 && value <= 255)) {
      throw new EngineError('INVALID_REQUEST', `${name} is not between 0 and 255`);
    }
  }
  if (timestamp !== undefined && !(/^\d{1,20}$/.test(timestamp) && BigInt(timestamp) < 2n ** 64n)) {
    throw new EngineError('INVALID_REQUEST', 'timestamp is not a number of seconds');
  }
  return {
    ...rest,
    ...(headers && { headers: fieldTable(headers) }),
    ...(timestamp !== undefined && { timestamp: BigInt(timestamp) }),
  };
}
