/**
 * One broker under comparison. It does what a step says, waits until the broker has come to rest, and tells what the clients saw.
 * Invariant: what it tells depends on the steps, never on how long they took.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type FieldTable, findField } from '../../../lib/amqp/field-table.ts';
import { eventually } from '../patience.ts';
import { Refused } from '../refusal.ts';
import type { Incoming, WireChannel } from '../wire-channel.ts';
import { WireConnection } from '../wire-connection.ts';
import { Confirming } from './confirming.ts';
import { contentText } from './content-text.ts';
import { Holdings } from './holdings.ts';
import { EXCHANGES, QUEUES } from './name.ts';
import type { Counts, Observation, QuorumFacts, Seen } from './seen.ts';
import { APART, CHANNELS, connectionOf, type MethodStep, plain, type Step, TRANSACTIONAL } from './step.ts';

const WATCH = 2;
const CAPABILITIES = ['authentication_failure_close', 'consumer_cancel_notify', 'basic.nack', 'publisher_confirms'];
/** Nothing may have moved for so many rounds in a row. */
const QUIET_ROUNDS = 2;
const ROUNDS_MAX = 200;
const REST_MS = 2000;
/** What goes through the log of a quorum queue takes its time, and nothing says when it has arrived. */
const LOG_MS = 30;
const LOG_ROUND_MS = 5;
const LATE_MS = 100;
/** Methods that have no reply. */
const SILENT: ReadonlySet<string> = new Set([
  'basic.publish',
  'basic.ack',
  'basic.nack',
  'basic.reject',
  'basic.recover-async',
]);

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly version: string;
}

/** How a queue was declared, and the connection that has it for itself. */
export interface KnownQueue {
  readonly owner: number | null;
  readonly arguments: FieldTable;
}

export class Subject {
  /** Queues that exist. */
  readonly queues = new Map<string, KnownQueue>();
  readonly exchanges = new Set<string>();
  /** Queues whose dead letters got a routing key of their own at some time. */
  readonly withFixedKey = new Set<string>();
  /** Queues that were classic once and quorum queues at another time. */
  readonly retyped = new Set<string>();
  /** By channel. */
  readonly holdings: Holdings[] = [];
  readonly #wasQuorum = new Map<string, boolean>();
  readonly #address: Address;
  #confirms = false;
  #wires: WireConnection[] = [];
  #channels: WireChannel[] = [];
  #watch!: WireChannel;
  #apart!: WireChannel;
  readonly #confirming: Confirming[] = [];
  #seen: Seen[] = [];

  constructor(address: Address) {
    this.#address = address;
  }

  /** Connects, and leaves nothing there of earlier episodes. With `confirms` all channels that are not transactional have them. */
  async begin(confirms: boolean): Promise<void> {
    this.#confirms = confirms;
    for (let connection = 0; connection <= WATCH; connection++) await this.#connect(connection);
    for (const queue of QUEUES) await this.#watch.call('queue.delete', { queue });
    for (const exchange of EXCHANGES) await this.#watch.call('exchange.delete', { exchange });
  }

  async perform(step: Step): Promise<Observation> {
    this.#seen = [];
    try {
      if (step.name === 'drop connection') await this.#reconnect(connectionOf(step.channel));
      else await this.#act(step);
    } catch (error) {
      await this.#refused(step.channel, error);
    }
    await this.#probe();
    const counts = await this.#rest(step.channel);
    return { seen: inOrder(this.#seen), counts, quorum: this.#quorumFacts() };
  }

  /** What goes through a log may take longer than is waited for every time. */
  get mayMove(): boolean {
    return [...this.queues.values()].some(({ arguments: args }) => findField(args, 'x-queue-type'));
  }

  /** What the last step looks like some time later. */
  async later(step: Step): Promise<Observation> {
    await pause(LATE_MS);
    const counts = await this.#rest(step.channel);
    return { seen: inOrder(this.#seen), counts, quorum: this.#quorumFacts() };
  }

  close(): void {
    for (const wire of this.#wires) wire.close();
  }

  async #act(step: MethodStep): Promise<void> {
    if (APART.has(step.name)) {
      try {
        const reply = await this.#apart.call(step.name, step.args as never);
        this.#note(-1, `${(reply as Incoming).name} {}`);
      } catch (error) {
        this.#note(-1, (error as Error).message);
        this.#apart = await this.#renew(WATCH, 2);
      }
      return;
    }
    const channel = this.#channels[step.channel] as WireChannel;
    if (step.name === 'basic.publish') {
      this.#confirming[step.channel]?.published();
      channel.publish(step.args, step.body, step.properties);
    } else if (SILENT.has(step.name)) {
      channel.send(step.name, step.args as never);
    } else if (step.name === 'channel.close') {
      await channel.call('channel.close', { replyCode: 200 });
      this.#note(step.channel, 'closed');
      this.#collect(step.channel);
      await this.#reopen(step.channel);
    } else {
      this.#reply(step, (await channel.call(step.name, step.args as never)) as Incoming);
    }
    this.#holdings(step.channel).did(step);
  }

  #reply(step: MethodStep, reply: Incoming): void {
    const holdings = this.#holdings(step.channel);
    if (step.name === 'basic.consume') holdings.subscribed(`${step.args.consumerTag}`, `${step.args.queue}`);
    if (step.name === 'basic.cancel') holdings.unsubscribed(`${step.args.consumerTag}`);
    if (reply.name === 'basic.get-ok') {
      this.#delivered(step.channel, reply);
      if (step.name === 'basic.get' && !step.args.noAck)
        holdings.came(Number(reply.arguments.deliveryTag), `${step.args.queue}`, null);
      return;
    }
    this.#note(step.channel, `${reply.name} ${plain(reply.arguments)}`);
    if (step.name === 'queue.declare' && !step.args.passive) {
      const { queue = '', exclusive, arguments: args = [] } = step.args;
      if (!this.queues.has(queue)) {
        this.queues.set(queue, { owner: exclusive ? connectionOf(step.channel) : null, arguments: args });
        const isQuorum = findField(args, 'x-queue-type') !== undefined;
        if (this.#wasQuorum.get(queue) === !isQuorum) this.retyped.add(queue);
        this.#wasQuorum.set(queue, isQuorum);
      }
      if (findField(args, 'x-dead-letter-routing-key')) this.withFixedKey.add(queue);
    }
    if (step.name === 'exchange.declare') this.exchanges.add(`${step.args.exchange}`);
    if (step.name === 'exchange.delete') this.exchanges.delete(`${step.args.exchange}`);
    if (reply.name === 'confirm.select-ok') this.#confirming[step.channel]?.begin();
  }

  /** Waits until nothing moves: counts are the same and nothing more comes. */
  async #rest(first: number): Promise<Counts> {
    const others = [...Array(CHANNELS).keys()].filter((channel) => channel !== first);
    const hasLogs = this.mayMove;
    let before = '';
    let mine: Counts = new Map();
    let quiet = 0;
    let quietSince = performance.now();
    const isMoving = () => quiet < QUIET_ROUNDS || (hasLogs && performance.now() - quietSince < LOG_MS);
    for (let round = 0; round < ROUNDS_MAX && isMoving(); round++) {
      if (hasLogs && round > 0) await pause(LOG_ROUND_MS);
      const counts: string[] = [];
      let moved = false;
      for (const channel of [first, ...others]) {
        try {
          const found = await this.#counts(channel);
          counts.push([...found.values()].map(plain).join());
          if (channel === first) mine = found;
        } catch (error) {
          await this.#refused(channel, error);
          await this.#probe();
          moved = true;
        }
        moved = this.#collect(channel) || moved;
      }
      const now = counts.join('; ');
      quiet = moved || now !== before ? 0 : quiet + 1;
      if (quiet === 0) quietSince = performance.now();
      before = now;
    }
    await eventually(
      () => this.#collectAll(),
      () => this.#confirming.every((one) => one.isSettled),
      REST_MS,
    );
    this.#confirming.forEach((one, channel) => {
      const text = one.news();
      if (text) this.#note(channel, text);
    });
    return mine;
  }

  /** Ready messages and consumers of all queues that the channel may see. Everything that it sent before has been done by then. */
  async #counts(channel: number): Promise<Counts> {
    const wire = this.#channels[channel] as WireChannel;
    // Nothing may be sent on a channel whose close has been answered.
    if (wire.refused) throw wire.refused;
    const mine = [...this.queues].filter(([, { owner }]) => owner === null || owner === connectionOf(channel));
    for (const [queue] of mine) wire.send('queue.declare', { queue, passive: true });
    if (mine.length === 0) await wire.call('channel.flow', { active: true });
    const found = new Map<string, { ready: number; consumers: number }>();
    for (const [queue] of mine.sort()) found.set(queue, { ready: 0, consumers: 0 });
    for (const _ of mine) {
      const { queue, messageCount, consumerCount } = (await wire.reply('queue.declare-ok')).arguments;
      found.set(queue, { ready: messageCount, consumers: consumerCount });
    }
    return found;
  }

  /** Finds out which queues are gone, on a channel that nothing hangs on. */
  async #probe(): Promise<void> {
    for (const queue of [...this.queues.keys()].sort()) {
      try {
        await this.#watch.call('queue.declare', { queue, passive: true });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.#watch = await this.#renew(WATCH, 1);
        if (error.code !== 404) continue;
        this.queues.delete(queue);
        for (const holdings of this.holdings) holdings.gone(queue);
        this.#note(-1, `gone: ${queue}`);
      }
    }
  }

  #quorumFacts(): ReadonlyMap<string, QuorumFacts> {
    const facts = new Map<string, QuorumFacts>();
    for (const [queue, { arguments: args }] of this.queues) {
      if (!findField(args, 'x-queue-type')) continue;
      const holders = this.holdings.reduce((sum, one) => sum + one.holders(queue), 0);
      const single = findField(args, 'x-single-active-consumer') !== undefined;
      facts.set(queue, { holders, single, shared: this.#sharing(queue) });
    }
    return facts;
  }

  #sharing(queue: string): ReadonlySet<number> {
    const connections = new Set<number>();
    this.holdings.forEach((one, channel) => {
      const isOther = (_: Holdings, id: number) => id !== channel && connectionOf(id) === connectionOf(channel);
      const others = this.holdings.filter(isOther);
      if (one.holds(queue) && others.some((other) => other.holds(queue) || other.consumes(queue)))
        connections.add(connectionOf(channel));
    });
    return connections;
  }

  async #refused(channel: number, error: unknown): Promise<void> {
    if (!(error instanceof Refused)) throw error;
    this.#collect(channel);
    this.#note(channel, error.message);
    if (error.scope === 'channel') await this.#reopen(channel);
    else {
      await this.#wires[connectionOf(channel)]?.ended;
      await this.#connect(connectionOf(channel));
    }
  }

  async #reconnect(connection: number): Promise<void> {
    await this.#wires[connection]?.zero.call('connection.close', { replyCode: 200 });
    for (let channel = 0; channel < CHANNELS; channel++)
      if (connectionOf(channel) === connection) this.#collect(channel);
    this.#wires[connection]?.close();
    await this.#connect(connection);
  }

  async #connect(connection: number): Promise<void> {
    const wire = await WireConnection.open(this.#address, { capabilities: CAPABILITIES });
    this.#wires[connection] = wire;
    if (connection === WATCH) {
      this.#watch = await wire.openChannel(1);
      this.#apart = await wire.openChannel(2);
      return;
    }
    for (let channel = 0; channel < CHANNELS; channel++)
      if (connectionOf(channel) === connection) await this.#reopen(channel);
  }

  async #reopen(channel: number): Promise<void> {
    this.#channels[channel] = await this.#renew(connectionOf(channel), channel + 1);
    this.holdings[channel] = new Holdings();
    const confirming = new Confirming();
    this.#confirming[channel] = confirming;
    if (channel !== TRANSACTIONAL && this.#confirms) {
      await this.#channels[channel]?.call('confirm.select');
      confirming.begin();
    }
  }

  async #renew(connection: number, id: number): Promise<WireChannel> {
    const wire = this.#wires[connection] as WireConnection;
    wire.forget(id);
    return wire.openChannel(id);
  }

  #collectAll(): void {
    for (let channel = 0; channel < CHANNELS; channel++) this.#collect(channel);
  }

  /** Notes what came unasked; true when there was something. */
  #collect(channel: number): boolean {
    const came = this.#channels[channel]?.takeUnasked() ?? [];
    for (const method of came) {
      if (method.name === 'basic.ack' || method.name === 'basic.nack') {
        this.#confirming[channel]?.settled(
          method.name === 'basic.ack',
          Number(method.arguments.deliveryTag),
          method.arguments.multiple,
        );
      } else if (method.name === 'basic.deliver' || method.name === 'basic.return') {
        this.#delivered(channel, method);
      } else {
        if (method.name === 'basic.cancel') this.#holdings(channel).unsubscribed(method.arguments.consumerTag);
        this.#note(channel, `${method.name} ${plain(method.arguments)}`);
      }
    }
    return came.length > 0;
  }

  #holdings(channel: number): Holdings {
    return this.holdings[channel] as Holdings;
  }

  #delivered(channel: number, method: Incoming): void {
    const { deliveryTag = null, ...rest } = method.arguments as { deliveryTag?: bigint | number | null };
    const tag = deliveryTag === null ? null : Number(deliveryTag);
    const text = `${method.name} ${plain(rest)} ${contentText(method, this.#address.version)}`;
    let source = '';
    if (method.name === 'basic.deliver' && tag !== null) {
      const { consumerTag } = method.arguments;
      const holdings = this.#holdings(channel);
      source = holdings.queueOf.get(consumerTag) ?? '';
      if (consumerTag.startsWith('acks')) holdings.came(tag, source, consumerTag);
    }
    this.#seen.push({ channel, source, text, deliveryTag: tag });
  }

  #note(channel: number, text: string): void {
    this.#seen.push({ channel, source: '', text, deliveryTag: null });
  }
}

/** What happens on different channels has no order among it, nor have the cancels of consumers whose queue is deleted. */
function inOrder(seen: readonly Seen[]): Seen[] {
  const place = ({ channel, text }: Seen) => `${channel + 1} ${text.startsWith('basic.cancel ') ? text : ''}`;
  return seen.toSorted((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}
