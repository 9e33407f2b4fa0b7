/** What one client does next: a method on one of its channels, or the end of a connection. */
import type { MethodArguments, MethodName } from '../../../lib/amqp/method.ts';
import type { Properties } from '../../../lib/amqp/properties.ts';

export type MethodStep = {
  [K in MethodName]: {
    readonly channel: number;
    readonly name: K;
    readonly args: Partial<MethodArguments[K]>;
    readonly body?: string;
    readonly properties?: Properties;
  };
}[MethodName];

export type Step = MethodStep | { readonly channel: number; readonly name: 'drop connection' };

/** Channels of the clients; the last has a connection of its own. */
export const CHANNELS = 3;

/** The channel that has transactions; others may have confirms. */
export const TRANSACTIONAL = 1;

export function connectionOf(channel: number): number {
  return channel === CHANNELS - 1 ? 1 : 0;
}

/** Done on a channel of their own: where one version closes it and another does not, the clients' are the same afterwards. */
export const APART: ReadonlySet<string> = new Set(['queue.unbind', 'exchange.unbind']);

export function stepText(step: Step): string {
  const rest = { ...step, channel: undefined, name: undefined };
  return `channel ${step.channel}: ${step.name} ${plain(rest)}`;
}

/** As JSON with what JSON has no word for. */
export function plain(value: unknown): string {
  return JSON.stringify(value, (_, one) => {
    if (typeof one === 'bigint') return Number(one);
    if (one?.type === 'Buffer') return Buffer.from(one.data).toString('latin1');
    return one;
  });
}
