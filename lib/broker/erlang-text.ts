import type { Field } from '../amqp/field-table.ts';
import { FIELD_TYPE_NAMES } from '../amqp/field-type.ts';
import { floatText } from '../json/float-text.ts';
import { floatValue, isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

/** A value as RabbitMQ shows it in its errors: a term of Erlang. */
export function erlangText(value: JsonValue): string {
  if (typeof value === 'string') return binary(value);
  if (Array.isArray(value)) return `[${value.map(erlangText).join(',')}]`;
  if (isJsonObject(value)) {
    const fields = sortedFields(value).map(([name, field]) => `${binary(name)} => ${erlangText(field)}`);
    return `#{${fields.join(',')}}`;
  }
  const float = floatValue(value);
  return float === undefined ? String(value) : floatText(float);
}

/** The value of a field, without its type: `5`, `5.0`, `abc`, `[{signedint,5}]`. */
export function fieldText(field: Field): string {
  switch (field.type) {
    case 'A':
      return `[${field.value.map((entry) => `{${FIELD_TYPE_NAMES[entry.type]},${nestedText(entry)}}`).join(',')}]`;
    case 'F': {
      const entries = field.value.map(
        ([name, entry]) => `{${binary(name)},${FIELD_TYPE_NAMES[entry.type]},${nestedText(entry)}}`,
      );
      return `[${entries.join(',')}]`;
    }
    case 'f':
    case 'd':
      return Number.isFinite(field.value) ? floatText(field.value) : String(field.value);
    case 'D':
      return `{${field.scale},${field.unscaled}}`;
    case 'V':
      return 'undefined';
    case 'S':
    case 'x':
      return typeof field.value === 'string' ? field.value : Buffer.from(field.value).toString();
    default:
      return field.value.toString();
  }
}

function nestedText(field: Field): string {
  return field.type === 'S' || field.type === 'x' ? binary(fieldText(field)) : fieldText(field);
}

/** A list of named values: `[{<<"a">>,1},{<<"b">>,2}]`. */
export function erlangProperties(values: JsonObject): string {
  return `[${sortedFields(values)
    .map(([name, value]) => `{${binary(name)},${erlangText(value)}}`)
    .join(',')}]`;
}

function sortedFields(values: JsonObject): [string, JsonValue][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

function binary(text: string): string {
  const isAscii = [...text].every((character) => character <= '\x7f');
  return `<<${JSON.stringify(text)}${isAscii ? '' : '/utf8'}>>`;
}
