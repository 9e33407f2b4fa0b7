/**
 * An exchange: its bindings and counters. It knows where a message may go, never what a queue does with it.
 * Invariant: `type` holds exactly the bindings that are in `bindings`.
 */
import type { FieldTable } from '../../amqp/field-table.ts';
import type { AppliedPolicy } from '../policies/policy-book.ts';
import { type Binding, bindingKey, type Destination } from './binding.ts';
import type { ExchangeType, ExchangeTypeName } from './exchange-type.ts';

export interface ExchangeOptions {
  type: ExchangeTypeName;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
  /** A user's name; '' where it is not known, or no user did it. */
  declaredBy: string;
  arguments: FieldTable;
  /** From the argument `alternate-exchange`; a policy may name one where there is none. */
  alternateExchange: string | null;
}

export class Exchange {
  readonly kind = 'exchange' as const;
  readonly vhost: string;
  readonly name: string;
  readonly options: ExchangeOptions;
  readonly type: ExchangeType;
  readonly bindings = new Map<string, Binding>();
  /** Bindings of other exchanges that end here. */
  readonly incoming = new Set<Binding>();
  /** What policies say of this exchange; null: nothing. */
  policy: AppliedPolicy | null = null;
  /** In effect: the argument's, else the policy's. */
  alternateExchange: string | null;
  publishedCount = 0;
  routedCount = 0;
  unroutableCount = 0;
  deleted = false;

  constructor(vhost: string, name: string, options: ExchangeOptions, type: ExchangeType) {
    this.vhost = vhost;
    this.name = name;
    this.options = options;
    this.type = type;
    this.alternateExchange = options.alternateExchange;
  }

  /** Sets what policies say of this exchange. The caller sees to it that remembered routes are forgotten. */
  applyPolicy(policy: AppliedPolicy | null): void {
    this.policy = policy;
    const named = policy?.definition['alternate-exchange'];
    this.alternateExchange = this.options.alternateExchange ?? (typeof named === 'string' ? named : null);
  }

  get predeclared(): boolean {
    return this.name === '' || this.name.startsWith('amq.');
  }

  findBinding(destination: Destination, routingKey: string, args: FieldTable): Binding | undefined {
    return this.bindings.get(bindingKey(destination, routingKey, args));
  }

  /** Returns the new binding, undefined when an equal one was there. */
  add(destination: Destination, routingKey: string, args: FieldTable): Binding | undefined {
    const key = bindingKey(destination, routingKey, args);
    if (this.bindings.has(key)) return undefined;
    const binding = { source: this, destination, routingKey, arguments: args };
    this.bindings.set(key, binding);
    this.type.add(binding);
    destination.incoming.add(binding);
    return binding;
  }

  remove(binding: Binding): void {
    if (!this.bindings.delete(bindingKey(binding.destination, binding.routingKey, binding.arguments))) return;
    this.type.remove(binding);
    binding.destination.incoming.delete(binding);
  }
}
