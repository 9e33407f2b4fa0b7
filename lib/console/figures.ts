/** The figures of the newest sample that a user may see. */
import type { NodeNow } from '../engine/node.ts';
import type { Totals } from '../engine/sample.ts';
import type { Scope } from '../metrics/histories.ts';
import type { Metrics, TotalsRates } from '../metrics/metrics.ts';
import type { Sight } from './sight.ts';

/** All of one moment, rates over one window. */
export interface Figures
  extends Pick<Totals, 'ready' | 'unacked' | 'consumers' | 'queues' | 'exchanges' | 'connections' | 'channels'> {
  /** When the sample was taken. */
  atMs: number;
  /** Whose connections and channels are counted. */
  clients: 'all' | 'own';
  /** Null until the rates are known. */
  rates: TotalsRates | null;
}

/** What the node has, and has left. */
export type NodeFigures = Pick<NodeNow, 'blockedConnections' | 'messageBytes' | 'messageBytesLeft' | 'residentBytes'>;

export function figuresOf(metrics: Metrics, sight: Sight, scope: Scope): Figures {
  const { ready, unacked, consumers, queues, exchanges, connections, channels } = metrics.totals(scope);
  return {
    atMs: metrics.latest()?.atMs ?? 0,
    ready,
    unacked,
    consumers,
    queues,
    exchanges,
    ...(sight.seesAll
      ? { connections, channels, clients: 'all' }
      : { ...metrics.clientsOf(sight.user), clients: 'own' }),
    rates: metrics.totalsRates(scope),
  };
}

/** Null: the user may not see the node. */
export function nodeFiguresOf(metrics: Metrics, { seesAll }: Sight): NodeFigures | null {
  const node = metrics.latest()?.node;
  if (node === undefined || !seesAll) return null;
  const { blockedConnections, messageBytes, messageBytesLeft, residentBytes } = node;
  return { blockedConnections, messageBytes, messageBytesLeft, residentBytes };
}
