import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Confirms } from '../../../lib/server/confirms.ts';

/** The confirms that go out, as short texts: `ack 3+` is multiple. */
function settled(confirms: Confirms, seqNo = confirms.latest): string[] {
  const sent: string[] = [];
  confirms.settle(
    seqNo,
    (tag, multiple) => sent.push(`ack ${tag}${multiple ? '+' : ''}`),
    (tag) => sent.push(`nack ${tag}`),
  );
  return sent;
}

test('the first publish has the number 1 and is acked singly', () => {
  const confirms = new Confirms();
  expect(confirms.hasPending).toBe(false);
  confirms.taken();
  expect([confirms.latest, confirms.hasPending]).toEqual([1, true]);
  expect(settled(confirms)).toEqual(['ack 1']);
  expect(confirms.hasPending).toBe(false);
});

test('several publishes of one turn are acked together with multiple', () => {
  const confirms = new Confirms();
  for (let i = 0; i < 5; i++) confirms.taken();
  expect(settled(confirms)).toEqual(['ack 5+']);
  confirms.taken();
  expect(settled(confirms)).toEqual(['ack 6']);
});

test('a refused publish is nacked, and the acks around it do not reach over it', () => {
  const confirms = new Confirms();
  for (const isTaken of [true, true, false, true, false, false, true, true]) {
    if (isTaken) confirms.taken();
    else confirms.refuse();
  }
  expect(settled(confirms)).toEqual(['ack 2+', 'nack 3', 'ack 4', 'nack 5', 'nack 6', 'ack 8+']);
});

test('only what came before the sync is settled; the rest waits', () => {
  const confirms = new Confirms();
  confirms.taken();
  confirms.refuse();
  confirms.taken();
  expect(settled(confirms, 1)).toEqual(['ack 1']);
  expect(confirms.hasPending).toBe(true);
  expect(settled(confirms, 2)).toEqual(['nack 2']);
  expect(settled(confirms)).toEqual(['ack 3']);
});

test('settling twice sends nothing twice, also when an older sync comes later', () => {
  const confirms = new Confirms();
  for (let i = 0; i < 3; i++) confirms.taken();
  expect(settled(confirms, 3)).toEqual(['ack 3+']);
  expect(settled(confirms, 3)).toEqual([]);
  expect(settled(confirms, 1)).toEqual([]);
});

test('each publish is confirmed exactly once, in ascending order, and never before it was published', () => {
  const turn = fc.record({ outcomes: fc.array(fc.boolean(), { maxLength: 10 }), settles: fc.nat(12) });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 30, size: 'max' }), (turns) => {
      const confirms = new Confirms();
      const outcomes: boolean[] = [];
      const answers: boolean[] = [];
      const settle = (seqNo: number): void => {
        confirms.settle(
          seqNo,
          (tag, multiple) => {
            expect(tag).toBeGreaterThan(answers.length);
            expect(multiple).toBe(tag - answers.length > 1);
            while (answers.length < tag) answers.push(true);
          },
          (tag) => {
            expect(tag).toBe(answers.length + 1);
            answers.push(false);
          },
        );
        expect(answers.length).toBeLessThanOrEqual(confirms.latest);
      };
      for (const { outcomes: some, settles } of turns) {
        for (const isTaken of some) {
          outcomes.push(isTaken);
          if (isTaken) confirms.taken();
          else confirms.refuse();
        }
        settle(Math.min(confirms.latest, answers.length + settles));
        expect(confirms.hasPending).toBe(answers.length < outcomes.length);
      }
      settle(confirms.latest);
      expect(answers).toEqual(outcomes);
    }),
  );
});
