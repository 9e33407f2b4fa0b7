import { expect, test } from 'vitest';
import { AuditRecords } from '../../../lib/db/audit.ts';
import { scratchDatabase } from './scratch-database.ts';

const ENTRY = {
  at: new Date('2026-11-23T12:00:00.123Z'),
  user: 'ada',
  remoteAddress: '::1',
  action: 'queue.delete',
  vhost: '/',
  object: 'orders',
  detail: '12 messages',
  outcome: 'ok',
};

test('an entry comes back as it was written', async () => {
  const audit = new AuditRecords(await scratchDatabase());
  const bare = { ...ENTRY, remoteAddress: null, vhost: null, object: null, detail: '' };
  const change = { ...ENTRY, before: '{"a":1}', after: null };
  await audit.add(ENTRY);
  await audit.add(bare);
  await audit.add(change);
  const nothing = { before: null, after: null };
  expect(await audit.latest(10)).toEqual([change, { ...bare, ...nothing }, { ...ENTRY, ...nothing }]);
});

test('the latest come first, and no more than were asked for', async () => {
  const audit = new AuditRecords(await scratchDatabase());
  for (const object of ['one', 'two', 'three']) await audit.add({ ...ENTRY, object });
  expect((await audit.latest(2)).map((entry) => entry.object)).toEqual(['three', 'two']);
});
