import { expect, test } from 'vitest';
import type { AuditFilter } from '../../../lib/audit/audit-log.ts';
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
  const found = await audit.find({}, 10);
  expect(found.map(({ id: _, ...entry }) => entry)).toEqual([
    change,
    { ...bare, ...nothing },
    { ...ENTRY, ...nothing },
  ]);
});

test('the latest come first, no more than were asked for, and the next page goes on after them', async () => {
  const audit = new AuditRecords(await scratchDatabase());
  for (const object of ['one', 'two', 'three']) await audit.add({ ...ENTRY, object });
  const first = await audit.find({}, 2);
  expect(first.map(({ object }) => object)).toEqual(['three', 'two']);
  const second = await audit.find({}, 2, first.at(-1)?.id);
  expect(second.map(({ object }) => object)).toEqual(['one']);
});

test.each<[string, AuditFilter, string[]]>([
  ['the user', { user: 'bob' }, ['b']],
  ['a noun', { action: 'queue' }, ['c', 'a']],
  ['noun and verb', { action: 'queue.purge' }, ['c']],
  ['no part of a noun', { action: 'que' }, []],
  ['what does not count', { without: ['queue.purge', 'user.put'] }, ['a']],
  ['the vhost', { vhost: 'other' }, ['c']],
  ['a part of the name', { object: 'b' }, ['b']],
  ['what was done', { outcome: 'ok' }, ['b', 'a']],
  ['what was refused', { outcome: 'failed' }, ['c']],
  ['a time', { from: new Date('2026-11-23T12:00:01Z'), to: new Date('2026-11-23T12:00:02Z') }, ['b']],
  ['all of them together', { user: 'ada', vhost: '/', outcome: 'ok' }, ['a']],
])('a filter by %s', async (_, filter, objects) => {
  const audit = new AuditRecords(await scratchDatabase());
  await audit.add({ ...ENTRY, object: 'a' });
  await audit.add({ ...ENTRY, object: 'b', user: 'bob', action: 'user.put', at: new Date('2026-11-23T12:00:01Z') });
  const refused = { ...ENTRY, vhost: 'other', outcome: 'ACCESS_REFUSED', at: new Date('2026-11-23T12:00:02Z') };
  await audit.add({ ...refused, object: 'c', action: 'queue.purge' });
  expect((await audit.find(filter, 10)).map(({ object }) => object)).toEqual(objects);
});

test('what is too old goes, and the oldest of too many', async () => {
  const audit = new AuditRecords(await scratchDatabase());
  const names = async () => (await audit.find({}, 10)).map(({ object }) => object);
  for (let second = 0; second < 5; second++)
    await audit.add({ ...ENTRY, object: String(second), at: new Date(second * 1000) });
  expect(await audit.prune(new Date(1000), 10)).toBe(1);
  expect(await names()).toEqual(['4', '3', '2', '1']);
  expect(await audit.prune(new Date(0), 2)).toBe(2);
  expect(await names()).toEqual(['4', '3']);
  expect(await audit.prune(new Date(0), 2)).toBe(0);
});

test("who may see some acts finds those of its vhosts, and outside of vhosts its own or everybody's", async () => {
  const audit = new AuditRecords(await scratchDatabase());
  const acts: [user: string, vhost: string | null][] = [
    ['ada', 'a'],
    ['bob', 'a'],
    ['bob', 'b'],
    ['ada', null],
    ['bob', null],
  ];
  for (const [user, vhost] of acts) await audit.add({ ...ENTRY, user, vhost });
  const found = async (visible: AuditFilter['visible'], limit = 10) =>
    (await audit.find({ ...(visible && { visible }), action: 'queue', without: ['message.read'] }, limit)).map(
      ({ user, vhost }) => `${user} ${vhost}`,
    );
  expect(await found({ vhosts: ['a'], outside: 'ada' })).toEqual(['ada null', 'bob a', 'ada a']);
  // What is not visible is not among the first ones either.
  expect(await found({ vhosts: ['a'], outside: 'ada' }, 2)).toEqual(['ada null', 'bob a']);
  expect(await found({ vhosts: [], outside: 'eve' })).toEqual([]);
  expect(await found({ vhosts: null, outside: 'eve' })).toEqual(['bob b', 'bob a', 'ada a']);
  expect(await found({ vhosts: null, outside: null })).toHaveLength(5);
});

test('what an entry counts can be brought up to date, and nothing else of it', async () => {
  const audit = new AuditRecords(await scratchDatabase());
  const [first] = [await audit.add(ENTRY), await audit.add(ENTRY)];
  const outcome = 'ACCESS_REFUSED';
  await audit.amend(first, { detail: '13 messages', outcome });
  await audit.amend(99, { detail: 'of an entry that is gone', outcome });
  expect((await audit.find({}, 10)).map(({ id: _, before: __, after: ___, ...entry }) => entry)).toEqual([
    ENTRY,
    { ...ENTRY, detail: '13 messages', outcome },
  ]);
});
