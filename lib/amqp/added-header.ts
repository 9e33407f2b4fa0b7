/** One more header on a message whose properties stay wire bytes. */
import { copyBytes, get32, put32, put64 } from './bytes.ts';
import { findField } from './field-table.ts';
import { decodeProperties, encodeContentHeader } from './properties.ts';

/** Class, weight and body size stand before the property flags. */
const FLAGS_AT = 12;
const CONTENT_TYPE = 0x80;
const CONTENT_ENCODING = 0x40;
const HEADERS = 0x20;
const LONG = 0x6c;

/**
 * The content header in `bytes` from `start` to `end` with one more entry in its table of headers, a 64-bit integer; an
 * entry of that name is replaced. `value` is not negative.
 */
export function withLongHeader(bytes: Buffer, start: number, end: number, name: string, value: number): Buffer {
  const flags = bytes[start + FLAGS_AT] as number;
  // The buffer is larger than the header: a search must not run through all of it.
  const isThere = (flags & HEADERS) !== 0 && bytes.subarray(start, end).includes(name, 0, 'latin1');
  if (isThere) return replaced(bytes, start, end, name, value);
  let at = start + FLAGS_AT + 2;
  if (flags & CONTENT_TYPE) at += 1 + (bytes[at] as number);
  if (flags & CONTENT_ENCODING) at += 1 + (bytes[at] as number);
  const hasTable = (flags & HEADERS) !== 0;
  const entryBytes = 1 + name.length + 1 + 8;
  const out = Buffer.allocUnsafe(end - start + entryBytes + (hasTable ? 0 : 4));
  copyBytes(bytes, start, at, out, 0);
  out[FLAGS_AT] = flags | HEADERS;
  let to = at - start;
  put32(out, to, (hasTable ? get32(bytes, at) : 0) + entryBytes);
  to += 4;
  out[to] = name.length;
  out.write(name, to + 1, 'latin1');
  to += 1 + name.length;
  out[to] = LONG;
  put64(out, to + 1, value);
  copyBytes(bytes, hasTable ? at + 4 : at, end, out, to + 9);
  return out;
}

/** The name is somewhere in the properties, perhaps as an entry. */
function replaced(bytes: Buffer, start: number, end: number, name: string, value: number): Buffer {
  const properties = decodeProperties(bytes, start + FLAGS_AT, end);
  const headers = properties.headers ?? [];
  const others = findField(headers, name) ? headers.filter(([other]) => other !== name) : headers;
  const size = Number(bytes.readBigUInt64BE(start + 4));
  return encodeContentHeader(size, {
    ...properties,
    headers: [[name, { type: 'l', value: BigInt(value) }], ...others],
  });
}
