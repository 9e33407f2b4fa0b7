import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StartSequence } from '../../lib/start-sequence.ts';

type Event = `${'take' | 'undo'} ${number}`;

/** Takes so many steps, of which the one at `failing` fails, and those in `stuck` cannot be undone. */
async function run(count: number, failing: number, stuck: ReadonlySet<number> = new Set()) {
  const events: Event[] = [];
  const complaints: string[] = [];
  const sequence = new StartSequence((_, text) => complaints.push(text));
  try {
    for (let i = 0; i < count; i++) {
      const take = async () => {
        events.push(`take ${i}`);
        if (i === failing) throw new Error('no');
        return i;
      };
      await sequence.step(`step ${i}`, take, async (made) => {
        events.push(`undo ${made}`);
        if (stuck.has(made)) throw new Error('stuck');
      });
    }
  } catch {}
  await Promise.all([sequence.undo(), sequence.undo()]);
  await sequence.undo();
  return { events, complaints };
}

test('wherever a start fails, what was begun before is undone once each, the last first, whatever cannot be undone', async () => {
  const anyStart = fc.record({ count: fc.nat(8), failing: fc.nat(10), stuck: fc.uniqueArray(fc.nat(7)) });
  await fc.assert(
    fc.asyncProperty(anyStart, async ({ count, failing, stuck }) => {
      const { events, complaints } = await run(count, failing, new Set(stuck));
      const taken = Math.min(count, failing + 1);
      const begun = Math.min(count, failing);
      const range = (size: number) => Array.from({ length: size }, (_, i) => i);
      expect(events).toEqual([
        ...range(taken).map((i) => `take ${i}`),
        ...range(begun)
          .reverse()
          .map((i) => `undo ${i}`),
      ]);
      const failed = range(begun)
        .reverse()
        .filter((i) => stuck.includes(i));
      expect(complaints).toEqual(failed.map((i) => `step ${i} could not be ended: stuck`));
    }),
  );
});
