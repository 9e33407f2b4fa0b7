/**
 * One broker under comparison. It does what a step says, waits until the broker has come to rest, and tells what the clients saw.
 * Invariant: what it tells depends on the steps, never on how long they took.
 */
import type { Field, FieldTable } from '../../../lib/amqp/field-table.ts';
import { eventually } from '../patience.ts';
import { Refused } from '../refusal.ts';
import type { Content, Incoming, WireChannel } from '../wire-channel.ts';
import { WireConnection } from '../wire-connection.ts';
import { Confirming } from './confirming.ts';
import { APART, CHANNELS, connectionOf, type MethodStep, plain, type Step } from './step.ts';

const WATCH = 2;
const CAPABILITIES = ['authentication_failure_close', 'consumer_cancel_notify', 'basic.nack', 'publisher_confirms'];
/** Nothing may have moved for so many looks in a row. */
const LOOKS = 2;
const LOOKS_MAX = 200;
const REST_MS = 2000;
/** No reply comes to these. */
const SILENT: ReadonlySet<string> = new Set([
  'basic.publish',
  'basic.ack',
  'basic.nack',
  'basic.reject',
  'basic.recover-async',
]);
/** Headers that only one of the versions writes, and what is the time of day. */
const UNEQUAL = /^x-last-death-|^time$/;

export class Subject {
  /** Queues that exist, and the connection that has them for itself. */
  readonly queues = new Map<string, number | null>();
  /** Delivery tags that wait for an ack, by channel. */
  readonly outstanding: number[][] = [];
  readonly #address: { readonly host: string; readonly port: number };
  #wires: WireConnection[] = [];
  #channels: WireChannel[] = [];
  #watch!: WireChannel;
  #apart!: WireChannel;
  readonly #confirming: Confirming[] = [];
  #lines: string[] = [];

  constructor(address: { readonly host: string; readonly port: number }) {
    this.#address = address;
  }

  async open(): Promise<void> {
    for (let connection = 0; connection <= WATCH; connection++) await this.#connect(connection);
  }

  async perform(step: Step): Promise<string[]> {
    this.#lines = [];
    try {
      if (step.name === 'drop connection') await this.#reconnect(connectionOf(step.channel));
      else await this.#act(step);
    } catch (error) {
      await this.#refused(step.channel, error);
    }
    await this.#probe();
    await this.#rest(step.channel);
    return this.#lines;
  }

  /** Leaves nothing behind. */
  async clear(queues: readonly string[], exchanges: readonly string[]): Promise<void> {
    for (const connection of [0, 1]) await this.#reconnect(connection);
    for (const queue of queues) await this.#watch.call('queue.delete', { queue });
    for (const exchange of exchanges) await this.#watch.call('exchange.delete', { exchange });
    this.queues.clear();
  }

  close(): void {
    for (const wire of this.#wires) wire.close();
  }

  async #act(step: MethodStep): Promise<void> {
    if (APART.has(step.name)) {
      try {
        await this.#apart.call(step.name, step.args as never);
      } catch {
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
      this.#tell(step.channel, 'closed');
      this.#collect(step.channel);
      await this.#reopen(step.channel);
    } else {
      this.#reply(step, (await channel.call(step.name, step.args as never)) as Incoming);
    }
    this.#settled(step);
  }

  #reply(step: MethodStep, reply: Incoming): void {
    if (reply.name === 'basic.get-ok') {
      this.#tell(step.channel, deliveryText(reply));
      if (step.name === 'basic.get' && !step.args.noAck)
        this.#outstanding(step.channel).push(Number(reply.arguments.deliveryTag));
      return;
    }
    this.#tell(step.channel, `${reply.name} ${plain(reply.arguments)}`);
    if (reply.name === 'queue.declare-ok' && step.name === 'queue.declare' && !step.args.passive) {
      this.queues.set(reply.arguments.queue, step.args.exclusive ? connectionOf(step.channel) : null);
    }
    if (reply.name === 'confirm.select-ok') this.#confirming[step.channel]?.begin();
  }

  #settled({ channel, name, args }: MethodStep): void {
    const open = this.#outstanding(channel);
    if (name === 'basic.recover' || name === 'basic.recover-async') open.length = 0;
    if (name !== 'basic.ack' && name !== 'basic.nack' && name !== 'basic.reject') return;
    const tag = args.deliveryTag ?? 0;
    const multiple = name !== 'basic.reject' && args.multiple;
    const left = open.filter((one) => (multiple ? tag !== 0 && one > tag : one !== tag));
    open.splice(0, open.length, ...left);
  }

  /** Waits until nothing moves: counts are the same and nothing more comes. */
  async #rest(first: number): Promise<void> {
    const others = [...Array(CHANNELS).keys()].filter((channel) => channel !== first);
    let before = '';
    let quiet = 0;
    for (let look = 0; look < LOOKS_MAX && quiet < LOOKS; look++) {
      const counts: string[] = [];
      let moved = false;
      for (const channel of [first, ...others]) {
        try {
          counts.push(await this.#counts(channel));
        } catch (error) {
          await this.#refused(channel, error);
          await this.#probe();
          moved = true;
        }
        moved = this.#collect(channel) || moved;
      }
      const now = counts.join('; ');
      quiet = moved || now !== before ? 0 : quiet + 1;
      before = now;
    }
    await eventually(
      () => this.#collectAll(),
      () => this.#confirming.every((one) => one.isSettled),
      REST_MS,
    );
    this.#confirming.forEach((one, channel) => {
      const text = one.news();
      if (text) this.#tell(channel, text);
    });
    this.#lines.push(`counts ${before.split('; ')[0]}`);
    this.#lines = inOrder(this.#lines);
  }

  /** Ready messages and consumers of all queues that the channel may see. Everything that it sent before has been done by then. */
  async #counts(channel: number): Promise<string> {
    const wire = this.#channels[channel] as WireChannel;
    // Nothing may be sent on a channel whose close has been answered.
    if (wire.refused) throw wire.refused;
    const mine = [...this.queues].filter(([, owner]) => owner === null || owner === connectionOf(channel));
    for (const [queue] of mine) wire.send('queue.declare', { queue, passive: true });
    if (mine.length === 0) await wire.call('channel.flow', { active: true });
    const found: string[] = [];
    for (const [queue] of mine) {
      const { arguments: counts } = await wire.reply('queue.declare-ok');
      found.push(`${queue} ${counts.messageCount}/${counts.consumerCount}`);
    }
    return found.sort().join(' ');
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
        this.#lines.push(`gone: ${queue}`);
      }
    }
  }

  async #refused(channel: number, error: unknown): Promise<void> {
    if (!(error instanceof Refused)) throw error;
    this.#collect(channel);
    this.#tell(channel, error.message);
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
    this.outstanding[channel] = [];
    this.#confirming[channel] = new Confirming();
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
        this.#tell(channel, deliveryText(method));
        if (method.name === 'basic.deliver' && method.arguments.consumerTag.startsWith('acks'))
          this.#outstanding(channel).push(Number(method.arguments.deliveryTag));
      } else this.#tell(channel, `${method.name} ${plain(method.arguments)}`);
    }
    return came.length > 0;
  }

  #outstanding(channel: number): number[] {
    this.outstanding[channel] ??= [];
    return this.outstanding[channel];
  }

  #tell(channel: number, text: string): void {
    this.#lines.push(`channel ${channel}: ${text}`);
  }
}

/** What happens on different channels has no order among it, nor have the cancels of consumers whose queue is deleted. */
function inOrder(lines: readonly string[]): string[] {
  const place = (line: string) => /^channel \d: basic.cancel .*/.exec(line)?.[0] ?? line.slice(0, 'channel 0'.length);
  return lines.toSorted((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

function deliveryText(method: Incoming): string {
  const { properties, body } = method.content as Content;
  const known = { ...properties, headers: properties.headers && comparable(properties.headers) };
  return `${method.name} ${plain(method.arguments)} '${body}' ${plain(known)}`;
}

function comparable(table: FieldTable): unknown {
  return Object.fromEntries(
    table
      .filter(([name]) => !UNEQUAL.test(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, value(field)]),
  );
}

function value(field: Field): unknown {
  if (field.type === 'F') return comparable(field.value);
  if (field.type === 'A') return field.value.map(value);
  return { [field.type]: 'value' in field ? String(field.value) : '' };
}
