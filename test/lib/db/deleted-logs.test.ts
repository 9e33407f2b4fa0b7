import { afterEach, expect, test, vi } from 'vitest';
import { startDeletedLogRetention } from '../../../lib/db/deleted-logs.ts';
import { scratchDatabase } from './scratch-database.ts';

afterEach(() => void vi.useRealTimers());

test('names of deleted logs go with the start that has removed the logs, and those of later ones after an hour', async () => {
  const database = await scratchDatabase();
  const names = async () =>
    (await database.deletedLog.findMany({ orderBy: { logId: 'asc' } })).map(({ logId }) => logId);
  const recoveredMs = 1_800_000_000_000;
  const complaints: string[] = [];
  vi.useFakeTimers({ now: recoveredMs + 5_000, toFake: ['Date', 'setInterval', 'clearInterval'] });
  await database.deletedLog.createMany({
    data: [
      { logId: 'before', deletedAtMs: recoveredMs - 1 },
      { logId: 'since', deletedAtMs: recoveredMs },
      { logId: 'soon', deletedAtMs: recoveredMs + 3_000_000 },
    ],
  });
  const stop = startDeletedLogRetention(database, recoveredMs, (text) => complaints.push(text));
  await vi.waitFor(async () => expect(await names()).toEqual(['since', 'soon']));
  vi.advanceTimersByTime(3_600_000);
  await vi.waitFor(async () => expect(await names()).toEqual(['soon']));
  stop();
  vi.advanceTimersByTime(36_000_000);
  expect(await names()).toEqual(['soon']);
  expect(complaints).toEqual([]);
});
