import { engineErrorCode } from '../engine/errors.ts';
import type { Actor, Engine, QueueInfo } from '../engine/port.ts';

/** A queue that holds dead letters, or is where they go by today's topology. */
export interface DeadLetterQueue {
  info: QueueInfo;
  /** Queues whose dead letters come here by today's topology. */
  sources: string[];
}

/** The topology changes seldom and costs a question a queue with a DLX: it is asked again only after this time. */
const TOPOLOGY_AGE_MAX_MS = 5_000;

/** Which queues hold dead letters. Keeps what it learnt of the topology for a few seconds, apart for each user. */
export class DeadLetterQueues {
  private readonly engine: Engine;
  private readonly topologies = new Map<string, { atMs: number; sources: Map<string, string[]> }>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  async list(actor: Actor, queues: readonly QueueInfo[]): Promise<DeadLetterQueue[]> {
    const sources = await this.sources(actor, queues);
    return queues
      .map((info) => ({ info, sources: sources.get(key(info.vhost, info.name)) ?? [] }))
      .filter(({ info, sources }) => sources.length > 0 || info.counters.deadLettersIn > 0)
      .sort(
        (a, b) =>
          b.info.ready - a.info.ready || compare(a.info.vhost, b.info.vhost) || compare(a.info.name, b.info.name),
      );
  }

  private async sources(actor: Actor, queues: readonly QueueInfo[]): Promise<Map<string, string[]>> {
    const nowMs = Date.now();
    const known = this.topologies.get(actor.user);
    if (known !== undefined && nowMs - known.atMs < TOPOLOGY_AGE_MAX_MS) return known.sources;
    for (const [user, topology] of this.topologies)
      if (nowMs - topology.atMs >= TOPOLOGY_AGE_MAX_MS) this.topologies.delete(user);
    const sources = await this.readTopology(actor, queues);
    this.topologies.set(actor.user, { atMs: nowMs, sources });
    return sources;
  }

  /** Queues with the same DLX and key share their targets: one question for each such pair. */
  private async readTopology(actor: Actor, queues: readonly QueueInfo[]): Promise<Map<string, string[]>> {
    const groups = new Map<string, QueueInfo[]>();
    for (const info of queues) {
      if (info.deadLetterExchange === null) continue;
      // Without a key of its own a queue's dead letters keep theirs, which may be the queue's name: no sharing then.
      const group = [info.vhost, info.deadLetterExchange, info.deadLetterRoutingKey ?? `\0${info.name}`].join('\0');
      groups.set(group, [...(groups.get(group) ?? []), info]);
    }
    const sources = new Map<string, string[]>();
    for (const members of groups.values()) {
      for (const target of await this.targetsOf(actor, members[0] as QueueInfo)) {
        const place = key((members[0] as QueueInfo).vhost, target);
        sources.set(place, [...(sources.get(place) ?? []), ...members.map((member) => member.name)]);
      }
    }
    return sources;
  }

  private async targetsOf(actor: Actor, info: QueueInfo): Promise<string[]> {
    try {
      return (await this.engine.queue(actor, info.vhost, info.name)).deadLetterTargets;
    } catch (error) {
      // Deleted since it was listed, or somebody else's exclusive queue.
      const code = engineErrorCode(error);
      if (code === 'NOT_FOUND' || code === 'RESOURCE_LOCKED' || code === 'ACCESS_REFUSED') return [];
      throw error;
    }
  }
}

function key(vhost: string, name: string): string {
  return `${vhost}\0${name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
