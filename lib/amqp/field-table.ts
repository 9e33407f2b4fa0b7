/**
 * Field tables with RabbitMQ's types: every value keeps its tag, so that what was read can be written bit by bit.
 * Integers of 64 bits are BigInt; `l` and `L` are both signed; `s` is a 16-bit integer. [rabbit: binary parser]
 * Two values come back changed: a `t` that is neither 0 nor 1 becomes 1, a signalling NaN may become a quiet one.
 */
import { FIELD_DEPTH_MAX, FIELD_TYPE_NAMES, floatProblem } from './field-type.ts';
import { AmqpError } from './reply-code.ts';
import { encodeShortString, readShortString } from './short-string.ts';

export type Field =
  | { type: 't'; value: boolean }
  | { type: 'b' | 'B' | 's' | 'u' | 'I' | 'i' | 'f' | 'd'; value: number }
  | { type: 'l' | 'L' | 'T'; value: bigint }
  | { type: 'D'; scale: number; unscaled: number }
  | { type: 'S'; value: string | Uint8Array }
  | { type: 'x'; value: Uint8Array }
  | { type: 'A'; value: Field[] }
  | { type: 'F'; value: FieldTable }
  | { type: 'V' };

/** In the order of the wire; a name may occur twice, look-ups find the first. */
export type FieldTable = [name: string, field: Field][];

/** Bytes of a value after its tag; the variable ones start with a length of 32 bits. */
const FIXED_BYTES: Partial<Record<string, number>> = {
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  u: 2,
  I: 4,
  i: 4,
  f: 4,
  l: 8,
  L: 8,
  d: 8,
  T: 8,
  D: 5,
  V: 0,
};

export function findField(table: FieldTable, name: string): Field | undefined {
  for (const [key, field] of table) if (key === name) return field;
  return undefined;
}

/**
 * The table without the length that stands before it on the wire. Throws INTERNAL_ERROR for what could not be read
 * back: a name over 255 bytes, a number that its type does not hold, tables nested too deep.
 */
export function encodeTable(table: FieldTable): Buffer {
  return encodeEntries(table, 0);
}

function encodeEntries(table: FieldTable, depth: number): Buffer {
  const parts = table.flatMap(([name, field]) => [
    encodeShortString(name, 'a field name'),
    ...encodeField(field, depth),
  ]);
  return Buffer.concat(parts);
}

/** `depth`: of the table or array that the field is in. */
function encodeField(field: Field, depth: number): Buffer[] {
  const tag = Buffer.from(field.type);
  const nested = field.type === 'A' || field.type === 'F';
  if (nested && depth >= FIELD_DEPTH_MAX)
    throw new AmqpError('INTERNAL_ERROR', `a field table is nested deeper than ${FIELD_DEPTH_MAX} levels`);
  switch (field.type) {
    case 'S':
    case 'x':
      return [tag, ...withLength(Buffer.from(field.value))];
    case 'A':
      return [tag, ...withLength(Buffer.concat(field.value.flatMap((value) => encodeField(value, depth + 1))))];
    case 'F':
      return [tag, ...withLength(encodeEntries(field.value, depth + 1))];
    default: {
      const bytes = Buffer.alloc(FIXED_BYTES[field.type] as number);
      try {
        putFixed(field, bytes);
      } catch {
        throw new AmqpError('INTERNAL_ERROR', `a field of type ${FIELD_TYPE_NAMES[field.type]} cannot hold its value`);
      }
      return [tag, bytes];
    }
  }
}

function withLength(bytes: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

/** Throws a RangeError for a number that the type cannot hold: Buffer knows the ranges of integers itself. */
function putFixed(field: Exclude<Field, { type: 'S' | 'x' | 'A' | 'F' }>, to: Buffer): void {
  switch (field.type) {
    case 't':
      to[0] = field.value ? 1 : 0;
      return;
    case 'b':
      to.writeInt8(field.value);
      return;
    case 'B':
      to.writeUInt8(field.value);
      return;
    case 's':
      to.writeInt16BE(field.value);
      return;
    case 'u':
      to.writeUInt16BE(field.value);
      return;
    case 'I':
      to.writeInt32BE(field.value);
      return;
    case 'i':
      to.writeUInt32BE(field.value);
      return;
    case 'f':
      if (floatProblem('f', field.value) !== null) throw new RangeError();
      to.writeFloatBE(field.value);
      return;
    case 'd':
      to.writeDoubleBE(field.value);
      return;
    case 'l':
    case 'L':
      to.writeBigInt64BE(field.value);
      return;
    case 'T':
      to.writeBigUInt64BE(field.value);
      return;
    case 'D':
      to.writeUInt8(field.scale);
      to.writeUInt32BE(field.unscaled, 1);
      return;
    case 'V':
      return;
  }
}

/** Reads the table whose entries fill the range; values own their bytes. Throws SYNTAX_ERROR when they do not fit. */
export function decodeTable(bytes: Buffer, start: number, end: number): FieldTable {
  checkTable(bytes, start, end);
  return readTable(bytes, start, end);
}

/** Throws SYNTAX_ERROR unless the range holds a table. Allocates nothing. */
export function checkTable(bytes: Buffer, start: number, end: number): void {
  checkEntries(bytes, start, end, true, 0);
}

function checkEntries(bytes: Buffer, start: number, end: number, named: boolean, depth: number): void {
  if (depth > FIELD_DEPTH_MAX) throw malformed();
  let at = start;
  while (at < end) {
    if (named) at += 1 + (bytes[at] as number);
    if (at >= end) throw malformed();
    const tag = bytes[at++] as number;
    const fixed = FIXED_BY_CODE[tag] as number;
    if (fixed >= 0) {
      at += fixed;
      continue;
    }
    if (fixed === UNKNOWN || at + 4 > end) throw malformed();
    const from = at + 4;
    at = from + bytes.readUInt32BE(at);
    if (at > end) throw malformed();
    if (fixed === TABLE) checkEntries(bytes, from, at, true, depth + 1);
    else if (fixed === ARRAY) checkEntries(bytes, from, at, false, depth + 1);
  }
  if (at !== end) throw malformed();
}

const UNKNOWN = -1;
const BYTES = -2;
const TABLE = -3;
const ARRAY = -4;
const FIXED_BY_CODE = Array.from({ length: 256 }, (_, code) => {
  const tag = String.fromCharCode(code);
  if (tag === 'S' || tag === 'x') return BYTES;
  if (tag === 'F') return TABLE;
  if (tag === 'A') return ARRAY;
  return FIXED_BYTES[tag] ?? UNKNOWN;
});

function malformed(): AmqpError {
  return new AmqpError('SYNTAX_ERROR', 'a field table does not decode');
}

function readTable(bytes: Buffer, start: number, end: number): FieldTable {
  const table: FieldTable = [];
  for (let at = start; at < end; ) {
    const valueAt = at + 1 + (bytes[at] as number);
    const name = readShortString(bytes, at + 1, valueAt);
    const field = readField(bytes, valueAt);
    table.push([name, field]);
    at = valueAt + fieldLength(bytes, valueAt);
  }
  return table;
}

/** Bytes of a checked field, tag included. */
function fieldLength(bytes: Buffer, at: number): number {
  const fixed = FIXED_BY_CODE[bytes[at] as number] as number;
  return fixed >= 0 ? 1 + fixed : 5 + bytes.readUInt32BE(at + 1);
}

function readField(bytes: Buffer, at: number): Field {
  const type = String.fromCharCode(bytes[at] as number) as Field['type'];
  const value = at + 1;
  switch (type) {
    case 't':
      return { type, value: bytes[value] !== 0 };
    case 'b':
      return { type, value: bytes.readInt8(value) };
    case 'B':
      return { type, value: bytes.readUInt8(value) };
    case 's':
      return { type, value: bytes.readInt16BE(value) };
    case 'u':
      return { type, value: bytes.readUInt16BE(value) };
    case 'I':
      return { type, value: bytes.readInt32BE(value) };
    case 'i':
      return { type, value: bytes.readUInt32BE(value) };
    case 'f':
      return { type, value: bytes.readFloatBE(value) };
    case 'd':
      return { type, value: bytes.readDoubleBE(value) };
    case 'l':
    case 'L':
      return { type, value: bytes.readBigInt64BE(value) };
    case 'T':
      return { type, value: bytes.readBigUInt64BE(value) };
    case 'D':
      return { type, scale: bytes.readUInt8(value), unscaled: bytes.readUInt32BE(value + 1) };
    case 'V':
      return { type };
    default:
      return readVariable(type, bytes, value + 4, value + 4 + bytes.readUInt32BE(value));
  }
}

function readVariable(type: 'S' | 'x' | 'A' | 'F', bytes: Buffer, start: number, end: number): Field {
  if (type === 'F') return { type, value: readTable(bytes, start, end) };
  if (type === 'A') {
    const value: Field[] = [];
    for (let at = start; at < end; at += fieldLength(bytes, at)) value.push(readField(bytes, at));
    return { type, value };
  }
  const copy = new Uint8Array(bytes.subarray(start, end));
  return type === 'x' ? { type, value: copy } : { type, value: textOrBytes(copy) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A long string is bytes; text only where it is UTF-8, so that nothing is lost on the way back. */
function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes;
  }
}
