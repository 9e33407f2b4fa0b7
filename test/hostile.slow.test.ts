/** A short form of `npm run test:hostile`: a Warren under hostile frames, patterns and requests serves its neighbours. */
import { expect, test } from 'vitest';
import { campaign, reportText } from './hostile/campaign.ts';

const SIZE = { frames: 200_000, requests: 3_000, patterns: 60 };

test('hostile frames, patterns and requests do no harm', { timeout: 180_000 }, async () => {
  const seed = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000_000);
  const report = await campaign(SIZE, seed);
  console.log(reportText(report));
  expect(report.failures).toEqual([]);
});
