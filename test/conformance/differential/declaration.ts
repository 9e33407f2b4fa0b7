/** Rolls how queues and exchanges are declared: a queue mostly as it was before, so that it is used and not only refused. */
import type { Field, FieldTable } from '../../../lib/amqp/field-table.ts';
import type { MethodArguments } from '../../../lib/amqp/method.ts';
import type { Dice } from './dice.ts';
import { EXCHANGES, QUEUES } from './name.ts';
import type { Subject } from './subject.ts';

type QueueDeclare = Omit<MethodArguments['queue.declare'], 'nowait' | 'ticket'>;
type ExchangeDeclare = Omit<MethodArguments['exchange.declare'], 'nowait' | 'ticket'>;

const INTEGERS = ['I', 'l', 's', 'b'] as const;

/** The subject of an episode. */
export interface Theme {
  readonly quorum: boolean;
}

export class Declarations {
  readonly #dice: Dice;
  readonly #world: Subject;
  readonly #theme: Theme;
  readonly #latest = new Map<string, QueueDeclare>();

  constructor(dice: Dice, world: Subject, theme: Theme) {
    this.#dice = dice;
    this.#world = world;
    this.#theme = theme;
  }

  queue(): QueueDeclare {
    const dice = this.#dice;
    const queue = dice.chance(1) ? 'amq.mine' : dice.one(QUEUES);
    const known = this.#world.queues.has(queue) ? this.#latest.get(queue) : undefined;
    const passive = dice.chance(8);
    if (known && dice.chance(50)) return { ...known, passive, arguments: passive ? [] : known.arguments };
    const declare = this.#theme.quorum && dice.chance(60) ? this.#quorum(queue) : this.#classic(queue);
    if (!this.#world.queues.has(queue)) this.#latest.set(queue, declare);
    return passive ? { ...declare, passive, arguments: [] } : declare;
  }

  exchange(exchange: string = this.#exchangeName()): ExchangeDeclare {
    const dice = this.#dice;
    const args: FieldTable = [];
    if (dice.chance(15)) args.push(['alternate-exchange', text(dice.one([...EXCHANGES, 'amq.fanout', 'missing']))]);
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

  #exchangeName(): string {
    return this.#dice.chance(3) ? this.#dice.one(['', 'amq.mine', 'amq.direct']) : this.#dice.one(EXCHANGES);
  }

  #classic(queue: string): QueueDeclare {
    const dice = this.#dice;
    const args = this.#length();
    this.#add(args, 20, 'x-overflow', () => text(dice.one(['drop-head', 'reject-publish', 'reject-publish-dlx'])));
    this.#add(args, 1, 'x-overflow', () => text('odd'));
    this.#addDeadLetters(args);
    this.#add(args, 10, 'x-message-ttl', () => this.#integer(0));
    this.#add(args, 15, 'x-max-priority', () => this.#integer(1 + dice.number(3)));
    this.#add(args, 10, 'x-single-active-consumer', () => ({ type: 't', value: dice.chance(80) }));
    this.#add(args, 3, 'x-queue-mode', () => text(dice.one(['lazy', 'default', 'odd'])));
    this.#add(args, 5, 'x-mine', () => this.#integer(dice.number(3)));
    this.#add(args, 1, 'x-max-length', () =>
      dice.one<Field>([{ type: 'I', value: -1 }, text('3'), { type: 'd', value: 1.5 }]),
    );
    this.#add(args, 1, 'x-message-ttl', () =>
      dice.one<Field>([{ type: 'I', value: -1 }, text('3'), { type: 't', value: true }]),
    );
    this.#add(args, 1, 'x-dead-letter-exchange', () => this.#integer(3));
    return {
      queue,
      passive: false,
      durable: dice.chance(40),
      exclusive: dice.chance(12),
      autoDelete: dice.chance(15),
      arguments: args,
    };
  }

  /**
   * With a delivery limit always: left out it means none in 3.10 and 20 in 4.x. No reject-publish: a quorum queue takes more than its
   * limit before it refuses, and how much more is a matter of time. [rabbit: quorum queues]
   */
  #quorum(queue: string): QueueDeclare {
    const dice = this.#dice;
    const args: FieldTable = [['x-queue-type', text('quorum')]];
    args.push(['x-delivery-limit', this.#integer(1 + dice.number(3))], ...this.#length());
    this.#add(args, 10, 'x-overflow', () => text('drop-head'));
    this.#addDeadLetters(args);
    this.#add(args, 8, 'x-single-active-consumer', () => ({ type: 't', value: true }));
    return {
      queue,
      passive: false,
      durable: dice.chance(97),
      exclusive: dice.chance(2),
      autoDelete: dice.chance(2),
      arguments: args,
    };
  }

  #length(): FieldTable {
    const args: FieldTable = [];
    this.#add(args, 20, 'x-max-length', () => this.#integer(this.#dice.number(4)));
    this.#add(args, 8, 'x-max-length-bytes', () => this.#integer(this.#dice.number(12)));
    return args;
  }

  #addDeadLetters(args: FieldTable): void {
    const dice = this.#dice;
    if (!dice.chance(50)) {
      this.#add(args, 3, 'x-dead-letter-routing-key', () => text(dice.one(QUEUES)));
      return;
    }
    args.push(['x-dead-letter-exchange', text(dice.one(['', '', '', 'direct', 'fanout', 'topic', 'missing']))]);
    this.#add(args, 50, 'x-dead-letter-routing-key', () => text(dice.one(QUEUES)));
  }

  #add(args: FieldTable, percent: number, name: string, field: () => Field): void {
    if (this.#dice.chance(percent) && !args.some(([known]) => known === name)) args.push([name, field()]);
  }

  #integer(value: number): Field {
    const type = this.#dice.one(INTEGERS);
    return type === 'l' ? { type, value: BigInt(value) } : { type, value };
  }
}

function text(value: string): Field {
  return { type: 'S', value };
}
