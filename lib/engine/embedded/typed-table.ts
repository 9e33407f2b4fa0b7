/** Field tables and properties as the port shows them, and back. Nothing is lost: types, order and duplicates stay. */
import type { Field, FieldTable } from '../../amqp/field-table.ts';
import { FIELD_DEPTH_MAX } from '../../amqp/field-type.ts';
import type { Properties } from '../../amqp/properties.ts';
import { fitsShortString } from '../../amqp/short-string.ts';
import { fieldProblem, isShallow, type TypedField, type TypedTable, typedFloat } from '../../fields/typed-field.ts';
import { EngineError } from '../errors.ts';
import type { MessageProperties } from '../messages.ts';

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
    case 'f':
    case 'd':
      return { type: field.type, value: typedFloat(field.value) };
    default:
      return field;
  }
}

/** Throws INVALID_REQUEST for a value that its type cannot hold, and for more nesting than the wire has. */
export function fieldTable(table: TypedTable): FieldTable {
  if (!isShallow(table))
    throw new EngineError('INVALID_REQUEST', `a field table is nested deeper than ${FIELD_DEPTH_MAX} levels`);
  return fieldsOf(table);
}

function fieldsOf(table: TypedTable): FieldTable {
  return table.map(({ name, field }) => {
    if (!fitsShortString(name)) throw new EngineError('INVALID_REQUEST', `the name '${name}' is longer than 255 bytes`);
    return [name, fieldOf(name, field)];
  });
}

/** `name`: what the field stands under, for errors. */
function fieldOf(name: string, field: TypedField): Field {
  const problem = fieldProblem(field);
  if (problem !== null) throw new EngineError('INVALID_REQUEST', `'${name}': ${problem}`);
  switch (field.type) {
    case 'l':
    case 'L':
    case 'T':
      return { type: field.type, value: BigInt(field.value) };
    case 'f':
    case 'd':
      return { type: field.type, value: Number(field.value) };
    case 'D':
      return { type: 'D', ...field.value };
    case 'S-bytes':
      return { type: 'S', value: Buffer.from(field.value, 'base64') };
    case 'x':
      return { type: 'x', value: Buffer.from(field.value, 'base64') };
    case 'A':
      return { type: 'A', value: field.value.map((value) => fieldOf(name, value)) };
    case 'F':
      return { type: 'F', value: fieldsOf(field.value) };
    case 'V':
      return { type: 'V' };
    default:
      return field;
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
  if (!fitsShortString(text)) throw new EngineError('INVALID_REQUEST', `${name} is longer than 255 bytes`);
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
