/**
 * How a connection begins: protocol header, start, tune, open; and what else may come on channel 0. [amqp 4.2.2,
 * rabbit: reader]
 */
import { decodeTable, type FieldTable, findField } from '../amqp/field-table.ts';
import { encodeFrame, FRAME_METHOD, PROTOCOL_HEADER } from '../amqp/frame.ts';
import { encodeMethod, type Method, type MethodArguments } from '../amqp/method.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import { LIMITS } from '../broker/limits.ts';
import type { User } from '../broker/permissions/user.ts';
import type { Connection } from './connection.ts';
import type { LoginGate } from './login-gate.ts';

/** The header that clients of 0-9 send: the same protocol by another name. */
const LEGACY_HEADER = Buffer.from('AMQP\x01\x01\x00\x09', 'latin1');
const MECHANISMS: readonly string[] = ['PLAIN', 'AMQPLAIN'];
/** Signing in by certificate. */
const EXTERNAL = 'EXTERNAL';
/** The mechanisms that RabbitMQ knows, more than it offers. */
const KNOWN_MECHANISMS: readonly string[] = [...MECHANISMS, EXTERNAL, 'ANONYMOUS', 'RABBIT-CR-DEMO'];

export class Handshake {
  clientProperties: FieldTable = [];
  mechanism = '';
  private readonly connection: Connection;
  private readonly serverProperties: FieldTable;
  private readonly logins: LoginGate;
  private header = Buffer.alloc(0);
  private expects: 'header' | 'start-ok' | 'tune-ok' | 'open' | 'nothing' = 'header';
  private user: User | null = null;
  /** The name of the user who tried to sign in, for the log. */
  private claimedName: string | null = null;

  constructor(connection: Connection, serverProperties: FieldTable, logins: LoginGate) {
    this.connection = connection;
    this.serverProperties = serverProperties;
    this.logins = logins;
  }

  /** Takes the first eight bytes. Returns what follows them; null while they are incomplete or when they were wrong. */
  protocolHeader(chunk: Buffer): Buffer | null {
    if (this.expects !== 'header') return chunk;
    const bytes = this.header.length === 0 ? chunk : Buffer.concat([this.header, chunk]);
    const known = [PROTOCOL_HEADER, LEGACY_HEADER].find((header) => bytes.subarray(0, 8).equals(header));
    if (known) {
      this.expects = 'start-ok';
      this.header = Buffer.alloc(0);
      this.start();
      return bytes.length > 8 ? bytes.subarray(8) : null;
    }
    const shown = bytes.subarray(0, 8);
    if (
      bytes.length < 8 &&
      [PROTOCOL_HEADER, LEGACY_HEADER].some((header) => header.subarray(0, shown.length).equals(shown))
    ) {
      this.header = Buffer.from(bytes);
      return null;
    }
    this.expects = 'nothing';
    this.connection.writer.write(PROTOCOL_HEADER);
    this.connection.finish();
    return null;
  }

  clientCan(capability: string): boolean {
    const capabilities = findField(this.clientProperties, 'capabilities');
    const field = capabilities?.type === 'F' ? findField(capabilities.value, capability) : undefined;
    return field?.type === 't' && field.value;
  }

  /** A method on channel 0, connection.close excepted. */
  method(method: Method): void {
    if (method.name === 'connection.start-ok' && this.expects === 'start-ok') this.startOk(method.arguments);
    else if (method.name === 'connection.tune-ok' && this.expects === 'tune-ok') this.tuneOk(method.arguments);
    else if (method.name === 'connection.open' && this.expects === 'open') this.open(method.arguments.virtualHost);
    else if (method.name === 'connection.update-secret' && this.connection.isOpen) {
      // Secrets of this broker do not expire.
      this.connection.send('connection.update-secret-ok', {});
    } else if (method.name.startsWith('connection.')) {
      if (this.connection.isOpen) throw new AmqpError('CHANNEL_ERROR', 'unexpected method in connection state running');
      this.leaveUnanswered(method.name);
    } else throw new AmqpError('COMMAND_INVALID', 'unimplemented method');
  }

  /** Drops the connection in silence, as RabbitMQ does: amqplib reports its failed handshake twice when a close follows. */
  private leaveUnanswered(name: string): void {
    if (this.expects === 'nothing') return;
    this.expects = 'nothing';
    this.connection.warn(`${name} came before its time`);
    setTimeout(() => this.connection.destroy('methods of the handshake out of order'), LIMITS.silentCloseMs);
  }

  private start(): void {
    this.connection.writer.write(startFrame(this.serverProperties, this.mechanisms.join(' ')));
  }

  private startOk(args: MethodArguments['connection.start-ok']): void {
    this.expects = 'nothing';
    this.clientProperties = args.clientProperties;
    this.mechanism = args.mechanism;
    this.login(args.mechanism, args.response);
  }

  private get mechanisms(): readonly string[] {
    return this.connection.tls?.offersExternal ? [...MECHANISMS, EXTERNAL] : MECHANISMS;
  }

  private login(mechanism: string, response: Buffer): void {
    const { broker, remoteAddress, tls } = this.connection;
    if (!this.mechanisms.includes(mechanism)) {
      const fault = KNOWN_MECHANISMS.includes(mechanism) ? 'invalid' : 'unknown';
      throw new AmqpError('COMMAND_INVALID', `${fault} authentication mechanism '${mechanism}'`);
    }
    if (mechanism === EXTERNAL) {
      const name = tls?.certificateUser ?? null;
      this.claimedName = name;
      this.decide(name === null ? null : broker.authenticateExternally(name, remoteAddress));
      return;
    }
    const { name, password } = credentials(mechanism, response);
    this.claimedName = name;
    const checkPassword = (): boolean | null => {
      if (!this.connection.isHandshaking) return null;
      const user = broker.authenticate(name, password, remoteAddress);
      this.decide(user);
      return user !== null;
    };
    this.logins.pass({ user: name, password, address: remoteAddress }, checkPassword, () => this.decide(null));
  }

  /** Null: refused. */
  private decide(user: User | null): void {
    this.connection.broker.logins.amqp091.note(user !== null);
    this.user = user;
    if (user === null) {
      this.refuse();
      return;
    }
    this.connection.send('connection.tune', {
      channelMax: this.connection.limits.channelsMax,
      frameMax: LIMITS.frameBytesMax,
      heartbeat: this.connection.limits.heartbeatSeconds,
    });
    this.expects = 'tune-ok';
  }

  private refuse(): void {
    const { mechanism, claimedName } = this;
    // Anybody may have sent anything: one line of a sensible length, whatever it was.
    const who = claimedName === null ? 'no user' : `user ${JSON.stringify(claimedName.slice(0, LIMITS.nameBytesMax))}`;
    this.connection.warn(`${mechanism} login refused for ${who}`);
    if (!this.clientCan('authentication_failure_close')) {
      setTimeout(() => this.connection.destroy('login refused'), LIMITS.silentCloseMs);
      return;
    }
    const text = `Login was refused using authentication mechanism ${mechanism}. For details see the broker logfile.`;
    this.connection.refuse(new AmqpError('ACCESS_REFUSED', text));
  }

  private tuneOk(args: MethodArguments['connection.tune-ok']): void {
    const { frameMax, channelMax, heartbeat } = args;
    checkLimit('frame_max', frameMax, LIMITS.frameBytesMin, LIMITS.frameBytesMax);
    checkLimit('channel_max', channelMax, 1, this.connection.limits.channelsMax);
    this.connection.tuned(frameMax, channelMax, heartbeat);
    this.expects = 'open';
  }

  private open(name: string): void {
    const user = this.user as User;
    const vhost = this.connection.enter(user, name);
    this.expects = 'nothing';
    this.connection.opened({ user, vhost, owner: this.connection.owner });
    this.connection.send('connection.open-ok', {});
  }
}

/**
 * The latest connection.start, the same for every client until somebody renames the broker: clients come by the
 * thousand.
 */
let latestStart: { properties: FieldTable; mechanisms: string; frame: Buffer } | null = null;

function startFrame(properties: FieldTable, mechanisms: string): Buffer {
  if (latestStart?.properties === properties && latestStart.mechanisms === mechanisms) return latestStart.frame;
  const start = encodeMethod('connection.start', {
    versionMajor: 0,
    versionMinor: 9,
    serverProperties: properties,
    mechanisms: Buffer.from(mechanisms),
    locales: Buffer.from('en_US'),
  });
  latestStart = { properties, mechanisms, frame: encodeFrame(FRAME_METHOD, 0, start) };
  return latestStart.frame;
}

function checkLimit(name: string, value: number, min: number, max: number): void {
  if (value === 0) {
    throw new AmqpError(
      'NOT_ALLOWED',
      `negotiated ${name} = 0 (no limit) is higher than the maximum allowed value (${max})`,
    );
  }
  if (value > max)
    throw new AmqpError(
      'NOT_ALLOWED',
      `negotiated ${name} = ${value} is higher than the maximum allowed value (${max})`,
    );
  if (value < min)
    throw new AmqpError(
      'NOT_ALLOWED',
      `negotiated ${name} = ${value} is lower than the minimum allowed value (${min})`,
    );
}

/** Name and password of a SASL response. */
function credentials(mechanism: string, response: Buffer): { name: string; password: string } {
  if (mechanism === 'PLAIN') {
    const [authorization, name, password, ...rest] = response.toString('utf8').split('\0');
    if (authorization !== '' || name === undefined || password === undefined || rest.length > 0) {
      throw new AmqpError('SYNTAX_ERROR', 'response of mechanism PLAIN is invalid');
    }
    return { name, password };
  }
  const table = decodeTable(response, 0, response.length);
  const name = findField(table, 'LOGIN');
  const password = findField(table, 'PASSWORD');
  if (name?.type !== 'S' || password?.type !== 'S') {
    throw new AmqpError('SYNTAX_ERROR', 'response of mechanism AMQPLAIN is invalid');
  }
  return { name: name.value.toString(), password: password.value.toString() };
}
