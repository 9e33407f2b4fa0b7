/**
 * The types that a field of a table can have, and what each can hold: the one rule for the wire, the engine, the APIs and
 * the forms. `l` and `L` are both signed, decimals are not. [rabbit: binary parser]
 */

const INTEGER_TYPES = ['b', 'B', 's', 'u', 'I', 'i', 'l', 'L', 'T'] as const;
export type IntegerType = (typeof INTEGER_TYPES)[number];
export type FloatType = 'f' | 'd';
export type FieldType = 't' | IntegerType | FloatType | 'D' | 'S' | 'x' | 'A' | 'F' | 'V';

/** What RabbitMQ calls the types in its errors. */
export const FIELD_TYPE_NAMES: Record<FieldType, string> = {
  S: 'longstr',
  I: 'signedint',
  i: 'unsignedint',
  l: 'long',
  L: 'long',
  s: 'short',
  u: 'unsignedshort',
  b: 'byte',
  B: 'unsignedbyte',
  t: 'bool',
  d: 'double',
  f: 'float',
  T: 'timestamp',
  F: 'table',
  A: 'array',
  x: 'binary',
  D: 'decimal',
  V: 'void',
};

/** Tables and arrays in one another. */
export const FIELD_DEPTH_MAX = 64;

/** Digits of a number that are read and shown: more than any type has. */
const SHOWN_MAX = 40;

interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

const signed = (bits: bigint): Range => ({ min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n });
const unsigned = (bits: bigint): Range => ({ min: 0n, max: 2n ** bits - 1n });

export const INTEGER_RANGES: Readonly<Record<IntegerType, Range>> = {
  b: signed(8n),
  B: unsigned(8n),
  s: signed(16n),
  u: unsigned(16n),
  I: signed(32n),
  i: unsigned(32n),
  l: signed(64n),
  L: signed(64n),
  T: unsigned(64n),
};

/** A decimal is `unscaled` / 10^`scale`. */
export const DECIMAL_RANGES: Readonly<Record<'scale' | 'unscaled', Range>> = {
  scale: unsigned(8n),
  unscaled: unsigned(32n),
};

export function isIntegerType(type: string): type is IntegerType {
  return (INTEGER_TYPES as readonly string[]).includes(type);
}

/** What is wrong with a number as an integer within the range; null: nothing. */
export function integerProblem({ min, max }: Range, value: string | number | bigint): string | null {
  const text = String(value);
  if (!/^-?\d+$/.test(text)) return `'${text.slice(0, SHOWN_MAX)}' is no integer`;
  if (text.length < SHOWN_MAX) {
    const number = BigInt(text);
    if (number >= min && number <= max) return null;
  }
  return `${text.slice(0, SHOWN_MAX)} is not between ${min} and ${max}`;
}

/**
 * What is wrong with a number as a float; null: nothing. NaN and the infinities are values of both types; a finite
 * number that would become infinite on the wire is not.
 */
export function floatProblem(type: FloatType, value: number): string | null {
  return type === 'f' && Number.isFinite(value) && !Number.isFinite(Math.fround(value))
    ? `${value} is larger than a float of 32 bits can be`
    : null;
}
