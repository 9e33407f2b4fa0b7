/** Every method of AMQP 0-9-1 with RabbitMQ's extensions: one table, and the two directions it is read in. [rabbit: codegen] */
import { decodeTable, encodeTable, type FieldTable } from './field-table.ts';
import { AmqpError } from './reply-code.ts';
import { encodeShortString, readUtf8 } from './short-string.ts';

interface Kinds {
  octet: number;
  short: number;
  long: number;
  /** Exact below 2^53; greater values read as MAX_SAFE_INTEGER, which is nobody's delivery tag. */
  longlong: number;
  shortstr: string;
  longstr: Buffer;
  bit: boolean;
  table: FieldTable;
}

type Kind = keyof Kinds;
type ArgumentList = readonly (readonly [name: string, kind: Kind])[];
type MethodLayout = readonly [classId: number, methodId: number, args: ArgumentList];

const EMPTY = [] as const;

const METHODS = {
  'connection.start': [
    10,
    10,
    [
      ['versionMajor', 'octet'],
      ['versionMinor', 'octet'],
      ['serverProperties', 'table'],
      ['mechanisms', 'longstr'],
      ['locales', 'longstr'],
    ],
  ],
  'connection.start-ok': [
    10,
    11,
    [
      ['clientProperties', 'table'],
      ['mechanism', 'shortstr'],
      ['response', 'longstr'],
      ['locale', 'shortstr'],
    ],
  ],
  'connection.secure': [10, 20, [['challenge', 'longstr']]],
  'connection.secure-ok': [10, 21, [['response', 'longstr']]],
  'connection.tune': [
    10,
    30,
    [
      ['channelMax', 'short'],
      ['frameMax', 'long'],
      ['heartbeat', 'short'],
    ],
  ],
  'connection.tune-ok': [
    10,
    31,
    [
      ['channelMax', 'short'],
      ['frameMax', 'long'],
      ['heartbeat', 'short'],
    ],
  ],
  'connection.open': [
    10,
    40,
    [
      ['virtualHost', 'shortstr'],
      ['capabilities', 'shortstr'],
      ['insist', 'bit'],
    ],
  ],
  'connection.open-ok': [10, 41, [['knownHosts', 'shortstr']]],
  'connection.close': [
    10,
    50,
    [
      ['replyCode', 'short'],
      ['replyText', 'shortstr'],
      ['classId', 'short'],
      ['methodId', 'short'],
    ],
  ],
  'connection.close-ok': [10, 51, EMPTY],
  'connection.blocked': [10, 60, [['reason', 'shortstr']]],
  'connection.unblocked': [10, 61, EMPTY],
  'connection.update-secret': [
    10,
    70,
    [
      ['newSecret', 'longstr'],
      ['reason', 'shortstr'],
    ],
  ],
  'connection.update-secret-ok': [10, 71, EMPTY],
  'channel.open': [20, 10, [['outOfBand', 'shortstr']]],
  'channel.open-ok': [20, 11, [['channelId', 'longstr']]],
  'channel.flow': [20, 20, [['active', 'bit']]],
  'channel.flow-ok': [20, 21, [['active', 'bit']]],
  'channel.close': [
    20,
    40,
    [
      ['replyCode', 'short'],
      ['replyText', 'shortstr'],
      ['classId', 'short'],
      ['methodId', 'short'],
    ],
  ],
  'channel.close-ok': [20, 41, EMPTY],
  'access.request': [
    30,
    10,
    [
      ['realm', 'shortstr'],
      ['exclusive', 'bit'],
      ['passive', 'bit'],
      ['active', 'bit'],
      ['write', 'bit'],
      ['read', 'bit'],
    ],
  ],
  'access.request-ok': [30, 11, [['ticket', 'short']]],
  'exchange.declare': [
    40,
    10,
    [
      ['ticket', 'short'],
      ['exchange', 'shortstr'],
      ['type', 'shortstr'],
      ['passive', 'bit'],
      ['durable', 'bit'],
      ['autoDelete', 'bit'],
      ['internal', 'bit'],
      ['nowait', 'bit'],
      ['arguments', 'table'],
    ],
  ],
  'exchange.declare-ok': [40, 11, EMPTY],
  'exchange.delete': [
    40,
    20,
    [
      ['ticket', 'short'],
      ['exchange', 'shortstr'],
      ['ifUnused', 'bit'],
      ['nowait', 'bit'],
    ],
  ],
  'exchange.delete-ok': [40, 21, EMPTY],
  'exchange.bind': [
    40,
    30,
    [
      ['ticket', 'short'],
      ['destination', 'shortstr'],
      ['source', 'shortstr'],
      ['routingKey', 'shortstr'],
      ['nowait', 'bit'],
      ['arguments', 'table'],
    ],
  ],
  'exchange.bind-ok': [40, 31, EMPTY],
  'exchange.unbind': [
    40,
    40,
    [
      ['ticket', 'short'],
      ['destination', 'shortstr'],
      ['source', 'shortstr'],
      ['routingKey', 'shortstr'],
      ['nowait', 'bit'],
      ['arguments', 'table'],
    ],
  ],
  'exchange.unbind-ok': [40, 51, EMPTY],
  'queue.declare': [
    50,
    10,
    [
      ['ticket', 'short'],
      ['queue', 'shortstr'],
      ['passive', 'bit'],
      ['durable', 'bit'],
      ['exclusive', 'bit'],
      ['autoDelete', 'bit'],
      ['nowait', 'bit'],
      ['arguments', 'table'],
    ],
  ],
  'queue.declare-ok': [
    50,
    11,
    [
      ['queue', 'shortstr'],
      ['messageCount', 'long'],
      ['consumerCount', 'long'],
    ],
  ],
  'queue.bind': [
    50,
    20,
    [
      ['ticket', 'short'],
      ['queue', 'shortstr'],
      ['exchange', 'shortstr'],
      ['routingKey', 'shortstr'],
      ['nowait', 'bit'],
      ['arguments', 'table'],
    ],
  ],
  'queue.bind-ok': [50, 21, EMPTY],
  'queue.purge': [
    50,
    30,
    [
      ['ticket', 'short'],
      ['queue', 'shortstr'],
      ['nowait', 'bit'],
    ],
  ],
  'queue.purge-ok': [50, 31, [['messageCount', 'long']]],
  'queue.delete': [
    50,
    40,
    [
      ['ticket', 'short'],
      ['queue', 'shortstr'],
      ['ifUnused', 'bit'],
      ['ifEmpty', 'bit'],
      ['nowait', 'bit'],
    ],
  ],
  'queue.delete-ok': [50, 41, [['messageCount', 'long']]],
  'queue.unbind': [
    50,
    50,
    [
      ['ticket', 'short'],
      ['queue', 'shortstr'],
      ['exchange', 'shortstr'],
      ['routingKey', 'shortstr'],
      ['arguments', 'table'],
    ],
  ],
  'queue.unbind-ok': [50, 51, EMPTY],
  'basic.qos': [
    60,
    10,
    [
      ['prefetchSize', 'long'],
      ['prefetchCount', 'short'],
      ['global', 'bit'],
    ],
  ],
  'basic.qos-ok': [60, 11, EMPTY],
  'basic.consume': [
    60,
    20,
    [
      ['ticket', 'short'],
      ['queue', 'shortstr'],
      ['consumerTag', 'shortstr'],
      ['noLocal', 'bit'],
      ['noAck', 'bit'],
      ['exclusive', 'bit'],
      ['nowait', 'bit'],
      ['arguments', 'table'],
    ],
  ],
  'basic.consume-ok': [60, 21, [['consumerTag', 'shortstr']]],
  'basic.cancel': [
    60,
    30,
    [
      ['consumerTag', 'shortstr'],
      ['nowait', 'bit'],
    ],
  ],
  'basic.cancel-ok': [60, 31, [['consumerTag', 'shortstr']]],
  'basic.publish': [
    60,
    40,
    [
      ['ticket', 'short'],
      ['exchange', 'shortstr'],
      ['routingKey', 'shortstr'],
      ['mandatory', 'bit'],
      ['immediate', 'bit'],
    ],
  ],
  'basic.return': [
    60,
    50,
    [
      ['replyCode', 'short'],
      ['replyText', 'shortstr'],
      ['exchange', 'shortstr'],
      ['routingKey', 'shortstr'],
    ],
  ],
  'basic.deliver': [
    60,
    60,
    [
      ['consumerTag', 'shortstr'],
      ['deliveryTag', 'longlong'],
      ['redelivered', 'bit'],
      ['exchange', 'shortstr'],
      ['routingKey', 'shortstr'],
    ],
  ],
  'basic.get': [
    60,
    70,
    [
      ['ticket', 'short'],
      ['queue', 'shortstr'],
      ['noAck', 'bit'],
    ],
  ],
  'basic.get-ok': [
    60,
    71,
    [
      ['deliveryTag', 'longlong'],
      ['redelivered', 'bit'],
      ['exchange', 'shortstr'],
      ['routingKey', 'shortstr'],
      ['messageCount', 'long'],
    ],
  ],
  'basic.get-empty': [60, 72, [['clusterId', 'shortstr']]],
  'basic.ack': [
    60,
    80,
    [
      ['deliveryTag', 'longlong'],
      ['multiple', 'bit'],
    ],
  ],
  'basic.reject': [
    60,
    90,
    [
      ['deliveryTag', 'longlong'],
      ['requeue', 'bit'],
    ],
  ],
  'basic.recover-async': [60, 100, [['requeue', 'bit']]],
  'basic.recover': [60, 110, [['requeue', 'bit']]],
  'basic.recover-ok': [60, 111, EMPTY],
  'basic.nack': [
    60,
    120,
    [
      ['deliveryTag', 'longlong'],
      ['multiple', 'bit'],
      ['requeue', 'bit'],
    ],
  ],
  'tx.select': [90, 10, EMPTY],
  'tx.select-ok': [90, 11, EMPTY],
  'tx.commit': [90, 20, EMPTY],
  'tx.commit-ok': [90, 21, EMPTY],
  'tx.rollback': [90, 30, EMPTY],
  'tx.rollback-ok': [90, 31, EMPTY],
  'confirm.select': [85, 10, [['nowait', 'bit']]],
  'confirm.select-ok': [85, 11, EMPTY],
} as const satisfies Record<string, MethodLayout>;

export type MethodName = keyof typeof METHODS;

type ArgumentsOf<List extends ArgumentList> = { [Pair in List[number] as Pair[0]]: Kinds[Pair[1]] };

export type MethodArguments = { [K in MethodName]: ArgumentsOf<(typeof METHODS)[K][2]> };

export type Method = { [K in MethodName]: { name: K; arguments: MethodArguments[K] } }[MethodName];

export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

const BY_ID = new Map<number, MethodName>(
  METHOD_NAMES.map((name) => [(METHODS[name][0] << 16) | METHODS[name][1], name]),
);

export function methodIds(name: MethodName): { classId: number; methodId: number } {
  const [classId, methodId] = METHODS[name];
  return { classId, methodId };
}

function methodName(classId: number, methodId: number): MethodName | undefined {
  return BY_ID.get((classId << 16) | methodId);
}

/** The arguments of a method with their kinds, in the order of the wire. */
export function methodArguments(name: MethodName): ArgumentList {
  return METHODS[name][2];
}

/**
 * Reads the payload of a method frame. Throws COMMAND_INVALID for an unknown method, SYNTAX_ERROR when the arguments
 * do not fill the payload, FRAME_ERROR for a short string that is not UTF-8.
 */
export function decodeMethod(bytes: Buffer, start: number, end: number): Method {
  if (end - start < 4) throw malformed('a method frame');
  const name = methodName(bytes.readUInt16BE(start), bytes.readUInt16BE(start + 2));
  if (name === undefined) throw new AmqpError('COMMAND_INVALID', 'unimplemented method');
  const args: Record<string, unknown> = {};
  const reader = new ArgumentReader(name, bytes, start + 4, end);
  for (const [key, kind] of methodArguments(name)) args[key] = reader.read(kind);
  reader.finish();
  return { name, arguments: args } as Method;
}

/**
 * The payload of a method frame; arguments left out are zero or empty. Throws INTERNAL_ERROR for texts over 255 bytes
 * and for numbers that their argument cannot hold.
 */
export function encodeMethod<K extends MethodName>(name: K, args: Partial<MethodArguments[K]>): Buffer {
  const [classId, methodId, list] = METHODS[name] as MethodLayout;
  const parts: Buffer[] = [Buffer.of(classId >>> 8, classId, methodId >>> 8, methodId)];
  let bits = 0;
  let bitCount = 0;
  const flushBits = (): void => {
    if (bitCount > 0) parts.push(Buffer.of(bits));
    bits = 0;
    bitCount = 0;
  };
  for (const [key, kind] of list) {
    const value = (args as Record<string, unknown>)[key];
    if (kind === 'bit') {
      if (value) bits |= 1 << bitCount;
      bitCount++;
      continue;
    }
    flushBits();
    parts.push(encodeArgument(key, kind, value));
  }
  flushBits();
  return Buffer.concat(parts);
}

const INTEGER_BYTES = { octet: 1, short: 2, long: 4 } as const;

function encodeArgument(key: string, kind: Exclude<Kind, 'bit'>, value: unknown): Buffer {
  switch (kind) {
    case 'octet':
    case 'short':
    case 'long':
    case 'longlong':
      return encodeInteger(key, kind, (value as number | undefined) ?? 0);
    case 'shortstr':
      return encodeShortString((value as string | undefined) ?? '', `the argument ${key}`);
    default: {
      const bytes =
        kind === 'table'
          ? encodeTable((value as FieldTable | undefined) ?? [])
          : ((value as Buffer | undefined) ?? Buffer.alloc(0));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    }
  }
}

function encodeInteger(key: string, kind: keyof typeof INTEGER_BYTES | 'longlong', value: number): Buffer {
  const bytes = Buffer.alloc(kind === 'longlong' ? 8 : INTEGER_BYTES[kind]);
  try {
    if (kind === 'longlong') bytes.writeBigUInt64BE(BigInt(value));
    else bytes.writeUIntBE(value, 0, bytes.length);
  } catch {
    throw new AmqpError('INTERNAL_ERROR', `the argument ${key} cannot hold ${value}`);
  }
  return bytes;
}

/** Reads arguments one after the other and never past the end. */
class ArgumentReader {
  private readonly name: MethodName;
  private readonly bytes: Buffer;
  private readonly end: number;
  private at: number;
  private bit = 0;

  constructor(name: MethodName, bytes: Buffer, start: number, end: number) {
    this.name = name;
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  read(kind: Kind): unknown {
    if (kind === 'bit') {
      // Neighbouring bits share an octet, lowest first.
      if (this.bit === 0) this.take(1);
      const value = ((this.bytes[this.at - 1] as number) >>> this.bit) & 1;
      this.bit = (this.bit + 1) & 7;
      return value === 1;
    }
    this.bit = 0;
    switch (kind) {
      case 'octet':
      case 'short':
      case 'long': {
        const length = INTEGER_BYTES[kind];
        return this.bytes.readUIntBE(this.take(length), length);
      }
      case 'longlong': {
        const value = Number(this.bytes.readBigUInt64BE(this.take(8)));
        return Math.min(value, Number.MAX_SAFE_INTEGER);
      }
      case 'shortstr': {
        const length = this.bytes[this.take(1)] as number;
        const from = this.take(length);
        return readUtf8(this.bytes, from, from + length);
      }
      default: {
        const length = this.bytes.readUInt32BE(this.take(4));
        const from = this.take(length);
        return kind === 'table'
          ? decodeTable(this.bytes, from, from + length)
          : Buffer.from(this.bytes.subarray(from, from + length));
      }
    }
  }

  finish(): void {
    if (this.at !== this.end) throw malformed(this.name);
  }

  private take(length: number): number {
    const from = this.at;
    if (from + length > this.end) throw malformed(this.name);
    this.at = from + length;
    return from;
  }
}

function malformed(what: string): AmqpError {
  return new AmqpError('SYNTAX_ERROR', `the arguments of ${what} do not decode`);
}
