import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lane } from '../../../../lib/broker/messages/lane.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { sampleMessage } from '../sample-message.ts';

type Step =
  | { do: 'append'; count: number }
  | { do: 'take'; count: number }
  | { do: 'giveBack'; picks: number[] }
  | { do: 'settle'; pick: number }
  | { do: 'takeAt'; pick: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ do: fc.constant('take' as const), count: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ do: fc.constant('giveBack' as const), picks: fc.array(fc.nat(100), { minLength: 1, maxLength: 6 }) }),
    fc.record({ do: fc.constant('settle' as const), pick: fc.nat(100) }),
    fc.record({ do: fc.constant('takeAt' as const), pick: fc.nat(100) }),
  ),
  { maxLength: 100, size: 'max' },
);

const ascending = (a: number, b: number): number => a - b;

test('any interleaving of append, take, give back and settle serves what a sorted array would', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const log = new MemoryStore().open('a');
      const lane = new Lane(log);
      let ready: number[] = [];
      let out: number[] = [];
      const seenBefore = new Set<number>();
      const without = (list: number[], gone: number): number[] => list.filter((position) => position !== gone);
      for (const step of sequence) {
        if (step.do === 'append') {
          for (let i = 0; i < step.count; i++) ready.push(log.append(sampleMessage('x'), 1, 0));
        } else if (step.do === 'take') {
          for (let i = 0; i < step.count && ready.length > 0; i++) {
            const head = ready.shift() as number;
            expect(lane.head()).toBe(head);
            expect(lane.headIsReturned).toBe(seenBefore.has(head));
            lane.takeHead();
            seenBefore.add(head);
            out.push(head);
          }
        } else if (step.do === 'giveBack') {
          const back = [...new Set(step.picks.map((pick) => out[pick % out.length]))].filter(
            (one) => one !== undefined,
          );
          lane.giveBack([...back].sort(ascending));
          out = out.filter((position) => !back.includes(position));
          ready = [...ready, ...back].sort(ascending);
        } else if (step.do === 'settle') {
          const position = out[step.pick % out.length];
          if (position !== undefined) expect(log.remove(position, 0)).toBe(true);
          if (position !== undefined) out = without(out, position);
        } else {
          const position = ready[step.pick % ready.length];
          if (position === undefined) continue;
          expect(lane.takeAt(position)).toBe(true);
          log.remove(position, 0);
          ready = without(ready, position);
        }
        expect(lane.head()).toBe(ready[0] ?? -1);
        expect(lane.browse(0, 1000)).toEqual(
          ready.map((position) => ({ position, returned: seenBefore.has(position) })),
        );
        const middle = ready[Math.floor(ready.length / 2)];
        if (middle !== undefined) {
          expect(lane.browse(middle, 2).map((one) => one.position)).toEqual(
            ready.filter((one) => one >= middle).slice(0, 2),
          );
        }
      }
      while (ready.length > 0) {
        expect(lane.head()).toBe(ready.shift());
        lane.takeHead();
      }
      expect(lane.head()).toBe(-1);
    }),
    { numRuns: 400 },
  );
}, 30_000);

test('giving back nothing changes nothing', () => {
  const lane = new Lane(new MemoryStore().open('a'));
  lane.giveBack([]);
  expect(lane.head()).toBe(-1);
});

test('takeAt refuses what is not ready', () => {
  const log = new MemoryStore().open('a');
  const lane = new Lane(log);
  const position = log.append(sampleMessage('x'), 1, 0);
  lane.head();
  lane.takeHead();
  expect(lane.takeAt(position)).toBe(false);
});
