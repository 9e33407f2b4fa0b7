import type { JsonValue } from './ports.ts';

/** A value as RabbitMQ shows it in its errors: a term of Erlang. */
export function erlangText(value: JsonValue): string {
  if (typeof value === 'string') return binary(value);
  if (Array.isArray(value)) return `[${value.map(erlangText).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = sortedFields(value).map(([name, field]) => `${binary(name)} => ${erlangText(field)}`);
    return `#{${fields.join(',')}}`;
  }
  return String(value);
}

/** A list of named values: `[{<<"a">>,1},{<<"b">>,2}]`. */
export function erlangProperties(values: { [name: string]: JsonValue }): string {
  return `[${sortedFields(values)
    .map(([name, value]) => `{${binary(name)},${erlangText(value)}}`)
    .join(',')}]`;
}

function sortedFields(values: { [name: string]: JsonValue }): [string, JsonValue][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

function binary(text: string): string {
  const isAscii = [...text].every((character) => character <= '\x7f');
  return `<<${JSON.stringify(text)}${isAscii ? '' : '/utf8'}>>`;
}
