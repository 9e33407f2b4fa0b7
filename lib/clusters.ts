/** The brokers that the console operates, by the id that stands in addresses. Which adapter is behind an id nobody else knows. */
import type { EventHub } from './console/event-hub.ts';
import { EngineError } from './engine/errors.ts';
import type { Engine } from './engine/port.ts';
import type { Health } from './health/health.ts';
import { LOCAL_CLUSTER } from './local-cluster.ts';
import type { Metrics } from './metrics/metrics.ts';

/** A broker, and what is worked out of its samples. */
export interface Cluster {
  engine: Engine;
  metrics: Metrics;
  health: Health;
  events: EventHub;
}

export class Clusters {
  private readonly byId: ReadonlyMap<string, Cluster>;

  constructor(byId: ReadonlyMap<string, Cluster>) {
    this.byId = byId;
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /** Throws NOT_FOUND. */
  cluster(id: string): Cluster {
    const found = this.byId.get(id);
    if (found === undefined) throw new EngineError('NOT_FOUND', `there is no cluster '${id.slice(0, 100)}' here`);
    return found;
  }

  stop(): void {
    for (const { events } of this.byId.values()) events.stop();
  }
}

/** A path of the console's API, taken apart: below /c/ID it speaks of that cluster, else of the local one. */
export function clusterIn(path: string): { id: string; path: string } {
  const [, id, rest] = /^\/c\/([^/]*)(\/.*)$/s.exec(path) ?? [];
  return id === undefined || rest === undefined ? { id: LOCAL_CLUSTER, path } : { id, path: rest };
}
