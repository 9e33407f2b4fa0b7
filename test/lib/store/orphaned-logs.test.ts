import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageView } from '../../../lib/broker/messages/message.ts';
import type { MessageLog } from '../../../lib/broker/ports.ts';
import { DiskStore } from '../../../lib/store/disk-store.ts';
import { OrphanedLogs } from '../../../lib/store/orphaned-logs.ts';
import { bodyOf, sampleMessage } from '../broker/sample-message.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { Random } from './random.ts';

const DAY_MS = 86_400_000;
const ORPHANED = '/data/messages/orphaned';

const append = (log: MessageLog, body: string): number => log.append(sampleMessage(body, { deliveryMode: 2 }), 1, 0);

function bodies(log: MessageLog): string[] {
  const found: string[] = [];
  const view = new MessageView();
  for (let at = log.seek(0); at >= 0; at = log.seek(log.after(at))) {
    log.read(at, view);
    found.push(bodyOf(view));
  }
  return found;
}

/** One start: opens those logs, and says what it read in them. */
function start(disk: FaultyDisk, owned: readonly string[], deleted: readonly string[] = [], keepDays = 30) {
  const said: string[] = [];
  const log = (level: string, text: string): void => void said.push(`${level} ${text}`);
  const store = new DiskStore({ disk, dataDir: '/data', freeBytesMin: 0, keepOrphansDays: keepDays || null, log });
  const logs = new Map(owned.map((name) => [name, store.open(name, true)]));
  const read = Object.fromEntries([...logs].map(([name, opened]) => [name, bodies(opened)]));
  store.finishRecovery(new Set(deleted));
  return { store, logs, read, said };
}

/** A disk with logs of those names, each with a message that says so. */
async function diskWith(names: readonly string[]): Promise<FaultyDisk> {
  const disk = new FaultyDisk(new Random(1));
  const { store, logs } = start(disk, names);
  for (const [name, log] of logs) append(log, `of ${name}`);
  await store.sync();
  return disk.crash(false);
}

const filesIn = (disk: FaultyDisk, folder: string): Map<string, string> =>
  new Map(
    [...disk.files]
      .filter(([path]) => path.startsWith(`${folder}/`))
      .map(([path, { written }]) => [path, written.toString('hex')]),
  );

describe('what a start finds and nobody owns', () => {
  test('is set aside as it was, and said with how much it is, where and until when', async () => {
    const disk = await diskWith(['a', 'b']);
    const before = filesIn(disk, '/data/messages/durable/b');
    const { store, said } = start(disk, ['a']);
    const [folder] = disk.list(ORPHANED);
    expect(folder).toMatch(/^b-\d{8}T\d{6}Z$/);
    expect([...filesIn(disk, `${ORPHANED}/${folder}`).values()]).toEqual([...before.values()]);
    expect(disk.list('/data/messages/durable')).toEqual(['a']);
    const bytes = [...before.values()].reduce((sum, hex) => sum + hex.length / 2, 0);
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `^warning a log of ${bytes} bytes belongs to no queue or exchange .* in ${ORPHANED} until 20\\d\\d-\\d\\d-\\d\\d$`,
        ),
      ),
    ]);
    expect(store.orphaned).toMatchObject({ logs: 1, bytes, folder: ORPHANED });
    expect(start(disk.crash(false), ['a']).store.orphaned).toEqual(store.orphaned);
  });

  test('is removed when what it belonged to was deleted', async () => {
    const disk = await diskWith(['a', 'b', 'b.1', 'b.12']);
    const { store, said } = start(disk, ['a'], ['b']);
    expect(disk.list('/data/messages/durable')).toEqual(['a']);
    expect(store.orphaned).toBeNull();
    expect(said).toEqual([expect.stringMatching(/^info 3 logs in .* are removed: what they belonged to was deleted$/)]);
  });

  test('comes back to whoever knows it again, all lanes of it', async () => {
    const disk = await diskWith(['a', 'b', 'b.1']);
    const without = start(disk, ['a']);
    expect(without.store.orphaned?.logs).toBe(2);
    const next = disk.crash(false);
    const after = start(next, ['a', 'b', 'b.1']);
    expect(after.read).toEqual({ a: ['of a'], b: ['of b'], 'b.1': ['of b.1'] });
    expect(after.store.orphaned).toBeNull();
    expect(after.said).toHaveLength(2);
    append(after.logs.get('b') as MessageLog, 'new');
    await after.store.sync();
    expect(start(next.crash(false), ['b']).read).toEqual({ b: ['of b', 'new'] });
  });

  test('does not come back under a log that has begun anew meanwhile', async () => {
    const disk = await diskWith(['a']);
    start(disk, []);
    const next = disk.crash(false);
    const between = start(next, []);
    append(between.store.open('a', true), 'new');
    await between.store.sync();
    const after = start(next.crash(false), ['a']);
    expect(after.read).toEqual({ a: ['new'] });
    expect(after.store.orphaned?.logs).toBe(1);
  });

  test('stays where it is when it cannot be set aside, and the start goes on', async () => {
    const disk = await diskWith(['a', 'b']);
    disk.rename = () => {
      throw new Error('EXDEV: cross-device link not permitted');
    };
    const { said, store } = start(disk, ['a']);
    expect(disk.list('/data/messages/durable')).toEqual(['a', 'b']);
    expect(said).toEqual([
      expect.stringMatching(/^error the messages in .*\/b belong to no queue and cannot be set aside: EXDEV/),
    ]);
    expect(store.orphaned).toBeNull();
  });
});

const names = fc.uniqueArray(fc.constantFrom('a', 'a.1', 'b', 'b.2', 'c', 'd.10'), { maxLength: 6 });

test('whatever is there, known and deleted: nothing is lost but what was deleted, and nothing is in two places', async () => {
  await fc.assert(
    fc.asyncProperty(names, names, fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')), async (all, owned, deleted) => {
      const disk = await diskWith(all);
      const { read } = start(disk, owned, deleted);
      for (const name of owned) expect(read[name]).toEqual(all.includes(name) ? [`of ${name}`] : []);
      const gone = new Set<string>(deleted);
      const expected = all.filter((name) => !owned.includes(name) && !gone.has(name.replace(/\.\d+$/, '')));
      const aside = disk.list(ORPHANED).map((folder) => folder.replace(/-\d{8}T\d{6}Z$/, ''));
      expect(aside).toEqual(expected.sort());
      const known = new Set<string>(owned);
      expect(disk.list('/data/messages/durable').filter((name) => !known.has(name))).toEqual([]);
      // A later start that knows all of them finds them.
      const after = start(disk.crash(false), expected);
      expect(after.read).toEqual(Object.fromEntries(expected.map((name) => [name, [`of ${name}`]])));
    }),
    { numRuns: 60 },
  );
});

describe('what was set aside', () => {
  const said: string[] = [];
  const orphansOn = (disk: FaultyDisk, keepDays: number | null): OrphanedLogs =>
    new OrphanedLogs({ disk, folder: ORPHANED, keepDays, log: (_, text) => void said.push(text) });
  const DURABLE = '/data/messages/durable';

  test('is removed when it is as old as the user allows, and not a moment before', async () => {
    const disk = await diskWith(['a', 'b']);
    const nowMs = Date.UTC(2026, 1, 27, 23, 59, 58);
    const orphans = orphansOn(disk, 30);
    orphans.setAside(DURABLE, ['a'], nowMs);
    orphans.setAside(DURABLE, ['b'], nowMs + DAY_MS);
    expect(disk.list(ORPHANED)).toEqual(['a-20260227T235958Z', 'b-20260228T235958Z']);
    expect(orphans.facts?.nextRemovalMs).toBe(nowMs + 30 * DAY_MS);
    for (const later of [0, DAY_MS, 30 * DAY_MS - 1]) {
      orphansOn(disk, 30).prune(nowMs + later);
      expect(disk.list(ORPHANED)).toHaveLength(2);
    }
    orphans.prune(nowMs + 30 * DAY_MS);
    expect(disk.list(ORPHANED)).toEqual(['b-20260228T235958Z']);
    expect(orphans.facts).toMatchObject({ logs: 1, nextRemovalMs: nowMs + 31 * DAY_MS });
    expect(said.at(-1)).toContain('for 30 days nobody has missed what is in it');
    orphans.prune(nowMs + 31 * DAY_MS);
    expect([disk.list(ORPHANED), orphans.facts]).toEqual([[], null]);
  });

  test('is never removed where the user said so, nor what somebody else has put there', async () => {
    const disk = await diskWith(['a', 'b']);
    const orphans = orphansOn(disk, null);
    orphans.setAside(DURABLE, ['a', 'b'], 0);
    expect(orphans.facts).toMatchObject({ logs: 2, nextRemovalMs: null });
    orphans.prune(Number.MAX_SAFE_INTEGER);
    expect(disk.list(ORPHANED)).toHaveLength(2);
    disk.rename(`${ORPHANED}/b-19700101T000000Z`, `${ORPHANED}/kept by hand`);
    orphansOn(disk, 1).prune(Date.UTC(2100, 0));
    expect(disk.list(ORPHANED)).toEqual(['kept by hand']);
  });

  test('has a name of its own, also when the same log is set aside twice in a second', async () => {
    const disk = await diskWith(['a']);
    const orphans = orphansOn(disk, 30);
    orphans.setAside(DURABLE, ['a'], 0);
    const next = disk.crash(false);
    const { store } = start(next, [], [], 0);
    append(store.open('a', true), 'again');
    await store.sync();
    const both = next.crash(false);
    const second = orphansOn(both, 30);
    second.setAside(DURABLE, ['a'], 0);
    expect(both.list(ORPHANED)).toEqual(['a-19700101T000000Z', 'a-19700101T000001Z']);
    second.bringBack('a', `${DURABLE}/a`);
    expect(start(both, ['a']).read).toEqual({ a: ['again'] });
  });
});
