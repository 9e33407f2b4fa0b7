/** Runs projects of vitest and adds their tests to the tally. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tally } from './checks.mjs';
import { runNode } from './child.mjs';

/** A run that hangs fails. */
const LIMIT_MS = 15 * 60_000;

/** @param {string[]} projects */
export async function runVitest(projects) {
  console.log(`\n== tests: ${projects.join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'warren-vitest-'));
  const report = join(folder, 'report.json');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'];
  const chosen = projects.flatMap((project) => ['--project', project]);
  const code = await runNode([...vitest, `--outputFile.json=${report}`, ...chosen], { limitMs: LIMIT_MS });
  if (code === 130) process.exit(130);
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    tally.passed += numPassedTests;
    // A file that cannot be loaded has no failed test in it, but the run has failed.
    tally.failed += code === 0 ? 0 : Math.max(1, numFailedTests);
    if (numPendingTests > 0) console.log(`${numPendingTests} skipped, each for the reason in its name`);
  } catch {
    tally.failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
