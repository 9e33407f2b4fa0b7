import { expect, test } from 'vitest';
import { MessageView } from '../../../lib/broker/messages/message.ts';
import type { MessageLog } from '../../../lib/broker/ports.ts';
import { DiskStore } from '../../../lib/store/disk-store.ts';
import { bodyOf, sampleMessage } from '../broker/sample-message.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { Random } from './random.ts';

const LOG = '/data/messages/durable/a/0000000000000000.log';

function start(disk: FaultyDisk): { store: DiskStore; log: MessageLog; reports: string[] } {
  const reports: string[] = [];
  const store = new DiskStore({ disk, dataDir: '/data', freeBytesMin: 0, log: (_, text) => reports.push(text) });
  const log = store.open('a', true);
  store.finishRecovery(new Set());
  return { store, log, reports };
}

function bodies(log: MessageLog): string[] {
  const found: string[] = [];
  const view = new MessageView();
  for (let at = log.seek(0); at >= 0; at = log.seek(log.after(at))) {
    log.read(at, view);
    found.push(bodyOf(view));
  }
  return found;
}

const append = (log: MessageLog, body: string, deliveryMode = 2): number =>
  log.append(sampleMessage(body, { deliveryMode }), 1, 0);

test('a message that follows one which was acked before it was written survives', async () => {
  const disk = new FaultyDisk(new Random(1));
  const { store, log } = start(disk);
  log.remove(append(log, 'gone'), 4);
  append(log, 'kept');
  await store.sync();
  const after = start(disk.crash(false));
  expect(after.log.corrupt).toBeNull();
  expect(bodies(after.log)).toEqual(['kept']);
});

test('a torn last record is cut and reported, wherever it is torn', async () => {
  const disk = new FaultyDisk(new Random(1));
  const { store, log } = start(disk);
  append(log, 'first');
  await store.sync();
  const whole = disk.files.get(LOG)?.written.length as number;
  append(log, 'second');
  await store.sync();
  const end = disk.files.get(LOG)?.written.length as number;
  for (let size = whole + 1; size < end; size++) {
    const torn = disk.crash(false);
    const file = torn.files.get(LOG);
    if (file) file.written = file.written.subarray(0, size);
    const after = start(torn);
    expect(bodies(after.log)).toEqual(['first']);
    expect(after.reports.join()).toContain('that are no whole record: cut');
    append(after.log, 'third');
    await after.store.sync();
    expect(bodies(start(torn.crash(false)).log)).toEqual(['first', 'third']);
  }
});

test('transient messages of a durable log are gone after a start', async () => {
  const disk = new FaultyDisk(new Random(1));
  const { store, log } = start(disk);
  append(log, 'transient', 1);
  append(log, 'persistent');
  await store.sync();
  expect(bodies(start(disk.crash(false)).log)).toEqual(['persistent']);
});

test('a format that is not known closes the log and says so', async () => {
  const disk = new FaultyDisk(new Random(1));
  const { store, log } = start(disk);
  append(log, 'first');
  await store.sync();
  disk.files.get(LOG)?.written.writeUInt16BE(3, 4);
  const after = start(disk.crash(false));
  expect(after.log.corrupt).toMatch(/has format 3; this version of Warren reads 1 to 2/);
  expect(after.reports.join()).toContain('has format 3');
});

/** The disk as a process of format 1 left it. */
function olden(disk: FaultyDisk): FaultyDisk {
  const older = disk.crash(false);
  for (const [path, file] of older.files) if (path.endsWith('.log')) file.written.writeUInt16BE(1, 4);
  return older;
}

test('a file of an older format is read and takes no more records: new ones go to a new file', async () => {
  const disk = new FaultyDisk(new Random(1));
  const { store, log } = start(disk);
  append(log, 'first');
  await store.sync();
  const older = olden(disk);
  const size = older.files.get(LOG)?.written.length;
  const after = start(older);
  expect(bodies(after.log)).toEqual(['first']);
  after.log.append(sampleMessage('second', { deliveryMode: 2 }), 1, 0, 7);
  await after.store.sync();
  expect(older.files.get(LOG)?.written.length).toBe(size);
  const again = start(older.crash(false));
  expect(bodies(again.log)).toEqual(['first', 'second']);
  expect(again.log.offset(again.log.seek(again.log.after(again.log.seek(0))))).toBe(7);
});

test('a file of an older format that has no record yet begins anew in the present one', async () => {
  const disk = new FaultyDisk(new Random(1));
  const { store, log } = start(disk);
  append(log, 'first');
  await store.sync();
  const older = olden(disk);
  const file = older.files.get(LOG);
  if (file) file.written = file.written.subarray(0, 16);
  const after = start(older);
  append(after.log, 'second');
  await after.store.sync();
  expect(older.files.get(LOG)?.written.readUInt16BE(4)).toBe(2);
  expect(bodies(start(older.crash(false)).log)).toEqual(['second']);
});

test.each([1, 2])('the torn head of a file of format %i is a file that was begun and not written', async (version) => {
  for (let whole = 0; whole < 6; whole++) {
    const disk = new FaultyDisk(new Random(1));
    const { store, log } = start(disk);
    append(log, 'first');
    await store.sync();
    const torn = disk.crash(false);
    const written = torn.files.get(LOG)?.written as Buffer;
    written.writeUInt16BE(version, 4);
    written.fill(0, whole);
    const after = start(torn);
    expect(after.log.corrupt).toBeNull();
    expect(after.reports.join()).toContain('was begun and not written');
  }
});

test('what is appended to a log that holds copies is no move', async () => {
  const disk = new FaultyDisk(new Random(1));
  const { store, log } = start(disk);
  const position = append(log, 'here');
  const copies = store.open('b', true, { holdsCopies: true });
  const message = sampleMessage('here', { deliveryMode: 2 });
  message.movedFrom = { log: 'a', position };
  copies.append(message, 1, 0);
  expect(message.movedFrom).toEqual({ log: 'a', position });
  await store.sync();
  const after = start(disk.crash(false));
  expect(bodies(after.log)).toEqual(['here']);
});
