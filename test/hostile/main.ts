/** `npm run test:hostile -- [seed]`: the long form; its sizes stand in the environment where others are wanted. */
import { campaign, reportText } from './campaign.ts';

const [seed = Date.now() % 1_000_000_000] = process.argv.slice(2).map(Number);
if (!Number.isSafeInteger(seed)) throw new Error('usage: npm run test:hostile -- [seed]');
const size = {
  frames: Number(process.env.HOSTILE_FRAMES ?? 10_000_000),
  requests: Number(process.env.HOSTILE_REQUESTS ?? 100_000),
  patterns: Number(process.env.HOSTILE_PATTERNS ?? 1_000),
};
console.log(`seed ${seed}`);
const report = await campaign(size, seed, console.log);
console.log(`\n${reportText(report)}`);
process.exitCode = report.failures.length === 0 ? 0 : 1;
