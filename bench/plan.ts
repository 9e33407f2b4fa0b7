/** Who publishes what to where, and who consumes it: the options spread over connections and threads. */
import type { Options } from './options.ts';

/** One producer on its way to one routing key. */
export interface Source {
  readonly id: number;
  readonly routingKey: string;
  /** Every message of the source goes to all of these. */
  readonly queues: readonly number[];
}

export interface ProducerPlan {
  readonly index: number;
  readonly thread: number;
  readonly sources: readonly Source[];
}

export interface ConsumerPlan {
  readonly thread: number;
  readonly queues: readonly number[];
}

export interface Plan {
  readonly queues: readonly string[];
  readonly exchange: string;
  readonly exchangeType: string | undefined;
  readonly bindingKeys: readonly string[];
  readonly producers: readonly ProducerPlan[];
  readonly consumers: readonly ConsumerPlan[];
  /** How many queues each message goes to. */
  readonly copies: number;
  readonly threads: number;
}

export function planOf(options: Options): Plan {
  const { queues: queueCount, queuePrefix, exchange, routingKey, bindingKey, producers, consumers } = options;
  const threads = Math.min(options.threads, producers + consumers);
  const all = Array.from({ length: queueCount }, (_, index) => index);
  const queues = all.map((index) => `${queuePrefix}-${index + 1}`);
  const toAll = exchange === 'fanout' || exchange === 'headers' || routingKey !== undefined;
  let sourceId = 0;
  const source = (key: string, to: readonly number[]): Source => ({ id: sourceId++, routingKey: key, queues: to });
  const sourceOf = (queue: number): Source => source(queues[queue] as string, [queue]);
  return {
    queues,
    exchange: exchange ? `${queuePrefix}-x` : '',
    exchangeType: exchange,
    bindingKeys: queues.map((name) => bindingKey ?? routingKey ?? name),
    producers: Array.from({ length: producers }, (_, index) => ({
      index,
      thread: index % threads,
      sources: toAll ? [source(routingKey ?? '', all)] : share(index, producers, all).map(sourceOf),
    })),
    // All consumers of a queue share a thread, and with it one ledger; the last thread first, as producers begin at the other end.
    consumers: Array.from({ length: consumers }, (_, index) => ({
      thread: threads - 1 - ((index % queueCount) % threads),
      queues: share(index, consumers, all),
    })),
    copies: toAll ? queueCount : 1,
    threads,
  };
}

/** The queues of one client among many: one each, in turn, or several each if there are fewer clients than queues. */
function share(index: number, clients: number, queues: readonly number[]): number[] {
  if (clients >= queues.length) return [index % queues.length];
  return queues.filter((queue) => queue % clients === index);
}
