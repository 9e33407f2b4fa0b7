/** What the built program says while its broker's thread hangs. A debugger holds the thread: the product has no command for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePorts } from './conformance/broker.ts';

const folder = mkdtempSync(join(tmpdir(), 'warren-hanging-'));
const BASIC = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };
let child: ChildProcess | undefined;
let output = '';
let url: string;
let cookie: string;

async function start(): Promise<void> {
  const [console, amqp, prometheus] = (await freePorts(3)).map(String);
  const program = spawn(process.execPath, ['--inspect-port=127.0.0.1:0', 'scripts/start.mjs'], {
    env: {
      ...process.env,
      ...{ PORT: console, WARREN_AMQP_PORT: amqp, WARREN_PROMETHEUS_PORT: prometheus },
      ...{ WARREN_DATA_DIR: folder, DATABASE_URL: '' },
    },
  });
  child = program;
  for (const stream of [program.stdout, program.stderr]) stream?.on('data', (chunk) => (output += chunk));
  url = `http://127.0.0.1:${console}`;
  await expect.poll(status('/healthz'), { timeout: 30_000 }).toBe(200);
  const signedIn = await fetch(`${url}/console-api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'guest', password: 'guest' }),
  });
  cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
}

afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function status(path: string, headers: Record<string, string> = {}): () => Promise<number | undefined> {
  return async () => (await fetch(url + path, { headers }).catch(() => null))?.status;
}

/** Holds the broker's thread for that long. Resolves with a function that says whether it is held. */
async function hold(ms: number): Promise<() => boolean> {
  child?.kill('SIGUSR1');
  await expect.poll(() => output, { timeout: 10_000 }).toMatch(/ws:\/\/\S+/);
  const socket = new WebSocket(/ws:\/\/\S+/.exec(output)?.[0] ?? '');
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  let isHeld = true;
  const send = (id: number, method: string, params: object): void =>
    socket.send(JSON.stringify({ id, method, params }));
  const expression = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms})`;
  const evaluate = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
  await new Promise<void>((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      const { method, params } = JSON.parse(String(data));
      if (method === 'NodeWorker.attachedToWorker') {
        send(2, 'NodeWorker.sendMessageToWorker', { sessionId: params.sessionId, message: evaluate });
        resolve();
      }
      if (method === 'NodeWorker.receivedMessageFromWorker') isHeld = false;
    });
    send(1, 'NodeWorker.enable', { waitForDebuggerOnStart: false });
  });
  return () => isHeld;
}

test('a thread that hangs gives 503 everywhere while it does, is said in the log, and is over when it goes on', async () => {
  await start();
  const isHeld = await hold(20_000);
  await expect.poll(status('/healthz'), { timeout: 15_000 }).toBe(503);
  const api = await fetch(`${url}/api/overview`, { headers: BASIC });
  expect([api.status, await api.json()]).toEqual([
    503,
    { error: 'unavailable', reason: expect.stringMatching(/^the broker has not answered since .*; nothing was done$/) },
  ]);
  const console = await fetch(`${url}/console-api/queues`, { headers: { cookie } });
  expect([console.status, (await console.json()).error]).toEqual([503, 'UNAVAILABLE']);
  const page = await fetch(`${url}/queues`, { headers: { cookie } });
  expect(await page.text()).toContain('The broker does not answer');
  expect(await status('/metrics')()).toBe(503);
  expect(isHeld()).toBe(true);
  expect(output).toMatch(/error the broker has not answered since \S+: requests are refused until it does\n/);
  await expect.poll(status('/healthz'), { timeout: 40_000 }).toBe(200);
  expect(isHeld()).toBe(false);
  expect(output).toMatch(/warning the broker answers again, after \d+ s\n/);
  expect(await status('/api/overview', BASIC)()).toBe(200);
  expect(output.match(/has not answered/g)).toHaveLength(1);
}, 90_000);
