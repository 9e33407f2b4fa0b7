/** The AMQP ports: accepts connections, knows them all, and ends them in order when the broker stops. */

import { createServer, type Server } from 'node:net';
import type { Field, FieldTable } from '../amqp/field-table.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import type { Broker } from '../broker/broker.ts';
import { LIMITS } from '../broker/limits.ts';
import type { Session } from '../broker/session.ts';
import type { ChannelCounts } from '../broker/vhosts/channel-counts.ts';
import type { ReadCertificates } from './certificates.ts';
import type { ClientLimits } from './client-limits.ts';
import { Connection, type Surroundings } from './connection.ts';
import { handleMethod } from './handlers/handlers.ts';
import { type Listening, listenOn } from './listening.ts';
import { type LoginAttempts, LoginGate } from './login-gate.ts';
import { RateMeter } from './rate-meter.ts';
import { readShared } from './shared-read.ts';
import { type TlsOptions, TlsPort } from './tls-port.ts';
import { Turn } from './turn.ts';

/** How long clients have to answer connection.close when the broker stops. */
const STOP_MS = 2_000;
const CHECK_MS_MIN = 50;

export interface ListenerOptions {
  broker: Broker;
  /** Addresses; the further ones may be absent. */
  hosts: readonly string[];
  /** 0: any free one. */
  port: number;
  /** Null: no AMQPS. */
  tls: TlsOptions | null;
  limits: ClientLimits;
  loginAttempts: LoginAttempts;
  clusterName: string;
  /** The RabbitMQ version that clients are told, and Warren's own. */
  compatibleWith: string;
  version: string;
  log: (level: 'debug' | 'info' | 'warning' | 'error', text: string) => void;
}

export class Listener {
  readonly connections = new Set<Connection>();
  readonly turn: Turn;
  readonly limits: ClientLimits;
  private readonly options: ListenerOptions;
  private readonly server: Server;
  private listening: Listening | null = null;
  private tlsPort: TlsPort | null = null;
  private readonly around: Surroundings;
  /** The server properties that clients are sent, as long as the broker has that name. */
  private ownProperties: { clusterName: string; properties: FieldTable } | null = null;
  private whenEmpty: (() => void) | null = null;
  private readonly ackTimeouts: NodeJS.Timeout;
  private readonly rateTimer: NodeJS.Timeout;
  private readonly sendTimeouts: NodeJS.Timeout;

  constructor(options: ListenerOptions) {
    this.options = options;
    const { broker, log } = options;
    this.limits = options.limits;
    this.turn = new Turn(() => broker.store.beforeDeliveries());
    this.around = {
      broker,
      log,
      limits: options.limits,
      admitConnection: () => this.admitConnection(),
      admitChannel: () => this.admitChannel(),
      handleMethod,
      turn: this.turn,
      logins: new LoginGate(options.loginAttempts, () => broker.clock.now()),
      serverProperties: () => this.serverProperties(),
      closed: (connection: Connection) => {
        this.connections.delete(connection);
        if (connection.hasEntered) connection.session.vhost.past.addConnection(connection.octets());
        if (this.connections.size === 0) this.whenEmpty?.();
      },
    };
    this.server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (accepted) => {
      // Gone again before it was accepted.
      if (accepted.remoteAddress === undefined) accepted.destroy();
      else this.connections.add(new Connection(readShared(accepted), this.around));
    });
    this.ackTimeouts = setInterval(
      () => {
        for (const connection of this.connections) connection.checkAckTimeouts(broker.clock.now());
      },
      checkMs(options.limits.ackTimeoutMs, LIMITS.ackTimeoutCheckMs),
    ).unref();
    const { sendTimeoutMs } = options.limits;
    this.sendTimeouts = setInterval(
      () => this.dropStuck(sendTimeoutMs),
      checkMs(sendTimeoutMs, LIMITS.sendTimeoutCheckMs),
    ).unref();
    this.rateTimer = setInterval(() => this.measureRates(broker.clock.now()), LIMITS.rateIntervalMs).unref();
    broker.watchEvictions((affects, reason) => this.evict(affects, reason));
    broker.watchAlarms(() => {
      if (broker.blocked) return;
      for (const connection of this.connections) connection.unblock();
    });
  }

  private serverProperties(): FieldTable {
    const clusterName = this.options.broker.clusterName ?? this.options.clusterName;
    if (this.ownProperties?.clusterName !== clusterName) {
      this.ownProperties = { clusterName, properties: serverProperties(this.options, clusterName) };
    }
    return this.ownProperties.properties;
  }

  private admitConnection(): void {
    const { nodeConnectionsMax: max } = this.limits;
    if (max === null) return;
    let entered = 0;
    for (const connection of this.connections) if (connection.isOpen) entered++;
    if (entered < max) return;
    throw new AmqpError('NOT_ALLOWED', `connection refused: node connection limit (${max}) is reached`);
  }

  private admitChannel(): void {
    const { nodeChannelsMax: max } = this.limits;
    if (max === null || this.channelCount < max) return;
    const where = `node '${this.options.clusterName}'`;
    const text = `number of channels opened on ${where} has reached the maximum allowed limit of (${max})`;
    throw new AmqpError('NOT_ALLOWED', text);
  }

  /** Makes rates of what each connection and channel has counted. */
  private measureRates(nowMs: number): void {
    for (const connection of this.connections) {
      const octets = connection.octets();
      if (connection.meter) connection.meter.measure(octets, nowMs);
      else connection.meter = new RateMeter(octets, nowMs);
      for (const channel of connection.channels.values()) {
        if (channel.meter) channel.meter.measure(channel.counts, nowMs);
        else channel.meter = new RateMeter<keyof ChannelCounts>(channel.counts, nowMs);
      }
    }
  }

  /** Drops clients that take nothing for that long: they are as good as gone, even if they go on sending heartbeats. */
  private dropStuck(timeoutMs: number | null): void {
    if (timeoutMs === null) return;
    const nowMs = performance.now();
    for (const connection of this.connections) {
      if (connection.writer.stuckMs(nowMs) < timeoutMs) continue;
      connection.warn(`dropped: nothing could be sent for ${timeoutMs} ms`);
      connection.destroy('send timeout');
    }
  }

  /** Closes connections of a vhost or a user that is no more. */
  private evict(affects: (session: Session) => boolean, reason: string): void {
    for (const connection of [...this.connections]) {
      if (connection.isOpen && affects(connection.session)) connection.force(reason);
    }
    this.turn.end();
  }

  /** Resolves with ports and addresses when clients can connect; rejects with one clear line. */
  async listen(): Promise<{ amqpPort: number; amqpsPort: number | null; hosts: readonly string[] }> {
    const { hosts, port, tls, limits, log } = this.options;
    if (tls !== null) {
      const options = { ...tls, hosts, handshakeMs: limits.handshakeMs };
      this.tlsPort = new TlsPort(options, (one) => this.connections.add(new Connection(one, this.around)), log);
    }
    this.listening = await listenOn(this.server, 'AMQP', hosts, port);
    const amqpsPort = this.tlsPort === null ? null : await this.tlsPort.listen();
    return { amqpPort: this.listening.port, amqpsPort, hosts: this.listening.hosts };
  }

  /** The facts about the certificates of the AMQPS port; null: there is no such port. */
  get certificates(): ReadCertificates['facts'] | null {
    return this.tlsPort?.certificates ?? null;
  }

  get channelCount(): number {
    let count = 0;
    for (const connection of this.connections) count += connection.channelCount;
    return count;
  }

  get blockedCount(): number {
    let count = 0;
    for (const connection of this.connections) if (connection.isBlocked) count++;
    return count;
  }

  /** Accepts nobody new, tells every client why, and resolves when all are gone. */
  async stop(): Promise<void> {
    this.listening?.close();
    this.tlsPort?.close();
    clearInterval(this.ackTimeouts);
    clearInterval(this.rateTimer);
    clearInterval(this.sendTimeouts);
    for (const connection of this.connections)
      connection.force("broker forced connection closure with reason 'shutdown'");
    this.turn.end();
    if (this.connections.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, STOP_MS);
        this.whenEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    for (const connection of this.connections) connection.destroy('shutdown');
  }
}

/** Often enough for the timeout, and seldom enough to cost nothing. */
function checkMs(timeoutMs: number | null, usualMs: number): number {
  return Math.max(CHECK_MS_MIN, Math.min(usualMs, (timeoutMs ?? Infinity) / 4));
}

const CAPABILITIES = [
  'publisher_confirms',
  'exchange_exchange_bindings',
  'basic.nack',
  'consumer_cancel_notify',
  'connection.blocked',
  'consumer_priorities',
  'authentication_failure_close',
  'per_consumer_qos',
  'direct_reply_to',
];

/** Clients look at product and version to know what they may use; who it really is stands in `platform`. */
function serverProperties(options: ListenerOptions, clusterName: string): FieldTable {
  const text = (value: string): Field => ({ type: 'S', value });
  return [
    ['capabilities', { type: 'F', value: CAPABILITIES.map((name) => [name, { type: 't', value: true }]) }],
    ['cluster_name', text(clusterName)],
    ['copyright', text('Copyright (c) the authors of Warren')],
    ['information', text('RabbitMQ-compatible; see the console')],
    ['platform', text(`Warren ${options.version} on Node.js ${process.version}`)],
    ['product', text('RabbitMQ')],
    ['version', text(options.compatibleWith)],
  ];
}
