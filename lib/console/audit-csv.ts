/** The audit as a table for spreadsheets (RFC 4180). */
import type { KeptAuditEntry } from '../audit/entry.ts';

const COLUMNS = [
  'at',
  'user',
  'remoteAddress',
  'action',
  'vhost',
  'object',
  'detail',
  'outcome',
  'before',
  'after',
] as const;

export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`;

export function csvLine(entry: KeptAuditEntry): string {
  const texts = COLUMNS.map((column) => {
    const value = entry[column];
    return value instanceof Date ? value.toISOString() : (value ?? '');
  });
  return `${texts.map(cell).join(',')}\r\n`;
}

/** A queue may be called `=HYPERLINK(…)`: a spreadsheet must not take a name for a formula. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
