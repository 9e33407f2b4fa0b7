/** AMQP fields as people read and write them. */
import type { TypedField, TypedTable } from '../engine/port.ts';

export type { TypedField, TypedTable } from '../engine/port.ts';

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
  L: 'uint64',
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

/** The value as one line of text. */
export function fieldText(field: TypedField): string {
  switch (field.type) {
    case 'V':
      return '∅';
    case 'D':
      return String(field.value.unscaled / 10 ** field.value.scale);
    case 'T':
      return timestampText(field.value);
    case 'A':
    case 'F':
      return JSON.stringify(plainValue(field));
    default:
      return String(field.value);
  }
}

/** Seconds since 1970 with the date they mean, where they mean one. */
export function timestampText(seconds: string): string {
  const ms = Number(seconds) * 1000;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? seconds : `${seconds} (${date.toISOString().replace('.000Z', 'Z')})`;
}

/** For people to read as JSON: types are lost. */
export function plainValue(field: TypedField): unknown {
  switch (field.type) {
    case 'A':
      return field.value.map(plainValue);
    case 'F':
      return plainTable(field.value);
    case 'D':
      return field.value.unscaled / 10 ** field.value.scale;
    case 'l':
    case 'L':
    case 'T': {
      const number = Number(field.value);
      return Number.isSafeInteger(number) ? number : field.value;
    }
    default:
      return field.value;
  }
}

export function plainTable(table: TypedTable): Record<string, unknown> {
  return Object.fromEntries(table.map(({ name, field }) => [name, plainValue(field)]));
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
      return parseInteger(text);
    case 'number': {
      const value = Number(text);
      return text.trim() !== '' && Number.isFinite(value)
        ? { field: { type: 'd', value } }
        : { problem: 'Write a number, as 2.5.' };
    }
    case 'timestamp':
      return /^\d{1,15}$/.test(text.trim())
        ? { field: { type: 'T', value: text.trim() } }
        : { problem: 'Write seconds since 1970, as 1700000000.' };
    case 'bytes':
      return isBase64(text.trim())
        ? { field: { type: 'x', value: text.trim() } }
        : { problem: 'Write base64, as aGVsbG8=.' };
    case 'json':
      return parseJson(text);
  }
}

function parseInteger(text: string): { field: TypedField } | { problem: string } {
  const trimmed = text.trim();
  if (!/^-?\d{1,19}$/.test(trimmed)) return { problem: 'Write a whole number.' };
  if (BigInt.asIntN(64, BigInt(trimmed)) !== BigInt(trimmed)) return { problem: 'This does not fit 64 bits.' };
  return { field: { type: 'l', value: trimmed } };
}

function parseJson(text: string): { field: TypedField } | { problem: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return { problem: 'Write an object {…} or a list […].' };
    return { field: jsonField(value) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is not JSON.' };
  }
}

function jsonField(value: unknown): TypedField {
  if (value === null || value === undefined) return { type: 'V', value: null };
  if (typeof value === 'boolean') return { type: 't', value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { type: 'l', value: String(value) } : { type: 'd', value };
  if (typeof value === 'string') return { type: 'S', value };
  if (Array.isArray(value)) return { type: 'A', value: value.map(jsonField) };
  return { type: 'F', value: Object.entries(value).map(([name, entry]) => ({ name, field: jsonField(entry) })) };
}

export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
