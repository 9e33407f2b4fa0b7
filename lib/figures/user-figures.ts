import type { Figures } from './figure.ts';

/** What a user has open. */
export const USER_FIGURES = {
  connections: {
    kind: 'gauge',
    unit: 'connections',
    words: 'Connections',
    rabbit: 'object_totals.connections',
    families: [],
    history: null,
  },
  channels: {
    kind: 'gauge',
    unit: 'channels',
    words: 'Channels',
    rabbit: 'object_totals.channels',
    families: [],
    history: null,
  },
} as const satisfies Figures;
