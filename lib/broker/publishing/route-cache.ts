/**
 * Remembers where messages with one address went: exchange and routing key as wire bytes → queues.
 * It belongs to one channel, so that the write permission is part of what is remembered. An entry holds while the
 * vhost's version is the one it was made under.
 */
import type { Exchange } from '../exchanges/exchange.ts';
import { LIMITS } from '../limits.ts';
import type { Queue } from '../queues/queue.ts';

export class Route {
  /** Exchange and routing key as two short strings; the route's own copy. */
  readonly address: Buffer;
  readonly exchange: Exchange;
  readonly routingKey: string;
  /** Null: depends on the message's headers, so it is worked out for each. */
  readonly queues: Queue[] | null;
  readonly version: number;

  constructor(address: Buffer, exchange: Exchange, routingKey: string, queues: Queue[] | null, version: number) {
    this.address = address;
    this.exchange = exchange;
    this.routingKey = routingKey;
    this.queues = queues;
    this.version = version;
  }
}

const SLOTS = LIMITS.routeCacheEntries;

export class RouteCache {
  /** Made with the first route: most channels only consume. */
  private slots: (Route | undefined)[] | null = null;
  private latest: Route | undefined;

  /** The remembered route of that address; undefined when there is none of that version. */
  find(buffer: Buffer, start: number, end: number, version: number): Route | undefined {
    const { latest } = this;
    if (latest !== undefined && latest.version === version && same(latest.address, buffer, start, end)) return latest;
    const route = this.slots?.[slotOf(buffer, start, end)];
    if (route === undefined || route.version !== version || !same(route.address, buffer, start, end)) return undefined;
    this.latest = route;
    return route;
  }

  keep(route: Route): void {
    this.slots ??= new Array(SLOTS);
    this.slots[slotOf(route.address, 0, route.address.length)] = route;
    this.latest = route;
  }
}

function same(address: Buffer, buffer: Buffer, start: number, end: number): boolean {
  const { length } = address;
  if (end - start !== length) return false;
  for (let i = 0; i < length; i++) if (address[i] !== buffer[start + i]) return false;
  return true;
}

function slotOf(buffer: Buffer, start: number, end: number): number {
  // FNV-1a
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (buffer[i] as number), 0x01000193);
  return (hash >>> 0) % SLOTS;
}
