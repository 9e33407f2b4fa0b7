/** AMQP fields as people read and write them. */
import { INTEGER_RANGES, integerProblem } from '../amqp/field-type.ts';
import { FieldError, fieldOfJson } from '../fields/json-table.ts';
import { isBase64, type TypedField, type TypedFloat, type TypedTable, typedFloat } from '../fields/typed-field.ts';
import { floatText } from '../json/float-text.ts';
import { readJson } from '../json/read-json.ts';
import { JsonError } from '../json/scan-json.ts';

export type { TypedField, TypedTable } from '../fields/typed-field.ts';

/** The types that a form offers; every other wire type is shown, but written as one of these. */
export const FIELD_KINDS = ['string', 'integer', 'number', 'boolean', 'timestamp', 'bytes', 'json', 'void'] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

export const FIELD_KIND_LABELS: Record<FieldKind, string> = {
  string: 'String',
  integer: 'Integer (64 bit)',
  number: 'Double',
  boolean: 'Boolean',
  timestamp: 'Timestamp (s)',
  bytes: 'Bytes (base64)',
  json: 'Table or list (JSON)',
  void: 'Void',
};

const TYPE_NAMES: Record<TypedField['type'], string> = {
  t: 'boolean',
  b: 'int8',
  B: 'uint8',
  s: 'int16',
  u: 'uint16',
  I: 'int32',
  i: 'uint32',
  l: 'int64',
  L: 'int64 (L)',
  f: 'float',
  d: 'double',
  D: 'decimal',
  T: 'timestamp',
  S: 'string',
  'S-bytes': 'string, not UTF-8',
  x: 'bytes',
  A: 'list',
  F: 'table',
  V: 'void',
};

export function fieldTypeName(field: TypedField): string {
  return TYPE_NAMES[field.type];
}

/** The value as one line of text: lists and tables as JSON, with their numbers exact and equal names side by side. */
export function fieldText(field: TypedField): string {
  switch (field.type) {
    case 'V':
      return '∅';
    case 'S':
      return field.value;
    case 'S-bytes':
    case 'x':
      return field.value;
    case 'T':
      return timestampText(field.value);
    default:
      return nestedText(field, null);
  }
}

/** A list or a table as text, with a line for each entry. */
export function fieldLines(field: TypedField): string {
  return nestedText(field, '\n');
}

export function tableText(table: TypedTable): string {
  return nestedText({ type: 'F', value: table }, null);
}

/** `line`: what a line begins with; null: all is on one. */
function nestedText(field: TypedField, line: string | null): string {
  const inner = line === null ? null : `${line} `;
  switch (field.type) {
    case 'A':
      return enclosed(
        '[]',
        field.value.map((entry) => nestedText(entry, inner)),
        line,
      );
    case 'F':
      return enclosed(
        '{}',
        field.value.map(
          (entry) => `${JSON.stringify(entry.name)}:${line === null ? '' : ' '}${nestedText(entry.field, inner)}`,
        ),
        line,
      );
    case 'f':
    case 'd':
      return typedFloatText(field.value);
    case 'D':
      return decimalText(field.value.unscaled, field.value.scale);
    case 'l':
    case 'L':
    case 'T':
      return field.value;
    default:
      return JSON.stringify(field.value);
  }
}

function enclosed([opening, closing]: string, parts: string[], line: string | null): string {
  if (parts.length === 0) return `${opening}${closing}`;
  return line === null
    ? `${opening}${parts.join()}${closing}`
    : `${opening}${line} ${parts.join(`,${line} `)}${line}${closing}`;
}

function typedFloatText(value: TypedFloat): string {
  return typeof value === 'number' ? floatText(value) : value === '-0' ? '-0.0' : value;
}

function decimalText(unscaled: number, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled).padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Seconds since 1970 with the date they mean, where they mean one. */
export function timestampText(seconds: string): string {
  const ms = Number(seconds) * 1000;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? seconds : `${seconds} (${date.toISOString().replace('.000Z', 'Z')})`;
}

export function textArgument(table: TypedTable, name: string): string | null {
  const field = table.find((entry) => entry.name === name)?.field;
  return field?.type === 'S' ? field.value : null;
}

/** What a person wrote, as a field; or why it cannot be one. */
export function parseField(kind: FieldKind, text: string): { field: TypedField } | { problem: string } {
  switch (kind) {
    case 'string':
      return { field: { type: 'S', value: text } };
    case 'void':
      return { field: { type: 'V', value: null } };
    case 'boolean':
      return text === 'true' || text === 'false'
        ? { field: { type: 't', value: text === 'true' } }
        : { problem: 'Write true or false.' };
    case 'integer':
      return parseInteger('l', text);
    case 'number':
      return parseFloating(text);
    case 'timestamp':
      return parseInteger('T', text, 'Write seconds since 1970, as 1700000000.');
    case 'bytes':
      return isBase64(text.trim())
        ? { field: { type: 'x', value: text.trim() } }
        : { problem: 'Write base64, as aGVsbG8=.' };
    case 'json':
      return parseJson(text);
  }
}

/** An integer of 64 bits; `wanted` says what else to write. */
export function parseInteger(
  type: 'l' | 'T',
  text: string,
  wanted = 'Write a whole number.',
): { field: TypedField } | { problem: string } {
  const trimmed = text.trim();
  if (!/^-?\d+$/.test(trimmed)) return { problem: wanted };
  const { min, max } = INTEGER_RANGES[type];
  if (integerProblem(INTEGER_RANGES[type], trimmed) !== null)
    return { problem: `This is not between ${min} and ${max}.` };
  return { field: { type, value: BigInt(trimmed).toString() } };
}

function parseFloating(text: string): { field: TypedField } | { problem: string } {
  const trimmed = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return { problem: 'Write a number, as 2.5.' };
  const value = Number(trimmed);
  return Number.isFinite(value)
    ? { field: { type: 'd', value: typedFloat(value) } }
    : { problem: 'This is larger than a double can be.' };
}

function parseJson(text: string): { field: TypedField } | { problem: string } {
  try {
    const field = fieldOfJson('value', readJson(text));
    return field.type === 'A' || field.type === 'F' ? { field } : { problem: 'Write an object {…} or a list […].' };
  } catch (error) {
    if (error instanceof JsonError) return { problem: `Not JSON: ${error.message}.` };
    if (error instanceof FieldError) return { problem: error.message };
    throw error;
  }
}
