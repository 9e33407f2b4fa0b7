/** One channel of a wire connection: what came on it in the order it came, replies apart from what comes unasked. */
import { FRAME_BODY, FRAME_HEADER, FRAME_METHOD, FRAME_OVERHEAD } from '../../lib/amqp/frame.ts';
import { encodeMethod, type Method, type MethodArguments, type MethodName } from '../../lib/amqp/method.ts';
import { decodeProperties, encodeContentHeader, type Properties } from '../../lib/amqp/properties.ts';
import { Mailbox } from './mailbox.ts';
import { Refused } from './refusal.ts';
import type { WireConnection } from './wire-connection.ts';

export interface Content {
  properties: Properties;
  body: Buffer;
  /** Sizes of the body frames. */
  frames: number[];
}

export type Incoming = Method & { channel: number; content?: Content };
export type IncomingOf<K extends MethodName> = Extract<Incoming, { name: K }>;

/** The reply to a method, by its name. */
type ReplyName<K extends MethodName> = K extends 'basic.get'
  ? 'basic.get-ok' | 'basic.get-empty'
  : Extract<MethodName, `${K}-ok`>;

const UNASKED: ReadonlySet<MethodName> = new Set([
  'basic.deliver',
  'basic.return',
  'basic.ack',
  'basic.nack',
  'basic.cancel',
  'connection.blocked',
  'connection.unblocked',
]);
const WITH_CONTENT: ReadonlySet<MethodName> = new Set(['basic.deliver', 'basic.return', 'basic.get-ok']);
const CONTENT_FLAGS_AT = 12;

export class WireChannel {
  readonly id: number;
  /** The names of all methods that came. */
  readonly log: MethodName[] = [];
  /** How the broker closed it, or the connection. */
  refused: Refused | undefined;
  readonly #wire: WireConnection;
  readonly #replies: Mailbox<Incoming>;
  readonly #unasked: Mailbox<Incoming>;
  #incomplete: { method: Incoming; content: Content; parts: Buffer[]; left: number } | undefined;

  constructor(wire: WireConnection, id: number) {
    this.#wire = wire;
    this.id = id;
    this.#replies = new Mailbox(`a reply on channel ${id}`, wire.ended);
    this.#unasked = new Mailbox(`a delivery, return or confirm on channel ${id}`, wire.ended);
  }

  send<K extends MethodName>(name: K, args: Partial<MethodArguments[K]> = {}): void {
    this.#wire.sendMethod(this.id, name, args);
  }

  /** Sends a method and waits for its reply. Rejects with a Refused when the broker closes the channel or the connection. */
  async call<K extends MethodName>(name: K, args: Partial<MethodArguments[K]> = {}): Promise<IncomingOf<ReplyName<K>>> {
    this.send(name, args);
    return (await this.#replies.next()) as IncomingOf<ReplyName<K>>;
  }

  /** The next reply, to something that was sent before. */
  async reply<K extends MethodName>(name: K, ms?: number): Promise<IncomingOf<K> & { content: Content }> {
    const reply = await this.#replies.next(ms);
    if (reply.name !== name) throw new Error(`${reply.name} came where ${name} was due`);
    return reply as IncomingOf<K> & { content: Content };
  }

  /** The next that comes unasked: a delivery, a return, a confirm, a cancel. */
  async next<K extends MethodName>(name: K, ms?: number): Promise<IncomingOf<K> & { content: Content }> {
    const method = await this.#unasked.next(ms);
    if (method.name !== name) throw new Error(`${method.name} came where ${name} was due`);
    return method as IncomingOf<K> & { content: Content };
  }

  /** Takes all that came unasked and was not looked at. */
  takeUnasked(): Incoming[] {
    return this.#unasked.takeAll();
  }

  /** How many came unasked and were not looked at. */
  get unread(): number {
    return this.#unasked.size;
  }

  /** Waits until the broker closes the channel, or the connection. */
  async refusal(): Promise<Refused> {
    for (;;) {
      try {
        await this.#replies.next();
      } catch (error) {
        if (error instanceof Refused) return error;
        throw error;
      }
    }
  }

  publish(
    args: Partial<MethodArguments['basic.publish']>,
    body: string | Buffer = '',
    properties: Properties = {},
  ): void {
    const bytes = Buffer.from(body);
    this.#wire.sendFrame(FRAME_METHOD, this.id, encodeMethod('basic.publish', args));
    this.#wire.sendFrame(FRAME_HEADER, this.id, encodeContentHeader(bytes.length, properties));
    const chunkBytes = this.#wire.frameMax - FRAME_OVERHEAD;
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      this.#wire.sendFrame(FRAME_BODY, this.id, bytes.subarray(at, at + chunkBytes));
    }
  }

  method(method: Incoming): void {
    this.log.push(method.name);
    if (method.name === 'channel.close' || method.name === 'connection.close') {
      const refused = new Refused(method.name === 'channel.close' ? 'channel' : 'connection', method.arguments);
      this.refused = refused;
      this.#replies.fail(refused);
      this.#unasked.fail(refused);
    } else if (WITH_CONTENT.has(method.name)) {
      this.#incomplete = { method, content: { properties: {}, body: Buffer.alloc(0), frames: [] }, parts: [], left: 0 };
    } else {
      this.#deliver(method);
    }
  }

  header(buffer: Buffer, start: number, end: number): void {
    if (!this.#incomplete) throw new Error('a content header came before its method');
    this.#incomplete.content.properties = decodeProperties(buffer, start + CONTENT_FLAGS_AT, end);
    this.#incomplete.left = Number(buffer.readBigUInt64BE(start + 4));
    this.#complete();
  }

  body(bytes: Buffer): void {
    if (!this.#incomplete) throw new Error('a body came before its header');
    this.#incomplete.parts.push(Buffer.from(bytes));
    this.#incomplete.content.frames.push(bytes.length);
    this.#incomplete.left -= bytes.length;
    this.#complete();
  }

  #complete(): void {
    if (!this.#incomplete || this.#incomplete.left > 0) return;
    const { method, content, parts } = this.#incomplete;
    content.body = Buffer.concat(parts);
    this.#incomplete = undefined;
    this.#deliver({ ...method, content });
  }

  #deliver(method: Incoming): void {
    (UNASKED.has(method.name) ? this.#unasked : this.#replies).put(method);
  }
}
