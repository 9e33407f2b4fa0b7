/** Reading the bodies that tools send: RabbitMQ takes booleans and numbers as strings too. */
import type { JsonValue } from '../engine/administration.ts';
import { tableOfJson } from '../engine/json-table.ts';
import type { TypedTable } from '../engine/port.ts';
import type { JsonObject } from './entry.ts';
import { badRequest } from './failure.ts';

/** Throws 400 naming all that are missing. */
export function requireKeys(body: JsonObject, ...names: string[]): void {
  const missing = names.filter((name) => body[name] === undefined);
  if (missing.length > 0) throw badRequest(`[${missing.map((name) => `{key_missing,${name}}`).join(',')}]`);
}

export function flag(value: JsonValue | undefined, otherwise: boolean, name: string): boolean {
  if (value === undefined || value === null) return otherwise;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw badRequest(`{not_boolean,${name}}`);
}

export function integer(value: JsonValue | undefined, name: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw badRequest(`{not_integer,${name}}`);
  return number;
}

export function text(value: JsonValue | undefined, otherwise: string, name: string): string {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'string') return value;
  throw badRequest(`{not_a_string,${name}}`);
}

export function object(value: JsonValue | undefined, name: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value;
  // An empty table is an empty list to some tools.
  if (Array.isArray(value) && value.length === 0) return {};
  throw badRequest(`{not_a_table,${name}}`);
}

/** Arguments of a declaration or a binding. */
export function table(value: JsonValue | undefined, name = 'arguments'): TypedTable {
  const found = object(value, name);
  for (const [key, entry] of Object.entries(found)) {
    if (entry === null) throw badRequest(`{unhandled_type,{${key},null}}`);
  }
  return tableOfJson(found);
}
