import type { FieldTable } from '../../amqp/field-table.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import type { Binding, Destination } from './binding.ts';
import type { ExchangeType } from './exchange-type.ts';

/** One of the bindings, by chance. */
export class RandomType implements ExchangeType {
  readonly isPerMessage = true;
  readonly isSingleChoice = true;
  readonly isByChance = true;
  private readonly bindings: Binding[] = [];
  private readonly chance: () => number;

  /** `chance` gives numbers from 0 to below 1. */
  constructor(chance: () => number = Math.random) {
    this.chance = chance;
  }

  add(binding: Binding): void {
    this.bindings.push(binding);
  }

  remove(binding: Binding): void {
    const at = this.bindings.indexOf(binding);
    if (at >= 0) this.bindings.splice(at, 1);
  }

  route(_routingKey: string, _headers: () => FieldTable, found: Set<Destination>): void {
    const chosen = this.bindings[Math.floor(this.chance() * this.bindings.length)];
    if (chosen) found.add(chosen.destination);
  }
}

/** One of the bindings, by chance, of classic queues only. Every queue of this broker is local. */
export class LocalRandomType extends RandomType {
  checkBinding(destination: Destination, routingKey: string): void {
    if (routingKey !== '') refuse(`Non empty binding '${routingKey}' key not permitted`);
    if (destination.kind !== 'queue') refuse('Destination not found');
    else if (destination.options.type !== 'classic') {
      refuse(`Queue type ${TYPE_NAMES[destination.options.type]} not valid for this exchange type`);
    }
  }
}

const TYPE_NAMES = { quorum: 'rabbit_quorum_queue', stream: 'rabbit_stream_queue' } as const;

function refuse(text: string): never {
  throw new AmqpError('PRECONDITION_FAILED', text);
}
