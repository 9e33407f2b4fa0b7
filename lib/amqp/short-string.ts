/**
 * Short strings: up to 255 bytes. In methods they must be UTF-8, in properties and field names they may be anything
 * [rabbit: binary parser]. There, bytes that are no UTF-8 become text whose lone surrogates U+DC80 to U+DCFF stand for
 * the bytes 0x80 to 0xFF, which no UTF-8 ever yields: so they come back bit by bit, and never longer than they were.
 */
import { AmqpError } from './reply-code.ts';

const BYTES_MAX = 255;
const ESCAPES = 0xdc00;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of the range, which is without its length. Throws FRAME_ERROR unless it is UTF-8, as RabbitMQ does for methods. */
export function readUtf8(bytes: Buffer, start: number, end: number): string {
  try {
    return utf8.decode(bytes.subarray(start, end));
  } catch {
    throw new AmqpError('FRAME_ERROR', 'Malformed UTF-8 in shortstr');
  }
}

/** The text of the range, which is without its length; `encodeShortString` gives the same bytes back, whatever they are. */
export function readShortString(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  // Only text that has U+FFFD may have lost something.
  if (!text.includes('\ufffd') || Buffer.from(text).equals(bytes.subarray(start, end))) return text;
  return bytes
    .toString('latin1', start, end)
    .replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(ESCAPES + byte.charCodeAt(0)));
}

/** True when the text is a short string: not longer than 255 bytes as it goes over the wire. */
export function fitsShortString(text: string): boolean {
  return text.length <= BYTES_MAX && bytesOf(text).length <= BYTES_MAX;
}

/** The text with its length before it. Throws INTERNAL_ERROR when it is longer than 255 bytes; `what` names it. */
export function encodeShortString(text: string, what: string): Buffer {
  const bytes = bytesOf(text);
  if (bytes.length > BYTES_MAX) throw new AmqpError('INTERNAL_ERROR', `${what} is longer than ${BYTES_MAX} bytes`);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function bytesOf(text: string): Buffer {
  return text.isWellFormed() ? Buffer.from(text) : unescaped(text);
}

function unescaped(text: string): Buffer {
  // Every second part is what the pattern took; latin1 writes the low byte of each of its characters.
  const parts = text.split(/([\udc80-\udcff]+)/u);
  return Buffer.concat(parts.map((part, index) => Buffer.from(part, index % 2 === 1 ? 'latin1' : 'utf8')));
}
