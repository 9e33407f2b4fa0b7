/**
 * The commands that change queues, exchanges and bindings, and purge or pause a queue: one door for wire and console. Each
 * checks names, permissions and equivalence, changes the vhost, and hands durable changes to the definition store. What was
 * declared or bound is taken back when the store fails, what was deleted is not; a pause is stored first.
 * A result's `stored` is a promise while durable changes are on their way: reply after it. Undefined: nothing to wait for.
 */
import { randomBytes } from 'node:crypto';
import { encodeTable, type FieldTable, findField } from '../amqp/field-table.ts';
import { FIELD_TYPE_NAMES } from '../amqp/field-type.ts';
import { AmqpError } from '../amqp/reply-code.ts';
import { type DefinitionLog, store } from './definition-log.ts';
import { checkEquivalent, checkEquivalentArguments } from './equivalence.ts';
import type { Binding, Destination } from './exchanges/binding.ts';
import { Exchange, type ExchangeOptions } from './exchanges/exchange.ts';
import { knownType, makeExchangeType } from './exchanges/exchange-types.ts';
import { generatedName } from './generated-name.ts';
import type { BindingDefinition, DefinitionChange, QueueDefinition } from './ports.ts';
import type { Queue } from './queues/queue.ts';
import {
  checkQueueProperties,
  comparedArguments,
  readQueueArguments,
  withQueueType,
} from './queues/queue-arguments.ts';
import { makeQueue } from './queues/queue-types.ts';
import { resourceText } from './resource.ts';
import type { Session } from './session.ts';
import { isReached } from './vhosts/quota.ts';
import type { Vhost } from './vhosts/vhost.ts';

type Stored = Promise<void> | undefined;

export interface QueueDeclare {
  name: string;
  passive: boolean;
  durable: boolean;
  exclusive: boolean;
  autoDelete: boolean;
  arguments: FieldTable;
}

export interface ExchangeDeclare {
  name: string;
  type: string;
  passive: boolean;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  arguments: FieldTable;
}

export interface Bind {
  source: string;
  destinationType: 'queue' | 'exchange';
  destination: string;
  routingKey: string;
  arguments: FieldTable;
}

export class Topology {
  private readonly log: DefinitionLog;

  constructor(log: DefinitionLog) {
    this.log = log;
  }

  /** Throws NOT_FOUND; RESOURCE_LOCKED when it is another connection's. */
  queue(session: Session, name: string): Queue {
    const queue = this.queueEvenClosed(session, name);
    if (queue.closedReason !== null) throw new AmqpError('NOT_FOUND', `${queue.text} is closed: ${queue.closedReason}`);
    return queue;
  }

  /** The queue as `queue` finds it, even one whose messages cannot be read. */
  queueEvenClosed(session: Session, name: string): Queue {
    const queue = session.vhost.queues.get(name);
    if (!queue) throw new AmqpError('NOT_FOUND', `no ${resourceText('queue', name, session.vhost.name)}`);
    if (queue.owner !== null && queue.owner !== session.owner) throw locked(queue);
    return queue;
  }

  exchange(session: Session, name: string): Exchange {
    const exchange = session.vhost.exchanges.get(name);
    if (!exchange) throw new AmqpError('NOT_FOUND', `no ${resourceText('exchange', name, session.vhost.name)}`);
    return exchange;
  }

  declareQueue(session: Session, asked: QueueDeclare): { queue: Queue; created: boolean; stored: Stored } {
    const { user, vhost, owner } = session;
    const wanted = clean(asked.name);
    const name = wanted === '' && !asked.passive ? generatedName('amq.gen-') : wanted;
    if (asked.passive) return { queue: this.passiveQueue(session, name), created: false, stored: this.log.pending() };
    const existing = vhost.queues.get(name);
    if (wanted.startsWith('amq.') && !existing) {
      throw new AmqpError('ACCESS_REFUSED', `queue name '${name}' contains reserved prefix 'amq.*'`);
    }
    user.require('configure', 'queue', vhost.name, name);
    const where = resourceText('queue', name, vhost.name);
    const args = withQueueType(asked.arguments, vhost.queueTypeFor(asked));
    if (existing) {
      if (existing.owner !== (asked.exclusive ? owner : null)) throw locked(existing);
      if (!asked.exclusive) checkEquivalent('durable', String(asked.durable), String(existing.durable), where);
      checkEquivalent('auto_delete', String(asked.autoDelete), String(existing.autoDelete), where);
      checkEquivalentArguments(comparedArguments(existing.options.type), args, existing.arguments, where);
      // [rabbit: a redeclaration of a quorum queue does not renew x-expires]
      if (existing.options.type === 'classic') existing.used();
      vhost.counters.queuesDeclared++;
      return { queue: existing, created: false, stored: this.log.pending() };
    }
    checkQueueLimit(vhost, name);
    const options = readQueueArguments(args, vhost.name, name);
    checkQueueProperties(options.type, { ...asked, name: wanted }, where);
    if (options.deadLetterExchange !== null) {
      user.require('read', 'queue', vhost.name, name);
      user.require('write', 'exchange', vhost.name, options.deadLetterExchange);
    }
    if (asked.exclusive && owner === null) {
      throw new AmqpError('NOT_ALLOWED', 'an exclusive queue needs a connection to belong to');
    }
    const queue = makeQueue(
      vhost,
      {
        vhost: vhost.name,
        name,
        id: randomBytes(12).toString('hex'),
        durable: asked.durable && !asked.exclusive,
        autoDelete: asked.autoDelete,
        owner: asked.exclusive ? owner : null,
      },
      args,
      options,
    );
    this.addQueue(vhost, queue);
    vhost.counters.queuesDeclared++;
    vhost.counters.queuesCreated++;
    const stored = queue.durable
      ? this.apply([{ put: 'queue', value: definitionOf(queue) }], () => this.removeQueue(vhost, queue))
      : undefined;
    return { queue, created: true, stored };
  }

  /** Deleting what is not there is fine. Returns the number of ready messages that went with it. */
  deleteQueue(
    session: Session,
    asked: string,
    onlyIf: { unused: boolean; empty: boolean },
  ): { count: number; stored: Stored } {
    const name = clean(asked);
    session.user.require('configure', 'queue', session.vhost.name, name);
    if (!session.vhost.queues.has(name)) return { count: 0, stored: undefined };
    const queue = this.queueEvenClosed(session, name);
    queue.checkDelete(onlyIf);
    const count = queue.readyCount;
    return { count, stored: this.endQueue(session.vhost, queue) };
  }

  purgeQueue(session: Session, name: string): number {
    session.user.require('read', 'queue', session.vhost.name, name);
    return this.queue(session, name).purge();
  }

  /** A paused queue takes messages and gives none to any consumer or basic.get, until it is resumed; also after a restart. */
  pauseQueue(session: Session, name: string, isPaused: boolean): Stored {
    session.user.require('configure', 'queue', session.vhost.name, name);
    const queue = this.queue(session, name);
    const set = (): void => {
      if (queue.deleted) return;
      queue.consumers.isPaused = isPaused;
      queue.dispatch();
      session.vhost.onChange('queue', 'changed', name);
    };
    if (!queue.durable) return set() as undefined;
    // Only what is stored is done: several at once come out as the last of them.
    return this.apply([{ put: 'queue', value: { ...definitionOf(queue), isPaused } }])?.then(set);
  }

  /** Ends a queue with its bindings, whatever the reason. */
  endQueue(vhost: Vhost, queue: Queue): Stored {
    if (queue.deleted) return undefined;
    const changes: DefinitionChange[] = queue.durable
      ? [{ delete: 'queue', key: { vhost: vhost.name, name: queue.name } }]
      : [];
    changes.push(...this.removeQueue(vhost, queue));
    return this.apply(changes);
  }

  declareExchange(session: Session, asked: ExchangeDeclare): { exchange: Exchange; created: boolean; stored: Stored } {
    const { user, vhost } = session;
    const name = clean(asked.name);
    refuseDefaultExchange(name);
    if (asked.passive) {
      requireAny(session, 'exchange', name);
      return { exchange: this.exchange(session, name), created: false, stored: this.log.pending() };
    }
    user.require('configure', 'exchange', vhost.name, name);
    const where = resourceText('exchange', name, vhost.name);
    const type = knownType(asked.type);
    const existing = vhost.exchanges.get(name);
    if (existing) {
      checkEquivalent('type', asked.type, existing.options.type, where);
      checkEquivalent('durable', String(asked.durable), String(existing.options.durable), where);
      checkEquivalent('auto_delete', String(asked.autoDelete), String(existing.options.autoDelete), where);
      checkEquivalent('internal', String(asked.internal), String(existing.options.internal), where);
      checkEquivalentArguments(['alternate-exchange'], asked.arguments, existing.options.arguments, where);
      return { exchange: existing, created: false, stored: this.log.pending() };
    }
    if (name.startsWith('amq.')) {
      throw new AmqpError('ACCESS_REFUSED', `exchange name '${name}' contains reserved prefix 'amq.*'`);
    }
    const alternateExchange = readAlternateExchange(asked.arguments, where);
    if (alternateExchange !== null) {
      user.require('read', 'exchange', vhost.name, name);
      user.require('write', 'exchange', vhost.name, alternateExchange);
    }
    const { durable, autoDelete, internal, arguments: args } = asked;
    const id = randomBytes(12).toString('hex');
    const options = { type, durable, autoDelete, internal, declaredBy: user.name, arguments: args, alternateExchange };
    const exchange = this.addExchange(vhost, { name, id }, options);
    const kept = { autoDelete, internal, declaredBy: user.name, arguments: encodeTable(args) };
    const value = { vhost: vhost.name, name, id, type, ...kept };
    const stored = durable
      ? this.apply([{ put: 'exchange', value }], () => void this.removeExchange(vhost, exchange))
      : undefined;
    return { exchange, created: true, stored };
  }

  /** Deleting what is not there is fine. */
  deleteExchange(session: Session, asked: string, onlyIf: { unused: boolean }): Stored {
    const { vhost } = session;
    const name = clean(asked);
    refuseDefaultExchange(name);
    const where = resourceText('exchange', name, vhost.name);
    if (name.startsWith('amq.')) throw new AmqpError('ACCESS_REFUSED', `deletion of system ${where} not allowed`);
    session.user.require('configure', 'exchange', vhost.name, name);
    const exchange = vhost.exchanges.get(name);
    if (!exchange) return undefined;
    if (onlyIf.unused && exchange.bindings.size > 0) throw new AmqpError('PRECONDITION_FAILED', `${where} in use`);
    return this.apply(this.removeExchange(vhost, exchange));
  }

  bind(session: Session, asked: Bind): Stored {
    const { source, destination } = this.bindingEnds(session, asked);
    if (!source) throw new AmqpError('NOT_FOUND', `no ${resourceText('exchange', asked.source, session.vhost.name)}`);
    if (!destination) {
      throw new AmqpError(
        'NOT_FOUND',
        `no ${resourceText(asked.destinationType, asked.destination, session.vhost.name)}`,
      );
    }
    if (destination.kind === 'queue') this.queue(session, destination.name);
    this.checkTopic(session, source, asked);
    source.type.checkBinding?.(destination, asked.routingKey, asked.arguments);
    const binding = source.add(destination, asked.routingKey, asked.arguments);
    if (!binding) return this.log.pending();
    session.vhost.version++;
    session.vhost.deadLetters.bindingChanged(binding);
    session.vhost.onChange('binding', 'created', source.name);
    source.type.bound?.(binding);
    if (!isDurable(binding)) return undefined;
    return this.apply([{ put: 'binding', value: bindingDefinition(binding) }], () => {
      source.remove(binding);
      session.vhost.version++;
      session.vhost.deadLetters.bindingChanged(binding);
      session.vhost.onChange('binding', 'deleted', source.name);
    });
  }

  /** A binding, queue or exchange that is not there is fine. */
  unbind(session: Session, asked: Bind): Stored {
    const { source, destination } = this.bindingEnds(session, asked);
    if (source) this.checkTopic(session, source, asked);
    if (!source || !destination) return undefined;
    const binding = source.findBinding(destination, asked.routingKey, asked.arguments);
    if (!binding) return undefined;
    // Only who would change something needs to own the queue.
    if (destination.kind === 'queue') this.queue(session, destination.name);
    return this.apply(this.removeBinding(session.vhost, binding));
  }

  /** Puts a queue in its place, also at start. */
  addQueue(vhost: Vhost, queue: Queue): void {
    vhost.queues.set(queue.name, queue);
    queue.applyPolicy(vhost.policies.forQueue(queue.name, queue.options.type));
    queue.owner?.exclusiveQueues.add(queue);
    vhost.version++;
    vhost.deadLetters.queueAdded(queue);
    vhost.onChange('queue', 'created', queue.name);
  }

  /** Makes an exchange and puts it in its place, also at start. Throws PRECONDITION_FAILED for arguments that its type cannot have. */
  addExchange(vhost: Vhost, { name, id }: { name: string; id: string }, options: ExchangeOptions): Exchange {
    const { type, durable, arguments: args } = options;
    const where = resourceText('exchange', name, vhost.name);
    const made = makeExchangeType(type, { name, id, durable, arguments: args, where }, vhost);
    const exchange = new Exchange(vhost.name, name, options, made);
    exchange.applyPolicy(vhost.policies.forExchange(name));
    vhost.exchanges.set(name, exchange);
    vhost.version++;
    vhost.deadLetters.exchangeChanged(name);
    vhost.onChange('exchange', 'created', name);
    return exchange;
  }

  /** Ends everything in a vhost that is going away; returns what is to be forgotten of it. */
  clear(vhost: Vhost): DefinitionChange[] {
    const changes: DefinitionChange[] = [];
    for (const queue of [...vhost.queues.values()]) {
      if (queue.durable) changes.push({ delete: 'queue', key: { vhost: vhost.name, name: queue.name } });
      changes.push(...this.removeQueue(vhost, queue));
    }
    for (const exchange of [...vhost.exchanges.values()]) {
      if (!exchange.predeclared) changes.push(...this.removeExchange(vhost, exchange));
      for (const binding of [...exchange.bindings.values()]) changes.push(...this.removeBinding(vhost, binding));
    }
    return changes;
  }

  private passiveQueue(session: Session, name: string): Queue {
    requireAny(session, 'queue', name);
    const queue = this.queue(session, name);
    queue.used();
    return queue;
  }

  private bindingEnds(
    session: Session,
    asked: Bind,
  ): { source: Exchange | undefined; destination: Destination | undefined } {
    const { user, vhost } = session;
    user.require('write', asked.destinationType, vhost.name, asked.destination);
    refuseDefaultExchange(asked.source);
    if (asked.destinationType === 'exchange') refuseDefaultExchange(asked.destination);
    user.require('read', 'exchange', vhost.name, asked.source);
    const source = vhost.exchanges.get(asked.source);
    const places: ReadonlyMap<string, Destination> =
      asked.destinationType === 'exchange' ? vhost.exchanges : vhost.queues;
    return { source, destination: places.get(asked.destination) };
  }

  private checkTopic({ user, vhost }: Session, source: Exchange, { routingKey }: Bind): void {
    if (source.options.type === 'topic') user.requireTopic('read', vhost.name, source.name, routingKey);
  }

  private removeQueue(vhost: Vhost, queue: Queue): DefinitionChange[] {
    if (queue.deleted) return [];
    vhost.counters.queuesDeleted++;
    vhost.queues.delete(queue.name);
    queue.owner?.exclusiveQueues.delete(queue);
    vhost.version++;
    vhost.onChange('queue', 'deleted', queue.name);
    const changes = [...queue.incoming].flatMap((binding) => this.removeBinding(vhost, binding));
    vhost.deadLetters.queueRemoved(queue);
    queue.delete();
    return changes;
  }

  private removeExchange(vhost: Vhost, exchange: Exchange): DefinitionChange[] {
    if (exchange.deleted) return [];
    exchange.deleted = true;
    vhost.exchanges.delete(exchange.name);
    vhost.version++;
    vhost.deadLetters.exchangeChanged(exchange.name);
    vhost.onChange('exchange', 'deleted', exchange.name);
    const changes: DefinitionChange[] = exchange.options.durable
      ? [{ delete: 'exchange', key: { vhost: vhost.name, name: exchange.name } }]
      : [];
    for (const binding of [...exchange.bindings.values(), ...exchange.incoming])
      changes.push(...this.removeBinding(vhost, binding));
    exchange.type.delete?.();
    return changes;
  }

  /** An auto-delete exchange goes with its last binding, and so on upstream. */
  private removeBinding(vhost: Vhost, binding: Binding): DefinitionChange[] {
    const { source } = binding;
    source.remove(binding);
    vhost.version++;
    vhost.deadLetters.bindingChanged(binding);
    vhost.onChange('binding', 'deleted', source.name);
    const changes: DefinitionChange[] = isDurable(binding)
      ? [{ delete: 'binding', key: bindingDefinition(binding) }]
      : [];
    if (source.options.autoDelete && source.bindings.size === 0) changes.push(...this.removeExchange(vhost, source));
    return changes;
  }

  private apply(changes: DefinitionChange[], undo?: () => void): Stored {
    return store(this.log, changes, undo);
  }
}

/** Who only looks needs one kind of access, whichever. */
function requireAny({ user, vhost }: Session, kind: 'queue' | 'exchange', name: string): void {
  const allowed = (['configure', 'write', 'read'] as const).some((access) => user.may(access, vhost.name, name));
  if (!allowed) user.require('configure', kind, vhost.name, name);
}

function checkQueueLimit(vhost: Vhost, name: string): void {
  const { limits } = vhost.definition;
  if (!isReached(limits, 'max-queues', vhost.queues.size)) return;
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `cannot declare queue '${name}': queue limit in vhost '${vhost.name}' (${limits['max-queues']}) is reached`,
  );
}

function isDurable(binding: Binding): boolean {
  const { source, destination } = binding;
  return source.options.durable && (destination.kind === 'queue' ? destination.durable : destination.options.durable);
}

function bindingDefinition(binding: Binding): BindingDefinition {
  return {
    vhost: binding.source.vhost,
    source: binding.source.name,
    destinationType: binding.destination.kind,
    destination: binding.destination.name,
    routingKey: binding.routingKey,
    arguments: encodeTable(binding.arguments),
  };
}

/** A queue as it is kept. */
export function definitionOf(queue: Queue): QueueDefinition {
  const { vhost, name, id, autoDelete, consumers } = queue;
  return { vhost, name, id, autoDelete, isPaused: consumers.isPaused, arguments: encodeTable(queue.arguments) };
}

/** The argument alternate-exchange; null when absent. */
export function readAlternateExchange(args: FieldTable, where: string): string | null {
  const field = findField(args, 'alternate-exchange');
  if (field === undefined) return null;
  if (field.type === 'S') return field.value.toString();
  throw new AmqpError(
    'PRECONDITION_FAILED',
    `invalid type '${FIELD_TYPE_NAMES[field.type]}' for arg 'alternate-exchange' in ${where}`,
  );
}

function refuseDefaultExchange(name: string): void {
  if (name === '') throw new AmqpError('ACCESS_REFUSED', 'operation not permitted on the default exchange');
}

/** Line ends do not belong into names. */
function clean(name: string): string {
  return name.replace(/[\r\n]/g, '');
}

function locked(queue: Queue): AmqpError {
  return new AmqpError(
    'RESOURCE_LOCKED',
    `cannot obtain exclusive access to locked ${queue.text}. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.`,
  );
}
