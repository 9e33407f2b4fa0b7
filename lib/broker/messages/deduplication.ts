/** What makes two messages the same to an exchange or a queue that drops duplicates. */
import { createHash } from 'node:crypto';
import { decodeTable, type FieldTable, findField } from '../../amqp/field-table.ts';
import { PropertyScan } from '../../amqp/properties.ts';
import { comparable } from '../comparable-field.ts';
import { CONTENT_HEADER_BYTES, type Message } from './message.ts';

/** Ids longer than this are remembered by their hash. */
const ID_LENGTH_MAX = 128;
const scan = new PropertyScan();

/** What the header x-deduplication-header says, as a short text; null when the message has none. */
export function deduplicationId(headers: FieldTable): string | null {
  const field = findField(headers, 'x-deduplication-header');
  if (field === undefined) return null;
  const text = comparable(field);
  return text.length <= ID_LENGTH_MAX ? text : `#${createHash('sha256').update(text).digest('base64')}`;
}

/** The deduplication id of a message whose headers nobody has read yet. */
export function deduplicationIdOf(message: Message): string | null {
  scan.scan(message.headerBytes, message.headerStart + CONTENT_HEADER_BYTES, message.headerEnd);
  if (scan.headersStart < 0) return null;
  return deduplicationId(decodeTable(message.headerBytes, scan.headersStart, scan.headersEnd));
}
