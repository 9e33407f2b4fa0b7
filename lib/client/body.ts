/** Message bodies: bytes that travel as base64 and are shown as what they are. */
import { indentJson } from '../json/indent-json.ts';
import { JsonError, type JsonListener, scanJson } from '../json/scan-json.ts';

export interface DecodedBody {
  bytes: Uint8Array<ArrayBuffer>;
  /** The text when the bytes are UTF-8 (a character cut at the end is forgiven), else null. */
  text: string | null;
  /** The text indented, when it is JSON, not too deep for that, and was not cut. */
  json: string | null;
}

export function decodeBody(base64: string, cut: boolean): DecodedBody {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const text = decodeUtf8(bytes, cut);
  return { bytes, text, json: text === null || cut ? null : indentedJson(text) };
}

function decodeUtf8(bytes: Uint8Array, cut: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    // Control characters other than white space: binary that happens to be valid UTF-8.
    return hasControlCharacters(text) ? null : text;
  } catch {
    return null;
  }
}

function hasControlCharacters(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 9 || (code > 13 && code < 32)) return true;
  }
  return false;
}

/** Indents JSON: only white space becomes another. Or why it cannot be. */
export function indent(text: string): { text: string } | { problem: string } {
  try {
    return { text: indentJson(text) };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { problem: text.trim() === '' ? 'An empty text is not JSON.' : `Not indented: ${error.message}.` };
  }
}

/** Why the text is no JSON; null: it is. */
export function jsonProblem(text: string): string | null {
  try {
    scanJson(text, SILENT, Number.POSITIVE_INFINITY);
    return null;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return text.trim() === '' ? 'An empty text is not JSON.' : `Not JSON: ${error.message}.`;
  }
}

const SILENT: JsonListener = { open() {}, close() {}, name() {}, scalar() {} };

function indentedJson(text: string): string | null {
  const start = text.trimStart().charAt(0);
  if (start !== '{' && start !== '[') return null;
  const indented = indent(text);
  return 'text' in indented ? indented.text : null;
}

export function encodeText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  // In pieces: one call with a million arguments overflows the stack.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}

const HEX_BYTES_MAX = 16 * 1024;

/** Sixteen bytes a line: offset, bytes, characters. Long ones are cut. */
export function hexDump(bytes: Uint8Array): { lines: string; cut: boolean } {
  const lines: string[] = [];
  const end = Math.min(bytes.length, HEX_BYTES_MAX);
  for (let offset = 0; offset < end; offset += 16) {
    const row = [...bytes.subarray(offset, Math.min(offset + 16, end))];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const characters = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${offset.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${characters}`);
  }
  return { lines: lines.join('\n'), cut: end < bytes.length };
}

/** The beginning of a body on one line, for lists. */
export function bodyPreview(base64: string, bodySize: number): { text: string; binary: boolean } {
  const decoded = decodeBody(base64, true);
  if (bodySize === 0) return { text: '', binary: false };
  if (decoded.text === null)
    return {
      text: [...decoded.bytes.subarray(0, 24)].map((b) => b.toString(16).padStart(2, '0')).join(' '),
      binary: true,
    };
  return { text: decoded.text.replace(/\s+/g, ' ').slice(0, 240), binary: false };
}
