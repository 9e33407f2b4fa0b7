import { encodeContentHeader, type Properties } from '../../amqp/properties.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import { LIMITS } from '../limits.ts';

const EMPTY = Buffer.alloc(0);

/** Where a message is kept: the name of a log and a position in it. */
export interface Origin {
  log: string;
  position: number;
}

/**
 * A message on its way through the broker: byte ranges of wire shape, no copies.
 *
 *   address     exchange shortstr, routing key shortstr      as in basic.publish and basic.deliver
 *   header      class u16, weight u16, body size u64, property flags, properties
 *   body        all body bytes in one piece
 *
 * A Message is filled by whoever publishes and is read only until the call it was passed to returns;
 * who keeps it copies it (a view would pin the socket's whole chunk).
 */
export class Message {
  addressBytes: Buffer = EMPTY;
  addressStart = 0;
  addressEnd = 0;
  headerBytes: Buffer = EMPTY;
  headerStart = 0;
  headerEnd = 0;
  bodyBytes: Buffer = EMPTY;
  bodyStart = 0;
  bodyEnd = 0;
  /** delivery-mode 2. */
  persistent = false;
  /** The priority property; 0 when absent. */
  priority = 0;
  /** The expiration property in milliseconds; -1 when absent. */
  expirationMs = -1;
  /** True when the x-death headers were written by this broker; those that a publisher sends count for nothing. */
  died = false;
  /** What is kept of the message's replays; see replay-mark.ts. 0: it was never replayed. */
  replayMark = 0;
  /** Routing keys that nobody is shown, as `encodeKeys` writes them; null: none. */
  blindKeys: Buffer | null = null;
  /** Where a message that moves is kept until it is in its new log; a crash must not leave it in both. Null: it is new. */
  movedFrom: Origin | null = null;

  get bodySize(): number {
    return this.bodyEnd - this.bodyStart;
  }
}

/** A message read from a log: the same ranges, with what the log knows about it. */
export class MessageView extends Message {
  arrivedAtMs = 0;
  /** The moment of expiry; 0 when the message never expires. */
  expiresAtMs = 0;
  /** The message's offset in its stream; -1: it is in no stream. */
  offset = -1;
}

/**
 * A copy of the message in memory of its own: what the message was read from or came with may be used for something
 * else.
 */
export function copyOf(message: Message): Message {
  const copy = new Message();
  copy.addressBytes = Buffer.from(message.addressBytes.subarray(message.addressStart, message.addressEnd));
  copy.addressEnd = copy.addressBytes.length;
  copy.headerBytes = Buffer.from(message.headerBytes.subarray(message.headerStart, message.headerEnd));
  copy.headerEnd = copy.headerBytes.length;
  copy.bodyBytes = Buffer.from(message.bodyBytes.subarray(message.bodyStart, message.bodyEnd));
  copy.bodyEnd = copy.bodyBytes.length;
  copy.blindKeys = message.blindKeys === null ? null : Buffer.from(message.blindKeys);
  return copy;
}

/** Class, weight and body size stand before the property flags. */
export const CONTENT_HEADER_BYTES = 12;

/** The exchange that the message was published to. */
export function exchangeOf(message: Message): string {
  const start = message.addressStart + 1;
  return message.addressBytes.toString('utf8', start, start + (message.addressBytes[start - 1] as number));
}

/** The routing key that the message was published with. */
export function routingKeyOf(message: Message): string {
  const start = message.addressStart + 2 + (message.addressBytes[message.addressStart] as number);
  return message.addressBytes.toString('utf8', start, message.addressEnd);
}

/** Routing keys that the message has beside those that its properties show. */
export function blindKeysOf({ blindKeys }: Message): string[] {
  const keys: string[] = [];
  if (blindKeys === null) return keys;
  for (let at = 0; at < blindKeys.length; ) {
    const end = at + 2 + blindKeys.readUInt16BE(at);
    keys.push(blindKeys.toString('utf8', at + 2, end));
    at = end;
  }
  return keys;
}

/** Keys as bytes, each after its length, a u16. Throws PRECONDITION_FAILED when they are too long to be kept. */
export function encodeKeys(keys: readonly string[]): Buffer {
  const parts = keys.map((key) => Buffer.from(key));
  const length = parts.reduce((sum, part) => sum + 2 + part.length, 0);
  if (length > LIMITS.blindKeysBytesMax) {
    const text = `invalid message: the keys of BCC take ${length} bytes, more than ${LIMITS.blindKeysBytesMax}`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  return Buffer.concat(parts.flatMap((part) => [Buffer.of(part.length >>> 8, part.length & 0xff), part]));
}

/** Where the two short strings of an address end. */
export function addressEndOf(bytes: Buffer, start: number): number {
  const routingKey = start + 1 + (bytes[start] as number);
  return routingKey + 1 + (bytes[routingKey] as number);
}

/** Exchange and routing key as two short strings. Throws INTERNAL_ERROR when one is longer than 255 bytes. */
export function encodeAddress(exchange: string, routingKey: string): Buffer {
  const parts = [exchange, routingKey].map((text) => Buffer.from(text));
  return Buffer.concat(
    parts.flatMap((bytes) => {
      if (bytes.length > 255) throw new AmqpError('INTERNAL_ERROR', 'a name is longer than 255 bytes');
      return [Buffer.of(bytes.length), bytes];
    }),
  );
}

/** A message that the broker makes. The body is the range of another message or all of a buffer; it is not copied. */
export function newMessage(
  exchange: string,
  routingKey: string,
  properties: Properties,
  body: Message | Buffer,
): Message {
  const message = new Message();
  if (body instanceof Message) {
    message.bodyBytes = body.bodyBytes;
    message.bodyStart = body.bodyStart;
    message.bodyEnd = body.bodyEnd;
  } else {
    message.bodyBytes = body;
    message.bodyEnd = body.length;
  }
  message.addressBytes = encodeAddress(exchange, routingKey);
  message.addressEnd = message.addressBytes.length;
  message.headerBytes = encodeContentHeader(message.bodySize, properties);
  message.headerEnd = message.headerBytes.length;
  message.persistent = properties.deliveryMode === 2;
  message.priority = properties.priority ?? 0;
  message.expirationMs = properties.expiration === undefined ? -1 : readExpiration(properties.expiration);
  return message;
}

/** The expiration property in milliseconds; throws PRECONDITION_FAILED as RabbitMQ does when it is no such number. */
export function readExpiration(text: string): number {
  const digits = /^[+-]?\d+/.exec(text)?.[0];
  const refuse = (reason: string): never => {
    throw new AmqpError('PRECONDITION_FAILED', `invalid expiration '${text}': ${reason}`);
  };
  if (digits === undefined) return refuse('no_integer');
  if (digits.length < text.length) return refuse(`{leftover_string,"${text.slice(digits.length)}"}`);
  const value = Number(digits);
  if (value < 0) return refuse(`{value_negative,${BigInt(digits)}}`);
  if (value > LIMITS.ttlMsMax) return refuse(`{value_too_large,${BigInt(digits.replace('+', ''))}}`);
  return value;
}
