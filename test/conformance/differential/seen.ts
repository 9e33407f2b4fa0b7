/** What the clients of one broker saw during one step. */
export interface Seen {
  /** One of the clients' channels; -1: none of them. */
  readonly channel: number;
  /** The queue that spoke; empty: the channel itself. */
  readonly source: string;
  /** The text of what was said, but for the delivery tag. */
  readonly text: string;
  readonly deliveryTag: number | null;
}

export interface Observation {
  readonly seen: readonly Seen[];
  readonly counts: Counts;
  readonly quorum: ReadonlyMap<string, QuorumFacts>;
}

export interface QuorumFacts {
  /** How many gets and cancelled consumers hold deliveries of it. */
  readonly holders: number;
  /** One consumer is active, the others wait. */
  readonly single: boolean;
  /** Connections of which one channel holds deliveries of it, and another does too or consumes it. */
  readonly shared: ReadonlySet<number>;
}

/** The counts of each queue that the channel of the step may see. */
export type Counts = ReadonlyMap<string, { readonly ready: number; readonly consumers: number }>;

export type Alike = (ours: Seen, theirs: Seen) => boolean;

export function lines({ seen, counts }: Observation): string[] {
  const texts = seen.map(({ channel, text, deliveryTag }) => {
    const who = channel < 0 ? '' : `channel ${channel}: `;
    return `${who}${text}${deliveryTag === null ? '' : ` (tag ${deliveryTag})`}`;
  });
  const found = [...counts].map(([queue, { ready, consumers }]) => `${queue} ${ready}/${consumers}`);
  return [...texts, `counts ${found.join(' ')}`];
}

export function isSame(ours: Observation, theirs: Observation, alike: Alike): boolean {
  return areCountsSame(ours, theirs) && areSame(ours.seen, theirs.seen, (a, b) => sameTag(a, b) && alike(a, b));
}

export function areCountsSame(ours: Observation, theirs: Observation): boolean {
  if (ours.counts.size !== theirs.counts.size) return false;
  for (const [queue, { ready, consumers }] of ours.counts) {
    const their = theirs.counts.get(queue);
    if (ready !== their?.ready || consumersOf(queue, consumers, ours) !== their.consumers) return false;
  }
  return true;
}

/**
 * The consumers of a quorum queue as RabbitMQ counts them: not those that wait to be the active one, but each basic.get and each cancelled
 * consumer that holds a delivery. [rabbit: rabbit_fifo query_stat]
 */
export function consumersOf(queue: string, consumers: number, { quorum }: Pick<Observation, 'quorum'>): number {
  const facts = quorum.get(queue);
  if (!facts) return consumers;
  return (facts.single ? Math.min(consumers, 1) : consumers) + facts.holders;
}

export function areSame(ours: readonly Seen[], theirs: readonly Seen[], alike: Alike): boolean {
  return ours.length === theirs.length && ours.every((one, index) => isMatch(one, theirs[index] as Seen, alike));
}

function isMatch(ours: Seen, theirs: Seen, alike: Alike): boolean {
  return ours.channel === theirs.channel && ours.source === theirs.source && alike(ours, theirs);
}

function sameTag(ours: Seen, theirs: Seen): boolean {
  return ours.deliveryTag === theirs.deliveryTag;
}

/** What each source said on each channel, in its order. */
export function bySource(seen: readonly Seen[]): Map<string, Seen[]> {
  const groups = new Map<string, Seen[]>();
  for (const one of seen) {
    const key = `${one.channel} ${one.source}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
