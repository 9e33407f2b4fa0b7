/**
 * AMQP fields as plain data that survives JSON and structured clone, and passes between threads, over the console's API and
 * into forms as what it is. `type` is RabbitMQ's tag; integers of 64 bits are decimal texts, bytes base64.
 */
import {
  DECIMAL_RANGES,
  FIELD_DEPTH_MAX,
  floatProblem,
  INTEGER_RANGES,
  integerProblem,
  isIntegerType,
} from '../amqp/field-type.ts';

/** Floats that JSON has no number for. */
export const ODD_FLOATS = ['-0', 'NaN', 'Infinity', '-Infinity'] as const;
export type TypedFloat = number | (typeof ODD_FLOATS)[number];

export type TypedField =
  | { type: 't'; value: boolean }
  | { type: 'b' | 'B' | 's' | 'u' | 'I' | 'i'; value: number }
  | { type: 'l' | 'L' | 'T'; value: string }
  | { type: 'f' | 'd'; value: TypedFloat }
  | { type: 'D'; value: { scale: number; unscaled: number } }
  | { type: 'S'; value: string }
  /** A string that is no UTF-8, or bytes. */
  | { type: 'S-bytes' | 'x'; value: string }
  | { type: 'A'; value: TypedField[] }
  | { type: 'F'; value: TypedTable }
  | { type: 'V'; value: null };

/** Order and duplicates as on the wire. */
export type TypedTable = { name: string; field: TypedField }[];

export function typedFloat(value: number): TypedFloat {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : (ODD_FLOATS[oddity(value)] as TypedFloat);
}

function oddity(value: number): number {
  if (value === 0) return 0;
  if (Number.isNaN(value)) return 1;
  return value > 0 ? 2 : 3;
}

/** What is wrong with a field whose value its type cannot hold; null: nothing. Of lists and tables the entries are asked each. */
export function fieldProblem({ type, value }: TypedField): string | null {
  if (isIntegerType(type)) return integerProblem(INTEGER_RANGES[type], value as string | number);
  switch (type) {
    case 'f':
    case 'd':
      return floatProblem(type, Number(value));
    case 'D':
      return (
        integerProblem(DECIMAL_RANGES.scale, value.scale) ?? integerProblem(DECIMAL_RANGES.unscaled, value.unscaled)
      );
    case 'S-bytes':
    case 'x':
      return isBase64(value) ? null : 'it is no base64';
    default:
      return null;
  }
}

export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** False when tables and lists in the table are nested deeper than the wire has them. */
export function isShallow(table: TypedTable): boolean {
  return table.every(({ field }) => isFieldShallow(field, FIELD_DEPTH_MAX));
}

function isFieldShallow(field: TypedField, levels: number): boolean {
  if (field.type !== 'A' && field.type !== 'F') return true;
  if (levels === 0) return false;
  return field.type === 'A'
    ? field.value.every((entry) => isFieldShallow(entry, levels - 1))
    : field.value.every((entry) => isFieldShallow(entry.field, levels - 1));
}
