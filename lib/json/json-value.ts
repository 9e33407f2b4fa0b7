/**
 * What JSON can say, with its numbers exact: 5 is an integer, 5.0 is none, and integers have no bound. All values survive
 * a structured clone, so that it passes between threads as what it is.
 */

/** A float with the value of an integer, such as 5.0: a boxed number, which nothing but `jsonFloat` makes. */
export interface JsonFloat {
  valueOf(): number;
  toExponential(): string;
}

/** A number that is a safe integer is an integer, a larger integer a bigint; every other number is a float. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | JsonFloat
  | string
  | JsonValue[]
  | { [name: string]: JsonValue };

export type JsonObject = { [name: string]: JsonValue };

/** The value as a float; it must be finite. */
export function jsonFloat(value: number): JsonValue {
  return Number.isInteger(value) ? (Object(value) as JsonFloat) : value;
}

export function jsonInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A float's number; undefined when the value is no float. */
export function floatValue(value: unknown): number | undefined {
  if (value instanceof Number) return value.valueOf();
  return typeof value === 'number' && !Number.isInteger(value) ? value : undefined;
}

export function isJsonInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Number);
}
