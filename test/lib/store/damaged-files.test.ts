/** Files with flipped bits and cut ends: a start copes, and what is delivered is what was appended. WARREN_SEED=n runs one. */
import { expect, test } from 'vitest';
import { MessageView } from '../../../lib/broker/messages/message.ts';
import type { MessageLog } from '../../../lib/broker/ports.ts';
import { CorruptLogError } from '../../../lib/store/disk-log.ts';
import { DiskStore } from '../../../lib/store/disk-store.ts';
import { bodyOf, sampleMessage } from '../broker/sample-message.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { Random } from './random.ts';

const SEEDS = 400;
const LOGS = ['a', 'b'];
const seeds = process.env.WARREN_SEED
  ? [Number(process.env.WARREN_SEED)]
  : Array.from({ length: SEEDS }, (_, seed) => seed + 1);

function start(disk: FaultyDisk): { store: DiskStore; logs: MessageLog[]; reports: string[] } {
  const reports: string[] = [];
  const log = (_: string, text: string): number => reports.push(text);
  const store = new DiskStore({ disk, dataDir: '/data', freeBytesMin: 0, segmentBytesMax: 2_000, log });
  const logs = LOGS.map((name) => store.open(name, true));
  store.finishRecovery(new Set());
  return { store, logs, reports };
}

/** Two logs of several segments, with removals, delivered marks, transient messages and moves between them. */
async function fill(random: Random): Promise<{ disk: FaultyDisk; bodies: Set<string> }> {
  const disk = new FaultyDisk(random);
  const { store, logs } = start(disk);
  const bodies = new Set<string>();
  const live: { log: MessageLog; position: number; size: number }[] = [];
  for (let id = 0; id < 60; id++) {
    const log = random.pick(logs) as MessageLog;
    const body = `${id}:${'x'.repeat(random.below(200))}`;
    bodies.add(body);
    const message = sampleMessage(body, { deliveryMode: random.chance(0.8) ? 2 : 1 });
    live.push({ log, position: log.append(message, 1, 0), size: body.length });
    if (random.chance(0.4)) {
      const [gone] = live.splice(random.below(live.length), 1);
      if (gone) {
        gone.log.delivered(gone.position + 1);
        gone.log.remove(gone.position, gone.size);
      }
    }
    if (random.chance(0.2)) await store.sync();
  }
  await store.sync();
  return { disk, bodies };
}

/** Returns what was done, for the report of a failure. */
function damage(disk: FaultyDisk, random: Random): string {
  const path = random.pick([...disk.files.keys()]) as string;
  const file = disk.files.get(path);
  if (file === undefined || file.written.length === 0) return 'nothing';
  if (random.chance(0.3)) {
    const size = random.below(file.written.length);
    file.written = Buffer.from(file.written.subarray(0, size));
    return `${path} cut at ${size}`;
  }
  const at = random.below(file.written.length);
  const bit = random.below(8);
  file.written[at] = (file.written[at] as number) ^ (1 << bit);
  return `bit ${bit} of byte ${at} of ${path} flipped`;
}

/** Delivers all; a log that turns out to be corrupt ends, with the reason. */
function drain(log: MessageLog): string[] {
  const found: string[] = [];
  const view = new MessageView();
  try {
    for (let at = log.seek(0); at >= 0; at = log.seek(log.after(at))) {
      log.read(at, view);
      found.push(bodyOf(view));
    }
  } catch (error) {
    if (!(error instanceof CorruptLogError)) throw error;
    expect(log.corrupt).not.toBeNull();
  }
  return found;
}

/** Returns how many messages were delivered in spite of the damage. */
async function runSeed(seed: number): Promise<number> {
  const random = new Random(seed);
  const { disk: before, bodies } = await fill(random);
  const disk = before.crash(false);
  const done = Array.from({ length: 1 + random.below(4) }, () => damage(disk, random)).join(', ');
  const { store, logs } = start(disk);
  let delivered = 0;
  for (const log of logs) {
    const found = log.corrupt === null ? drain(log) : [];
    delivered += found.length;
    for (const body of found) expect(bodies.has(body), `${done}: ${body}`).toBe(true);
    // A log that is not closed goes on.
    if (log.corrupt === null) log.append(sampleMessage('after', { deliveryMode: 2 }), 1, 0);
  }
  bodies.add('after');
  await store.sync();
  const again = start(disk.crash(false));
  again.logs.forEach((log, index) => {
    if (log.corrupt !== null || logs[index]?.corrupt !== null) return;
    const found = drain(log);
    if (log.corrupt === null) expect(found.at(-1), done).toBe('after');
    delivered += found.length;
    for (const body of found) expect(bodies.has(body), `${done}, then again: ${body}`).toBe(true);
  });
  return delivered;
}

test('a start copes with any damage, and delivers nothing that was never appended', { timeout: 60_000 }, async () => {
  let delivered = 0;
  for (const seed of seeds) {
    delivered += await runSeed(seed).catch((error: unknown) => {
      throw new Error(`WARREN_SEED=${seed}`, { cause: error });
    });
  }
  expect(delivered).toBeGreaterThan(seeds.length);
});
