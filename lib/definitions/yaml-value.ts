import { type JsonValue, jsonFloat, jsonInteger } from '../json/json-value.ts';
import { JsonError } from '../json/scan-json.ts';

/** An alias may stand inside of what it names: that has no end. */
const DEPTH_MAX = 100;

/** What the parser of YAML made, its integers bigint, as JSON says it. Throws JsonError for what JSON cannot say. */
export function jsonOfYaml(value: unknown, depth = 0): JsonValue {
  if (depth > DEPTH_MAX) throw new JsonError(`nested deeper than ${DEPTH_MAX}, or in itself`);
  if (typeof value === 'bigint') return jsonInteger(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new JsonError(`${value} is no number that can be said in JSON`);
    return jsonFloat(value);
  }
  if (Array.isArray(value)) return value.map((entry) => jsonOfYaml(entry, depth + 1));
  if (value instanceof Uint8Array) throw new JsonError('bytes cannot be said in JSON');
  if (typeof value !== 'object' || value === null) return value as string | boolean | null;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, jsonOfYaml(entry, depth + 1)]));
}
