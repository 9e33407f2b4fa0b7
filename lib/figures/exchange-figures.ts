import type { Counters, Figures, Rates } from './figure.ts';

/** What is counted and measured of an exchange. Counters are of all since the broker's start. */
export const EXCHANGE_FIGURES = {
  bindings: {
    kind: 'gauge',
    unit: 'bindings',
    words: 'Bindings',
    rabbit: null,
    families: [],
    history: null,
    isSampled: false,
  },
  published: {
    kind: 'counter',
    unit: 'messages',
    words: 'In',
    rabbit: 'message_stats.publish_in',
    families: [
      {
        name: 'exchange_messages_published_total',
        help: 'Total number of messages published into an exchange',
        groups: ['exchange_metrics'],
      },
    ],
    history: 'pages',
    chart: 'Rates',
    way: 'in',
  },
  /** Copies that queues took. */
  routed: {
    kind: 'counter',
    unit: 'messages',
    words: 'Copies to queues',
    rabbit: 'message_stats.publish_out',
    families: [],
    history: 'pages',
    chart: 'Rates',
    way: 'out',
  },
  /** Messages that no queue took. */
  unroutable: {
    kind: 'counter',
    unit: 'messages',
    words: 'Unroutable',
    rabbit: null,
    families: [],
    history: 'pages',
    chart: 'Rates',
  },
} as const satisfies Figures;

export type ExchangeCounters = Counters<typeof EXCHANGE_FIGURES>;
/** Rates per second. */
export type ExchangeRates = Rates<typeof EXCHANGE_FIGURES>;
