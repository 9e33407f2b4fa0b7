import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Unacked } from '../../../../lib/broker/consumers/unacked.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import { QueueFixture } from '../queue-fixture.ts';

const queues = [new QueueFixture().queue(), new QueueFixture().queue()] as [Queue, Queue];

type Step = { do: 'add'; count: number; gap: number } | { do: 'take'; pick: number } | { do: 'takeUpTo'; pick: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('add' as const),
      count: fc.integer({ min: 1, max: 60 }),
      gap: fc.oneof(fc.constant(0), fc.nat(200)),
    }),
    fc.record({ do: fc.constant('take' as const), pick: fc.nat(1000) }),
    fc.record({ do: fc.constant('takeUpTo' as const), pick: fc.nat(1000) }),
  ),
  { maxLength: 80, size: 'max' },
);

test('any sequence of deliveries and settlements holds what a map would hold', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const unacked = new Unacked();
      const model = new Map<number, { queue: Queue; ticket: number }>();
      let tag = 0;
      const settled: [number, Queue, number][] = [];
      const expected: [number, Queue, number][] = [];
      for (const step of sequence) {
        if (step.do === 'add') {
          // Deliveries without acks leave gaps.
          tag += step.gap;
          for (let i = 0; i < step.count; i++) {
            tag++;
            const entry = { queue: queues[tag % 2] as Queue, ticket: tag * 2 ** 30 };
            unacked.add(tag, entry.queue, entry.ticket, null, 1);
            model.set(tag, entry);
          }
        } else if (step.do === 'take') {
          const taken = [...model.keys()][step.pick % Math.max(1, model.size)];
          if (taken === undefined) continue;
          const entry = model.get(taken) as { queue: Queue; ticket: number };
          unacked.take(taken, (queue, ticket) => expect({ queue, ticket }).toEqual(entry));
          model.delete(taken);
        } else {
          const upTo = step.pick % (tag + 2);
          for (const [key, { queue, ticket }] of model) {
            if (key > upTo) continue;
            expected.push([key, queue, ticket]);
            model.delete(key);
          }
          unacked.takeUpTo(upTo, (queue, ticket) => settled.push([ticket / 2 ** 30, queue, ticket]));
          expect(settled.map(([key]) => key)).toEqual(expected.map(([key]) => key));
        }
        expect(unacked.size).toBe(model.size);
        // Compared as lists: a thousand expectations a step would take seconds.
        const probes = Array.from({ length: 300 }, (_, back) => tag + 2 - back);
        expect(probes.filter((probe) => unacked.has(probe))).toEqual(probes.filter((probe) => model.has(probe)));
        const oldest = model.keys().next().value;
        if (oldest !== undefined) expect(unacked.has(oldest)).toBe(true);
      }
      const left: number[] = [];
      unacked.takeUpTo(Number.POSITIVE_INFINITY, (_, ticket) => left.push(ticket / 2 ** 30));
      expect(left).toEqual([...model.keys()]);
      expect(unacked.size).toBe(0);
    }),
    { numRuns: 200 },
  );
}, 30_000);

test('tag 0 and tags never given are not there', () => {
  const unacked = new Unacked();
  expect([unacked.has(0), unacked.has(1)]).toEqual([false, false]);
  unacked.add(1, queues[0], 7, null, 1);
  expect([unacked.has(0), unacked.has(1), unacked.has(2), unacked.has(17)]).toEqual([false, true, false, false]);
});

test('one open tag far behind does not lose those that came after it', () => {
  const unacked = new Unacked();
  for (let tag = 1; tag <= 10_000; tag++) {
    unacked.add(tag, queues[0], tag, null, 1);
    if (tag > 1) unacked.take(tag, (_, ticket) => expect(ticket).toBe(tag));
  }
  expect(unacked.size).toBe(1);
  expect(unacked.has(1)).toBe(true);
  unacked.add(10_001, queues[1], 5, null, 1);
  unacked.take(1, (queue, ticket) => expect([queue, ticket]).toEqual([queues[0], 1]));
  expect(unacked.has(10_001)).toBe(true);
});
