import type { Figures } from './figure.ts';

/** What is measured of the node, and kept. */
export const NODE_FIGURES = {
  /** The bytes of all messages that are held. */
  messageBytes: {
    kind: 'gauge',
    unit: 'bytes',
    words: 'Bytes of messages',
    rabbit: null,
    families: [],
    history: 'pages',
  },
  /** The resident memory of the process. */
  residentBytes: {
    kind: 'gauge',
    unit: 'bytes',
    words: 'Memory',
    rabbit: null,
    families: [],
    history: 'tools',
  },
} as const satisfies Figures;
