import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { systemDisk } from '../../lib/store/disk.ts';
import { DiskStore } from '../../lib/store/disk-store.ts';
import { MemoryStore } from '../lib/store/memory-store.ts';
import { messageStoreContract } from './message-store.ts';

messageStoreContract('MemoryStore', () => new MemoryStore());

const folder = mkdtempSync(join(tmpdir(), 'warren-store-'));
const stores: DiskStore[] = [];

const onDisk = (options: { keptBytesMax?: number }) => () => {
  const dataDir = join(folder, String(stores.length));
  const store = new DiskStore({ disk: systemDisk, dataDir, freeBytesMin: 0, log: () => {}, ...options });
  stores.push(store);
  return store;
};
messageStoreContract('DiskStore', onDisk({}));
messageStoreContract('DiskStore that keeps nothing in memory', onDisk({ keptBytesMax: 0 }));

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  rmSync(folder, { recursive: true });
});
