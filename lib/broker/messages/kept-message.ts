/** Messages that lie in a log which is no queue's, and how they come out of it. */
import { PropertyScan } from '../../amqp/properties.ts';
import { CONTENT_HEADER_BYTES, Message, readExpiration } from './message.ts';

/**
 * A copy that belongs to the caller, as it was published: what a log does not keep, because queues do not need it, is
 * read from the properties again. The copy has no origin.
 */
export function keptCopy(message: Message): Message {
  const copy = new Message();
  const address = message.addressBytes.subarray(message.addressStart, message.addressEnd);
  const header = message.headerBytes.subarray(message.headerStart, message.headerEnd);
  const body = message.bodyBytes.subarray(message.bodyStart, message.bodyEnd);
  const all = Buffer.concat([address, header, body]);
  copy.addressBytes = all;
  copy.addressEnd = address.length;
  copy.headerBytes = all;
  copy.headerStart = address.length;
  copy.headerEnd = address.length + header.length;
  copy.bodyBytes = all;
  copy.bodyStart = copy.headerEnd;
  copy.bodyEnd = all.length;
  copy.priority = message.priority;
  copy.died = message.died;
  copy.replayMark = message.replayMark;
  copy.blindKeys = message.blindKeys === null ? null : Buffer.from(message.blindKeys);
  const scan = new PropertyScan();
  scan.scan(all, copy.headerStart + CONTENT_HEADER_BYTES, copy.headerEnd);
  copy.persistent = scan.deliveryMode === 2;
  const expiration = scan.expirationStart < 0 ? null : all.toString('latin1', scan.expirationStart, scan.expirationEnd);
  copy.expirationMs = expiration === null ? -1 : readExpiration(expiration);
  return copy;
}
