/** Rolls the next step: mostly something that makes sense with what is there, now and then something that does not. */
import { type Field, type FieldTable, findField } from '../../../lib/amqp/field-table.ts';
import type { Properties } from '../../../lib/amqp/properties.ts';
import { Declarations, type Theme } from './declaration.ts';
import type { Dice } from './dice.ts';
import { EXCHANGES, QUEUES } from './name.ts';
import { CHANNELS, type Step, TRANSACTIONAL } from './step.ts';
import type { Subject } from './subject.ts';

const KEYS = ['q1', 'q2', 'a', 'a.b', ''];
const TOPICS = ['#', '*', 'a.*', 'a.#', '*.b'];
/** Since 4.0 a quorum queue prefers messages above this priority. */
const NORMAL_PRIORITY_MAX = 4;
/** Now and then a body that is more than what goes out in one turn. */
const LARGE_EVERY = 97;
const LARGE_BYTES = 4_500_000;
const TAGS = ['acks1', 'acks2', 'acks3', 'acks4', 'free1'];

const WEIGHTS = {
  declareQueue: 9,
  deleteQueue: 2,
  purge: 1,
  declareExchange: 3,
  deleteExchange: 1,
  bind: 6,
  bindExchange: 2,
  unbind: 1,
  publish: 34,
  get: 9,
  consume: 8,
  cancel: 3,
  settle: 18,
  recover: 2,
  qos: 3,
  confirm: 1,
  transact: 2,
  commit: 3,
  flow: 1,
  closeChannel: 2,
  dropConnection: 1,
};

export class Script {
  readonly #dice: Dice;
  readonly #world: Subject;
  readonly #theme: Theme;
  readonly #declarations: Declarations;
  /** The first steps, so that there is something to work with. */
  readonly #first: Step[] = [];
  #published = 0;
  #bound: { source: string; destination: string; routingKey: string; arguments: FieldTable; exchange: boolean }[] = [];

  constructor(dice: Dice, world: Subject) {
    this.#dice = dice;
    this.#world = world;
    this.#theme = { quorum: dice.chance(35) };
    this.#declarations = new Declarations(dice, world, this.#theme);
    for (const exchange of EXCHANGES) if (dice.chance(80)) this.#first.push(this.#exchangeDeclare(exchange));
    for (const _ of QUEUES)
      this.#first.push({ channel: dice.number(CHANNELS), name: 'queue.declare', args: this.#declarations.queue() });
  }

  /** Confirms say when a message has gone through the log of a quorum queue. */
  get confirms(): boolean {
    return this.#theme.quorum;
  }

  next(): Step {
    const first = this.#first.shift();
    if (first) return first;
    const dice = this.#dice;
    const channel = dice.number(CHANNELS);
    const kind = dice.weighted(WEIGHTS);
    switch (kind) {
      case 'declareQueue':
        return { channel, name: 'queue.declare', args: this.#declarations.queue() };
      case 'deleteQueue':
        return {
          channel,
          name: 'queue.delete',
          args: { queue: dice.one(QUEUES), ifUnused: dice.chance(25), ifEmpty: dice.chance(25) },
        };
      case 'purge':
        return { channel, name: 'queue.purge', args: { queue: this.#queue() } };
      case 'declareExchange':
        return this.#exchangeDeclare();
      case 'deleteExchange':
        return {
          channel,
          name: 'exchange.delete',
          args: { exchange: dice.one(EXCHANGES), ifUnused: dice.chance(40) },
        };
      case 'bind':
      case 'bindExchange':
        return this.#bind(channel, kind === 'bindExchange');
      case 'unbind':
        return this.#unbind(channel);
      case 'publish':
        return this.#publish(channel);
      case 'get':
        return { channel, name: 'basic.get', args: { queue: this.#queue(), noAck: dice.chance(40) } };
      case 'consume':
        return this.#consume(channel);
      case 'cancel':
        return { channel, name: 'basic.cancel', args: { consumerTag: dice.one(TAGS) } };
      case 'settle':
        return this.#settle(channel);
      case 'recover':
        return {
          channel,
          name: dice.chance(70) ? 'basic.recover' : 'basic.recover-async',
          args: { requeue: dice.chance(97) },
        };
      case 'qos':
        return {
          channel,
          name: 'basic.qos',
          args: { prefetchCount: dice.number(4), prefetchSize: dice.chance(2) ? 1 : 0, global: dice.chance(25) },
        };
      case 'confirm':
        return { channel, name: 'confirm.select', args: {} };
      case 'transact':
        return { channel: TRANSACTIONAL, name: 'tx.select', args: {} };
      case 'commit':
        return { channel: TRANSACTIONAL, name: dice.chance(70) ? 'tx.commit' : 'tx.rollback', args: {} };
      case 'flow':
        return { channel, name: 'channel.flow', args: { active: dice.chance(95) } };
      case 'closeChannel':
        return { channel, name: 'channel.close', args: {} };
      case 'dropConnection':
        return { channel, name: 'drop connection' };
    }
  }

  /** The name of a queue, most of the time of one that exists. */
  #queue(): string {
    const known: readonly string[] = [...this.#world.queues.keys()].sort();
    return known.length > 0 && this.#dice.chance(95) ? this.#dice.one(known) : this.#dice.one(QUEUES);
  }

  #exchange(): string {
    if (this.#dice.chance(2)) return this.#dice.one(['missing', ...EXCHANGES]);
    return this.#dice.one([
      ...[...this.#world.exchanges].sort(),
      'amq.fanout',
      'amq.topic',
      'amq.headers',
      'amq.direct',
    ]);
  }

  #exchangeDeclare(exchange?: string): Step {
    return {
      channel: this.#dice.number(CHANNELS),
      name: 'exchange.declare',
      args: this.#declarations.exchange(exchange),
    };
  }

  #bind(channel: number, toExchange: boolean): Step {
    const dice = this.#dice;
    const source = this.#exchange();
    // A binding between two exchanges that nobody can delete would be there for good.
    const destination = toExchange ? dice.one(EXCHANGES) : this.#queue();
    const routingKey = source.endsWith('topic') ? dice.one(TOPICS) : dice.one(KEYS);
    const table: FieldTable = [];
    if (source.endsWith('headers')) {
      if (dice.chance(70)) {
        const value = dice.one(['all', 'any', 'all-with-x', 'any-with-x', dice.chance(10) ? 'odd' : 'all']);
        table.push(['x-match', { type: 'S', value }]);
      }
      if (dice.chance(70))
        table.push([
          'kind',
          dice.one<Field>([
            { type: 'I', value: 1 },
            { type: 'S', value: '1' },
          ]),
        ]);
      if (dice.chance(40)) table.push(['x-kind', dice.one<Field>([{ type: 'I', value: 1 }, { type: 'V' }])]);
    }
    this.#bound.push({ source, destination, routingKey, arguments: table, exchange: toExchange });
    return toExchange
      ? { channel, name: 'exchange.bind', args: { source, destination, routingKey, arguments: table } }
      : { channel, name: 'queue.bind', args: { exchange: source, queue: destination, routingKey, arguments: table } };
  }

  #unbind(channel: number): Step {
    const bound = this.#bound[this.#dice.number(this.#bound.length || 1)];
    if (!bound) return { channel, name: 'channel.flow', args: { active: true } };
    const { source, destination, routingKey, arguments: table } = bound;
    return bound.exchange
      ? { channel, name: 'exchange.unbind', args: { source, destination, routingKey, arguments: table } }
      : { channel, name: 'queue.unbind', args: { exchange: source, queue: destination, routingKey, arguments: table } };
  }

  #publish(channel: number): Step {
    const dice = this.#dice;
    const direct = dice.chance(55);
    const headers: FieldTable = [];
    const keys = (): Field => ({ type: 'A', value: [{ type: 'S', value: dice.one([...QUEUES, 'a']) }] });
    if (dice.chance(8)) headers.push(['CC', dice.chance(92) ? keys() : { type: 'S', value: 'q1' }]);
    if (dice.chance(3)) headers.push(['BCC', keys()]);
    if (dice.chance(15))
      headers.push([
        'kind',
        dice.one<Field>([
          { type: 'l', value: 1n },
          { type: 'S', value: '1' },
        ]),
      ]);
    if (dice.chance(10)) headers.push(['x-kind', { type: 'I', value: 1 }]);
    const properties: Properties = { deliveryMode: dice.chance(40) ? 2 : 1 };
    if (headers.length > 0) properties.headers = headers;
    if (dice.chance(25)) properties.priority = dice.number(this.#theme.quorum ? NORMAL_PRIORITY_MAX + 1 : 6);
    // Where both are given, a RabbitMQ looks for what has expired before others only some time later: it does not see that such a
    // message came to the head, unless the queue was empty. [rabbit: rabbit_amqqueue_process deliver_or_enqueue]
    // How many messages a quorum queue has while it drops expired ones depends on the moment.
    else if (dice.chance(8) && !this.#theme.quorum)
      properties.expiration = dice.one(['0', '600000', '600000', dice.chance(20) ? 'odd' : '0']);
    if (dice.chance(2)) properties.userId = dice.one(['guest', 'somebody']);
    this.#published++;
    const padding = dice.number(5);
    return {
      channel,
      name: 'basic.publish',
      args: {
        exchange: direct ? '' : this.#exchange(),
        routingKey: direct ? this.#queue() : dice.one(KEYS),
        mandatory: dice.chance(30),
        immediate: dice.number(400) === 0,
      },
      body: String(this.#published).padEnd(this.#published % LARGE_EVERY === 0 ? LARGE_BYTES : padding, '.'),
      properties,
    };
  }

  #consume(channel: number): Step {
    const dice = this.#dice;
    const consumerTag = dice.one(TAGS);
    const table: FieldTable = [];
    const queue = this.#queue();
    const declared = this.#world.queues.get(queue)?.arguments ?? [];
    // Since 4.0 a single active consumer of a quorum queue gives way to one of a higher priority.
    const isPlain =
      findField(declared, 'x-queue-type') !== undefined && findField(declared, 'x-single-active-consumer');
    if (!isPlain && dice.chance(20)) table.push(['x-priority', { type: 'I', value: dice.number(5) - 2 }]);
    else if (dice.chance(2)) table.push(['x-priority', { type: 'S', value: 'high' }]);
    const noAck = consumerTag.startsWith('free');
    return {
      channel,
      name: 'basic.consume',
      args: { queue, consumerTag, noAck, exclusive: dice.chance(6), arguments: table },
    };
  }

  #settle(channel: number): Step {
    const dice = this.#dice;
    const open = this.#world.holdings[channel]?.tags ?? [];
    const odd = dice.chance(3) || open.length === 0;
    if (odd && !dice.chance(10)) return { channel, name: 'basic.get', args: { queue: this.#queue(), noAck: false } };
    const deliveryTag = odd ? dice.one([0, 1, 99]) : dice.one(open);
    const multiple = dice.chance(25);
    switch (dice.weighted({ ack: 5, nack: 3, reject: 3 })) {
      case 'ack':
        return { channel, name: 'basic.ack', args: { deliveryTag, multiple } };
      case 'nack':
        return { channel, name: 'basic.nack', args: { deliveryTag, multiple, requeue: dice.chance(50) } };
      case 'reject':
        return { channel, name: 'basic.reject', args: { deliveryTag, requeue: dice.chance(50) } };
    }
  }
}
