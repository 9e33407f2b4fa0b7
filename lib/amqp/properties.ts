/** The properties of a message: content header ⇄ object, and a scan for the few that the broker acts on. [amqp 4.2.6.1] */
import { decodeTable, encodeTable, type FieldTable } from './field-table.ts';
import { AmqpError } from './reply-code.ts';
import { encodeShortString, readShortString } from './short-string.ts';

export interface Properties {
  contentType?: string;
  contentEncoding?: string;
  headers?: FieldTable;
  deliveryMode?: number;
  priority?: number;
  correlationId?: string;
  replyTo?: string;
  expiration?: string;
  messageId?: string;
  /** Seconds since 1970, unsigned 64 bits. */
  timestamp?: bigint;
  type?: string;
  userId?: string;
  appId?: string;
  clusterId?: string;
}

type Kind = 'text' | 'table' | 'octet' | 'timestamp';

/** The properties in the order of their flags, from bit 15 down. */
const FIELDS: [name: keyof Properties, kind: Kind][] = [
  ['contentType', 'text'],
  ['contentEncoding', 'text'],
  ['headers', 'table'],
  ['deliveryMode', 'octet'],
  ['priority', 'octet'],
  ['correlationId', 'text'],
  ['replyTo', 'text'],
  ['expiration', 'text'],
  ['messageId', 'text'],
  ['timestamp', 'timestamp'],
  ['type', 'text'],
  ['userId', 'text'],
  ['appId', 'text'],
  ['clusterId', 'text'],
];

const HEAD_BYTES = 14;
const BASIC_CLASS = 60;

/**
 * The payload of a header frame: class, weight, body size, flags, properties. Throws INTERNAL_ERROR for texts over
 * 255 bytes and for numbers that their property cannot hold.
 */
export function encodeContentHeader(bodySize: number, properties: Properties): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(BASIC_CLASS);
  head.writeBigUInt64BE(BigInt(bodySize), 4);
  const parts: Buffer[] = [head];
  let flags = 0;
  FIELDS.forEach(([name, kind], index) => {
    const value = properties[name];
    if (value === undefined) return;
    flags |= 1 << (15 - index);
    parts.push(encodeProperty(name, kind, value));
  });
  head.writeUInt16BE(flags, 12);
  return Buffer.concat(parts);
}

function encodeProperty(name: string, kind: Kind, value: NonNullable<Properties[keyof Properties]>): Buffer {
  if (kind === 'text') return encodeShortString(value as string, `the property ${name}`);
  if (kind !== 'table') return encodeNumber(name, kind, value as number | bigint);
  const bytes = encodeTable(value as FieldTable);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function encodeNumber(name: string, kind: 'octet' | 'timestamp', value: number | bigint): Buffer {
  const bytes = Buffer.alloc(kind === 'octet' ? 1 : 8);
  try {
    if (kind === 'octet') bytes.writeUInt8(value as number);
    else bytes.writeBigUInt64BE(value as bigint);
  } catch {
    throw new AmqpError('INTERNAL_ERROR', `the property ${name} cannot hold ${value}`);
  }
  return bytes;
}

/** Reads the properties; `start` is at the flags. Throws SYNTAX_ERROR when they do not fill the range. */
export function decodeProperties(bytes: Buffer, start: number, end: number): Properties {
  const scan = new PropertyScan();
  scan.scan(bytes, start, end);
  const properties: Properties = {};
  const flags = bytes.readUInt16BE(start);
  let at = start + 2;
  FIELDS.forEach(([name, kind], index) => {
    if ((flags & (1 << (15 - index))) === 0) return;
    if (kind === 'octet') Object.assign(properties, { [name]: bytes[at++] });
    else if (kind === 'timestamp') {
      properties.timestamp = bytes.readBigUInt64BE(at);
      at += 8;
    } else if (kind === 'table') {
      const from = at + 4;
      at = from + bytes.readUInt32BE(at);
      properties.headers = decodeTable(bytes, from, at);
    } else {
      const from = at + 1;
      at = from + (bytes[at] as number);
      Object.assign(properties, { [name]: readShortString(bytes, from, at) });
    }
  });
  return properties;
}

const CONTENT_TYPE = 1 << 15;
const CONTENT_ENCODING = 1 << 14;
const HEADERS = 1 << 13;
const DELIVERY_MODE = 1 << 12;
const PRIORITY = 1 << 11;
const CORRELATION_ID = 1 << 10;
const REPLY_TO = 1 << 9;
const EXPIRATION = 1 << 8;
const MESSAGE_ID = 1 << 7;
const TIMESTAMP = 1 << 6;
const TYPE = 1 << 5;
const USER_ID = 1 << 4;
const APP_ID = 1 << 3;
const CLUSTER_ID = 1 << 2;
const UNKNOWN_FLAGS = 0b11;
/** The flags of all properties that come after the delivery mode. */
const AFTER_DELIVERY_MODE = DELIVERY_MODE - 1;

/** Walks over properties in place and notes where the interesting ones are. One object serves a whole channel. */
export class PropertyScan {
  /** 0: absent. */
  deliveryMode = 0;
  /** -1: absent. */
  priority = -1;
  /** Ranges of the bytes without their length; -1: absent. */
  headersStart = -1;
  headersEnd = -1;
  replyToStart = -1;
  replyToEnd = -1;
  expirationStart = -1;
  expirationEnd = -1;
  userIdStart = -1;
  userIdEnd = -1;

  /** `start` is at the property flags. Throws SYNTAX_ERROR when the properties do not fill the range exactly. */
  scan(bytes: Buffer, start: number, end: number): void {
    this.deliveryMode = 0;
    this.priority = -1;
    this.headersStart = -1;
    this.headersEnd = -1;
    this.replyToStart = -1;
    this.replyToEnd = -1;
    this.expirationStart = -1;
    this.expirationEnd = -1;
    this.userIdStart = -1;
    this.userIdEnd = -1;
    let at = start + 2;
    if (at > end) throw malformed();
    const flags = ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
    if (flags & UNKNOWN_FLAGS) throw malformed();
    if (flags & CONTENT_TYPE) at = skipText(bytes, at, end);
    if (flags & CONTENT_ENCODING) at = skipText(bytes, at, end);
    if (flags & HEADERS) {
      if (at + 4 > end) throw malformed();
      this.headersStart = at + 4;
      at += 4 + bytes.readUInt32BE(at);
      if (at > end) throw malformed();
      this.headersEnd = at;
    }
    if (flags & DELIVERY_MODE) {
      if (at >= end) throw malformed();
      this.deliveryMode = bytes[at++] as number;
    }
    if (flags & AFTER_DELIVERY_MODE) at = this.scanRest(flags, bytes, at, end);
    if (at !== end) throw malformed();
  }

  private scanRest(flags: number, bytes: Buffer, start: number, end: number): number {
    let at = start;
    if (flags & PRIORITY) {
      if (at >= end) throw malformed();
      this.priority = bytes[at++] as number;
    }
    if (flags & CORRELATION_ID) at = skipText(bytes, at, end);
    if (flags & REPLY_TO) {
      this.replyToStart = at + 1;
      at = skipText(bytes, at, end);
      this.replyToEnd = at;
    }
    if (flags & EXPIRATION) {
      this.expirationStart = at + 1;
      at = skipText(bytes, at, end);
      this.expirationEnd = at;
    }
    if (flags & MESSAGE_ID) at = skipText(bytes, at, end);
    if (flags & TIMESTAMP) {
      at += 8;
      if (at > end) throw malformed();
    }
    if (flags & TYPE) at = skipText(bytes, at, end);
    if (flags & USER_ID) {
      this.userIdStart = at + 1;
      at = skipText(bytes, at, end);
      this.userIdEnd = at;
    }
    if (flags & APP_ID) at = skipText(bytes, at, end);
    if (flags & CLUSTER_ID) at = skipText(bytes, at, end);
    return at;
  }
}

function skipText(bytes: Buffer, at: number, end: number): number {
  if (at >= end) throw malformed();
  const after = at + 1 + (bytes[at] as number);
  if (after > end) throw malformed();
  return after;
}

function malformed(): AmqpError {
  return new AmqpError('SYNTAX_ERROR', 'the content header does not decode');
}
