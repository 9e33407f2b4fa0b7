/** Rolls the next step: mostly something that makes sense with what is there, now and then something that does not. */
import type { Field, FieldTable } from '../../../lib/amqp/field-table.ts';
import type { Properties } from '../../../lib/amqp/properties.ts';
import type { Dice } from './dice.ts';
import { CHANNELS, type Step } from './step.ts';
import type { Subject } from './subject.ts';

export const EXCHANGES = ['direct', 'fanout', 'topic', 'headers'] as const;
export const QUEUES = ['q1', 'q2', 'q3', 'q4'] as const;
const KEYS = ['q1', 'q2', 'a', 'a.b', ''];
const TOPICS = ['#', '*', 'a.*', 'a.#', '*.b'];
const TAGS = ['acks1', 'acks2', 'acks3', 'free1'];

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
  /**
   * Either blind copies or dead letters: a RabbitMQ remembers to whom the blind copies went, and sends their dead letters there too;
   * Warren forgets it with the header.
   */
  readonly #blindCopies: boolean;
  #published = 0;
  #bound: { source: string; destination: string; routingKey: string; arguments: FieldTable; exchange: boolean }[] = [];

  constructor(dice: Dice, world: Subject) {
    this.#dice = dice;
    this.#world = world;
    this.#blindCopies = dice.chance(20);
  }

  next(): Step {
    const dice = this.#dice;
    const channel = dice.number(CHANNELS);
    const kind = dice.weighted(WEIGHTS);
    switch (kind) {
      case 'declareQueue':
        return { channel, name: 'queue.declare', args: this.#queueDeclare() };
      case 'deleteQueue':
        return {
          channel,
          name: 'queue.delete',
          args: { queue: dice.one(QUEUES), ifUnused: dice.chance(25), ifEmpty: dice.chance(25) },
        };
      case 'purge':
        return { channel, name: 'queue.purge', args: { queue: this.#queue() } };
      case 'declareExchange':
        return { channel, name: 'exchange.declare', args: this.#exchangeDeclare() };
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
        return { channel: 1, name: 'tx.select', args: {} };
      case 'commit':
        return { channel: 1, name: dice.chance(70) ? 'tx.commit' : 'tx.rollback', args: {} };
      case 'flow':
        return { channel, name: 'channel.flow', args: { active: dice.chance(95) } };
      case 'closeChannel':
        return { channel, name: 'channel.close', args: {} };
      case 'dropConnection':
        return { channel, name: 'drop connection' };
    }
  }

  /** One that exists, most of the time. */
  #queue(): string {
    const known: readonly string[] = [...this.#world.queues.keys()].sort();
    return known.length > 0 && this.#dice.chance(95) ? this.#dice.one(known) : this.#dice.one(QUEUES);
  }

  #exchange(): string {
    return this.#dice.chance(2) ? 'missing' : this.#dice.one([...EXCHANGES, 'amq.fanout', 'amq.topic']);
  }

  #queueDeclare() {
    const dice = this.#dice;
    const queue = dice.chance(1) ? 'amq.mine' : dice.one(QUEUES);
    const args: FieldTable = [];
    const add = (percent: number, name: string, field: () => Field): void => {
      if (dice.chance(percent)) args.push([name, field()]);
    };
    const integer = (value: number): Field => {
      const type = dice.one(['I', 'l', 's', 'b'] as const);
      return type === 'l' ? { type, value: BigInt(value) } : { type, value };
    };
    const text = (value: string): Field => ({ type: 'S', value });
    add(25, 'x-max-length', () => integer(dice.number(4)));
    add(8, 'x-max-length-bytes', () => integer(dice.number(12)));
    add(20, 'x-overflow', () => text(dice.one(['drop-head', 'reject-publish', 'reject-publish-dlx', 'odd'])));
    add(this.#blindCopies ? 0 : 45, 'x-dead-letter-exchange', () =>
      text(dice.one(['', '', 'direct', 'fanout', 'topic', 'missing'])),
    );
    add(30, 'x-dead-letter-routing-key', () => text(dice.one(QUEUES)));
    add(10, 'x-message-ttl', () => integer(0));
    add(15, 'x-max-priority', () => integer(1 + dice.number(3)));
    add(10, 'x-single-active-consumer', () => ({ type: 't', value: dice.chance(80) }));
    add(5, 'x-queue-mode', () => text(dice.one(['lazy', 'default', 'odd'])));
    add(5, 'x-mine', () => integer(dice.number(3)));
    add(2, 'x-max-length', () => dice.one<Field>([{ type: 'I', value: -1 }, text('3'), { type: 'd', value: 1.5 }]));
    add(2, 'x-message-ttl', () => dice.one<Field>([{ type: 'I', value: -1 }, text('3'), { type: 't', value: true }]));
    add(2, 'x-dead-letter-exchange', () => integer(3));
    const passive = dice.chance(8);
    return {
      queue,
      passive,
      durable: dice.chance(15),
      exclusive: dice.chance(12),
      autoDelete: dice.chance(15),
      arguments: passive ? [] : args,
    };
  }

  #exchangeDeclare() {
    const dice = this.#dice;
    const exchange = dice.chance(3) ? dice.one(['', 'amq.mine', 'amq.direct']) : dice.one(EXCHANGES);
    const args: FieldTable = [];
    if (dice.chance(15)) {
      const value = dice.one<string>([...EXCHANGES, 'amq.fanout', 'missing']);
      args.push(['alternate-exchange', { type: 'S', value }]);
    }
    const natural = (EXCHANGES as readonly string[]).includes(exchange) ? exchange : 'direct';
    return {
      exchange,
      type: dice.chance(95) ? natural : dice.one(EXCHANGES),
      passive: dice.chance(6),
      durable: dice.chance(5) || exchange === 'amq.direct',
      autoDelete: dice.chance(12),
      internal: dice.chance(5),
      arguments: args,
    };
  }

  #bind(channel: number, toExchange: boolean): Step {
    const dice = this.#dice;
    const source = this.#exchange();
    // A binding between two exchanges that nobody can delete would be there for good.
    const destination = toExchange ? dice.one(EXCHANGES) : this.#queue();
    const routingKey = source.endsWith('topic') ? dice.one(TOPICS) : dice.one(KEYS);
    const table: FieldTable = [];
    if (source === 'headers') {
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
    if (this.#blindCopies && dice.chance(10)) headers.push(['BCC', keys()]);
    if (dice.chance(15))
      headers.push([
        'kind',
        dice.one<Field>([
          { type: 'l', value: 1n },
          { type: 'S', value: '1' },
        ]),
      ]);
    if (dice.chance(10)) headers.push(['x-kind', { type: 'I', value: 1 }]);
    const properties: Properties = { deliveryMode: 1 };
    if (headers.length > 0) properties.headers = headers;
    if (dice.chance(25)) properties.priority = dice.number(6);
    // Where both are given, a RabbitMQ looks for what has expired before others only some time later.
    else if (dice.chance(8)) properties.expiration = dice.one(['0', '600000', '600000', dice.chance(20) ? 'odd' : '0']);
    if (dice.chance(2)) properties.userId = dice.one(['guest', 'somebody']);
    this.#published++;
    return {
      channel,
      name: 'basic.publish',
      args: {
        exchange: direct ? '' : this.#exchange(),
        routingKey: direct ? this.#queue() : dice.one(KEYS),
        mandatory: dice.chance(30),
        immediate: dice.number(400) === 0,
      },
      body: String(this.#published).padEnd(dice.number(5), '.'),
      properties,
    };
  }

  #consume(channel: number): Step {
    const dice = this.#dice;
    const consumerTag = dice.one(TAGS);
    const table: FieldTable = [];
    if (dice.chance(20)) table.push(['x-priority', { type: 'I', value: dice.number(5) - 2 }]);
    else if (dice.chance(2)) table.push(['x-priority', { type: 'S', value: 'high' }]);
    const noAck = consumerTag.startsWith('free');
    return {
      channel,
      name: 'basic.consume',
      args: { queue: this.#queue(), consumerTag, noAck, exclusive: dice.chance(6), arguments: table },
    };
  }

  #settle(channel: number): Step {
    const dice = this.#dice;
    const open = this.#world.outstanding[channel] ?? [];
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
