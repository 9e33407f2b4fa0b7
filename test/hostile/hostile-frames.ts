/**
 * Frames of somebody who means no good: methods of all kinds with arguments that are nearly right, contents that lie about
 * themselves, and bytes that were changed afterwards. The same dice give the same frames.
 */
import type { Field, FieldTable } from '../../lib/amqp/field-table.ts';
import {
  encodeFrame,
  FRAME_BODY,
  FRAME_HEADER,
  FRAME_HEARTBEAT,
  FRAME_METHOD,
  PROTOCOL_HEADER,
} from '../../lib/amqp/frame.ts';
import { encodeMethod, METHOD_NAMES, type MethodName, methodArguments } from '../../lib/amqp/method.ts';
import { encodeContentHeader, type Properties } from '../../lib/amqp/properties.ts';
import type { Dice } from '../conformance/differential/dice.ts';

const CHANNELS = 4;
/** The broker's own limit is 64; what is deeper has to be made byte by byte. */
const DEPTH_MAX = 63;
const RAW_DEPTH_MAX = 3_000;
const NAMES = [
  ...['', 'q1', 'q2', 'q3', 'q4', 'q5', 'e1', 'e2', 'e3', 'e4', 'amq.topic', 'amq.headers', 'amq.fanout', 'amq.match'],
  ...[
    'amq.rabbitmq.reply-to',
    'amq.rabbitmq.trace',
    'amq.gen-x',
    'a.b.c',
    '#',
    '*.*',
    'ü'.repeat(100),
    'x'.repeat(255),
  ],
];
const ARGUMENTS = [
  ...[
    'x-max-length',
    'x-max-length-bytes',
    'x-message-ttl',
    'x-expires',
    'x-max-priority',
    'x-overflow',
    'x-queue-type',
  ],
  ...['x-dead-letter-exchange', 'x-dead-letter-routing-key', 'x-dead-letter-strategy', 'x-single-active-consumer'],
  ...['x-delivery-limit', 'x-queue-mode', 'x-stream-offset', 'x-stream-filter', 'x-max-age', 'alternate-exchange'],
  ...[
    'x-match',
    'x-delayed-type',
    'x-delay',
    'x-priority',
    'x-death',
    'CC',
    'BCC',
    'x-cache-size',
    'x-consumer-timeout',
  ],
  ...[
    'x-queue-version',
    'x-stream-max-segment-size-bytes',
    'x-message-deduplication',
    'x-deduplication-header',
    'kind',
  ],
];
const TEXTS = [
  ...[
    '',
    'quorum',
    'stream',
    'classic',
    'drop-head',
    'reject-publish',
    'reject-publish-dlx',
    'all',
    'any',
    'any-with-x',
  ],
  ...[
    'first',
    'last',
    'next',
    '1D',
    'at-least-once',
    'direct',
    'fanout',
    'topic',
    'headers',
    'x-consistent-hash',
    'guest',
  ],
  ...[
    'x-delayed-message',
    'x-random',
    'x-recent-history',
    'x-modulus-hash',
    'x-message-deduplication',
    'q1',
    'q2',
    '-1',
  ],
];
const TYPES = [
  'direct',
  'fanout',
  'topic',
  'headers',
  'x-consistent-hash',
  'x-delayed-message',
  'x-recent-history',
  'no',
];
const NUMBERS = [0, 1, 2, 3, 5, 20, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const BIG = [0n, 1n, -1n, 5n, 1000n, 2n ** 31n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
/** Bytes in which a length, a type or a sign begins. */
const BYTES = [0, 1, 2, 8, 0x7f, 0x80, 0xce, 0xfe, 0xff, 0x41, 0x46, 0x53, 0x6c];
/** The methods of a client. Others end the connection, and nothing behind them is looked at: they come seldom. */
const METHODS = METHOD_NAMES.filter(
  (name) => /^(channel|exchange|queue|basic|tx|confirm)\./.test(name) && !/-ok$|deliver|return|get-empty/.test(name),
);
const RARE = METHOD_NAMES.filter((name) => !METHODS.includes(name) && !name.startsWith('connection.close'));
/** Bits that end the connection when they are not what they mostly are. */
const EXPECTED_BITS: Readonly<Record<string, boolean>> = {
  immediate: false,
  active: true,
  requeue: true,
  global: false,
};

/** Everything that opens a connection and its channels, said in one breath. */
export function opening(vhost: string): Buffer {
  const method = <K extends MethodName>(
    channel: number,
    name: K,
    args: Parameters<typeof encodeMethod<K>>[1],
  ): Buffer => encodeFrame(FRAME_METHOD, channel, encodeMethod(name, args));
  const capabilities: FieldTable = ['authentication_failure_close', 'consumer_cancel_notify', 'basic.nack'].map(
    (name) => [name, { type: 't', value: true }],
  );
  return Buffer.concat([
    PROTOCOL_HEADER,
    method(0, 'connection.start-ok', {
      clientProperties: [['capabilities', { type: 'F', value: capabilities }]],
      mechanism: 'PLAIN',
      response: Buffer.from('\0guest\0guest'),
      locale: 'en_US',
    }),
    method(0, 'connection.tune-ok', { channelMax: 100, frameMax: 131_072, heartbeat: 0 }),
    method(0, 'connection.open', { virtualHost: vhost }),
    ...Array.from({ length: CHANNELS }, (_, i) => method(i + 1, 'channel.open', {})),
  ]);
}

export const CLOSE = encodeFrame(FRAME_METHOD, 0, encodeMethod('connection.close', { replyCode: 200 }));

/** One thing that a client may say: a method, with the content that belongs to it, as one frame or several. */
export function hostileFrames(dice: Dice): Buffer[] {
  const channel = 1 + dice.number(CHANNELS);
  const kind = dice.number(100);
  let frames: Buffer[];
  if (kind < 45) frames = publish(dice, channel);
  else if (kind === 45 && dice.number(4) === 0) frames = [deepDeclare(dice.number(RAW_DEPTH_MAX), channel)];
  else if (kind < 55) frames = [reopen(channel, 'channel.close-ok'), reopen(channel, 'channel.open')];
  else frames = [method(dice, channel, dice.number(150) > 0 ? dice.one(METHODS) : dice.one(RARE))];
  if (dice.number(12) > 0) return frames;
  const at = dice.number(frames.length);
  frames[at] = mutated(dice, frames[at] as Buffer);
  return frames;
}

function reopen(channel: number, name: 'channel.close-ok' | 'channel.open'): Buffer {
  return encodeFrame(FRAME_METHOD, channel, encodeMethod(name, {}));
}

function method(dice: Dice, channel: number, name: MethodName): Buffer {
  const args: Record<string, unknown> = {};
  for (const [key, kind] of methodArguments(name)) {
    if (kind === 'bit') args[key] = bit(dice, key);
    else if (key === 'prefetchSize') args[key] = dice.number(100) === 0 ? 1 : 0;
    else if (kind === 'shortstr') args[key] = key === 'type' ? dice.one(TYPES) : dice.one(NAMES);
    else if (kind === 'table') args[key] = table(dice, 0);
    else if (kind === 'longstr') args[key] = Buffer.from(dice.one(TEXTS));
    else if (kind === 'longlong') args[key] = dice.chance(80) ? dice.number(8) : 2 ** 53;
    else args[key] = dice.number(kind === 'octet' ? 256 : kind === 'short' ? 65_536 : 10);
  }
  return encodeFrame(FRAME_METHOD, channel, encodeMethod(name, args as never));
}

function bit(dice: Dice, key: string): boolean {
  const expected = EXPECTED_BITS[key];
  if (expected !== undefined) return dice.number(60) > 0 ? expected : !expected;
  return key === 'durable' ? dice.number(10) === 0 : dice.number(4) === 0;
}

/** A queue.declare whose arguments are tables in tables. */
function deepDeclare(depth: number, channel: number): Buffer {
  const payload = encodeMethod('queue.declare', { queue: 'q1' });
  const parts = [payload.subarray(0, payload.length - 4)];
  // Each level is a name of one byte, its type and the length of the rest.
  for (let left = depth; left >= 0; left--) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(left * 7);
    parts.push(length);
    if (left > 0) parts.push(Buffer.from('\x01aF', 'latin1'));
  }
  return encodeFrame(FRAME_METHOD, channel, Buffer.concat(parts));
}

function publish(dice: Dice, channel: number): Buffer[] {
  const body = Buffer.alloc(dice.number(50) === 0 ? dice.number(200_000) : dice.number(200), 'x');
  const announced = dice.number(30) === 0 ? dice.one([0, 1, body.length + 1, 2 ** 24 + 1, 2 ** 40]) : body.length;
  const frames = [
    method(dice, channel, 'basic.publish'),
    encodeFrame(FRAME_HEADER, channel, encodeContentHeader(announced, properties(dice))),
  ];
  for (let at = 0; at < body.length; at += 100_000)
    frames.push(encodeFrame(FRAME_BODY, channel, body.subarray(at, at + 100_000)));
  if (dice.number(25) === 0) frames.splice(dice.number(frames.length), 1);
  return frames;
}

function properties(dice: Dice): Properties {
  const made: Properties = {};
  if (dice.chance(50)) made.headers = table(dice, 0);
  if (dice.chance(30)) made.deliveryMode = dice.number(4);
  if (dice.chance(20)) made.priority = dice.number(256);
  if (dice.chance(15)) made.expiration = dice.one(['0', '1', '5000', '-1', 'soon', '99999999999999999999', '1e3', '']);
  if (dice.chance(5)) made.userId = dice.one(['guest', 'nobody']);
  if (dice.chance(10)) made.replyTo = dice.one(NAMES);
  if (dice.chance(10)) made.messageId = dice.one(TEXTS);
  if (dice.chance(5)) made.timestamp = BigInt.asUintN(64, dice.one(BIG));
  return made;
}

function table(dice: Dice, depth: number): FieldTable {
  if (depth === 0 && dice.number(200) === 0) return [['x-death', deep(dice.number(DEPTH_MAX))]];
  return Array.from({ length: dice.number(depth === 0 ? 5 : 3) }, () => [dice.one(ARGUMENTS), field(dice, depth + 1)]);
}

function deep(depth: number): Field {
  let made: Field = { type: 'V' };
  for (let i = 0; i < depth; i++)
    made = i % 2 === 0 ? { type: 'A', value: [made] } : { type: 'F', value: [['a', made]] };
  return made;
}

function field(dice: Dice, depth: number): Field {
  switch (dice.number(depth > 3 ? 11 : 13)) {
    case 0:
      return { type: 't', value: dice.chance(50) };
    case 1:
      return { type: 'b', value: dice.number(256) - 128 };
    case 2:
      return { type: 's', value: dice.number(65_536) - 32_768 };
    case 3:
    case 4:
      return { type: 'i', value: dice.one(NUMBERS) };
    case 5:
    case 6:
      return { type: 'l', value: dice.one(BIG) };
    case 7:
      return { type: 'd', value: dice.one([0, -0, 0.5, 1e308, Number.NaN, Number.POSITIVE_INFINITY]) };
    case 8:
      return { type: 'V' };
    case 9:
    case 10:
      return { type: 'S', value: dice.chance(90) ? dice.one(TEXTS) : dice.one(NAMES) };
    case 11:
      return { type: 'A', value: Array.from({ length: dice.number(4) }, () => field(dice, depth + 1)) };
    default:
      return { type: 'F', value: table(dice, depth) };
  }
}

/** The frame with some of its bytes other than they were: mostly such that it stays a frame. */
function mutated(dice: Dice, frame: Buffer): Buffer {
  const bytes = Buffer.from(frame);
  const payload = bytes.length - 8;
  switch (dice.number(10)) {
    case 0:
      bytes[dice.number(bytes.length)] = dice.number(256);
      return bytes;
    case 1: {
      const channel = dice.one([0, 1, 5, 65_535]);
      bytes.writeUInt16BE(channel, 1);
      return bytes;
    }
    case 2:
      return encodeFrame(dice.one([FRAME_METHOD, FRAME_HEADER, FRAME_BODY]), 1, bytes.subarray(7, 7 + payload));
    case 3:
      return encodeFrame(bytes[0] as number, bytes.readUInt16BE(1), bytes.subarray(7, 7 + dice.number(payload + 1)));
    case 4:
      return Buffer.concat([bytes, encodeFrame(FRAME_HEARTBEAT, dice.number(2), Buffer.alloc(dice.number(2)))]);
    case 5:
      bytes.writeUInt32BE(dice.one([0, 1, 131_064, 131_073, 2 ** 31, 2 ** 32 - 1]), 3);
      return bytes;
    default:
      for (let i = dice.number(3); i >= 0 && payload > 4; i--) {
        const at = 7 + 4 + dice.number(payload - 4);
        bytes[at] = dice.chance(60) ? dice.one(BYTES) : (bytes[at] as number) ^ (1 << dice.number(8));
      }
      return bytes;
  }
}
