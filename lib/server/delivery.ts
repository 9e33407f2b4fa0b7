/** Messages on their way to a client: basic.deliver, basic.get-ok and basic.return with their content, as bytes. */
import { copyBytes, put32, put64 } from '../amqp/bytes.ts';
import { FRAME_BODY, FRAME_END, FRAME_HEADER, FRAME_METHOD, FRAME_OVERHEAD } from '../amqp/frame.ts';
import type { Message } from '../broker/messages/message.ts';
import type { Writer } from './writer.ts';

/**
 * The start of every basic.deliver to one consumer: frame head with room for the size, method id, consumer tag.
 * The size is written per delivery, at byte 3.
 */
export function deliverPrefix(channel: number, consumerTag: string): Buffer {
  const tag = Buffer.from(consumerTag);
  return Buffer.concat([
    Buffer.of(FRAME_METHOD, channel >>> 8, channel & 0xff, 0, 0, 0, 0, 0, 60, 0, 60, tag.length),
    tag,
  ]);
}

/** The start of every basic.get-ok on a channel. */
export function getOkPrefix(channel: number): Buffer {
  return Buffer.of(FRAME_METHOD, channel >>> 8, channel & 0xff, 0, 0, 0, 0, 0, 60, 0, 71);
}

/**
 * Writes one delivery: prefix, delivery tag, redelivered, address, `tail`, then header and body frames. Everything is
 * contiguous on the wire. `tail` is what follows the address in the method: the message count of get-ok.
 */
export function writeDelivery(
  writer: Writer,
  frameMax: number,
  prefix: Buffer,
  deliveryTag: number,
  redelivered: boolean,
  message: Message,
  tail: Buffer | null,
): void {
  const addressLength = message.addressEnd - message.addressStart;
  const methodLength = prefix.length - 7 + 9 + addressLength + (tail === null ? 0 : tail.length);
  writer.reserve(FRAME_OVERHEAD + methodLength + contentLength(message, frameMax));
  const { buffer } = writer;
  let at = writer.position;
  const start = at;
  copyBytes(prefix, 0, prefix.length, buffer, at);
  at += prefix.length;
  put32(buffer, start + 3, methodLength);
  put64(buffer, at, deliveryTag);
  buffer[at + 8] = redelivered ? 1 : 0;
  at += 9;
  copyBytes(message.addressBytes, message.addressStart, message.addressEnd, buffer, at);
  at += addressLength;
  if (tail !== null) {
    copyBytes(tail, 0, tail.length, buffer, at);
    at += tail.length;
  }
  buffer[at++] = FRAME_END;
  writer.position = writeContent(buffer, at, prefix[1] as number, prefix[2] as number, message, frameMax);
}

/** Writes a basic.return: `method` is the whole method frame. */
export function writeReturn(writer: Writer, frameMax: number, channel: number, method: Buffer, message: Message): void {
  writer.reserve(method.length + contentLength(message, frameMax));
  writer.buffer.set(method, writer.position);
  const at = writer.position + method.length;
  writer.position = writeContent(writer.buffer, at, channel >>> 8, channel & 0xff, message, frameMax);
}

function contentLength(message: Message, frameMax: number): number {
  const bodyLength = message.bodyEnd - message.bodyStart;
  const payloadMax = frameMax === 0 ? bodyLength : frameMax - FRAME_OVERHEAD;
  const frames = bodyLength === 0 ? 0 : bodyLength <= payloadMax ? 1 : Math.ceil(bodyLength / payloadMax);
  return FRAME_OVERHEAD + (message.headerEnd - message.headerStart) + bodyLength + frames * FRAME_OVERHEAD;
}

function writeContent(
  buffer: Buffer,
  position: number,
  channelHigh: number,
  channelLow: number,
  message: Message,
  frameMax: number,
): number {
  let at = position;
  const headerLength = message.headerEnd - message.headerStart;
  buffer[at] = FRAME_HEADER;
  buffer[at + 1] = channelHigh;
  buffer[at + 2] = channelLow;
  put32(buffer, at + 3, headerLength);
  at += 7;
  copyBytes(message.headerBytes, message.headerStart, message.headerEnd, buffer, at);
  at += headerLength;
  buffer[at++] = FRAME_END;
  const payloadMax = frameMax === 0 ? message.bodyEnd - message.bodyStart : frameMax - FRAME_OVERHEAD;
  for (let from = message.bodyStart; from < message.bodyEnd; ) {
    const length = Math.min(payloadMax, message.bodyEnd - from);
    buffer[at] = FRAME_BODY;
    buffer[at + 1] = channelHigh;
    buffer[at + 2] = channelLow;
    put32(buffer, at + 3, length);
    at += 7;
    copyBytes(message.bodyBytes, from, from + length, buffer, at);
    at += length;
    from += length;
    buffer[at++] = FRAME_END;
  }
  return at;
}
