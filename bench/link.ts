/**
 * One connection with one channel. First a conversation, one request and its reply at a time; then it may be given over to a sink that
 * gets the frames as they come. Once it failed it stays failed: the first reason is the one that counts.
 */
import { connect, type Socket } from 'node:net';
import { type FieldTable, findField } from '../lib/amqp/field-table.ts';
import { PROTOCOL_HEADER } from '../lib/amqp/frame.ts';
import { decodeMethod, type Method, type MethodArguments, type MethodName } from '../lib/amqp/method.ts';
import { type BrokerAddress, brokerAddress } from './broker-url.ts';
import { FrameReader, type FrameSink } from './frame-reader.ts';
import { CHANNEL, methodFrame } from './wire.ts';

const FRAME_MAX = 131_072;
const REPLY_MS = 15_000;

export class Link {
  readonly socket: Socket;
  frameMax = FRAME_MAX;
  product = '';
  onFailure: (error: Error) => void = () => {};
  failure: Error | undefined;
  readonly #reader: FrameReader;
  #waiting: { resolve: (method: Method) => void; reject: (error: Error) => void } | undefined;
  #closing = false;

  private constructor(address: BrokerAddress) {
    this.#reader = new FrameReader(this.#conversation());
    const { host, port } = address;
    const callback = (length: number): boolean => this.#received(length);
    this.socket = connect({ host, port, noDelay: true, onread: { buffer: () => this.#reader.space(), callback } });
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the broker closed the socket')));
  }

  static async open(url: string): Promise<Link> {
    const address = brokerAddress(url);
    const link = new Link(address);
    await link.#handshake(address);
    return link;
  }

  async #handshake({ user, password, vhost }: BrokerAddress): Promise<void> {
    const start = await this.#exchange(PROTOCOL_HEADER, 'connection.start');
    this.product = productOf(start.serverProperties);
    const response = Buffer.from(`\0${user}\0${password}`);
    const startOk = { clientProperties: CLIENT_PROPERTIES, mechanism: 'PLAIN', response, locale: 'en_US' };
    const tune = await this.#exchange(methodFrame(0, 'connection.start-ok', startOk), 'connection.tune');
    this.frameMax = tune.frameMax === 0 ? FRAME_MAX : Math.min(tune.frameMax, FRAME_MAX);
    this.socket.write(
      methodFrame(0, 'connection.tune-ok', { channelMax: tune.channelMax, frameMax: this.frameMax, heartbeat: 0 }),
    );
    await this.#exchange(methodFrame(0, 'connection.open', { virtualHost: vhost }), 'connection.open-ok');
    await this.request('channel.open', {}, 'channel.open-ok');
  }

  /** Sends a method on the channel and waits for its reply; any other reply is a failure. */
  request<K extends MethodName, R extends MethodName>(
    name: K,
    args: Partial<MethodArguments[K]>,
    reply: R,
  ): Promise<MethodArguments[R]> {
    return this.#exchange(methodFrame(CHANNEL, name, args), reply);
  }

  /** Gives the frames that come from now on to a sink. */
  divert(sink: FrameSink): void {
    this.#reader.sink = sink;
  }

  /** Takes a method that is not for a sink: the reply that is waited for, or a complaint of the broker. */
  heard(arena: Buffer, at: number, size: number): void {
    const method = decodeMethod(Buffer.from(arena.subarray(at, at + size)), 0, size);
    if (UNASKED.has(method.name)) return;
    if (this.#waiting) this.#waiting.resolve(method);
    else this.#complain(method);
  }

  #complain(method: Method): void {
    if (method.name === 'connection.close' || method.name === 'channel.close') {
      const { replyCode, replyText } = method.arguments;
      this.fail(new Error(`${method.name} ${replyCode} ${replyText}`));
    } else if (method.name === 'basic.cancel') {
      this.fail(new Error(`the consumer ${method.arguments.consumerTag} was cancelled`));
    }
  }

  /** Says goodbye and waits until the broker has heard it, and with it all that was sent before. */
  async close(): Promise<void> {
    if (this.failure) return;
    this.divert(this.#conversation());
    const goodbye = methodFrame(0, 'connection.close', { replyCode: 200, replyText: 'done' });
    await this.#exchange(goodbye, 'connection.close-ok').catch(() => {});
    this.#closing = true;
    this.socket.destroy();
  }

  fail(error: Error): void {
    if (this.failure || this.#closing) return;
    this.failure = error;
    this.socket.destroy();
    this.#waiting?.reject(error);
    this.onFailure(error);
  }

  async #exchange<R extends MethodName>(bytes: Buffer, reply: R): Promise<MethodArguments[R]> {
    if (this.failure) throw this.failure;
    const method = await new Promise<Method>((resolve, reject) => {
      const timer = setTimeout(() => this.fail(new Error(`no ${reply} within ${REPLY_MS} ms`)), REPLY_MS);
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.#waiting = undefined;
        then();
      };
      this.#waiting = {
        resolve: (answer) => settle(() => resolve(answer)),
        reject: (error) => settle(() => reject(error)),
      };
      this.socket.write(bytes);
    });
    if (method.name === reply) return method.arguments as MethodArguments[R];
    this.#complain(method);
    throw this.failure ?? new Error(`${method.name} instead of ${reply}`);
  }

  #received(length: number): boolean {
    try {
      this.#reader.filled(length);
    } catch (error) {
      this.fail(error as Error);
    }
    return true;
  }

  #conversation(): FrameSink {
    const ignored = (): void => {};
    return {
      method: (arena, at, size) => this.heard(arena, at, size),
      header: ignored,
      body: ignored,
      drained: ignored,
    };
  }
}

const CLIENT_PROPERTIES: FieldTable = [
  ['product', { type: 'S', value: 'bench' }],
  ['capabilities', { type: 'F', value: [['authentication_failure_close', { type: 't', value: true }]] }],
];

const UNASKED: ReadonlySet<MethodName> = new Set([
  'connection.blocked',
  'connection.unblocked',
  'basic.deliver',
  'basic.return',
  'basic.ack',
  'basic.nack',
]);

function productOf(properties: FieldTable): string {
  const text = (name: string): string => {
    const field = findField(properties, name);
    return field?.type === 'S' ? field.value.toString() : '';
  };
  return `${text('product')} ${text('version')}`.trim();
}
