/** How `npm start` begins and ends: the built program, its ports, its data directory, its signals. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { killPrograms, Program } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'warren-start-'));
afterEach(killPrograms);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function settings(name: string): Promise<Record<string, string>> {
  return { PORT: await freePort(), WARREN_AMQP_PORT: await freePort(), WARREN_DATA_DIR: join(folder, name) };
}

describe('a start that cannot be ends with one clear line', () => {
  test('a value that cannot be', async () => {
    const program = new Program({ ...(await settings('bad')), WARREN_LOG_LEVEL: 'loud' });
    expect(await program.exit()).toBe(1);
    expect(program.output).toBe(
      "Warren cannot start: WARREN_LOG_LEVEL is 'loud', but must be one of debug, info, warning, error, none\n",
    );
  });

  test('a proxy that is no address', async () => {
    const program = new Program({ ...(await settings('bad-proxy')), WARREN_TRUSTED_PROXIES: 'proxy.example' });
    expect(await program.exit()).toBe(1);
    expect(program.output).toBe(
      "Warren cannot start: WARREN_TRUSTED_PROXIES: 'proxy.example' is no address and no network, such as 10.0.0.1, 10.0.0.0/8 or fd00::/8\n",
    );
  });

  test("the console's port is in use", async () => {
    const own = await settings('console-port');
    const other = await occupy(own.PORT);
    const program = new Program(own);
    expect(await program.exit()).toBe(1);
    other.close();
    expect(program.output).toBe(
      `Warren cannot start: console port ${own.PORT} on 127.0.0.1 is in use; set PORT to another\n`,
    );
  });

  test('the AMQP port is in use', async () => {
    const own = await settings('amqp-port');
    const other = await occupy(own.WARREN_AMQP_PORT);
    const program = new Program(own);
    expect(await program.exit()).toBe(1);
    other.close();
    expect(program.lastLine).toContain(`AMQP port ${own.WARREN_AMQP_PORT} on 127.0.0.1 is in use`);
  });

  test('the data directory is in use', async () => {
    const first = new Program(await settings('shared'));
    await first.ready();
    const second = new Program({ ...(await settings('shared')) });
    expect(await second.exit()).toBe(1);
    expect(second.lastLine).toBe(
      `Warren cannot start: the data directory ${join(folder, 'shared')} is in use by another Warren (process ${first.child.pid})`,
    );
  });
});

test('it says where console, AMQP and data are, and all else as lines of the log', async () => {
  const program = new Program({ ...(await settings('announced')), WARREN_LOG_LEVEL: 'debug' });
  await program.ready();
  const { PORT, WARREN_AMQP_PORT, WARREN_DATA_DIR } = program.settings;
  const lines = program.output.trim().split('\n');
  const logged = lines.filter((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z (debug|info|warning|error) \S/.test(line));
  expect(logged.length).toBeGreaterThan(2);
  expect(lines.filter((line) => !logged.includes(line))).toEqual([
    `Console  http://localhost:${PORT}  (sign in as guest / guest)`,
    `AMQP     amqp://guest:guest@localhost:${WARREN_AMQP_PORT}`,
    `Data     ${WARREN_DATA_DIR}`,
  ]);
});

test('console, AMQP and metrics answer at both addresses of this machine', async () => {
  const metricsPort = await freePort();
  const own = { ...(await settings('both-addresses')), WARREN_PROMETHEUS_PORT: metricsPort };
  const program = new Program(own);
  await program.ready();
  const { PORT, WARREN_AMQP_PORT } = program.settings;
  for (const host of ['127.0.0.1', '[::1]']) {
    expect((await fetch(`http://${host}:${PORT}/healthz`)).status, host).toBe(200);
    expect((await fetch(`http://${host}:${metricsPort}/metrics`)).status, host).toBe(200);
    await (await connect(`amqp://${host}:${WARREN_AMQP_PORT}`)).close();
  }
  const stopped = performance.now();
  program.child.kill('SIGTERM');
  await program.exit();
  expect(performance.now() - stopped).toBeLessThan(5_000);
});

test('after kill -9 the next start finds what was declared', async () => {
  const own = await settings('killed');
  const first = new Program(own);
  await first.ready();
  const before = await connect(`amqp://127.0.0.1:${own.WARREN_AMQP_PORT}`);
  before.on('error', () => {});
  const channel = await before.createChannel();
  await channel.assertQueue('survivor', { durable: true });
  first.child.kill('SIGKILL');
  await first.exit();
  const second = new Program(own);
  await second.ready();
  const after = await connect(`amqp://127.0.0.1:${own.WARREN_AMQP_PORT}`);
  const { queue } = await (await after.createChannel()).checkQueue('survivor');
  expect(queue).toBe('survivor');
  await after.close();
});

describe('a signal stops it in order', () => {
  test.each([
    ['SIGTERM', 'node', [process.execPath, 'scripts/start.mjs']],
    ['SIGTERM', 'npm', ['npm', 'start']],
    ['SIGINT', 'the group, as Ctrl-C does', ['npm', 'start']],
  ] as const)('%s to %s', async (signal, target, command) => {
    const program = new Program(await settings(`stop-${signal}-${target.slice(0, 4)}`), [...command]);
    await program.ready();
    const { PORT, WARREN_AMQP_PORT } = program.settings;
    const client = await connect(`amqp://127.0.0.1:${WARREN_AMQP_PORT}`);
    // amqplib takes 320 for an operator's decision: no 'error', but the reason comes with 'close'.
    const closeCode = once(client, 'close').then(([reason]) => reason?.code);
    const pid = program.child.pid ?? 0;
    const startedAt = Date.now();
    process.kill(target.startsWith('the group') ? -pid : pid, signal);
    expect(await closeCode).toBe(320);
    await program.exit();
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    for (const port of [PORT, WARREN_AMQP_PORT]) (await occupy(port)).close();
    expect(program.output).toContain(`${signal}: stopping`);
  });

  test('with an open request of the console', async () => {
    const program = new Program(await settings('open-request'));
    await program.ready();
    // A request whose body never comes.
    const request = createConnection(Number(program.settings.PORT), '127.0.0.1');
    request.on('error', () => {});
    request.write('POST /console-api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const startedAt = Date.now();
    program.child.kill('SIGTERM');
    await program.exit();
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    request.destroy();
  });

  test('with an open stream of events, which is told and does not hold it up', async () => {
    const program = new Program(await settings('open-stream'));
    await program.ready();
    const api = `${program.console}/console-api`;
    const cookie = (await program.signIn()).headers.get('set-cookie')?.split(';')[0] ?? '';
    const stream = await fetch(`${api}/events`, { headers: { cookie } });
    expect(stream.headers.get('content-encoding')).toBeNull();
    const startedAt = Date.now();
    program.child.kill('SIGTERM');
    expect(await stream.text()).toMatch(/event: bye\ndata: {"reason":"stopping"}\n\n$/);
    await program.exit();
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});

async function freePort(): Promise<string> {
  const server = await occupy('0');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(typeof address === 'object' && address ? address.port : 0);
}

/** Rejects when somebody has the port. */
function occupy(port: string | undefined): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(Number(port), '127.0.0.1', () => resolve(server));
  });
}
