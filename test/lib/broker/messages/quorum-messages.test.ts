/** The order of a quorum queue under random use, against lists. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QuorumMessages } from '../../../../lib/broker/messages/quorum-messages.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { bodyOf, sampleMessage } from '../sample-message.ts';

type Step =
  | { do: 'publish'; priority: number }
  | { do: 'take' }
  | { do: 'settle'; pick: number }
  | { do: 'giveBack'; picks: number[] }
  | { do: 'takeOut'; pick: number }
  | { do: 'purge' };

const pick = fc.nat(1000);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), priority: fc.nat(9) }) },
    { weight: 5, arbitrary: fc.constant({ do: 'take' as const }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const), pick }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('giveBack' as const), picks: fc.array(pick, { maxLength: 4 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('takeOut' as const), pick }) },
    { weight: 1, arbitrary: fc.constant({ do: 'purge' as const }) },
  ),
  { maxLength: 120, size: 'max' },
);

/** The bodies of messages that came back, of high ones and of normal ones. */
class Lists {
  returns: string[] = [];
  high: string[] = [];
  normal: string[] = [];
  private turn = 0;

  get all(): string[] {
    return [...this.returns, ...this.high, ...this.normal];
  }

  take(): string | undefined {
    const returned = this.returns.shift();
    if (returned !== undefined) return returned;
    if (this.high.length === 0 && this.normal.length === 0) return undefined;
    const isHigh = this.high.length > 0 && (this.normal.length === 0 || this.turn < 2);
    this.turn = (this.turn + 1) % 3;
    return isHigh ? this.high.shift() : this.normal.shift();
  }

  forget(body: string): void {
    for (const list of [this.returns, this.high, this.normal]) {
      const at = list.indexOf(body);
      if (at >= 0) list.splice(at, 1);
    }
  }
}

test('any use serves what came back first, then two high ones for each normal one, each in order', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const store = new MemoryStore();
      const messages = new QuorumMessages(store, 'q');
      const lists = new Lists();
      const out: { ticket: number; body: string }[] = [];
      const some = (at: number) => out.splice(at % Math.max(1, out.length), 1)[0];
      let published = 0;
      for (const step of sequence) {
        if (step.do === 'publish') {
          const body = String(published++);
          messages.add(sampleMessage(body, { priority: step.priority }), 1, 0);
          (step.priority > 4 ? lists.high : lists.normal).push(body);
        } else if (step.do === 'take') {
          const expected = lists.take();
          if (expected === undefined) {
            expect(messages.count).toBe(0);
            continue;
          }
          const ticket = messages.take();
          expect(bodyOf(messages.view)).toBe(expected);
          out.push({ ticket, body: expected });
        } else if (step.do === 'settle') {
          const entry = some(step.pick);
          if (entry) messages.remove(entry.ticket, entry.body.length);
        } else if (step.do === 'giveBack') {
          const back = step.picks.flatMap((at) => some(at) ?? []);
          for (const { ticket } of back) messages.countReturn(ticket);
          messages.giveBack(back.map(({ ticket }) => ticket));
          lists.returns.push(...back.map(({ body }) => body));
        } else if (step.do === 'purge') {
          expect(messages.purge()).toBe(lists.all.length);
          lists.returns = [];
          lists.high = [];
          lists.normal = [];
        } else {
          const tickets: { ticket: number; body: string }[] = [];
          let next = -1;
          // Page by page, as the console does.
          do next = messages.peek(next, 3, (message, ticket) => tickets.push({ ticket, body: bodyOf(message) }));
          while (next >= 0);
          expect(tickets.map(({ body }) => body)).toEqual(lists.all);
          const entry = tickets[step.pick % Math.max(1, tickets.length)];
          if (entry && messages.takeOut(entry.ticket, () => true)) lists.forget(entry.body);
        }
        const bytes = lists.all.reduce((sum, body) => sum + body.length, 0);
        expect([messages.count, messages.bytes]).toEqual([lists.all.length, bytes]);
      }
      const live = store.open('q').liveCount + store.open('q.1').liveCount;
      expect(live).toBe(lists.all.length + out.length);
    }),
    { numRuns: 300 },
  );
});
