/** The queues of a run, and the exchange before them: made before it, gone after it. */
import type { Field, FieldTable } from '../lib/amqp/field-table.ts';
import type { Link } from './link.ts';
import type { Options } from './options.ts';
import type { Plan } from './plan.ts';

/** Resolves to the number of messages that wait in the queues. */
export async function declareTopology(link: Link, plan: Plan, options: Options): Promise<number> {
  let waiting = 0;
  const durable = options.persistent;
  const queueArguments: FieldTable = options.queueArguments.map(([key, value]) => [key, field(value)]);
  if (plan.exchangeType && !options.drain) {
    const args = { exchange: plan.exchange, type: plan.exchangeType, durable, arguments: [] };
    await link.request('exchange.declare', args, 'exchange.declare-ok');
  }
  for (const [index, queue] of plan.queues.entries()) {
    const args = { queue, durable, passive: options.drain, arguments: queueArguments };
    const { messageCount } = await link.request('queue.declare', args, 'queue.declare-ok');
    waiting += messageCount;
    if (options.drain) continue;
    if (!options.keep) await link.request('queue.purge', { queue }, 'queue.purge-ok');
    if (!plan.exchangeType) continue;
    const binding = { queue, exchange: plan.exchange, routingKey: plan.bindingKeys[index] as string, arguments: [] };
    await link.request('queue.bind', binding, 'queue.bind-ok');
  }
  return waiting;
}

export async function deleteTopology(link: Link, plan: Plan): Promise<void> {
  for (const queue of plan.queues) await link.request('queue.delete', { queue }, 'queue.delete-ok');
  if (plan.exchangeType) await link.request('exchange.delete', { exchange: plan.exchange }, 'exchange.delete-ok');
}

function field(value: string | number | boolean): Field {
  if (typeof value === 'boolean') return { type: 't', value };
  return typeof value === 'number' ? { type: 'l', value: BigInt(value) } : { type: 'S', value };
}
