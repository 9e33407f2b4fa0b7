import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemDisk } from '../../../lib/store/disk.ts';
import { DiskStore } from '../../../lib/store/disk-store.ts';
import { sampleMessage } from '../broker/sample-message.ts';
import { scratchFolder } from '../db/scratch-database.ts';

/** Rights of all that is in a folder, by path. */
function rights(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    found.set(path, (entry.isDirectory() ? 'd' : '-') + (statSync(path).mode & 0o777).toString(8));
  }
  return found;
}

async function write(dataDir: string): Promise<void> {
  const store = new DiskStore({ disk: systemDisk, dataDir, freeBytesMin: 0, segmentBytesMax: 1000, log: () => {} });
  const log = store.open('a', true);
  store.finishRecovery(new Set());
  const first = log.append(sampleMessage('x'.repeat(600), { deliveryMode: 2 }), 1, 0);
  log.append(sampleMessage('x'.repeat(600), { deliveryMode: 2 }), 1, 0);
  await store.sync();
  log.remove(first, 600);
  await store.close();
}

test('messages are for the eyes of their owner only, whatever the umask, and what was open to others is closed', async () => {
  const dataDir = scratchFolder();
  const umask = process.umask(0);
  try {
    await write(dataDir);
    const made = rights(join(dataDir, 'messages'));
    expect(made.size).toBeGreaterThan(3);
    expect(new Set(made.values())).toEqual(new Set(['d700', '-600']));
    for (const path of made.keys()) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
    chmodSync(join(dataDir, 'messages'), 0o755);
    await write(dataDir);
    expect((statSync(join(dataDir, 'messages')).mode & 0o777).toString(8)).toBe('700');
    const mended = rights(join(dataDir, 'messages'));
    expect([...mended.values()].filter((right) => right.startsWith('-') && right !== '-600')).toEqual([]);
  } finally {
    process.umask(umask);
  }
});

test('a folder that is there already is closed to others; those above it are not touched', () => {
  const above = scratchFolder();
  mkdirSync(join(above, 'own'));
  for (const path of [above, join(above, 'own')]) chmodSync(path, 0o755);
  systemDisk.makeFolder(join(above, 'own'));
  expect([above, join(above, 'own')].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['755', '700']);
  writeFileSync(join(above, 'own/file'), 'kept', { mode: 0o644 });
  systemDisk.close(systemDisk.open(join(above, 'own/file')));
  expect((statSync(join(above, 'own/file')).mode & 0o777).toString(8)).toBe('600');
});
