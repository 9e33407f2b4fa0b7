/** What a column holds, whichever of the two databases it is in, and how one value of it is written in all of them. */
import type { ArgScalarType } from '@prisma/driver-adapter-utils';

/** The kinds by the words that Prisma's adapters have for them. */
export type ColumnKind = Extract<
  ArgScalarType,
  'string' | 'int' | 'bigint' | 'float' | 'decimal' | 'boolean' | 'json' | 'datetime' | 'bytes' | 'uuid'
>;

/** The kind of each type as Prisma's migrations write it, in capitals and without its size. */
const KINDS: Record<string, ColumnKind> = {
  TEXT: 'string',
  'CHARACTER VARYING': 'string',
  INTEGER: 'int',
  SMALLINT: 'int',
  BIGINT: 'bigint',
  REAL: 'float',
  'DOUBLE PRECISION': 'float',
  DECIMAL: 'decimal',
  NUMERIC: 'decimal',
  BOOLEAN: 'boolean',
  JSONB: 'json',
  JSON: 'json',
  DATETIME: 'datetime',
  'TIMESTAMP WITHOUT TIME ZONE': 'datetime',
  'TIMESTAMP WITH TIME ZONE': 'datetime',
  BLOB: 'bytes',
  BYTEA: 'bytes',
  UUID: 'uuid',
};

/** Undefined: no kind that is known here. */
export function kindOf(type: string): ColumnKind | undefined {
  return KINDS[type.toUpperCase()];
}

/** The value as either adapter takes it for a column of that kind, whichever of them it was read with. */
export function plainValue(kind: ColumnKind, value: unknown): unknown {
  if (value === null) return null;
  switch (kind) {
    case 'int':
    case 'float':
      return Number(value);
    case 'bigint':
      return String(value);
    case 'boolean':
      return Number(value) === 1;
    case 'datetime':
      return new Date(String(value)).toISOString();
    case 'json':
      return withoutBlanks(String(value));
    case 'bytes':
      return value instanceof Uint8Array ? value : Buffer.from(value as ArrayBuffer);
    default:
      return String(value);
  }
}

/** Text that is the same for equal values of that kind, and for no others. */
export function comparableText(kind: ColumnKind, value: unknown): string {
  if (value === null) return 'null';
  const plain = plainValue(kind, value);
  if (kind === 'bytes') return Buffer.from(plain as Uint8Array).toString('hex');
  // PostgreSQL keeps a JSON object with its keys in an order of its own.
  if (kind === 'json') return JSON.stringify(sorted(JSON.parse(plain as string)));
  if (kind === 'decimal' || kind === 'float') return String(Number(plain));
  return JSON.stringify(plain);
}

/** PostgreSQL writes JSON with blanks, and numbers of any length: only blanks between tokens go. */
function withoutBlanks(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}
