/**
 * The conformance tests prove themselves: what they say of Warren must be true of a real RabbitMQ. Where the one that is
 * at hand behaves in another way because of its version, the test itself says so (`is3`).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findOracle, hasOracle, type Oracle } from './conformance/oracle.ts';

/**
 * The test files that need nothing of Warren's: no setting, no page, no process. The last ones need the management API
 * beside AMQP.
 */
const FILES = [
  ...['clients', 'connection', 'consuming', 'ends', 'framing', 'queue-types', 'redeclaring', 'topology'],
  ...['connection', 'publishing', 'consuming', 'topology', 'lifetime'].map((group) => `check-list/${group}`),
  ...(process.env.RABBITMQ_URL === undefined ? ['firehose', 'numbers'] : []),
];

/**
 * RabbitMQ's counts are asked of a queue by another of its processes than the one that sends it what was published, and may overtake
 * it: a test that is true of it may miss once. One that is not true fails each time.
 */
const RETRIES = 2;

interface Report {
  numPassedTests: number;
  testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

describe.skipIf(!hasOracle())(
  `the conformance tests, against a RabbitMQ${hasOracle() ? '' : ' (skipped: none is installed, and RABBITMQ_URL is not set)'}`,
  () => {
    let oracle: Oracle | undefined;
    const folder = mkdtempSync(join(tmpdir(), 'warren-oracle-'));

    beforeAll(async () => {
      oracle = await findOracle({ withApi: true });
    }, 120_000);

    afterAll(async () => {
      await oracle?.stop();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    test.for(FILES)('%s', { timeout: 240_000 }, async (file) => {
      const report = join(folder, `${file.replace('/', '-')}.json`);
      const child = spawn(
        process.execPath,
        [
          ...['node_modules/vitest/vitest.mjs', 'run', '--project', 'conformance', `test/conformance/${file}.test.ts`],
          ...['--reporter=json', `--outputFile.json=${report}`, `--retry=${RETRIES}`],
        ],
        {
          env: {
            PATH: process.env.PATH,
            WARREN_CONFORMANCE_URL: `amqp://guest:guest@${oracle?.host}:${oracle?.port}`,
            WARREN_CONFORMANCE_API_PORT: String(oracle?.consolePort),
          } as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv,
          stdio: 'ignore',
        },
      );
      await new Promise((resolve) => child.once('exit', resolve));
      const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
      const failed = testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]?.split('\n')[0]}`);
      expect(failed).toEqual([]);
      expect(numPassedTests).toBeGreaterThan(2);
    });
  },
);
