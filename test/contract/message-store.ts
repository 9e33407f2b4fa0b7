/** What every MessageStore keeps to. An adapter's test calls `messageStoreContract` with a maker of empty stores. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageView } from '../../lib/broker/messages/message.ts';
import type { MessageLog, MessageStore } from '../../lib/broker/ports.ts';
import { append, messageOf, PLAIN, read, samples } from './stored-message.ts';

const MIB = 1024 * 1024;

/** All live positions, as a walk from the start finds them. */
function walk(log: MessageLog): number[] {
  const found: number[] = [];
  for (let at = log.seek(0); at >= 0; at = log.seek(log.after(at))) found.push(at);
  return found;
}

/** Removes as a queue does, which knows the size of what it removes. */
function remove(log: MessageLog, position: number): boolean {
  const isLive = log.seek(position) === position;
  return log.remove(position, isLive ? read(log, position).body.length : 0);
}

/** `make` gives an empty store of its own at each call. */
export function messageStoreContract(name: string, make: () => MessageStore): void {
  describe(`${name} keeps the contract of MessageStore`, () => {
    readingContract(make);
    walkingContract(make);
    removingContract(make);
    stretchContract(make);
    notesContract(make);
    memoryContract(make);
    modelContract(make);
  });
}

function readingContract(make: () => MessageStore): void {
  test('a message is read back with every byte, flag and time it was appended with', () => {
    fc.assert(
      fc.property(fc.array(samples, { minLength: 1, maxLength: 20 }), (appended) => {
        const log = make().open('a', true);
        const positions = appended.map((sample) => append(log, sample));
        positions.forEach((position, index) => {
          expect(read(log, position)).toEqual(appended[index]);
          expect(log.expiresAtMs(position)).toBe(appended[index]?.expiresAtMs);
          expect(log.offset(position)).toBe(appended[index]?.offset);
        });
      }),
    );
  });

  test('each flag is kept on its own', () => {
    const log = make().open('a', true);
    expect(read(log, append(log, { persistent: true }))).toEqual({ ...PLAIN, persistent: true });
    expect(read(log, append(log, { died: true }))).toEqual({ ...PLAIN, died: true });
    expect(read(log, append(log, { replayMark: 0x83 }))).toEqual({ ...PLAIN, replayMark: 0x83 });
    const blindKeys = Buffer.from('\0\x01k\0\0');
    expect(read(log, append(log, { blindKeys }))).toEqual({ ...PLAIN, blindKeys });
    expect(read(log, append(log, { priority: 255 }))).toEqual({ ...PLAIN, priority: 255 });
    expect(read(log, append(log))).toEqual(PLAIN);
  });

  test('an offset and an expiry have a place each', () => {
    const log = make().open('a', true);
    for (const times of [{ offset: 0 }, { expiresAtMs: 7 }, { offset: 5, expiresAtMs: 7 }, { offset: 2 ** 40 }]) {
      const position = append(log, times);
      expect(read(log, position)).toEqual({ ...PLAIN, ...times });
      expect([log.offset(position), log.expiresAtMs(position)]).toEqual([times.offset ?? -1, times.expiresAtMs ?? 0]);
    }
  });

  test('a log that keeps transient messages makes them persistent, and leaves the message itself alone', () => {
    const log = make().open('a', true, { keepsTransient: true });
    const message = messageOf(PLAIN);
    expect(read(log, log.append(message, 1, 0)).persistent).toBe(true);
    expect(message.persistent).toBe(false);
  });

  test('times of this century and the next are kept to the millisecond', () => {
    const log = make().open('a', true);
    const times = { arrivedAtMs: Date.UTC(2026, 5, 15, 12, 30, 1) + 7, expiresAtMs: Date.UTC(2125, 0, 1) + 1 };
    expect(read(log, append(log, times))).toEqual({ ...PLAIN, ...times });
  });

  test('an appended message is a copy: what happens to the bytes afterwards does not reach it', () => {
    const log = make().open('a', true);
    const message = messageOf(PLAIN);
    const position = log.append(message, 1, 0);
    message.addressBytes.fill(0xff);
    message.headerBytes.fill(0xff);
    message.bodyBytes.fill(0xff);
    expect(read(log, position)).toEqual(PLAIN);
  });

  test('an empty body is kept', () => {
    const log = make().open('a', true);
    const position = append(log, { body: Buffer.alloc(0) });
    append(log);
    expect(read(log, position).body).toHaveLength(0);
  });

  test('bodies of 1 MiB and of 16 MiB are kept between small ones', () => {
    const log = make().open('a', true);
    const bodies = [10, MIB, 0, 16 * MIB, MIB + 1, 3].map((size) => randomBytes(size));
    const positions = bodies.map((body) => append(log, { body }));
    positions.forEach((position, index) => {
      expect(read(log, position).body.equals(bodies[index] as Buffer)).toBe(true);
    });
    expect(walk(log)).toEqual(positions);
  });

  test('a message read from one log can be appended to the same and to another log', () => {
    const store = make();
    const [from, to] = [store.open('from', true), store.open('to', true)];
    const view = new MessageView();
    from.read(append(from, { body: Buffer.from('moved') }), view);
    expect(read(to, to.append(view, 5, 0)).body.toString()).toBe('moved');
    from.read(from.seek(0), view);
    expect(read(from, from.append(view, 5, 0)).body.toString()).toBe('moved');
  });
}

function walkingContract(make: () => MessageStore): void {
  test('an empty log has nothing to seek', () => {
    expect(make().open('a', true).seek(0)).toBe(-1);
  });

  test('positions ascend', () => {
    const log = make().open('a', true);
    let last = -1;
    for (let i = 0; i < 1000; i++) {
      const position = append(log, { body: Buffer.alloc(i % 50) });
      expect(position).toBeGreaterThan(last);
      last = position;
    }
  });

  test('a position is never given twice, also when everything before was removed', () => {
    const log = make().open('a', true);
    const positions = new Set<number>();
    let last = -1;
    for (let i = 0; i < 5000; i++) {
      const position = append(log, { body: Buffer.alloc(100) });
      expect(position).toBeGreaterThan(last);
      expect(positions.has(position)).toBe(false);
      positions.add(position);
      last = position;
      remove(log, position);
    }
  });

  test('seek and after walk the live messages in the order of their arrival', () => {
    const log = make().open('a', true);
    const positions = Array.from({ length: 100 }, () => append(log));
    expect(walk(log)).toEqual(positions);
  });

  test('seek at a live message finds that message itself', () => {
    const log = make().open('a', true);
    const positions = [append(log), append(log), append(log)];
    for (const position of positions) expect(log.seek(position)).toBe(position);
  });

  test('seek behind the last message finds nothing until one is appended', () => {
    const log = make().open('a', true);
    const behind = log.after(append(log));
    expect(log.seek(behind)).toBe(-1);
    const next = append(log);
    expect(log.seek(behind)).toBe(next);
  });

  test('a cursor behind the last message stays good while all before it is removed', () => {
    const log = make().open('a', true);
    let cursor = 0;
    for (let i = 0; i < 500; i++) {
      const position = append(log, { body: Buffer.from(String(i)) });
      expect(log.seek(cursor)).toBe(position);
      cursor = log.after(position);
      remove(log, position);
      expect(log.seek(cursor)).toBe(-1);
    }
  });

  test('thousands of messages over many segments are walked and read in order', () => {
    const log = make().open('a', true);
    const positions = Array.from({ length: 20_000 }, (_, i) => append(log, { body: Buffer.alloc(200, String(i)) }));
    expect(walk(log)).toEqual(positions);
    for (let i = 0; i < positions.length; i += 97) {
      expect(read(log, positions[i] as number).body.equals(Buffer.alloc(200, String(i)))).toBe(true);
    }
  });
}

function removingContract(make: () => MessageStore): void {
  test('remove is true once and false ever after', () => {
    const log = make().open('a', true);
    const [first, second] = [append(log), append(log)] as [number, number];
    expect(remove(log, first)).toBe(true);
    expect(remove(log, first)).toBe(false);
    expect(remove(log, second)).toBe(true);
    expect(remove(log, second)).toBe(false);
    append(log);
    expect(remove(log, first)).toBe(false);
    expect(remove(log, second)).toBe(false);
  });

  test('removed messages are skipped, at the start, in the middle and at the end', () => {
    const log = make().open('a', true);
    const positions = Array.from({ length: 10 }, () => append(log));
    const live = positions.filter((_, index) => ![0, 1, 4, 5, 9].includes(index));
    for (const position of positions) if (!live.includes(position)) remove(log, position);
    expect(walk(log)).toEqual(live);
    expect(log.seek(positions[4] as number)).toBe(positions[6]);
    expect(log.seek(positions[9] as number)).toBe(-1);
  });

  test('whole segments that were removed are skipped', () => {
    const log = make().open('a', true);
    const positions = Array.from({ length: 10_000 }, () => append(log, { body: Buffer.alloc(500) }));
    const live = [positions[0] as number, positions[5000] as number, positions[9999] as number];
    for (const position of positions) if (!live.includes(position)) remove(log, position);
    expect(walk(log)).toEqual(live);
    for (const position of live) expect(read(log, position).body).toHaveLength(500);
  });
}

function stretchContract(make: () => MessageStore): void {
  test('what comes before a position can be removed at once, in one stretch and over many', () => {
    const log = make().open('a', true);
    const positions = Array.from({ length: 10_000 }, () => append(log, { body: Buffer.alloc(500) }));
    log.removeBefore(positions[3] as number);
    expect(walk(log)).toEqual(positions.slice(3));
    log.removeBefore(positions[9000] as number);
    expect(walk(log)).toEqual(positions.slice(9000));
    expect([log.liveCount, log.liveBytes]).toEqual([1000, 500_000]);
    log.removeBefore(log.after(positions[9999] as number));
    expect([walk(log), log.liveCount, log.liveBytes]).toEqual([[], 0, 0]);
    expect(walk(log)).toEqual([]);
    const next = append(log);
    expect(next).toBeGreaterThan(positions[9999] as number);
    expect(walk(log)).toEqual([next]);
  });

  test('a log is kept in stretches as short as was asked for, each with what came between its neighbours', () => {
    const log = make().open('a', true, { stretchBytesMax: 1000 });
    expect(log.stretches()).toEqual([]);
    const positions = Array.from({ length: 50 }, () => append(log, { body: Buffer.alloc(200) }));
    const stretches = log.stretches();
    expect(stretches.length).toBeGreaterThan(10);
    for (const { bytes } of stretches) expect(bytes).toBeLessThanOrEqual(1000);
    expect(stretches.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThanOrEqual(50 * 200);
    expect(stretches.map(({ start }) => log.seek(start))).toEqual(
      positions.filter((position) => stretches.some(({ start }) => start === position)),
    );
    log.removeBefore(stretches[2]?.start as number);
    expect(log.stretches()).toEqual(stretches.slice(2));
    expect(walk(log)[0]).toBe(stretches[2]?.start);
  });

  test('a message longer than a stretch has one of its own', () => {
    const log = make().open('a', true, { stretchBytesMax: 1000 });
    const positions = [10, 5000, 10].map((size) => append(log, { body: Buffer.alloc(size) }));
    expect(log.stretches().map(({ start }) => start)).toEqual(positions);
  });
}

function notesContract(make: () => MessageStore): void {
  test('a number is kept with a message as long as the message is', () => {
    const log = make().open('a', true);
    const [first, second, third] = [append(log), append(log), append(log)] as [number, number, number];
    log.note(first, 1);
    log.note(second, 1);
    log.note(second, 2);
    expect([...log.notes]).toEqual([
      [first, 1],
      [second, 2],
    ]);
    remove(log, second);
    expect(log.notes.get(second)).toBeUndefined();
    remove(log, third);
    expect([...log.notes]).toEqual([[first, 1]]);
  });
}

function memoryContract(make: () => MessageStore): void {
  test('an empty store holds no bytes', () => {
    expect(make().bytes).toBe(0);
  });

  test('bytes count at least what the live messages have', () => {
    const store = make();
    const log = store.open('a', true);
    for (let i = 0; i < 100; i++) append(log, { body: Buffer.alloc(10_000) });
    expect(store.bytes).toBeGreaterThanOrEqual(1_000_000);
  });

  test('bytes go down when everything is removed', () => {
    const store = make();
    const log = store.open('a', true);
    const positions = Array.from({ length: 5000 }, () => append(log, { body: Buffer.alloc(1000) }));
    for (const position of positions) remove(log, position);
    expect(store.bytes).toBeLessThanOrEqual(2 * MIB);
  });

  test('bytes of a full segment go when its last message is removed, while others stay', () => {
    const store = make();
    const log = store.open('a', true);
    const positions = Array.from({ length: 10_000 }, () => append(log, { body: Buffer.alloc(1000) }));
    const full = store.bytes;
    for (const position of positions.slice(0, 9000)) remove(log, position);
    expect(store.bytes).toBeLessThan(full * 0.4);
    expect(walk(log)).toEqual(positions.slice(9000));
  });

  test('a large message gives its bytes back', () => {
    const store = make();
    const log = store.open('a', true);
    append(log);
    const large = append(log, { body: Buffer.alloc(16 * MIB) });
    append(log);
    remove(log, large);
    append(log);
    expect(store.bytes).toBeLessThan(4 * MIB);
  });

  test('deleting logs gives all their bytes back', () => {
    const store = make();
    for (const name of ['a', 'b', 'c']) {
      const log = store.open(name, true);
      for (let i = 0; i < 1000; i++) append(log, { body: Buffer.alloc(1000) });
    }
    for (const name of ['a', 'b', 'c']) store.delete(name);
    expect(store.bytes).toBe(0);
  });

  test('deleting a log that is not there is fine', () => {
    const store = make();
    store.delete('never');
    expect(store.bytes).toBe(0);
  });

  test('a name opens the same log again, and an empty one after it was deleted', () => {
    const store = make();
    const position = append(store.open('a', true));
    expect(store.open('a', true).seek(0)).toBe(position);
    expect(store.open('b', true).seek(0)).toBe(-1);
    store.delete('a');
    expect(store.open('a', true).seek(0)).toBe(-1);
  });

  test('logs do not reach each other', () => {
    const store = make();
    const [a, b] = [store.open('a', true), store.open('a.1', true)];
    const inA = append(a, { body: Buffer.from('in a') });
    const inB = append(b, { body: Buffer.from('in b') });
    remove(a, inA);
    expect(read(b, inB).body.toString()).toBe('in b');
    store.delete('a');
    expect(walk(b)).toEqual([inB]);
  });

  test('what was appended is synced in the end', async () => {
    const store = make();
    append(store.open('a', true), { persistent: true });
    await store.sync();
    expect(store.sync()).toBeUndefined();
  });
}

type Step =
  | { do: 'append'; size: number; count: number }
  | { do: 'remove'; at: number }
  | { do: 'removeAgain'; at: number }
  | { do: 'removeRun'; at: number; count: number }
  | { do: 'seek'; at: number };

const at = fc.nat(1_000_000);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('append' as const),
      size: fc.oneof(fc.nat(64), fc.nat(3000)),
      count: fc.integer({ min: 1, max: 30 }),
    }),
    fc.record({ do: fc.constant('remove' as const), at }),
    fc.record({ do: fc.constant('removeAgain' as const), at }),
    fc.record({ do: fc.constant('removeRun' as const), at, count: fc.nat(60) }),
    fc.record({ do: fc.constant('seek' as const), at }),
  ),
  { maxLength: 80, size: 'max' },
);

/** A log against an array of what was appended and a set of what is live. */
function modelContract(make: () => MessageStore): void {
  test('any sequence of append, remove, seek and read does what an array would do', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const store = make();
        const log = store.open('a', true);
        const all: { position: number; body: Buffer }[] = [];
        let live: { position: number; body: Buffer }[] = [];
        const removeAt = (index: number): void => {
          const entry = live[index];
          if (!entry) return;
          expect(remove(log, entry.position)).toBe(true);
          live = live.filter((other) => other !== entry);
        };
        for (const step of sequence) {
          if (step.do === 'append') {
            for (let i = 0; i < step.count; i++) {
              const body = Buffer.alloc(step.size, String(all.length));
              const position = append(log, { body });
              expect(position).toBeGreaterThan(all.at(-1)?.position ?? -1);
              const entry = { position, body };
              all.push(entry);
              live.push(entry);
            }
          } else if (step.do === 'remove') removeAt(step.at % Math.max(1, live.length));
          else if (step.do === 'removeRun') {
            const start = step.at % Math.max(1, live.length);
            for (let i = 0; i < step.count; i++) removeAt(start);
          } else if (step.do === 'removeAgain') {
            const gone = all.filter((entry) => !live.includes(entry));
            const entry = gone[step.at % Math.max(1, gone.length)];
            if (entry) expect(remove(log, entry.position)).toBe(false);
          } else {
            const from = all[step.at % Math.max(1, all.length)]?.position ?? 0;
            const next = live.find((entry) => entry.position >= from);
            expect(log.seek(from)).toBe(next?.position ?? -1);
            if (next) expect(read(log, next.position).body.equals(next.body)).toBe(true);
          }
        }
        expect(walk(log)).toEqual(live.map((entry) => entry.position));
        for (const { position, body } of live) expect(read(log, position).body.equals(body)).toBe(true);
        store.delete('a');
        expect(store.bytes).toBe(0);
      }),
      { numRuns: 200 },
    );
  }, 30_000);
}
