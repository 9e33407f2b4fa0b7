import type { FieldTable } from '../../../lib/amqp/field-table.ts';
import type { Properties } from '../../../lib/amqp/properties.ts';
import { Broker } from '../../../lib/broker/broker.ts';
import type { Exchange } from '../../../lib/broker/exchanges/exchange.ts';
import { encodeAddress, newMessage } from '../../../lib/broker/messages/message.ts';
import { User } from '../../../lib/broker/permissions/user.ts';
import { type Outcome, Publisher } from '../../../lib/broker/publishing/publisher.ts';
import { Owner } from '../../../lib/broker/queues/owner.ts';
import type { Queue } from '../../../lib/broker/queues/queue.ts';
import type { Session } from '../../../lib/broker/session.ts';
import type { Bind, ExchangeDeclare, QueueDeclare } from '../../../lib/broker/topology.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryDefinitions } from './memory-definitions.ts';

/** A whole broker that has started: no socket, no disk, time that stands still. */
export class BrokerFixture {
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly logs: string[] = [];
  readonly definitions: MemoryDefinitions;
  readonly broker: Broker;
  session!: Session;

  private constructor(definitions: MemoryDefinitions, store: MemoryStore, startMs: number) {
    this.store = store;
    this.clock = new FakeClock(startMs);
    this.definitions = definitions;
    this.broker = new Broker({
      node: 'rabbit@here',
      loopbackUsers: ['guest'],
      clock: this.clock,
      store: this.store,
      definitions,
      verifyPassword: (definition, password) => definition.passwordHash === `hash of ${password}`,
      hashPassword: (password) => ({
        passwordHash: `hash of ${password}`,
        hashingAlgorithm: 'rabbit_password_hashing_sha256',
      }),
      log: (level, text) => this.logs.push(`${level}: ${text}`),
    });
  }

  /** `store`: what an earlier broker kept its messages in. */
  static async start(
    definitions = new MemoryDefinitions(),
    messageBytesMax = 1_000_000_000,
    store = new MemoryStore(messageBytesMax),
  ): Promise<BrokerFixture> {
    return BrokerFixture.run(new BrokerFixture(definitions, store, 1_700_000_000_000));
  }

  /** The same broker `afterMs` later, by another process. */
  restart(afterMs = 0): Promise<BrokerFixture> {
    return BrokerFixture.run(new BrokerFixture(this.definitions, this.store, this.clock.now() + afterMs));
  }

  private static async run(fixture: BrokerFixture): Promise<BrokerFixture> {
    await fixture.broker.start({ user: 'guest', password: 'guest', vhost: '/' });
    fixture.definitions.batches.length = 0;
    fixture.session = fixture.newSession();
    return fixture;
  }

  get vhost() {
    return this.session.vhost;
  }

  newSession(name = 'guest'): Session {
    const vhost = this.broker.vhosts.get('/');
    const user = this.broker.users.get(name);
    if (!vhost || !user) throw new Error(`there is no user ${name}`);
    return { user, vhost, owner: new Owner() };
  }

  /** A session of a user who may do only that. */
  limitedSession(patterns: { configure?: string; write?: string; read?: string }): Session {
    const user = new User({
      name: 'ann',
      passwordHash: '',
      hashingAlgorithm: 'rabbit_password_hashing_sha256',
      tags: [],
      limits: {},
    });
    user.permit({ user: 'ann', vhost: '/', configure: '', write: '', read: '', ...patterns });
    return { ...this.session, user, owner: new Owner() };
  }

  queue(name: string, wishes: Partial<QueueDeclare> = {}, session = this.session): Queue {
    return this.declareQueue(name, wishes, session).queue;
  }

  declareQueue(name: string, wishes: Partial<QueueDeclare> = {}, session = this.session) {
    const defaults = { passive: false, durable: false, exclusive: false, autoDelete: false, arguments: [] };
    const declared = this.broker.topology.declareQueue(session, { ...defaults, name, ...wishes });
    declared.stored?.catch(() => {});
    return declared;
  }

  exchange(name: string, type = 'direct', wishes: Partial<ExchangeDeclare> = {}, session = this.session): Exchange {
    return this.declareExchange(name, type, wishes, session).exchange;
  }

  declareExchange(name: string, type = 'direct', wishes: Partial<ExchangeDeclare> = {}, session = this.session) {
    const defaults = { passive: false, durable: false, autoDelete: false, internal: false, arguments: [] };
    const declared = this.broker.topology.declareExchange(session, { ...defaults, name, type, ...wishes });
    declared.stored?.catch(() => {});
    return declared;
  }

  bind(source: string, destination: string, routingKey = '', wishes: Partial<Bind> = {}, session = this.session): void {
    this.storedBind(source, destination, routingKey, wishes, session)?.catch(() => {});
  }

  storedBind(source: string, destination: string, routingKey = '', wishes: Partial<Bind> = {}, session = this.session) {
    const defaults = { destinationType: 'queue' as const, arguments: [] };
    return this.broker.topology.bind(session, { ...defaults, source, destination, routingKey, ...wishes });
  }

  unbind(
    source: string,
    destination: string,
    routingKey = '',
    wishes: Partial<Bind> = {},
    session = this.session,
  ): void {
    const defaults = { destinationType: 'queue' as const, arguments: [] };
    const stored = this.broker.topology.unbind(session, { ...defaults, source, destination, routingKey, ...wishes });
    stored?.catch(() => {});
  }

  deleteExchange(name: string, onlyIf = { unused: false }, session = this.session) {
    const stored = this.broker.topology.deleteExchange(session, name, onlyIf);
    stored?.catch(() => {});
    return { stored };
  }

  publish(
    exchange: string,
    routingKey: string,
    body = 'x',
    properties: Properties = {},
    session = this.session,
    mandatory = false,
  ): Outcome {
    const publisher = new Publisher(session);
    const address = encodeAddress(exchange, routingKey);
    const route = publisher.route(address, 0, address.length);
    const message = newMessage(exchange, routingKey, {}, Buffer.from(body));
    const header = newMessage(exchange, routingKey, { ...properties }, message).headerBytes;
    message.headerBytes = header;
    message.headerEnd = header.length;
    publisher.admit(message);
    return publisher.publish(route, message, mandatory);
  }

  /** Names of the queues that a message to that exchange reaches. */
  route(exchange: string, routingKey = '', headers: FieldTable = []): string[] {
    const source = this.vhost.exchanges.get(exchange);
    if (!source) throw new Error(`there is no exchange ${exchange}`);
    return this.vhost
      .route(source, [routingKey], () => headers)
      .queues.map((queue) => queue.name)
      .sort();
  }
}

/** A string argument. */
export const text = (name: string, value: string): FieldTable => [[name, { type: 'S', value }]];
/** An integer argument. */
export const number = (name: string, value: number): FieldTable => [[name, { type: 'I', value }]];
