/**
 * A connection without a client library between: shows each frame that comes, and sends whatever it is told to. It answers a close with
 * its close-ok and nothing else by itself.
 */
import { connect, type Socket } from 'node:net';
import type { FieldTable } from '../../lib/amqp/field-table.ts';
import {
  encodeFrame,
  FRAME_BODY,
  FRAME_HEADER,
  FRAME_HEARTBEAT,
  FRAME_METHOD,
  FrameReader,
  PROTOCOL_HEADER,
} from '../../lib/amqp/frame.ts';
import { decodeMethod, encodeMethod, type MethodArguments, type MethodName } from '../../lib/amqp/method.ts';
import { within } from './patience.ts';
import { type Incoming, WireChannel } from './wire-channel.ts';

export interface WireOptions {
  readonly user?: string;
  readonly password?: string;
  readonly vhost?: string;
  readonly mechanism?: string;
  readonly response?: Buffer;
  readonly capabilities?: readonly string[];
  /** Client properties beside the capabilities. */
  readonly properties?: FieldTable;
  /** Zero or left out: what the broker proposes. */
  readonly tune?: Partial<MethodArguments['connection.tune-ok']>;
}

export class WireConnection {
  readonly socket: Socket;
  /** Resolves when the broker has closed the socket, gracefully or not. */
  readonly ended: Promise<void>;
  /** Why the socket broke; undefined: it did not, or has not yet. */
  socketError: NodeJS.ErrnoException | undefined;
  /** Whether it answers connection.close. */
  answersClose = true;
  receivedBytes = 0;
  heartbeats = 0;
  frameMax = 131_072;
  readonly #channels = new Map<number, WireChannel>();
  #firstBytes: Buffer | undefined = Buffer.alloc(0);

  constructor(address: { readonly host: string; readonly port: number }) {
    const { host, port } = address;
    this.socket = connect({ host, port, noDelay: true });
    this.socket.on('error', (error) => {
      this.socketError = error;
    });
    this.ended = new Promise((resolve) => this.socket.once('close', () => resolve()));
    const reader = new FrameReader({ frame: (...frame) => this.#frame(...frame) }, 0);
    this.socket.on('data', (chunk: Buffer) => {
      this.receivedBytes += chunk.length;
      const bytes = this.#firstBytes ? Buffer.concat([this.#firstBytes, chunk]) : chunk;
      if (this.#firstBytes && bytes.length < 8) {
        this.#firstBytes = bytes;
      } else if (bytes[0] === PROTOCOL_HEADER[0]) {
        this.#firstBytes = bytes;
      } else {
        this.#firstBytes = undefined;
        reader.push(bytes);
      }
    });
  }

  /** Connects, and opens the connection as told. Rejects with a Refused when the broker refuses. */
  static async open(
    address: { readonly host: string; readonly port: number },
    options: WireOptions = {},
  ): Promise<WireConnection> {
    const wire = new WireConnection(address);
    await wire.start(options);
    const { arguments: proposed } = await wire.zero.reply('connection.tune');
    const tune = { ...proposed, heartbeat: 0, ...options.tune };
    wire.frameMax = tune.frameMax;
    wire.zero.send('connection.tune-ok', tune);
    await wire.zero.call('connection.open', { virtualHost: options.vhost ?? '/' });
    return wire;
  }

  /** Protocol header, start, start-ok. */
  async start(options: WireOptions = {}): Promise<MethodArguments['connection.start']> {
    const {
      user = 'guest',
      password = 'guest',
      mechanism = 'PLAIN',
      capabilities = ['authentication_failure_close'],
    } = options;
    this.socket.write(PROTOCOL_HEADER);
    const start = await this.zero.reply('connection.start');
    const table: FieldTable = capabilities.map((name) => [name, { type: 't', value: true }]);
    this.zero.send('connection.start-ok', {
      clientProperties: [['capabilities', { type: 'F', value: table }], ...(options.properties ?? [])],
      mechanism,
      response: options.response ?? Buffer.from(`\0${user}\0${password}`),
      locale: 'en_US',
    });
    return start.arguments;
  }

  get zero(): WireChannel {
    return this.channel(0);
  }

  /** The channel of that number, opened or not. */
  channel(id: number): WireChannel {
    let channel = this.#channels.get(id);
    if (!channel) {
      channel = new WireChannel(this, id);
      this.#channels.set(id, channel);
    }
    return channel;
  }

  /** The number of a closed channel is free for another. */
  forget(id: number): void {
    this.#channels.delete(id);
  }

  async openChannel(id = 1): Promise<WireChannel> {
    const channel = this.channel(id);
    await channel.call('channel.open', {});
    return channel;
  }

  sendFrame(type: number, channel: number, payload: Uint8Array): void {
    this.socket.write(encodeFrame(type, channel, payload));
  }

  sendMethod<K extends MethodName>(channel: number, name: K, args: Partial<MethodArguments[K]>): void {
    this.sendFrame(FRAME_METHOD, channel, encodeMethod(name, args));
  }

  /** What the broker wrote in place of frames, once it has closed the socket: a protocol header, or nothing. */
  async protocolAnswer(): Promise<string> {
    await within(this.ended, 'the end of the socket', 15_000);
    return this.#firstBytes?.toString('latin1') ?? '';
  }

  close(): void {
    this.socket.destroy();
  }

  #frame(type: number, id: number, buffer: Buffer, start: number, end: number): boolean {
    if (type === FRAME_HEARTBEAT) this.heartbeats++;
    else if (type === FRAME_METHOD) this.#method({ ...decodeMethod(buffer, start, end), channel: id } as Incoming);
    else if (type === FRAME_HEADER) this.channel(id).header(buffer, start, end);
    else if (type === FRAME_BODY) this.channel(id).body(buffer.subarray(start, end));
    return true;
  }

  #method(method: Incoming): void {
    if (method.name === 'connection.close') {
      if (this.answersClose) this.sendMethod(0, 'connection.close-ok', {});
      for (const channel of this.#channels.values()) channel.method(method);
    } else {
      if (method.name === 'channel.close') this.sendMethod(method.channel, 'channel.close-ok', {});
      this.channel(method.channel).method(method);
    }
  }
}
