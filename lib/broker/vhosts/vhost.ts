/**
 * A virtual host: its exchanges and queues by name, and the way of a message through them.
 * `version` changes with anything that could change a route; whoever remembers routes compares it.
 * Invariant: every destination of a binding is in `queues` or `exchanges`.
 */
import { type FieldTable, findField } from '../../amqp/field-table.ts';
import { decodeProperties } from '../../amqp/properties.ts';
import type { DeathReason } from '../../figures/death-reason.ts';
import { zeros } from '../../figures/figure.ts';
import { VHOST_FIGURES, type VhostCounters } from '../../figures/vhost-figures.ts';
import type { ChangedKind, ObjectChange } from '../changes.ts';
import type { Clock } from '../clock.ts';
import { type DeadLetter, type DeadLetterTarget, deadLetter, texts } from '../dead-letters/dead-letter.ts';
import { DeadLetterTopology } from '../dead-letters/dead-letter-topology.ts';
import type { Binding, Destination } from '../exchanges/binding.ts';
import { DefaultType } from '../exchanges/default.ts';
import { Exchange } from '../exchanges/exchange.ts';
import type { ExchangeSurroundings } from '../exchanges/exchange-surroundings.ts';
import type { ExchangeTypeName } from '../exchanges/exchange-type.ts';
import { makeExchangeType } from '../exchanges/exchange-types.ts';
import { blindKeysOf, CONTENT_HEADER_BYTES, type Message, type Origin, routingKeyOf } from '../messages/message.ts';
import { PolicyBook } from '../policies/policy-book.ts';
import type { MessageStore, VhostDefinition } from '../ports.ts';
import { type Firehose, TRACE_EXCHANGE } from '../publishing/firehose.ts';
import type { Queue } from '../queues/queue.ts';
import type { QueueSurroundings } from '../queues/queue-surroundings.ts';
import { Activity } from './activity.ts';
import { PastTraffic } from './past-traffic.ts';

const NO_NAMES: ReadonlySet<string> = new Set();

const PREDECLARED: [name: string, type: ExchangeTypeName, internal: boolean][] = [
  ['amq.direct', 'direct', false],
  ['amq.fanout', 'fanout', false],
  ['amq.topic', 'topic', false],
  ['amq.headers', 'headers', false],
  ['amq.match', 'headers', false],
  [TRACE_EXCHANGE, 'topic', true],
];

/** The queues that a message goes to, and how that was decided. */
export interface Routing {
  queues: Queue[];
  /** Some exchange on the way looked at more than the routing key: this holds for one message only. */
  isPerMessage: boolean;
  /** Some exchange on the way looked at more than keys and headers: dice, a history, properties. */
  isNoting: boolean;
  /** An exchange on the way has kept the message, and routes it later. */
  isKept: boolean;
  /** An exchange on the way should have kept the message and could not. */
  isRefused: boolean;
}

const ZEROS = zeros(VHOST_FIGURES);

export class Vhost implements QueueSurroundings, ExchangeSurroundings {
  readonly name: string;
  definition: VhostDefinition;
  /** How many connections are in this vhost. */
  connectionCount = 0;
  readonly past = new PastTraffic();
  readonly clock: Clock;
  readonly store: MessageStore;
  readonly counters: VhostCounters = { ...ZEROS };
  readonly activity = new Activity();
  readonly queues = new Map<string, Queue>();
  readonly exchanges = new Map<string, Exchange>();
  readonly policies = new PolicyBook();
  readonly deadLetters = new DeadLetterTopology(this);
  /** Null: nothing is traced. */
  firehose: Firehose | null = null;
  /** Places for direct replies: reachable by the default exchange, and in no list. */
  readonly replyQueues = new Map<string, Queue>();
  /** Called when a queue ends by itself; set by whoever owns the topology. */
  onQueueEnded: (queue: Queue) => void = () => {};
  onQueueClosed: (queue: Queue, reason: string) => void = () => {};
  onLetterLost: (queue: Queue, reason: string) => void = () => {};
  onComplaint: (text: string) => void = () => {};
  /** Called when something in the vhost came, went or changed. */
  onChange: (kind: ChangedKind, verb: ObjectChange['verb'], name: string) => void = () => {};
  version = 1;
  private readonly dying: DeadLetter[] = [];
  private settlingDeaths = false;
  private isMoving = false;

  constructor(name: string, clock: Clock, store: MessageStore) {
    this.name = name;
    this.definition = {
      name,
      description: '',
      tags: [],
      defaultQueueType: null,
      protectedFromDeletion: false,
      limits: {},
    };
    this.clock = clock;
    this.store = store;
    const options = { durable: true, autoDelete: false, declaredBy: '', arguments: [], alternateExchange: null };
    const standard = new Exchange(
      name,
      '',
      { ...options, type: 'direct', internal: false },
      new DefaultType(this.queues, this.replyQueues),
    );
    this.exchanges.set('', standard);
    for (const [exchange, type, internal] of PREDECLARED) {
      const identity = { name: exchange, id: '', durable: true, arguments: [], where: exchange };
      const made = makeExchangeType(type, identity, this);
      this.exchanges.set(exchange, new Exchange(name, exchange, { ...options, type, internal }, made));
    }
  }

  /** The type of a queue that is declared without one. A type that the queue's properties do not allow is not taken. */
  queueTypeFor(queue: { durable: boolean; exclusive: boolean; autoDelete: boolean }): string {
    const type = this.definition.defaultQueueType ?? 'classic';
    return queue.durable && !queue.exclusive && !queue.autoDelete ? type : 'classic';
  }

  get defaultExchange(): Exchange {
    return this.exchanges.get('') as Exchange;
  }

  /**
   * The queues that a message published to `exchange` reaches, each once; through exchange bindings and, where an
   * exchange's own routing yields nothing, its alternate exchange. Without `message` it is only a question: exchanges
   * that take note of messages, or keep them for a while, do nothing and answer as for one that passes.
   */
  route(exchange: Exchange, routingKeys: string[], headers: () => FieldTable, message: Message | null = null): Routing {
    const queues = new Set<Queue>();
    const visited = new Set<Exchange>();
    let isPerMessage = false;
    let isNoting = false;
    let isKept = false;
    let isRefused = false;
    const pending: Exchange[] = [exchange];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (visited.has(next)) continue;
      visited.add(next);
      const { type } = next;
      isPerMessage ||= type.isPerMessage;
      isNoting ||= type.isPerMessage && next.options.type !== 'headers';
      const found = new Set<Destination>();
      const passage = message !== null && type.take ? type.take(message, headers) : 'pass';
      if (passage === 'pass') {
        const keys = type.isSingleChoice ? 1 : routingKeys.length;
        for (let i = 0; i < keys; i++) type.route(routingKeys[i] as string, headers, found, message);
      } else if (passage === 'kept') isKept = true;
      else if (passage === 'refused') isRefused = true;
      for (const destination of found) {
        if (destination.kind === 'queue') queues.add(destination);
        else pending.push(destination);
      }
      if (found.size === 0 && next.alternateExchange !== null && (passage === 'pass' || passage === 'stop')) {
        const alternate = this.exchanges.get(next.alternateExchange);
        if (alternate) pending.push(alternate);
      }
    }
    return { queues: [...queues], isPerMessage, isNoting, isKept, isRefused };
  }

  forward(from: string, message: Message, routingKeys: string[], headers: FieldTable): void {
    const exchange = this.exchanges.get(from);
    if (exchange) this.send(exchange, message, routingKeys, headers, NO_NAMES);
  }

  deliver({ source, destination }: Binding, message: Message): void {
    if (destination.kind === 'queue') {
      if (destination.publish(message)) source.counters.routed++;
      return;
    }
    const start = message.headerStart + CONTENT_HEADER_BYTES;
    const { headers = [] } = decodeProperties(message.headerBytes, start, message.headerEnd);
    const keys = [routingKeyOf(message), ...texts(findField(headers, 'CC')), ...blindKeysOf(message)];
    this.send(destination, message, keys, headers, NO_NAMES);
  }

  complain(text: string): void {
    this.onComplaint(text);
  }

  /** Dead letters are sent one after the other: a chain of dead-letter exchanges must not become a deep call. */
  deadLetter(queue: Queue, message: Message, reason: DeathReason, origin: Origin | null): void {
    const { deadLetterExchange, deadLetterRoutingKey } = queue.options;
    const deaths = queue.traffic.dead[reason];
    if (deadLetterExchange === null || !this.exchanges.has(deadLetterExchange)) {
      deaths.disabled++;
      return;
    }
    deaths.atMostOnce++;
    this.counters.deadLettered++;
    const target = { exchange: deadLetterExchange, routingKey: deadLetterRoutingKey };
    const letter = this.letterOf(queue, message, reason, target);
    if (letter === null) return;
    letter.message.movedFrom = origin;
    if (this.settlingDeaths) {
      // The body is still the dying queue's; it is gone when the turn comes.
      const { message: waiting } = letter;
      waiting.bodyBytes = Buffer.from(waiting.bodyBytes.subarray(waiting.bodyStart, waiting.bodyEnd));
      waiting.bodyEnd = waiting.bodyBytes.length;
      waiting.bodyStart = 0;
      this.dying.push(letter);
      return;
    }
    this.settlingDeaths = true;
    try {
      this.sendDeadLetter(letter);
    } finally {
      this.releaseDeadLetters();
    }
  }

  /**
   * Until `releaseDeadLetters` dead letters wait: a message comes to all its queues before what it makes die in one of
   * them comes to another. False: they wait for somebody else already.
   */
  holdDeadLetters(): boolean {
    if (this.settlingDeaths) return false;
    this.settlingDeaths = true;
    return true;
  }

  releaseDeadLetters(): void {
    try {
      for (let next = this.dying.shift(); next; next = this.dying.shift()) this.sendDeadLetter(next);
    } finally {
      this.settlingDeaths = false;
    }
  }

  /** Dead letters of meanwhile wait until the move is done: they may be bound for the queue that it takes from. */
  whileMoving<T>(move: () => T): T {
    const holds = this.holdDeadLetters();
    this.isMoving = true;
    try {
      return move();
    } finally {
      this.isMoving = false;
      if (holds) this.releaseDeadLetters();
    }
  }

  deadLetterSurely(queue: Queue, message: Message, reason: DeathReason, origin: Origin, reached: Set<string>): boolean {
    if (this.isMoving) return false;
    const { deadLetterExchange, deadLetterRoutingKey } = queue.options;
    const exchange = deadLetterExchange === null ? undefined : this.exchanges.get(deadLetterExchange);
    if (!exchange) return false;
    const target = { exchange: exchange.name, routingKey: deadLetterRoutingKey };
    const letter = this.letterOf(queue, message, reason, target);
    if (letter === null) return true;
    const { queues } = this.route(exchange, letter.routingKeys, () => letter.headers);
    if (queues.length === 0) return false;
    // With several targets some may take it and some not: after a crash rather twice than as if all had.
    letter.message.movedFrom = queues.length === 1 ? origin : null;
    letter.message.persistent = true;
    let arrived = true;
    for (const next of queues) {
      if (letter.barred.has(next.name) || reached.has(next.name)) continue;
      if (next.publish(letter.message)) {
        exchange.counters.routed++;
        next.counters.deadLettersIn++;
        reached.add(next.name);
      } else arrived = false;
    }
    if (arrived) {
      this.counters.deadLettered++;
      exchange.counters.published++;
    }
    return arrived;
  }

  /** A message that cannot be edited is lost, and said to be; whatever is in it, it must not end the broker. */
  private letterOf(queue: Queue, message: Message, reason: DeathReason, target: DeadLetterTarget): DeadLetter | null {
    try {
      return deadLetter(message, queue.name, reason, target, Math.floor(this.clock.now() / 1000));
    } catch (error) {
      this.onLetterLost(queue, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  closed(queue: Queue, reason: string): void {
    this.onQueueClosed(queue, reason);
  }

  ended(queue: Queue): void {
    if (this.replyQueues.delete(queue.name)) {
      this.version++;
      queue.delete();
    } else this.onQueueEnded(queue);
  }

  private sendDeadLetter(letter: DeadLetter): void {
    const exchange = this.exchanges.get(letter.exchange);
    if (!exchange) return;
    exchange.counters.published++;
    for (const queue of this.send(exchange, letter.message, letter.routingKeys, letter.headers, letter.barred)) {
      queue.counters.deadLettersIn++;
    }
  }

  /** Brings a message to the queues that it reaches from the exchange; returns those that were asked to take it. */
  private send(
    exchange: Exchange,
    message: Message,
    routingKeys: string[],
    headers: FieldTable,
    barred: ReadonlySet<string>,
  ): Queue[] {
    const { queues, isKept } = this.route(exchange, routingKeys, () => headers, message);
    if (queues.length === 0 && !isKept) exchange.counters.unroutable++;
    const allowed = queues.filter((queue) => !barred.has(queue.name));
    for (const queue of allowed) {
      exchange.counters.routed++;
      queue.publish(message);
    }
    return allowed;
  }
}
