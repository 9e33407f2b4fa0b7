import type { FlowCounters, QueueSample, Sample, Totals } from '../../../lib/engine/port.ts';

export function flow(about: Partial<FlowCounters> = {}): FlowCounters {
  return {
    published: 0,
    delivered: 0,
    acked: 0,
    redelivered: 0,
    returned: 0,
    unroutable: 0,
    deadLettered: 0,
    ...about,
  };
}

export function queueSample(about: Partial<QueueSample> = {}): QueueSample {
  return {
    ready: 0,
    unacked: 0,
    published: 0,
    delivered: 0,
    acked: 0,
    redelivered: 0,
    expired: 0,
    rejected: 0,
    overflowed: 0,
    deliveryLimited: 0,
    deadLettersIn: 0,
    ...about,
  };
}

export function sample(
  atMs: number,
  about: { totals?: Partial<Totals>; queues?: Sample['queues']; exchanges?: Sample['exchanges'] } = {},
): Sample {
  const totals: Totals = {
    flow: flow(),
    ready: 0,
    unacked: 0,
    connections: 0,
    channels: 0,
    consumers: 0,
    queues: 0,
    exchanges: 0,
    messageBytes: 0,
    residentBytes: 0,
    ...about.totals,
  };
  return { atMs, totals, queues: about.queues ?? {}, exchanges: about.exchanges ?? {} };
}
