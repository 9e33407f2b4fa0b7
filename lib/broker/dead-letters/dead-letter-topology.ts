/**
 * Where the dead letters of each queue of a vhost may go by what is bound now, and whose dead letters come to each.
 * Kept as the topology changes: a change marks what it touches, and only the queues whose way led over that are followed
 * anew when somebody asks. Whoever changes queues, exchanges or bindings tells it.
 */
import type { Binding, Destination } from '../exchanges/binding.ts';
import type { Exchange } from '../exchanges/exchange.ts';
import { LIMITS } from '../limits.ts';
import type { Queue } from '../queues/queue.ts';
import { MultiMap } from './multi-map.ts';

export interface DeadLetterSurroundings {
  readonly queues: ReadonlyMap<string, Queue>;
  readonly exchanges: ReadonlyMap<string, Exchange>;
}

/**
 * The queues that a queue's dead letters may come to, and what that hangs on: a change of any of `needs` may lead
 * elsewhere.
 */
interface Way {
  targets: readonly Queue[];
  needs: readonly string[];
}

/** The keys that dead letters may come with. */
interface Keys {
  texts: readonly string[];
  /** False: messages keep their own, and these are only those that are known. */
  areFixed: boolean;
}

const NO_HEADERS = () => [];

export class DeadLetterTopology {
  private readonly surroundings: DeadLetterSurroundings;
  private readonly ways = new Map<Queue, Way>();
  private readonly arriving = new MultiMap<Queue, Queue>();
  private readonly dependents = new MultiMap<string, Queue>();
  /** The names in `needs` of some way that have changed. */
  private readonly touched = new Set<string>();
  /** Queues whose way is to be followed anew. */
  private readonly stale = new Set<Queue>();

  constructor(surroundings: DeadLetterSurroundings) {
    this.surroundings = surroundings;
  }

  /** Queues that dead letters of this one may come to. */
  targets(queue: Queue): readonly Queue[] {
    this.settle();
    return this.ways.get(queue)?.targets ?? [];
  }

  /** Queues whose dead letters may come to this one. */
  sources(queue: Queue): Iterable<Queue> {
    this.settle();
    return this.arriving.of(queue);
  }

  sourceCount(queue: Queue): number {
    this.settle();
    return this.arriving.count(queue);
  }

  queueAdded(queue: Queue): void {
    this.queueChanged(queue);
    this.touch(queueNeed(queue.name));
  }

  /** To be called when the queue's settings are others than before. */
  queueChanged(queue: Queue): void {
    if (queue.options.deadLetterExchange !== null || this.ways.has(queue)) this.stale.add(queue);
  }

  queueRemoved(queue: Queue): void {
    this.stale.delete(queue);
    this.leave(queue);
    this.touch(queueNeed(queue.name));
  }

  /** To be called when the exchange came, went, or has another alternate exchange. */
  exchangeChanged(name: string): void {
    this.touch(exchangeNeed(name));
  }

  /** To be called when the binding came or went. */
  bindingChanged({ source, destination, routingKey }: Binding): void {
    this.touch(source.options.type === 'direct' ? keyNeed(source.name, routingKey) : exchangeNeed(source.name));
    // The keys by which messages come into a queue are those that they may leave it with.
    if (destination.kind === 'queue' && destination.options.deadLetterRoutingKey === null)
      this.queueChanged(destination);
  }

  /** Everything may be another than before. */
  allChanged(): void {
    for (const queue of this.surroundings.queues.values()) this.queueChanged(queue);
  }

  private touch(need: string): void {
    if (this.dependents.has(need)) this.touched.add(need);
  }

  /** Follows what has changed; beyond a limit the rest is followed the next time, so that messages do not wait for it. */
  private settle(): void {
    // Asked of every queue once a second, and mostly with nothing to do.
    if (this.touched.size === 0 && this.stale.size === 0) return;
    for (const need of this.touched) for (const queue of this.dependents.of(need)) this.stale.add(queue);
    this.touched.clear();
    let left = LIMITS.deadLetterWaysPerTurnMax;
    for (const queue of this.stale) {
      if (left-- === 0) return;
      this.stale.delete(queue);
      this.leave(queue);
      if (queue.options.deadLetterExchange !== null) this.enter(queue, this.follow(queue));
    }
  }

  private enter(queue: Queue, way: Way): void {
    this.ways.set(queue, way);
    for (const target of way.targets) this.arriving.add(target, queue);
    for (const need of way.needs) this.dependents.add(need, queue);
  }

  private leave(queue: Queue): void {
    const way = this.ways.get(queue);
    if (way === undefined) return;
    this.ways.delete(queue);
    for (const target of way.targets) this.arriving.delete(target, queue);
    for (const need of way.needs) this.dependents.delete(need, queue);
  }

  /** As messages go: by bindings of exchanges to exchanges, and where nothing matches by alternate exchanges. */
  private follow({ name, incoming, options }: Queue): Way {
    const { queues, exchanges } = this.surroundings;
    const first = options.deadLetterExchange as string;
    const targets = new Set<Queue>();
    const needs = new Set<string>();
    const keys = keysOf(options.deadLetterRoutingKey, name, incoming, exchanges.get(first));
    const pending = [first];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (needs.has(exchangeNeed(next))) continue;
      needs.add(exchangeNeed(next));
      const exchange = exchanges.get(next);
      if (exchange === undefined) continue;
      const type = exchange.name === '' ? 'default' : exchange.options.type;
      if (type === 'default') for (const key of keys.texts) needs.add(queueNeed(key));
      if (type === 'direct') for (const key of keys.texts) needs.add(keyNeed(next, key));
      const found = destinationsOf(exchange, keys);
      for (const destination of found) {
        if (destination.kind === 'exchange') pending.push(destination.name);
        // A place for direct replies is no queue that anybody sees.
        else if (queues.get(destination.name) === destination) targets.add(destination);
      }
      if (found.size === 0 && exchange.alternateExchange !== null) pending.push(exchange.alternateExchange);
    }
    return { targets: [...targets], needs: [...needs] };
  }
}

/** Without a fixed key messages keep theirs: any key that can bring a message into the queue may bring it on. */
function keysOf(fixed: string | null, queue: string, incoming: Iterable<Binding>, exchange?: Exchange): Keys {
  if (fixed !== null) return { texts: [fixed], areFixed: true };
  if (exchange?.options.type === 'fanout') return { texts: [''], areFixed: false };
  const texts = new Set([queue]);
  for (const { routingKey } of incoming) texts.add(routingKey);
  return { texts: [...texts], areFixed: false };
}

/** The destinations of dead letters with these keys; all of an exchange that chooses by more than is known here. */
function destinationsOf({ type, bindings, options }: Exchange, { texts, areFixed }: Keys): Set<Destination> {
  const found = new Set<Destination>();
  const isByKey = areFixed && !type.isPerMessage;
  if (options.type === 'headers' || type.isByChance || (type.isSingleChoice && !isByKey)) {
    for (const { destination } of bindings.values()) found.add(destination);
    return found;
  }
  for (const key of texts) type.route(key, NO_HEADERS, found, null);
  return found;
}

function queueNeed(name: string): string {
  return `queue\0${name}`;
}

function exchangeNeed(name: string): string {
  return `exchange\0${name}`;
}

function keyNeed(exchange: string, key: string): string {
  return `key\0${exchange}\0${key}`;
}
