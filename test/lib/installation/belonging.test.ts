import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { belonging, type DatabaseSide, type DirectorySide } from '../../../lib/installation/belonging.ts';

const [ONE, TWO] = ['11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa', '22222222-bbbb-4bbb-8bbb-bbbbbbbbbbbb'];

const NEW: DirectorySide = {
  ...{ path: '/data', identity: null, isDraft: false, hasKey: false, hasOwnDatabase: false, logs: [] },
};
const USED: DirectorySide = { ...NEW, hasKey: true };
const WITH_MESSAGES: DirectorySide = { ...USED, logs: ['a', 'b.2'] };
const EMPTY: DatabaseSide = {
  ...{ url: 'postgresql://host/db', isDefault: false, isEmpty: true, identity: null, movedTo: null },
  queueLogs: new Set<string>(),
};
const OLD: DatabaseSide = { ...EMPTY, isEmpty: false, queueLogs: new Set(['q']) };
const KNOWING: DatabaseSide = { ...OLD, queueLogs: new Set(['q', 'b']) };

const of = (identity: string | undefined) => ({ identity: identity ?? null });

describe('two that belong together', () => {
  test.each<[string, DirectorySide, DatabaseSide, string | null]>([
    ['a first start: both are new', NEW, EMPTY, null],
    ['a first start: its own file is empty', { ...NEW, hasOwnDatabase: true }, { ...EMPTY, isDefault: true }, null],
    ['both have the same identity', { ...WITH_MESSAGES, ...of(ONE) }, { ...OLD, ...of(ONE) }, ONE as string],
    [
      'a first start that was killed before there were definitions',
      { ...NEW, ...of(ONE) },
      { ...EMPTY, ...of(ONE) },
      ONE as string,
    ],
    [
      'an old installation in one folder',
      { ...WITH_MESSAGES, hasOwnDatabase: true },
      { ...OLD, isDefault: true },
      null,
    ],
    ['an old one in two places, with messages that the database knows', WITH_MESSAGES, KNOWING, null],
    ['an old one in two places, without any message', USED, OLD, null],
    [
      'an old database brought back, whose messages are there',
      { ...WITH_MESSAGES, ...of(ONE) },
      KNOWING,
      ONE as string,
    ],
    [
      'an old directory brought back, whose messages are known',
      WITH_MESSAGES,
      { ...KNOWING, ...of(ONE) },
      ONE as string,
    ],
  ])('%s', (_, directory, database, identity) => {
    expect(belonging(directory, database)).toEqual({ belong: true, identity });
  });
});

describe('two that do not belong together are refused, with a line that says which is which and what to do', () => {
  test.each<[string, DirectorySide, DatabaseSide, string, RegExp]>([
    [
      ...([
        'two installations',
        { ...WITH_MESSAGES, ...of(ONE) },
        { ...KNOWING, ...of(TWO) },
        '11111111+22222222',
      ] as const),
      /^the data directory \/data belongs to installation 11111111 and the database postgresql:\/\/host\/db to 22222222: set WARREN_DATA_DIR or DATABASE_URL/,
    ],
    [
      ...(['a directory with an empty database', { ...USED, ...of(ONE) }, EMPTY, '11111111+empty'] as const),
      /^the data directory \/data is that of an installation \(11111111\) and the database .* is empty: set DATABASE_URL .* npm run migrate-database$/,
    ],
    [
      'an old directory with messages and an empty database',
      WITH_MESSAGES,
      EMPTY,
      'old+empty',
      /is empty: set DATABASE_URL/,
    ],
    ['an old directory without messages and an empty database', USED, EMPTY, 'old+empty', /is empty: set DATABASE_URL/],
    [
      ...([
        'the default file of an old directory, when another database is named',
        { ...NEW, hasOwnDatabase: true },
        EMPTY,
        'old+empty',
      ] as const),
      /is empty: set DATABASE_URL/,
    ],
    [
      ...([
        'an old directory whose own file is gone',
        WITH_MESSAGES,
        { ...EMPTY, isDefault: true },
        'old+empty',
      ] as const),
      /is empty: set DATABASE_URL/,
    ],
    [
      ...(['a new directory with a database', NEW, { ...OLD, ...of(TWO) }, 'new+22222222'] as const),
      /^the database postgresql:\/\/host\/db is that of an installation \(22222222\) with 1 durable queue and the data directory \/data is new and has no messages: set WARREN_DATA_DIR/,
    ],
    ['a new directory with an old database', NEW, OLD, 'new+old', /is new and has no messages: set WARREN_DATA_DIR/],
    [
      ...([
        'a database that was copied alone',
        { ...NEW, hasOwnDatabase: true },
        { ...OLD, ...of(ONE), isDefault: true },
        'new+11111111',
      ] as const),
      /is new and has no messages: set WARREN_DATA_DIR/,
    ],
    [
      'an old directory with messages that the database does not know',
      WITH_MESSAGES,
      OLD,
      'old+old',
      /has none of their messages/,
    ],
    [
      ...([
        'the same, when the database has an identity',
        WITH_MESSAGES,
        { ...OLD, ...of(TWO) },
        'old+22222222',
      ] as const),
      /has none of their messages: set WARREN_DATA_DIR/,
    ],
    [
      ...([
        'a database that has moved',
        { ...USED, ...of(ONE) },
        { ...OLD, ...of(ONE), movedTo: 'file:/new.db' },
        '11111111+moved',
      ] as const),
      /^the database .* has moved to file:\/new\.db: set DATABASE_URL to that$/,
    ],
  ])('%s', (_, directory, database, pair, reason) => {
    expect(belonging(directory, database)).toEqual({ belong: false, pair, reason: expect.stringMatching(reason) });
  });
});

const identities = fc.constantFrom(null, ONE as string, TWO as string);
const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'a.1', 'b.12'), { maxLength: 4 });
const directories = fc.record({
  ...{ path: fc.constant('/data'), identity: identities, isDraft: fc.boolean(), hasKey: fc.boolean() },
  ...{ hasOwnDatabase: fc.boolean(), logs: names },
});
const databases = fc
  .record({
    ...{ url: fc.constant('file:/data/warren.db'), isDefault: fc.boolean(), isEmpty: fc.boolean() },
    ...{ identity: identities, movedTo: fc.option(fc.constant('file:/b')), logs: names },
  })
  .map(({ logs, ...rest }) => ({ ...rest, queueLogs: new Set<string>(rest.isEmpty ? [] : logs) }));

test('whatever the two are: messages of one installation never meet the definitions of another unasked', () => {
  fc.assert(
    fc.property(directories, databases, (directory, database) => {
      const found = belonging(directory, database);
      const [ours, theirs] = [directory.identity, database.identity];
      const mayLose = directory.logs.length > 0 || (!database.isEmpty && database.queueLogs.size > 0);
      const isSame = ours !== null && ours === theirs;
      const shares = directory.logs.some((log) => database.queueLogs.has(log.replace(/\.\d+$/, '')));
      if (ours !== null && theirs !== null && ours !== theirs) expect(found.belong).toBe(false);
      if (database.movedTo !== null) expect(found.belong).toBe(false);
      else if (isSame) expect(found).toEqual({ belong: true, identity: ours });
      if (found.belong && mayLose && !isSame && !shares) {
        // Only an installation that is older than identities.
        expect([ours, theirs]).toEqual([null, null]);
        expect(database.isDefault || directory.logs.length === 0).toBe(true);
      }
      if (found.belong) expect([ours, theirs, null]).toContain(found.identity);
      else {
        expect(found.pair).toMatch(/^(new|old|[0-9a-f]{8})\+(empty|old|moved|[0-9a-f]{8})$/);
        expect(found.reason).toContain('set ');
        expect(found.reason).not.toContain('\n');
      }
    }),
  );
});
