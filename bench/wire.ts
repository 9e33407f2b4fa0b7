/** Whole frames, encoded ahead: what a link sends in conversation, and what a ring and a consumer send by the million. */
import { encodeFrame, FRAME_BODY, FRAME_HEADER, FRAME_METHOD, FRAME_OVERHEAD } from '../lib/amqp/frame.ts';
import { encodeMethod, type MethodArguments, type MethodName } from '../lib/amqp/method.ts';
import { encodeContentHeader } from '../lib/amqp/properties.ts';
import { FRAME_HEADER_BYTES } from './frame-reader.ts';

export const CHANNEL = 1;

export const ID_DELIVER = methodId(60, 60);
export const ID_ACK = methodId(60, 80);
export const ID_NACK = methodId(60, 120);
export const ID_RETURN = methodId(60, 50);

export interface Content {
  readonly bodyBytes: number;
  readonly persistent: boolean;
  readonly mandatory: boolean;
}

export function methodFrame<K extends MethodName>(channel: number, name: K, args: Partial<MethodArguments[K]>): Buffer {
  return encodeFrame(FRAME_METHOD, channel, encodeMethod(name, args));
}

/** One publish of zeros, and where its body begins. */
export function publishFrames(
  exchange: string,
  routingKey: string,
  content: Content,
  frameMax: number,
): { bytes: Buffer; bodyAt: number } {
  const properties = content.persistent ? { deliveryMode: 2 } : {};
  const method = methodFrame(CHANNEL, 'basic.publish', { exchange, routingKey, mandatory: content.mandatory });
  const header = encodeFrame(FRAME_HEADER, CHANNEL, encodeContentHeader(content.bodyBytes, properties));
  const bodies: Buffer[] = [];
  const chunkBytes = frameMax - FRAME_OVERHEAD;
  for (let left = content.bodyBytes; left > 0; left -= chunkBytes) {
    bodies.push(encodeFrame(FRAME_BODY, CHANNEL, Buffer.alloc(Math.min(left, chunkBytes))));
  }
  return {
    bytes: Buffer.concat([method, header, ...bodies]),
    bodyAt: method.length + header.length + FRAME_HEADER_BYTES,
  };
}

/** Where the delivery tag lies in an ack frame, and how long that frame is. */
export const ACK_TAG_AT = FRAME_HEADER_BYTES + 4;
export const ACK_FRAME_BYTES = FRAME_OVERHEAD + 4 + 8 + 1;

export function ackFrame(multiple: boolean): Buffer {
  return methodFrame(CHANNEL, 'basic.ack', { deliveryTag: 0, multiple });
}

function methodId(classId: number, method: number): number {
  return classId * 0x10000 + method;
}
