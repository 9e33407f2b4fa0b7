/** The port's commands on the broker in this thread. Every one goes through the same doors as the wire does. */
import { AmqpError } from '../../amqp/reply-code.ts';
import type { Broker } from '../../broker/broker.ts';
import type { Exchange } from '../../broker/exchanges/exchange.ts';
import { InvalidSetting } from '../../broker/invalid-setting.ts';
import { encodeAddress, newMessage } from '../../broker/messages/message.ts';
import { filterOf } from '../../broker/messages/message-filter.ts';
import { scan } from '../../broker/messages/scan.ts';
import type { User } from '../../broker/permissions/user.ts';
import { Outcome, Publisher } from '../../broker/publishing/publisher.ts';
import type { Queue } from '../../broker/queues/queue.ts';
import { resourceText } from '../../broker/resource.ts';
import type { Session } from '../../broker/session.ts';
import type { Vhost } from '../../broker/vhosts/vhost.ts';
import { checkMessageSize } from '../../server/content-assembler.ts';
import type { Listener } from '../../server/listener.ts';
import type { Actor, Identity } from '../actor.ts';
import { EngineError } from '../errors.ts';
import type { Monitoring } from '../figures.ts';
import type { PeekedMessage, PublishResult } from '../messages.ts';
import type { NodeNow } from '../node.ts';
import type { EngineCommands } from '../port.ts';
import type { RabbitFacts } from '../rabbit-facts.ts';
import { userOf } from './acting-user.ts';
import { createAdministration } from './administration.ts';
import { bindingPage } from './binding-page.ts';
import { createClients } from './clients.ts';
import { createDefinitionTransfer } from './definitions.ts';
import { fetchMessages } from './fetch.ts';
import { checkMoves, moveMessages } from './moves.ts';
import { Positions } from './positions.ts';
import { answerRoute } from './routing.ts';
import { createSorting } from './sort-keys.ts';
import { fieldTable, requireShort, wireProperties } from './typed-table.ts';
import { bindingInfo, consumerInfo, exchangeInfo, headTimestamp, peekedMessage, queueInfo, someOf } from './views.ts';

/** What is asked across the thread. */
export type Commands = EngineCommands & RabbitFacts;

/** What does not change of the node. */
export type NodeFacts = Pick<
  NodeNow,
  | 'node'
  | 'version'
  | 'compatibleWith'
  | 'clusterName'
  | 'exchangeTypes'
  | 'startedAtMs'
  | 'amqpPort'
  | 'amqpsPort'
  | 'consolePort'
  | 'hosts'
  | 'dataDir'
  | 'connectionsMax'
  | 'memoryBytesMax'
  | 'diskFreeBytesMin'
>;

/** A search answers after this time with what it has found. */
const SEARCH_MS = 1_000;
const MOVES_MAX = 500;
const FETCH_MAX = 1_000;
const PEEK_MAX = 500;

export function createCommands(broker: Broker, listener: Listener, facts: NodeFacts): Omit<Commands, keyof Monitoring> {
  const { topology } = broker;
  const positions = new Positions();
  const user = (actor: Actor): User => userOf(broker, actor);
  const session = (actor: Actor, vhost: string): Session => {
    const who = user(actor);
    return { user: who, vhost: broker.enter(who, vhost), owner: null };
  };
  const vhostsOf = (who: User): Vhost[] => [...broker.vhosts.values()].filter((vhost) => who.mayEnter(vhost.name));
  const visibleTo = (who: User): Vhost[] => [...broker.vhosts.values()].filter((vhost) => who.maySee(vhost.name));
  /** For looking: administrators and monitoring need no permissions in the vhost. */
  const vhostToSee = (actor: Actor, name: string): Vhost => {
    const who = user(actor);
    const vhost = broker.vhosts.get(name);
    return vhost && who.maySee(name) ? vhost : broker.enter(who, name);
  };
  const identityOf = (who: User): Identity => ({
    user: who.name,
    tags: who.definition.tags,
    vhosts: vhostsOf(who).map((vhost) => vhost.name),
  });
  const queueOf = (actor: Actor, vhost: string, name: string): Queue => {
    const queue = vhostToSee(actor, vhost).queues.get(name);
    if (!queue) throw new EngineError('NOT_FOUND', `no queue '${name}' in vhost '${vhost}'`);
    return queue;
  };
  const exchangeOf = (actor: Actor, vhost: string, name: string): Exchange => {
    const exchange = vhostToSee(actor, vhost).exchanges.get(name);
    if (!exchange) throw new EngineError('NOT_FOUND', `no ${resourceText('exchange', name, vhost)}`);
    return exchange;
  };
  /** A queue that may be read. As on the wire: nobody looks into another connection's exclusive queue. */
  const queueToRead = (who: Session, name: string): Queue => {
    who.user.require('read', 'queue', who.vhost.name, name);
    return topology.queueEvenClosed(who, name);
  };

  return {
    ...createAdministration(broker, listener),
    ...createClients(broker, listener),
    ...createDefinitionTransfer(broker),
    ...createSorting((actor) => visibleTo(user(actor))),

    async authenticate(name, password, remoteAddress) {
      const who = broker.authenticate(name, password, remoteAddress);
      broker.logins.http.note(who !== null);
      return who && identityOf(who);
    },

    async identity(name) {
      const who = broker.users.get(name);
      return who ? identityOf(who) : null;
    },

    async overview() {
      return { ...nodeNow(broker, listener, facts), nowMs: broker.clock.now() };
    },

    async listVhosts(actor) {
      return visibleTo(user(actor)).map((vhost) => vhost.name);
    },

    async listQueues(actor) {
      return visibleTo(user(actor)).flatMap((vhost) =>
        [...vhost.queues.values()].map((queue) => queueInfo(queue, vhost)),
      );
    },

    async queue(actor, at, name) {
      const queue = queueOf(actor, at, name);
      const vhost = vhostToSee(actor, at);
      const targets = vhost.deadLetters.targets(queue);
      return {
        ...queueInfo(queue, vhost),
        owner: queue.owner?.name ?? null,
        headTimestamp: headTimestamp(queue),
        consumerList: queue.consumers.all.map(consumerInfo),
        bindingCount: queue.incoming.size,
        deadLetterTargets: someOf(targets, targets.length),
      };
    },

    async listExchanges(actor) {
      return visibleTo(user(actor)).flatMap((vhost) => [...vhost.exchanges.values()].map(exchangeInfo));
    },

    async exchange(actor, at, name) {
      return exchangeInfo(exchangeOf(actor, at, name));
    },

    async declareQueue(actor, declaration) {
      const { name, durable, autoDelete } = declaration;
      const { queue, created, stored } = topology.declareQueue(session(actor, declaration.vhost), {
        name,
        durable,
        autoDelete,
        passive: false,
        exclusive: false,
        arguments: fieldTable(declaration.arguments),
      });
      await stored;
      return { name: queue.name, created };
    },

    async declareExchange(actor, { vhost, ...declaration }) {
      const { created, stored } = topology.declareExchange(session(actor, vhost), {
        ...declaration,
        passive: false,
        arguments: fieldTable(declaration.arguments),
      });
      await stored;
      return { created };
    },

    async deleteQueue(actor, vhost, name, onlyIf) {
      queueOf(actor, vhost, name);
      const { count, stored } = topology.deleteQueue(session(actor, vhost), name, onlyIf);
      await stored;
      return count;
    },

    async deleteExchange(actor, vhost, name, onlyIf) {
      const who = session(actor, vhost);
      topology.exchange(who, name);
      await topology.deleteExchange(who, name, onlyIf);
    },

    async bindings(actor, question) {
      const { vhost, of } = question;
      if ('source' in of) return bindingPage(exchangeOf(actor, vhost, of.source).bindings.values(), question);
      const find = of.destinationType === 'queue' ? queueOf : exchangeOf;
      return bindingPage(find(actor, vhost, of.destination).incoming, question);
    },

    async listBindings(actor) {
      return visibleTo(user(actor)).flatMap((vhost) =>
        [...vhost.exchanges.values()].flatMap((exchange) => [...exchange.bindings.values()].map(bindingInfo)),
      );
    },

    async bind(actor, { vhost, ...binding }) {
      await topology.bind(session(actor, vhost), { ...binding, arguments: fieldTable(binding.arguments) });
    },

    async unbind(actor, { vhost, ...binding }) {
      await topology.unbind(session(actor, vhost), { ...binding, arguments: fieldTable(binding.arguments) });
    },

    async pauseQueue(actor, vhost, name, isPaused) {
      await topology.pauseQueue(session(actor, vhost), name, isPaused);
    },

    async purgeQueue(actor, vhost, name) {
      return topology.purgeQueue(session(actor, vhost), name);
    },

    async publish(actor, publication) {
      if (broker.blocked) throw new EngineError('UNAVAILABLE', `publishing is blocked: low on ${broker.alarmText}`);
      const who = session(actor, publication.vhost);
      const publisher = new Publisher(who);
      const { exchange, routingKey } = publication;
      requireShort('exchange', exchange);
      requireShort('routing_key', routingKey);
      const address = encodeAddress(exchange, routingKey);
      const route = publisher.route(address, 0, address.length);
      const body = Buffer.from(publication.body, 'base64');
      checkMessageSize(body.length, listener.limits.messageBytesMax);
      const message = newMessage(exchange, routingKey, wireProperties(publication.properties), body);
      publisher.admit(message);
      const result: PublishResult = { routedTo: [], refusedBy: [], delayed: false };
      const outcome = publisher.publish(route, message, false, (queue, taken) => {
        (taken ? result.routedTo : result.refusedBy).push(queue.name);
      });
      result.delayed = outcome === Outcome.delayed;
      await broker.store.sync();
      return result;
    },

    async route(actor, question) {
      return answerRoute(topology, session(actor, question.vhost), question);
    },

    async peek(actor, { vhost, queue: name, from, limit, bodyBytesMax, filter }) {
      const who = session(actor, vhost);
      const queue = queueToRead(who, name);
      const messages: PeekedMessage[] = [];
      const isWanted = filter && filterOf(filter, who.vhost, queue);
      if (queue.closedReason !== null) throw closed(queue);
      const start = from === undefined ? -1 : positions.ticketOf(queue, from);
      const bounds = { from: start, wanted: Math.min(limit, PEEK_MAX), timeMs: SEARCH_MS };
      const { next, scanned } = await scan(queue, bounds, (message, ticket, redelivered) => {
        if (isWanted && !isWanted(message)) return false;
        messages.push(peekedMessage(message, positions.textOf(queue, ticket), redelivered, bodyBytesMax));
        return true;
      });
      if (queue.closedReason !== null) throw closed(queue);
      return { messages, next: next < 0 ? null : positions.textOf(queue, next), ready: queue.readyCount, scanned };
    },

    async fetch(actor, request) {
      if (request.count > FETCH_MAX)
        throw new EngineError('INVALID_REQUEST', `more than ${FETCH_MAX} messages in one call`);
      const messages = fetchMessages(broker, session(actor, request.vhost), request);
      await broker.store.sync();
      return messages;
    },

    async checkMoves(actor, vhost, source, targets) {
      if (targets.length > MOVES_MAX)
        throw new EngineError('INVALID_REQUEST', `more than ${MOVES_MAX} targets in one call`);
      const who = session(actor, vhost);
      return checkMoves(who, queueToRead(who, source), targets);
    },

    async move(actor, vhost, source, moves, options) {
      if (moves.length > MOVES_MAX)
        throw new EngineError('INVALID_REQUEST', `more than ${MOVES_MAX} moves in one call`);
      const who = session(actor, vhost);
      return moveMessages({ broker, positions, session: who }, queueToRead(who, source), moves, options);
    },
  };
}

export function nodeNow(broker: Broker, listener: Listener, facts: NodeFacts): NodeNow {
  return {
    ...facts,
    clusterName: broker.clusterName ?? facts.clusterName,
    alarms: [...broker.alarms],
    connections: listener.connections.size,
    blockedConnections: listener.blockedCount,
    messageBytes: broker.store.bytes,
    messageBytesLeft: broker.store.bytesLeft,
    residentBytes: process.memoryUsage.rss(),
    orphaned: broker.store.orphaned,
    certificates: listener.certificates,
  };
}

function closed({ text, closedReason }: Queue): EngineError {
  return new EngineError('PRECONDITION_FAILED', `${text} is closed: ${closedReason}`);
}

/** Errors as they cross to the port: AMQP's own codes where the port has them. */
export function engineErrorOf(error: unknown): { code: EngineError['code']; message: string } {
  if (error instanceof EngineError) return { code: error.code, message: error.message };
  if (error instanceof InvalidSetting) return { code: 'INVALID_REQUEST', message: error.message };
  if (error instanceof AmqpError) {
    const codes = ['NOT_FOUND', 'PRECONDITION_FAILED', 'ACCESS_REFUSED', 'RESOURCE_LOCKED', 'NOT_ALLOWED'] as const;
    const code = codes.find((known) => known === error.reply) ?? 'INVALID_REQUEST';
    return { code: error.reply === 'INTERNAL_ERROR' ? 'INTERNAL_ERROR' : code, message: error.message };
  }
  return { code: 'INTERNAL_ERROR', message: 'internal error' };
}
