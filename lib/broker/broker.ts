/**
 * The broker: vhosts, users, and what holds for all of them. It decides; sockets, disk and time are handed in.
 * Invariant: everything durable in memory is in the definition store, or on its way there in the order of the changes.
 */
import { decodeTable, type FieldTable } from '../amqp/field-table.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import { zeros } from '../figures/figure.ts';
import { VHOST_FIGURES } from '../figures/vhost-figures.ts';
import { Changes } from './changes.ts';
import type { Clock } from './clock.ts';
import type { DefinitionLog } from './definition-log.ts';
import type { Exchange } from './exchanges/exchange.ts';
import { knownType } from './exchanges/exchange-types.ts';
import { generatedName } from './generated-name.ts';
import { Accounts } from './permissions/accounts.ts';
import { Logins } from './permissions/logins.ts';
import { unusablePatterns } from './permissions/unusable-patterns.ts';
import { User } from './permissions/user.ts';
import { Parameters } from './policies/parameters.ts';
import { PolicyCommands } from './policies/policy-commands.ts';
import type {
  DefinitionChange,
  DefinitionStore,
  Definitions,
  MessageStore,
  UserDefinition,
  VhostDefinition,
} from './ports.ts';
import type { Owner } from './queues/owner.ts';
import type { Queue } from './queues/queue.ts';
import { readQueueArguments } from './queues/queue-arguments.ts';
import { makeQueue } from './queues/queue-types.ts';
import { resourceText } from './resource.ts';
import type { Session } from './session.ts';
import { readAlternateExchange, Topology } from './topology.ts';
import { Activity } from './vhosts/activity.ts';
import { addNumbers } from './vhosts/number-sum.ts';
import { isReached } from './vhosts/quota.ts';
import { Vhost } from './vhosts/vhost.ts';
import { VhostCommands } from './vhosts/vhost-commands.ts';

/** What happened in a vhost, or in several together. */
export type Counted = Pick<Vhost, 'counters' | 'activity'>;

export type Shortage = 'memory' | 'disk';

export interface BrokerOptions {
  /** This node's name. */
  node: string;
  clock: Clock;
  store: MessageStore;
  definitions: DefinitionStore;
  /** True when the password belongs to the user's hash. */
  verifyPassword: (definition: UserDefinition, password: string) => boolean;
  /** Users that may come only from this machine. */
  loopbackUsers: readonly string[];
  hashPassword: (password: string) => Pick<UserDefinition, 'passwordHash' | 'hashingAlgorithm'>;
  log: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/** The global parameter that names this broker for good, whatever it is called. */
const CLUSTER_ID = 'internal_cluster_id';

type Entrance = Pick<Session, 'user' | 'vhost'>;

export class Broker {
  readonly vhosts = new Map<string, Vhost>();
  readonly users = new Map<string, User>();
  readonly logins = new Logins();
  readonly changes = new Changes();
  readonly clock: Clock;
  readonly store: MessageStore;
  readonly topology: Topology;
  readonly accounts: Accounts;
  readonly vhostCommands: VhostCommands;
  readonly policies: PolicyCommands;
  readonly parameters: Parameters;
  private readonly options: BrokerOptions;
  private readonly reported = new Set<string>();
  /** The user and the vhost that a connection counts for, once it has entered one. */
  private readonly entered = new Map<Owner, Entrance>();
  private writing: Promise<void> | undefined;
  /** What was counted in vhosts that are gone. */
  private readonly past = nothingCounted();
  /** Vhosts that are gone, and still count the ends of their connections. */
  private readonly leaving = new Set<Vhost>();
  /** Changes that wait for others, to be stored as one; null: each is stored at once. */
  private gathering: { changes: DefinitionChange[]; stored: PromiseWithResolvers<void> } | null = null;
  /** The resources that are short, so that publishers wait. */
  alarms: readonly Shortage[] = [];
  /** Set by whoever watches the process. */
  memoryIsLow = false;
  private readonly onAlarm = new Set<() => void>();
  private readonly onEviction = new Set<(affects: (session: Session) => boolean, reason: string) => void>();

  constructor(options: BrokerOptions) {
    this.options = options;
    this.clock = options.clock;
    this.store = options.store;
    const log: DefinitionLog = { apply: (changes) => this.apply(changes), pending: () => this.writing };
    const { users, vhosts } = this;
    this.topology = new Topology(log);
    this.accounts = new Accounts({
      users,
      vhosts,
      log,
      hashPassword: options.hashPassword,
      deleted: (user) => this.evict((session) => session.user === user, `user '${user.name}' is deleted`),
    });
    this.vhostCommands = new VhostCommands({
      node: options.node,
      vhosts,
      log,
      add: (definition) => this.addVhost(definition),
      deleting: (vhost) => {
        this.leaving.add(vhost);
        this.evict((session) => session.vhost === vhost, `vhost '${vhost.name}' is deleted`);
      },
      clear: (vhost) => [
        ...this.topology.clear(vhost),
        ...this.policies.forgetVhost(vhost),
        ...this.accounts.forgetVhost(vhost.name),
      ],
    });
    this.policies = new PolicyCommands(vhosts, log, options.clock);
    this.parameters = new Parameters(this.vhostCommands, this.policies, log);
  }

  /** Reads the definitions; on the very first start makes the default vhost and user. Null: none of that. */
  async start(defaults: { user: string | null; password: string; vhost: string | null }): Promise<void> {
    let definitions = await this.options.definitions.load();
    if (definitions.vhosts.length === 0) {
      await this.options.definitions.apply(this.firstDefinitions(defaults));
      definitions = await this.options.definitions.load();
    }
    for (const vhost of definitions.vhosts) this.addVhost(vhost);
    for (const user of definitions.users) this.users.set(user.name, new User(user));
    this.restore(definitions);
    this.store.finishRecovery(new Set(definitions.deleted));
    // Only now: what a policy drops may be dead-lettered, by bindings that had to come back first.
    for (const vhost of this.vhosts.values()) {
      this.policies.refresh(vhost);
      vhost.deadLetters.allChanged();
      for (const queue of vhost.queues.values()) queue.recovered();
      for (const { type } of vhost.exchanges.values()) type.start?.();
    }
    this.reportUnusablePatterns();
    // Last: nothing may be waited for between the restore and the end of the recovery.
    if (this.parameters.findGlobal(CLUSTER_ID) === undefined) {
      await this.parameters.putGlobal(CLUSTER_ID, generatedName('rabbitmq-cluster-id-'));
    }
  }

  /** Logs each pattern that is kept and cannot be used, unless it was logged before. */
  reportUnusablePatterns(): void {
    for (const line of unusablePatterns(this.users.values(), this.policies)) {
      if (!this.reported.has(line)) this.options.log('warning', line);
      this.reported.add(line);
    }
  }

  /**
   * Stores all durable changes that `act` makes in one transaction: all of them or none. It changes memory at once, so
   * it returns without waiting for anything. When it throws, or when storing fails, its changes are taken back.
   */
  together<T>(act: () => T): T {
    const { changes, stored } = { changes: [] as DefinitionChange[], stored: Promise.withResolvers<void>() };
    stored.promise.catch(() => {});
    this.gathering = { changes, stored };
    try {
      const result = act();
      this.gathering = null;
      if (changes.length === 0) stored.resolve();
      else this.apply(changes).then(stored.resolve, stored.reject);
      return result;
    } catch (error) {
      this.gathering = null;
      stored.reject(error);
      throw error;
    }
  }

  /** The user that signs in; null when the name or password is wrong, or when the user may not come from that address. */
  authenticate(name: string, password: string, remoteAddress: string): User | null {
    const user = this.authenticateExternally(name, remoteAddress);
    if (!user || password === '' || user.definition.passwordHash === '') return null;
    return this.options.verifyPassword(user.definition, password) ? user : null;
  }

  /** A user whose name somebody else vouches for. Null when there is none, or when the user may not come from there. */
  authenticateExternally(name: string, remoteAddress: string): User | null {
    const user = this.users.get(name);
    if (!user || (this.options.loopbackUsers.includes(name) && !isLoopback(remoteAddress))) return null;
    return user;
  }

  /** Throws NOT_ALLOWED when there is no such vhost or the user has no permissions in it. */
  enter(user: User, vhost: string): Vhost {
    const found = this.vhosts.get(vhost);
    if (!found) throw new AmqpError('NOT_ALLOWED', `vhost ${vhost} not found`);
    if (!user.mayEnter(vhost)) {
      throw new AmqpError('NOT_ALLOWED', `access to vhost '${vhost}' refused for user '${user.name}'`);
    }
    return found;
  }

  /**
   * A connection enters a vhost; it counts there until `release`. Throws NOT_ALLOWED when there is no such vhost, when
   * vhost or user have reached their number of connections, or when the user has no permissions in it.
   */
  connect(user: User, name: string, owner: Owner): Vhost {
    const vhost = this.vhosts.get(name);
    if (!vhost) throw new AmqpError('NOT_ALLOWED', `vhost ${name} not found`);
    const refuse = (text: string): never => {
      throw new AmqpError('NOT_ALLOWED', text);
    };
    const { limits } = vhost.definition;
    if (isReached(limits, 'max-connections', vhost.connectionCount)) {
      const text = `connection limit (${limits['max-connections']}) is reached`;
      refuse(`access to vhost '${name}' refused for user '${user.name}': ${text}`);
    }
    const { limits: own } = user.definition;
    if (isReached(own, 'max-connections', user.connectionCount)) {
      const text = `user connection limit (${own['max-connections']}) is reached`;
      refuse(`connection refused for user '${user.name}': ${text}`);
    }
    // A user that was deleted since its login is another one, even if there is one of that name again.
    if (this.users.get(user.name) !== user) refuse(`access to vhost '${name}' refused for user '${user.name}'`);
    this.enter(user, name);
    this.entered.set(owner, { user, vhost });
    vhost.counters.connectionsOpened++;
    user.connectionCount++;
    vhost.connectionCount++;
    this.noteConnection('created', owner, { user, vhost });
    return vhost;
  }

  /** A connection is gone: its exclusive queues go with it. */
  release(owner: Owner): void {
    const entrance = this.entered.get(owner);
    if (entrance) {
      entrance.vhost.counters.connectionsClosed++;
      this.noteConnection('deleted', owner, entrance);
      entrance.user.connectionCount--;
      entrance.vhost.connectionCount--;
      this.entered.delete(owner);
    }
    for (const queue of [...owner.exclusiveQueues]) {
      const vhost = this.vhosts.get(queue.vhost);
      if (vhost) this.endQueue(vhost, queue);
    }
  }

  /** The name that was given to this broker; null: none was. */
  get clusterName(): string | null {
    const name = this.parameters.findGlobal('cluster_name');
    return typeof name === 'string' ? name : null;
  }

  /** The counters of all vhosts together, those that are gone included. Made anew each time. */
  counted(): Counted {
    const sums = nothingCounted();
    addNumbers(sums, this.past);
    for (const vhost of this.leaving) {
      if (vhost.connectionCount === 0) {
        this.leaving.delete(vhost);
        addNumbers(this.past, countedIn(vhost));
      }
      addNumbers(sums, countedIn(vhost));
    }
    for (const vhost of this.vhosts.values()) addNumbers(sums, countedIn(vhost));
    return sums;
  }

  /** True while publishers must wait. */
  get blocked(): boolean {
    return this.alarms.length > 0;
  }

  /** The alarms in effect as RabbitMQ says them: `memory`, `disk` or `memory & disk`. */
  get alarmText(): string {
    return this.alarms.join(' & ');
  }

  /** Raises or clears the alarm; called every turn that moved messages, and now and then. */
  checkAlarms(): void {
    const { low } = this.store;
    const memory = this.memoryIsLow || low === 'memory';
    const disk = low === 'disk';
    if (memory === this.alarms.includes('memory') && disk === this.alarms.includes('disk')) return;
    this.alarms = [...(memory ? (['memory'] as const) : []), ...(disk ? (['disk'] as const) : [])];
    this.options.log(
      'warning',
      this.blocked ? `low on ${this.alarmText}: publishers are blocked` : 'alarm cleared, publishers go on',
    );
    this.changes.note({ kind: 'alarm', verb: 'changed', vhost: null, name: this.alarmText, user: null });
    for (const listener of this.onAlarm) listener();
  }

  /** Calls back when the alarm is raised or cleared; returns the function that ends it. */
  watchAlarms(listener: () => void): () => void {
    this.onAlarm.add(listener);
    return () => this.onAlarm.delete(listener);
  }

  /** Calls back when connections have to go; returns the function that ends it. */
  watchEvictions(listener: (affects: (session: Session) => boolean, reason: string) => void): () => void {
    this.onEviction.add(listener);
    return () => this.onEviction.delete(listener);
  }

  private noteConnection(verb: 'created' | 'deleted', { name }: Owner, { user, vhost }: Entrance): void {
    this.changes.note({ kind: 'connection', verb, vhost: vhost.name, name, user: user.name });
  }

  private evict(affects: (session: Session) => boolean, reason: string): void {
    for (const listener of this.onEviction) listener(affects, reason);
  }

  private apply(changes: DefinitionChange[]): Promise<void> {
    if (this.gathering) {
      this.gathering.changes.push(...changes);
      return this.gathering.stored.promise;
    }
    const written = this.options.definitions.apply(changes);
    const settled = Promise.all([this.writing, written.catch(() => {})]).then(() => {
      if (this.writing === settled) this.writing = undefined;
    });
    this.writing = settled;
    return written.catch((error: unknown) => {
      this.options.log(
        'error',
        `definitions could not be stored: ${error instanceof Error ? error.message : String(error)}`,
      );
      throw error;
    });
  }

  /** Nobody awaits this end; a failed write is logged where it happens. */
  private endQueue(vhost: Vhost, queue: Queue): void {
    this.topology.endQueue(vhost, queue)?.catch(() => {});
  }

  private addVhost(definition: VhostDefinition): Vhost {
    const { name } = definition;
    const vhost = new Vhost(name, this.clock, this.store);
    vhost.definition = definition;
    vhost.onQueueEnded = (queue) => this.endQueue(vhost, queue);
    vhost.onLetterLost = (queue, reason) =>
      this.options.log('error', `a message of ${queue.text} died and could not be dead-lettered: ${reason}`);
    vhost.onQueueClosed = (queue, reason) => this.options.log('error', `${queue.text} is closed: ${reason}`);
    vhost.onComplaint = (text) => this.options.log('error', text);
    vhost.onChange = (kind, verb, object) => this.changes.note({ kind, verb, vhost: name, name: object, user: null });
    this.changes.note({ kind: 'vhost', verb: 'created', vhost: name, name, user: null });
    this.vhosts.set(name, vhost);
    return vhost;
  }

  private firstDefinitions(defaults: {
    user: string | null;
    password: string;
    vhost: string | null;
  }): DefinitionChange[] {
    const { user, password, vhost } = defaults;
    const all = '.*';
    const changes: DefinitionChange[] = [];
    if (vhost !== null) {
      const description = 'Default virtual host';
      const rest = { tags: [], defaultQueueType: null, protectedFromDeletion: false, limits: {} };
      changes.push({ put: 'vhost', value: { name: vhost, description, ...rest } });
    }
    if (user !== null) {
      const value = { name: user, tags: ['administrator'], limits: {}, ...this.options.hashPassword(password) };
      changes.push({ put: 'user', value });
    }
    if (vhost !== null && user !== null) {
      changes.push({ put: 'permission', value: { user, vhost, configure: all, write: all, read: all } });
    }
    return changes;
  }

  /** A definition that no longer makes sense is logged and left out, never a reason not to start. */
  private restore(definitions: Definitions): void {
    const attempt = (text: string, restoreOne: () => void): void => {
      try {
        restoreOne();
      } catch (error) {
        this.options.log(
          'error',
          `${text} was not restored: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    };
    for (const permission of definitions.permissions) {
      const { user, vhost } = permission;
      attempt(`the permission of user '${user}' in vhost '${vhost}'`, () => this.users.get(user)?.permit(permission));
    }
    for (const permission of definitions.topicPermissions) {
      const { user, vhost } = permission;
      attempt(`a topic permission of user '${user}' in vhost '${vhost}'`, () =>
        this.users.get(user)?.permitTopic(permission),
      );
    }
    for (const { name, value } of definitions.globalParameters) this.parameters.restoreGlobal(name, value);
    for (const { vhost: at, name, id, type, arguments: bytes, ...declared } of definitions.exchanges) {
      const text = resourceText('exchange', name, at);
      attempt(text, () => {
        const vhost = this.vhosts.get(at);
        if (!vhost) throw new Error('its vhost is unknown');
        const args = tableOf(bytes);
        const alternateExchange = readAlternateExchange(args, text);
        const options = { ...declared, type: knownType(type), durable: true, arguments: args, alternateExchange };
        this.topology.addExchange(vhost, { name, id }, options);
      });
    }
    for (const { vhost: at, name, id, autoDelete, isPaused, arguments: bytes } of definitions.queues) {
      attempt(resourceText('queue', name, at), () => {
        const vhost = this.vhosts.get(at);
        if (!vhost) throw new Error('its vhost is unknown');
        const args = tableOf(bytes);
        const identity = { vhost: at, name, id, durable: true, autoDelete, owner: null };
        const queue = makeQueue(vhost, identity, args, readQueueArguments(args, at, name));
        queue.consumers.isPaused = isPaused;
        this.topology.addQueue(vhost, queue);
      });
    }
    for (const binding of definitions.bindings) {
      const vhost = this.vhosts.get(binding.vhost);
      const source = vhost?.exchanges.get(binding.source);
      const places: ReadonlyMap<string, Queue | Exchange> | undefined =
        binding.destinationType === 'queue' ? vhost?.queues : vhost?.exchanges;
      const destination = places?.get(binding.destination);
      attempt(`a binding from '${binding.source}' to '${binding.destination}'`, () => {
        if (!source || !destination) throw new Error('one end is missing');
        source.add(destination, binding.routingKey, tableOf(binding.arguments));
      });
    }
    for (const policy of definitions.policies) {
      attempt(`the policy '${policy.name}' of vhost '${policy.vhost}'`, () => this.policies.restore(policy));
    }
  }
}

function tableOf(bytes: Uint8Array): FieldTable {
  const buffer = Buffer.from(bytes);
  return decodeTable(buffer, 0, buffer.length);
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function nothingCounted(): Counted {
  return { counters: zeros(VHOST_FIGURES), activity: new Activity() };
}

function countedIn({ counters, activity }: Vhost): Counted {
  return { counters, activity };
}
