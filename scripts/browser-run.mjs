/** Runs the browser tests on the built app and adds them to the tally. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tally } from './checks.mjs';
import { runNode } from './child.mjs';
import { ensureChromium } from './chromium.mjs';

export async function runBrowserTests() {
  console.log('\n== tests: browser');
  if (!(await ensureChromium())) {
    console.error('No Chromium could be installed; set CHROMIUM_PATH to one.');
    tally.failed++;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'warren-playwright-'));
  const report = join(folder, 'report.json');
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report, WARREN_TEST_DATA_DIR: join(folder, 'data') };
  const code = await runNode(['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'], { env });
  if (code === 130) process.exit(130);
  try {
    const { expected, unexpected, flaky } = JSON.parse(readFileSync(report, 'utf8')).stats;
    tally.passed += expected;
    tally.failed += code === 0 ? 0 : Math.max(1, unexpected + flaky);
  } catch {
    tally.failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
