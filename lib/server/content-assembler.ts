/**
 * The message that is coming in on a channel: method frame, header frame, body frames. Views of the chunk
 * that is being read where all of it is there, copies where it is not.
 * Invariant: memory grows only with bytes that have arrived, whatever size the header announced.
 */
import { freeBytes, get32, get64 } from '../amqp/bytes.ts';
import { FRAME_HEADER } from '../amqp/frame.ts';
import { octetsText } from '../amqp/octets.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import { LIMITS } from '../broker/limits.ts';
import { CONTENT_HEADER_BYTES, Message } from '../broker/messages/message.ts';
import type { Publisher } from '../broker/publishing/publisher.ts';
import type { Route } from '../broker/publishing/route-cache.ts';

const MANDATORY = 1;
const IMMEDIATE = 2;
const BODY_BYTES_MAX = 536_870_912;
const BASIC_CLASS = 60;
const GATHERED_BYTES_MIN = 4096;
const NOTHING = Buffer.alloc(0);

/** Throws FRAME_ERROR for a payload that is too short for a content header. */
export function checkContentHeader(buffer: Buffer, start: number, end: number): void {
  if (end - start >= CONTENT_HEADER_BYTES + 2) return;
  throw new AmqpError('FRAME_ERROR', `type ${FRAME_HEADER}, ${octetsText(buffer, start, end)}: unknown_frame`);
}

/** Throws PRECONDITION_FAILED for a message that is too large. */
export function checkMessageSize(bytes: number, max: number): void {
  if (bytes <= max) return;
  throw new AmqpError('PRECONDITION_FAILED', `message size ${bytes} is larger than configured max size ${max}`);
}

export class ContentAssembler {
  readonly message = new Message();
  route: Route | null = null;
  mandatory = false;
  private readonly publisher: Publisher;
  private readonly messageBytesMax: number;
  private expects: 'method' | 'header' | 'body' = 'method';
  private bodySize = 0;
  /** The body so far, when it comes in several frames. */
  private gathered: Buffer = NOTHING;
  private gatheredBytes = 0;

  constructor(publisher: Publisher, messageBytesMax: number = LIMITS.messageBytesMax) {
    this.publisher = publisher;
    this.messageBytesMax = messageBytesMax;
  }

  get idle(): boolean {
    return this.expects === 'method';
  }

  /** Something else came where the rest of the message was due: throws UNEXPECTED_FRAME. */
  interrupted(): never {
    const due = this.expects === 'header' ? 'content header' : 'content body';
    const where = this.expects === 'header' ? `${due} for class ${BASIC_CLASS}` : due;
    throw new AmqpError('UNEXPECTED_FRAME', `expected ${where}, got non ${due} frame instead`);
  }

  /** basic.publish: class u16, method u16, ticket u16, exchange, routing key, bits. */
  method(buffer: Buffer, start: number, end: number): void {
    const address = start + 6;
    const keyAt = address + 1 + (buffer[address] ?? 0);
    const bitsAt = keyAt + 1 + (buffer[keyAt] ?? 0);
    if (bitsAt !== end - 1) throw new AmqpError('SYNTAX_ERROR', 'basic.publish does not decode');
    const bits = buffer[bitsAt] as number;
    if (bits & IMMEDIATE) throw new AmqpError('NOT_IMPLEMENTED', 'immediate=true');
    this.mandatory = (bits & MANDATORY) !== 0;
    const route = this.publisher.route(buffer, address, bitsAt);
    this.route = route;
    this.message.addressBytes = route.address;
    this.message.addressStart = 0;
    this.message.addressEnd = route.address.length;
    this.expects = 'header';
  }

  /** A header frame; true when the message is complete, having no body. */
  header(buffer: Buffer, start: number, end: number): boolean {
    if (this.expects === 'method')
      throw new AmqpError('UNEXPECTED_FRAME', 'expected method frame, got non method frame instead');
    if (this.expects === 'body') {
      throw new AmqpError('UNEXPECTED_FRAME', 'expected content body, got non content body frame instead');
    }
    checkContentHeader(buffer, start, end);
    const classAndWeight = get32(buffer, start);
    if (classAndWeight !== BASIC_CLASS << 16) {
      const classId = classAndWeight >>> 16;
      const got = classId === BASIC_CLASS ? 'non content header frame' : `one for class ${classId}`;
      const text = `expected content header for class 60, got ${got} instead`;
      throw new AmqpError('UNEXPECTED_FRAME', text);
    }
    const size = get64(buffer, start + 4);
    if (size > BODY_BYTES_MAX) {
      throw new AmqpError('FRAME_ERROR', `content body size ${size} exceeds maximum allowed size ${BODY_BYTES_MAX}`);
    }
    checkMessageSize(size, this.messageBytesMax);
    const { message } = this;
    message.headerBytes = buffer;
    message.headerStart = start;
    message.headerEnd = end;
    message.blindKeys = null;
    this.publisher.admit(message);
    this.bodySize = size;
    this.expects = 'body';
    if (size > 0) return false;
    message.bodyBytes = NOTHING;
    message.bodyStart = 0;
    message.bodyEnd = 0;
    return true;
  }

  /** A body frame; true when the message is complete. */
  body(buffer: Buffer, start: number, end: number): boolean {
    if (this.expects !== 'body') {
      const text =
        this.expects === 'method'
          ? 'expected method frame, got non method frame instead'
          : 'expected content header for class 60, got non content header frame instead';
      throw new AmqpError('UNEXPECTED_FRAME', text);
    }
    const { message } = this;
    const length = end - start;
    if (this.gatheredBytes + length > this.bodySize) {
      throw new AmqpError('FRAME_ERROR', 'content body frame exceeds remaining content size');
    }
    if (length === this.bodySize) {
      message.bodyBytes = buffer;
      message.bodyStart = start;
      message.bodyEnd = end;
      return true;
    }
    this.gather(buffer, start, end);
    if (this.gatheredBytes < this.bodySize) return false;
    message.bodyBytes = this.gathered;
    message.bodyStart = 0;
    message.bodyEnd = this.bodySize;
    return true;
  }

  /** Copies a part of the body; the memory for it at most doubles beyond what has arrived. */
  private gather(buffer: Buffer, start: number, end: number): void {
    const needed = this.gatheredBytes + end - start;
    if (needed > this.gathered.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.min(this.bodySize, Math.max(needed, this.gathered.length * 2, GATHERED_BYTES_MIN)),
      );
      this.gathered.copy(grown, 0, 0, this.gatheredBytes);
      if (this.gathered !== NOTHING) freeBytes(this.gathered);
      this.gathered = grown;
    }
    buffer.copy(this.gathered, this.gatheredBytes, start, end);
    this.gatheredBytes = needed;
  }

  /** Copies the header of an incomplete message; its body is gathered in memory of its own anyway. */
  detach(): void {
    const { message } = this;
    if (this.expects !== 'body' || message.headerStart === 0) return;
    message.headerBytes = Buffer.from(message.headerBytes.subarray(message.headerStart, message.headerEnd));
    message.headerEnd -= message.headerStart;
    message.headerStart = 0;
    this.publisher.admit(message);
  }

  /** Ready for the next message; lets go of what this one held. */
  reset(): void {
    this.expects = 'method';
    this.mandatory = false;
    if (this.gathered !== NOTHING) freeBytes(this.gathered);
    this.gathered = NOTHING;
    this.gatheredBytes = 0;
    this.message.headerBytes = NOTHING;
    this.message.bodyBytes = NOTHING;
  }
}
