import { expect, test } from 'vitest';
import { MessageView } from '../../../lib/broker/message.ts';
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
  store.finishRecovery();
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
  disk.files.get(LOG)?.written.writeUInt16BE(2, 4);
  const after = start(disk.crash(false));
  expect(after.log.corrupt).toMatch(/has format 2; this version of Warren reads 1/);
  expect(after.reports.join()).toContain('has format 2');
});
