/**
 * One AMQP connection: socket, frames, handshake, channels, and how it ends.
 * Invariants: frames are worked on in their order, one at a time, and while a reply waits for the definition store
 * nothing further is read; after connection.close only close and close-ok count; exclusive queues are gone before
 * close-ok is sent.
 */
import type { Socket } from 'node:net';
import { type FieldTable, findField } from '../amqp/field-table.ts';
import {
  encodeFrame,
  FRAME_HEADER,
  FRAME_HEARTBEAT,
  FRAME_METHOD,
  FrameReader,
  type FrameSink,
  HEARTBEAT_FRAME,
} from '../amqp/frame.ts';
import { decodeMethod, encodeMethod, type MethodArguments, type MethodName } from '../amqp/method.ts';
import { octetsText } from '../amqp/octets.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import type { Broker } from '../broker/broker.ts';
import { LIMITS } from '../broker/limits.ts';
import type { User } from '../broker/permissions/user.ts';
import { Owner } from '../broker/queues/owner.ts';
import type { Session } from '../broker/session.ts';
import type { Vhost } from '../broker/vhosts/vhost.ts';
import type { Channel, MethodHandler } from './channel.ts';
import { ChannelTable } from './channel-table.ts';
import type { ClientLimits } from './client-limits.ts';
import { checkContentHeader } from './content-assembler.ts';
import { closeOkMs, Deadline } from './deadline.ts';
import { Handshake } from './handshake.ts';
import { Heartbeat } from './heartbeat.ts';
import type { LoginGate } from './login-gate.ts';
import type { RateMeter } from './rate-meter.ts';
import { type Hold, Reading } from './reading.ts';
import type { TlsFacts } from './tls-facts.ts';
import type { Transport } from './transport.ts';
import type { Turn } from './turn.ts';
import { Writer } from './writer.ts';

/**
 * Unsent bytes, beside two of the largest messages, beyond which nothing more is read: whoever asks must also listen. A
 * client that writes a whole message before it reads must get through with a delivery and a return on their way to it.
 */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;

export interface Surroundings {
  broker: Broker;
  limits: ClientLimits;
  /** Throws NOT_ALLOWED when the broker may have no more connections. */
  admitConnection(): void;
  admitChannel(): void;
  /** Does what clients ask on their channels. */
  handleMethod: MethodHandler;
  turn: Turn;
  logins: LoginGate;
  log: (level: 'debug' | 'info' | 'warning' | 'error', text: string) => void;
  /** The server properties that a client is sent now. */
  serverProperties: () => FieldTable;
  closed(connection: Connection): void;
}

interface SocketEnd {
  host: string;
  port: number;
}

export class Connection implements FrameSink {
  readonly broker: Broker;
  readonly turn: Turn;
  readonly limits: ClientLimits;
  readonly writer: Writer;
  /** "host:port -> host:port" */
  readonly name: string;
  readonly connectedAtMs: number;
  readonly owner: Owner;
  readonly remoteAddress: string;
  /** From tune-ok; 0: no limit. */
  frameMax: number = LIMITS.frameBytesMax;
  channelMax = 0;
  /** 0: no heartbeats. */
  heartbeatSeconds = 0;
  /** How long the client may say nothing: until tune-ok the time of the handshake, then that of a heartbeat. 0: for ever. */
  private silenceMs: number;
  isBlocked = false;
  private readonly socket: Socket;
  private readonly around: Surroundings;
  private readonly unsentBytesMax: number;
  private readonly reader: FrameReader;
  readonly handshake: Handshake;
  readonly channels: ChannelTable;
  /** Null: no TLS. */
  readonly tls: TlsFacts | null;
  readonly local: SocketEnd;
  readonly peer: SocketEnd;
  receivedBytes = 0;
  receivedChunks = 0;
  /** The connection's rates; null until the first measurement. */
  meter: RateMeter<keyof ReturnType<Connection['octets']>> | null = null;
  /** The channel whose message is incomplete and still points into the chunk that is being read. */
  private attached: Channel | null = null;
  private state: 'handshake' | 'open' | 'closing' | 'closed' = 'handshake';
  private sessionIn: Session | null = null;
  private heartbeat: Heartbeat | null = null;
  private readonly deadline: Deadline;
  readonly reading: Reading;
  private currentIds = { classId: 0, methodId: 0 };

  constructor(transport: Transport, around: Surroundings) {
    const { socket } = transport;
    this.socket = socket;
    this.tls = transport.tls;
    this.around = around;
    this.broker = around.broker;
    this.channels = new ChannelTable(around.handleMethod);
    this.turn = around.turn;
    this.limits = around.limits;
    this.silenceMs = around.limits.handshakeMs;
    this.unsentBytesMax = UNSENT_BYTES_MAX + 2 * around.limits.messageBytesMax;
    this.remoteAddress = socket.remoteAddress ?? '';
    this.peer = { host: this.remoteAddress, port: socket.remotePort ?? 0 };
    this.local = { host: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    this.name = `${this.peer.host}:${this.peer.port} -> ${this.local.host}:${this.local.port}`;
    this.owner = new Owner(this.name);
    this.connectedAtMs = Date.now();
    this.writer = new Writer(socket, this.turn.dirty, () => this.roomAgain());
    this.reader = new FrameReader(this, LIMITS.handshakeFrameBytesMax);
    this.reading = new Reading(socket, this.reader, (error) => this.failByFrame(error));
    this.handshake = new Handshake(this, around.serverProperties(), around.logins);
    this.deadline = new Deadline((reason, resets) => this.destroy(reason, resets));
    this.deadline.set(around.limits.handshakeMs, 'handshake timeout');
    socket.setNoDelay(true);
    socket.on('error', (error) => {
      this.writer.stop();
      around.log('debug', `connection ${this.name}: ${error.message}`);
    });
    socket.on('close', () => this.ended());
    socket.on('end', () => this.finish());
    transport.start((chunk) => this.receive(chunk));
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get session(): Session {
    return this.sessionIn as Session;
  }

  /** True from connection.open until the socket is gone. */
  get hasEntered(): boolean {
    return this.sessionIn !== null;
  }

  get isClosing(): boolean {
    return this.state === 'closing' || this.state === 'closed';
  }

  /** Held back now or a moment ago: for its output, or to let consumers catch up. */
  get isSlowed(): boolean {
    return this.reading.isSlowed;
  }

  octets(): { receivedBytes: number; sentBytes: number } {
    return { receivedBytes: this.receivedBytes, sentBytes: this.writer.sentBytes };
  }

  get isHandshaking(): boolean {
    return this.state === 'handshake';
  }

  get channelCount(): number {
    return this.channels.size;
  }

  /** The name that the client gave itself; null when it gave none. */
  get clientName(): string | null {
    const field = findField(this.handshake.clientProperties, 'connection_name');
    return field?.type === 'S' ? field.value.toString() : null;
  }

  warn(text: string): void {
    this.around.log('warning', `connection ${this.name}: ${text}`);
  }

  clientCan(capability: string): boolean {
    return this.handshake.clientCan(capability);
  }

  send<K extends MethodName>(name: K, args: Partial<MethodArguments[K]>): void {
    this.writer.write(encodeFrame(FRAME_METHOD, 0, encodeMethod(name, args)));
  }

  /** Called by the reader for each frame; false: no more for now. */
  frame(type: number, channel: number, buffer: Buffer, start: number, end: number): boolean {
    if (this.state === 'closed') return false;
    let later: Promise<void> | undefined;
    if (this.state === 'closing') this.frameWhileClosing(type, channel, buffer, start, end);
    else if (type === FRAME_HEARTBEAT) return true;
    else if (channel === 0) later = this.ownFrame(type, buffer, start, end);
    else later = this.channelFrame(type, channel, buffer, start, end);
    if (later !== undefined) this.holdFor(later, this.channels.latest);
    if (!this.writer.hasRoom(this.unsentBytesMax)) this.hold('output');
    return this.reading.isFree;
  }

  /** tune-ok was good. */
  tuned(frameMax: number, channelMax: number, heartbeatSeconds: number): void {
    this.frameMax = frameMax;
    this.channelMax = channelMax;
    this.heartbeatSeconds = heartbeatSeconds;
    this.silenceMs = heartbeatSeconds * 1000;
    this.reader.frameMax = frameMax;
    if (heartbeatSeconds === 0) return;
    this.heartbeat = new Heartbeat(heartbeatSeconds, {
      // What waits for the end of the turn is as good as sent: a beat of ours, above all.
      sentBytes: () => this.writer.sentBytes + this.writer.position,
      receivedBytes: () => this.receivedBytes + (this.reading.has('output') ? this.writer.takenBytes : 0),
      isPaused: () => this.reading.isHeldByServer,
      beat: () => this.writer.write(HEARTBEAT_FRAME),
      dead: () => this.destroy('missed heartbeats from client'),
    });
  }

  /** The vhost that connection.open asks for. Throws NOT_ALLOWED when the client may not enter it now. */
  enter(user: User, name: string): Vhost {
    this.around.admitConnection();
    return this.broker.connect(user, name, this.owner);
  }

  /** connection.open was good. */
  opened(session: Session): void {
    this.sessionIn = session;
    this.state = 'open';
    this.deadline.clear();
    this.around.log(
      'info',
      `connection ${this.name}: user '${session.user.name}' entered vhost '${session.vhost.name}'`,
    );
  }

  /** The client's publishes wait until the alarm is over. */
  block(): void {
    if (this.isBlocked) return;
    this.isBlocked = true;
    if (this.clientCan('connection.blocked'))
      this.send('connection.blocked', { reason: `low on ${this.broker.alarmText}` });
    this.hold('alarm');
  }

  /** The alarm is over. */
  unblock(): void {
    if (!this.isBlocked) return;
    this.isBlocked = false;
    if (this.clientCan('connection.blocked')) this.send('connection.unblocked', {});
    this.reading.letGo('alarm');
  }

  /** Closes channels whose deliveries have waited too long for their acks. */
  checkAckTimeouts(nowMs: number): void {
    if (this.state !== 'open') return;
    for (const channel of this.channels.values()) {
      try {
        channel.checkAckTimeout(nowMs);
      } catch (error) {
        this.failChannel(channel, error);
      }
    }
  }

  /** Throws NOT_ALLOWED when the broker may have no more channels. */
  admitChannel(): void {
    this.around.admitChannel();
  }

  /** Closes from the server's side, with the reason that `error` gives. */
  fail(error: unknown): void {
    if (this.state === 'closing' || this.state === 'closed') return;
    const known = error instanceof AmqpError ? error : new AmqpError('INTERNAL_ERROR', 'internal error');
    if (known !== error) {
      this.around.log('error', `connection ${this.name}: ${error instanceof Error ? error.stack : String(error)}`);
    } else this.around.log('warning', `connection ${this.name} closed: ${known.replyText}`);
    const { code: replyCode, replyText } = known;
    this.release();
    this.state = 'closing';
    this.send('connection.close', { replyCode, replyText, ...this.currentIds });
    // An unread rest in the socket would make the close a reset that eats our reply: go on reading, for a while.
    this.reading.letGoOfAll();
    this.deadline.set(closeOkMs(this.silenceMs), 'no close-ok', true);
  }

  /** The stream of frames is broken: nothing that the client sends can be understood any more. */
  private failByFrame(error: unknown): void {
    this.currentIds = { classId: 0, methodId: 0 };
    this.fail(error);
    if (this.state !== 'closing') return;
    this.deadline.set(LIMITS.lostSyncCloseMs, 'frames lost their order');
  }

  /** Closes a connection that never came to be, with a reply that names no method. */
  refuse(error: AmqpError): void {
    this.currentIds = { classId: 0, methodId: 0 };
    this.fail(error);
  }

  /** The server goes down, or somebody closed this connection by hand. */
  force(reason: string): void {
    this.currentIds = { classId: 0, methodId: 0 };
    if (this.state === 'open') this.fail(new AmqpError('CONNECTION_FORCED', reason));
    else this.destroy(reason);
  }

  /** Closes after everything written so far has gone out. */
  finish(): void {
    this.release();
    this.state = 'closing';
    this.writer.flush();
    this.socket.end();
    this.deadline.set(LIMITS.finishMs, 'socket not closed by client');
  }

  /** `resets` the socket where that can be: TLS has no such end. */
  destroy(reason: string, resets = false): void {
    if (this.state !== 'closed') this.around.log('debug', `connection ${this.name} dropped: ${reason}`);
    this.writer.stop();
    if (resets && this.tls === null) this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.receivedBytes += chunk.length;
    this.receivedChunks++;
    try {
      const rest = this.state === 'handshake' ? this.handshake.protocolHeader(chunk) : chunk;
      if (rest !== null) this.reader.push(rest);
    } catch (error) {
      this.failByFrame(error);
    }
    this.attach(null);
    if (this.reader.stopped) this.socket.pause();
    this.broker.checkAlarms();
    this.turn.end();
  }

  private ownFrame(type: number, buffer: Buffer, start: number, end: number): Promise<void> | undefined {
    if (type !== FRAME_METHOD) {
      if (type === FRAME_HEADER) checkContentHeader(buffer, start, end);
      throw new AmqpError('UNEXPECTED_FRAME', `type ${type}, ${octetsText(buffer, start, end)}`);
    }
    try {
      const method = decodeMethod(buffer, start, end);
      this.currentIds = { classId: buffer.readUInt16BE(start), methodId: buffer.readUInt16BE(start + 2) };
      if (method.name === 'connection.close') {
        this.release();
        this.send('connection.close-ok', {});
        // The socket is the client's to close: threads of one may each have sent a close and wait for their close-ok.
        this.reading.letGoOfAll();
        this.deadline.set(LIMITS.farewellMs, 'socket not closed by client');
        return undefined;
      }
      this.handshake.method(method);
    } catch (error) {
      // Once it is open, RabbitMQ calls arguments that do not decode its own failure, and names no method.
      if (this.state === 'open' && error instanceof AmqpError && error.reply === 'SYNTAX_ERROR')
        this.refuse(new AmqpError('INTERNAL_ERROR', error.message));
      else this.fail(error);
    }
    return undefined;
  }

  private channelFrame(
    type: number,
    id: number,
    buffer: Buffer,
    start: number,
    end: number,
  ): Promise<void> | undefined {
    if (this.state !== 'open')
      throw new AmqpError('UNEXPECTED_FRAME', `type ${type}, ${octetsText(buffer, start, end)}`);
    const channel = this.channels.find(id);
    if (channel === null) {
      this.openChannel(type, id, buffer, start, end);
      return undefined;
    }
    if (channel.closing) {
      if (channel.frameWhileClosing(type, buffer, start, end)) this.channels.forget(channel);
      return undefined;
    }
    try {
      if (type === FRAME_HEADER) this.attach(channel);
      return channel.frame(type, buffer, start, end);
    } catch (error) {
      this.failChannel(channel, error);
      return undefined;
    }
  }

  /** One message at a time may point into the chunk; the one before it copies what it has. */
  private attach(channel: Channel | null): void {
    if (this.attached !== null && this.attached !== channel) this.attached.detachContent();
    this.attached = channel;
  }

  private openChannel(type: number, id: number, buffer: Buffer, start: number, end: number): void {
    try {
      if (type !== FRAME_METHOD) throw new AmqpError('CHANNEL_ERROR', "expected 'channel.open'");
      const method = decodeMethod(buffer, start, end);
      this.currentIds = { classId: buffer.readUInt16BE(start), methodId: buffer.readUInt16BE(start + 2) };
      // A close-ok that crossed our own, or a close for a channel that is gone: nothing to do.
      if (method.name === 'channel.close-ok') return;
      if (method.name !== 'channel.open') throw new AmqpError('CHANNEL_ERROR', "expected 'channel.open'");
      // Limits are refused without naming the method.
      this.currentIds = { classId: 0, methodId: 0 };
      this.channels.open(this, id).send('channel.open-ok', {});
    } catch (error) {
      this.fail(error);
    }
  }

  private failChannel(channel: Channel, error: unknown): void {
    if (!(error instanceof AmqpError) || error.scope === 'connection') {
      this.currentIds = channel.current;
      this.fail(error);
      return;
    }
    this.around.log('warning', `connection ${this.name}, channel ${channel.id} closed: ${error.replyText}`);
    const { code: replyCode, replyText } = error;
    channel.send('channel.close', { replyCode, replyText, ...channel.current });
    channel.release();
  }

  private frameWhileClosing(type: number, channel: number, buffer: Buffer, start: number, end: number): void {
    if (type !== FRAME_METHOD || channel !== 0 || end - start < 4) return;
    const methodId = buffer.readUInt32BE(start);
    if (methodId === ((10 << 16) | 50)) this.send('connection.close-ok', {});
    if (methodId === ((10 << 16) | 51)) this.socket.end();
  }

  private holdFor(later: Promise<void>, channel: Channel | null): void {
    this.hold('reply');
    later
      .catch((error: unknown) => {
        if (this.state !== 'open') return;
        if (channel) this.failChannel(channel, error);
        else this.fail(error);
      })
      .finally(() => this.reading.letGo('reply'));
  }

  private hold(reason: Hold): void {
    if (this.state === 'open' || this.state === 'handshake') this.reading.hold(reason);
  }

  private roomAgain(): void {
    this.reading.letGo('output');
    for (const channel of this.channels.values()) channel.wakeConsumers();
  }

  /** Everything of this connection in the broker ends: consumers, unacked deliveries, exclusive queues. */
  private release(): void {
    if (this.state === 'closed') return;
    this.state = 'closing';
    this.heartbeat?.stop();
    this.channels.release(this.sessionIn);
    this.broker.release(this.owner);
  }

  private ended(): void {
    if (this.state === 'closed') return;
    this.release();
    this.state = 'closed';
    this.deadline.clear();
    this.around.closed(this);
    this.turn.end();
  }
}
