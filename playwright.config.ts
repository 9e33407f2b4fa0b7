import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { installedChromium } from './scripts/chromium.mjs';

/** Each has a Warren of its own: what one test makes is in nobody else's lists. More of them than cores wait for each other. */
const WORKERS = 2;

// Test workers evaluate this file again: what is chosen here travels in their environment.
process.env.WARREN_TEST_PORTS ??= (await freePorts(2 * WORKERS)).join();
process.env.WARREN_TEST_DATA_DIR ??= join(tmpdir(), `warren-browser-${process.pid}`);
const ports = process.env.WARREN_TEST_PORTS.split(',');
const warrens = Array.from({ length: WORKERS }, (_, worker) => ({
  console: ports[2 * worker] as string,
  amqp: ports[2 * worker + 1] as string,
  dataDir: join(process.env.WARREN_TEST_DATA_DIR as string, String(worker)),
}));
// Of this worker; the process that only starts workers asks for none.
const own = warrens[Number(process.env.TEST_PARALLEL_INDEX ?? 0)] as (typeof warrens)[number];
process.env.WARREN_TEST_PORT = own.console;
process.env.WARREN_TEST_AMQP_PORT = own.amqp;

export default defineConfig({
  testDir: 'test/console',
  outputDir: 'test-results',
  workers: WORKERS,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  globalTimeout: 20 * 60_000,
  use: {
    baseURL: `http://127.0.0.1:${own.console}`,
    screenshot: 'only-on-failure',
    // Recording each test takes as much of the machine as the test.
    trace: 'off',
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
  webServer: warrens.map(({ console, amqp, dataDir }) => ({
    command: `"${process.execPath}" scripts/start.mjs`,
    url: `http://127.0.0.1:${console}/healthz`,
    env: {
      PORT: console,
      WARREN_AMQP_PORT: amqp,
      WARREN_DATA_DIR: dataDir,
      WARREN_PROMETHEUS_PORT: '0',
      DATABASE_URL: '',
    },
    timeout: 180_000,
    gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 10_000 },
  })),
});

/** All open at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const free = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return free;
}
