import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { installedChromium } from './scripts/chromium.mjs';

// Test workers evaluate this file again: what is chosen here travels in their environment.
process.env.WARREN_TEST_PORT ??= String(await freePort());
process.env.WARREN_TEST_AMQP_PORT ??= String(await freePort());
process.env.WARREN_TEST_DATA_DIR ??= join(tmpdir(), `warren-browser-${process.pid}`);
const { WARREN_TEST_PORT, WARREN_TEST_AMQP_PORT, WARREN_TEST_DATA_DIR } = process.env;
const baseURL = `http://127.0.0.1:${WARREN_TEST_PORT}`;

export default defineConfig({
  testDir: 'test/console',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  globalTimeout: 15 * 60_000,
  use: {
    baseURL,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: installedChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: `"${process.execPath}" scripts/start.mjs`,
    url: `${baseURL}/healthz`,
    env: {
      PORT: WARREN_TEST_PORT,
      WARREN_AMQP_PORT: WARREN_TEST_AMQP_PORT,
      WARREN_DATA_DIR: WARREN_TEST_DATA_DIR,
      DATABASE_URL: '',
    },
    timeout: 180_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  },
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
