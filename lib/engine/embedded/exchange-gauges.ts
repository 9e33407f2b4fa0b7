import type { Exchange } from '../../broker/exchanges/exchange.ts';
import type { EXCHANGE_FIGURES, ExchangeCounters } from '../../figures/exchange-figures.ts';
import type { GaugeName } from '../../figures/figure.ts';
import type { Gauges } from './row-writer.ts';

/** Where each figure of an exchange that is measured comes from. */
export const EXCHANGE_GAUGES: Gauges<Exchange, GaugeName<typeof EXCHANGE_FIGURES>> = {
  bindings: ({ bindings }) => bindings.size,
};

export function writeExchangeCounters({ counters }: Exchange, into: Float64Array, from: number): number {
  let at = from;
  for (const name in counters) into[at++] = counters[name as keyof ExchangeCounters];
  return at;
}
