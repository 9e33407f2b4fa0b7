import type { Exchange } from '../../broker/exchange.ts';
import type { EXCHANGE_FIGURES } from '../../figures/exchange-figures.ts';
import type { GaugeName } from '../../figures/figure.ts';
import type { Gauges } from './row-writer.ts';

/** Where each figure of an exchange that is measured comes from. */
export const EXCHANGE_GAUGES: Gauges<Exchange, GaugeName<typeof EXCHANGE_FIGURES>> = {
  bindings: ({ bindings }) => bindings.size,
};
