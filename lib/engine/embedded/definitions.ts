/**
 * Definitions out of the broker in this thread, and into it. An import is tried on a copy of the broker first, by the
 * same commands: so every rule holds, none is written twice, and what would fail halfway never begins.
 */
import type { Broker } from '../../broker/broker.ts';
import type { Exchange } from '../../broker/exchanges/exchange.ts';
import { User } from '../../broker/permissions/user.ts';
import type { Session } from '../../broker/session.ts';
import type { Vhost } from '../../broker/vhosts/vhost.ts';
import { jsonTable } from '../../fields/json-table.ts';
import { writeJson } from '../../json/write-json.ts';
import { DEFAULT_HASHING_ALGORITHM } from '../../users/hashing-algorithm.ts';
import type { BindingInfo } from '../bindings.ts';
import type { DefinitionEntry, DefinitionImport, DefinitionSet, DefinitionTransfer } from '../definitions.ts';
import { EngineError } from '../errors.ts';
import type { ExchangeDeclaration } from '../exchanges.ts';
import type { QueueDeclaration } from '../queues.ts';
import { userAs } from './acting-user.ts';
import { trialOf } from './trial-broker.ts';
import { fieldTable, typedTable } from './typed-table.ts';
import { bindingInfo } from './views.ts';

/** Errors that are shown; whoever has mended these gets the next ones. */
const ERRORS_MAX = 20;
const RESERVED = 'amq.';
/** The parameter that says which broker this is; that of another broker is not imported. */
const CLUSTER_ID = 'internal_cluster_id';

export function createDefinitionTransfer(broker: Broker): DefinitionTransfer {
  return {
    async exportDefinitions(actor, vhost) {
      userAs('administrator', broker, actor);
      return definitionsOf(broker, vhost);
    },

    async importDefinitions(actor, definitions) {
      userAs('administrator', broker, actor);
      await importDefinitions(broker, definitions, { by: actor.user, takesAnyPattern: false });
    },
  };
}

function definitionsOf(broker: Broker, only: string | undefined): DefinitionSet {
  const vhosts = only === undefined ? [...broker.vhosts.values()] : [broker.vhostCommands.vhost(only)];
  const isOfAll = only === undefined;
  const inVhost = <T extends { vhost: string }>(list: T[]): T[] =>
    isOfAll ? list : list.filter(({ vhost }) => vhost === only);
  const users = isOfAll ? [...broker.users.values()] : [];
  return {
    vhosts: vhosts.map(({ definition }) => ({ ...definition })),
    users: users.map(({ definition }) => ({ ...definition })),
    permissions: users.flatMap((user) => user.permissionList),
    topicPermissions: users.flatMap((user) => user.topicPermissionList),
    parameters: inVhost(broker.parameters.list()),
    globalParameters: isOfAll ? broker.parameters.listGlobal() : [],
    policies: inVhost(broker.policies.list('policy')).map(({ kind: _, ...policy }) => policy),
    exchanges: vhosts.flatMap(exchangesOf),
    queues: vhosts.flatMap(queuesOf),
    bindings: vhosts.flatMap(bindingsOf),
  };
}

function exchangesOf(vhost: Vhost): ExchangeDeclaration[] {
  return [...vhost.exchanges.values()]
    .filter(({ predeclared }) => !predeclared)
    .map(({ name, options: { type, durable, autoDelete, internal, arguments: args } }) => {
      return { vhost: vhost.name, name, type, durable, autoDelete, internal, arguments: typedTable(args) };
    });
}

function queuesOf(vhost: Vhost): QueueDeclaration[] {
  return [...vhost.queues.values()].filter(isExported).map(({ name, durable, autoDelete, arguments: args }) => {
    return { vhost: vhost.name, name, durable, autoDelete, arguments: typedTable(args) };
  });
}

/** Where both ends are exported too, or are there in every broker. */
function bindingsOf(vhost: Vhost): BindingInfo[] {
  return [...vhost.exchanges.values()].flatMap((exchange) =>
    [...exchange.bindings.values()]
      .filter(({ destination }) => destination.kind === 'exchange' || isExported(destination))
      .map(bindingInfo),
  );
}

function isExported(queue: { name: string; owner: unknown }): boolean {
  return queue.owner === null && !queue.name.startsWith(RESERVED);
}

export interface ImportOptions {
  /** A user's name; '': none's. */
  by: string;
  /** Patterns that cannot be used are taken as they are, and match nothing: a start does not fail because of them. */
  takesAnyPattern: boolean;
}

/** Rejects with INVALID_REQUEST, a line for each entry that cannot be; then nothing was changed. */
export async function importDefinitions(
  broker: Broker,
  definitions: DefinitionImport,
  options: ImportOptions,
): Promise<void> {
  const errors = lockedQueues(broker, definitions.queues);
  // The trial waits for nothing outside of memory, so nothing else comes between it and what follows.
  for (const { at, act } of steps(await trialOf(broker), definitions, options)) {
    try {
      await act();
    } catch (error) {
      errors.push(`${at}: ${reasonOf(error)}`);
    }
  }
  if (errors.length > ERRORS_MAX) errors.splice(ERRORS_MAX, errors.length, `and ${errors.length - ERRORS_MAX} more`);
  if (errors.length > 0) throw new EngineError('INVALID_REQUEST', errors.join('\n'));
  await Promise.all(broker.together(() => [...steps(broker, definitions, options)].map(({ act }) => act())));
}

interface Step {
  at: string;
  /** Changes memory at once; returns the promise that the change is stored. */
  act: () => unknown;
}

/** The steps of an import in RabbitMQ's order, so that each finds what it needs. */
function* steps(broker: Broker, definitions: DefinitionImport, options: ImportOptions): Generator<Step> {
  const { by, takesAnyPattern } = options;
  const { accounts, vhostCommands, policies, parameters } = broker;
  const each = <T>(list: DefinitionEntry<T>[], act: (value: T) => unknown): Step[] =>
    list.map(({ at, value }) => ({ at, act: () => act(value) }));
  const importer = new Importer(broker, by);
  yield* each(definitions.users, ({ limits = {}, ...user }) =>
    Promise.all([
      accounts.putUser(user),
      ...Object.entries(limits).map(([limit, value]) => accounts.putLimit(user.name, limit, value)),
    ]),
  );
  yield* each(definitions.vhosts, ({ limits, ...vhost }) =>
    Promise.all([vhostCommands.put(vhost), limits && vhostCommands.putLimits(vhost.name, limits)]),
  );
  yield* each(definitions.permissions, (permission) => accounts.putPermission(permission, takesAnyPattern));
  yield* each(definitions.topicPermissions, (permission) => accounts.putTopicPermission(permission, takesAnyPattern));
  yield* each(definitions.parameters, (parameter) => parameters.put(parameter, takesAnyPattern));
  const globals = definitions.globalParameters.filter(({ value }) => value.name !== CLUSTER_ID);
  yield* each(globals, ({ name, value }) => parameters.putGlobal(name, value));
  yield* each(definitions.policies, (policy) => policies.put({ ...policy, kind: 'policy' }, takesAnyPattern));
  yield* each(definitions.exchanges, (exchange) => importer.exchange(exchange));
  yield* each(definitions.queues, (queue) => importer.queue(queue));
  yield* each(definitions.bindings, (binding) => importer.binding(binding));
}

/** Makes what is in vhosts on behalf of an administrator, whose tag says enough: permissions are not asked for. */
class Importer {
  private readonly broker: Broker;
  /** Who may do everything, under the name of who imports. */
  private readonly user: User;
  /** Texts of the bindings that there are, by exchange; filled when the first binding of an exchange comes. */
  private readonly known = new Map<Exchange, Set<string>>();

  constructor(broker: Broker, by: string) {
    this.broker = broker;
    const noPassword = { passwordHash: '', hashingAlgorithm: DEFAULT_HASHING_ALGORITHM };
    this.user = new User({ name: by, ...noPassword, tags: [], limits: {} });
  }

  /** An exchange that exists stays as it is, even if the entry says otherwise. */
  exchange({ vhost: at, ...declaration }: ExchangeDeclaration): unknown {
    const session = this.session(at);
    const { name } = declaration;
    if (name === '' || name.startsWith(RESERVED) || session.vhost.exchanges.has(name)) return undefined;
    const args = fieldTable(declaration.arguments);
    return this.broker.topology.declareExchange(session, { ...declaration, passive: false, arguments: args }).stored;
  }

  queue({ vhost: at, ...declaration }: QueueDeclaration): unknown {
    const session = this.session(at);
    const { name } = declaration;
    if (name === '') throw new EngineError('INVALID_REQUEST', 'a queue needs a name');
    if (name.startsWith(RESERVED) || session.vhost.queues.has(name)) return undefined;
    const wishes = { ...declaration, passive: false, exclusive: false };
    return this.broker.topology.declareQueue(session, { ...wishes, arguments: fieldTable(declaration.arguments) })
      .stored;
  }

  binding({ vhost: at, ...binding }: BindingInfo): unknown {
    const session = this.session(at);
    const { destinationType, destination } = binding;
    // Every queue has its binding from the default exchange; the others went with the queue that was not made.
    if (binding.source === '') return undefined;
    if (destinationType === 'queue' && destination.startsWith(RESERVED) && !session.vhost.queues.has(destination))
      return undefined;
    const source = this.broker.topology.exchange(session, binding.source);
    const known = this.known.get(source) ?? new Set([...source.bindings.values()].map(bindingInfo).map(bindingText));
    this.known.set(source, known);
    const text = bindingText(binding);
    if (known.has(text)) return undefined;
    known.add(text);
    return this.broker.topology.bind(session, { ...binding, arguments: fieldTable(binding.arguments) });
  }

  private session(at: string): Session {
    const vhost = this.broker.vhostCommands.vhost(at);
    const { user } = this;
    if (!user.mayEnter(at)) user.permit({ user: user.name, vhost: at, configure: '.*', write: '.*', read: '.*' });
    return { user, vhost, owner: null };
  }
}

/** JSON has no widths of numbers: a binding that differs in nothing else is the same. */
function bindingText({
  destinationType,
  destination,
  routingKey,
  arguments: args,
}: Omit<BindingInfo, 'vhost'>): string {
  return writeJson([destinationType, destination, routingKey, jsonTable(args)]);
}

/** A queue that belongs to a connection can neither be kept nor be made. */
function lockedQueues(broker: Broker, queues: DefinitionEntry<QueueDeclaration>[]): string[] {
  return queues.flatMap(({ at, value: { vhost, name } }) => {
    const queue = broker.vhosts.get(vhost)?.queues.get(name);
    return queue && queue.owner !== null ? [`${at}: the queue there is exclusive to a connection`] : [];
  });
}

/** On one line. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.trim().replace(/\s*\n\s*/g, ' ') : String(error);
}
