/** What the built program says while its broker's thread hangs. A debugger holds the thread: the product has no command for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePorts } from './conformance/broker.ts';
import { killPrograms, Program } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'warren-hanging-'));
const BASIC = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };

afterAll(() => {
  killPrograms();
  rmSync(folder, { recursive: true, force: true });
});

/** Holds the broker's thread for that long. Resolves with a function that says whether it is held. */
async function hold(program: Program, ms: number): Promise<() => boolean> {
  program.child.kill('SIGUSR1');
  await expect.poll(() => program.output, { timeout: 10_000 }).toMatch(/ws:\/\/\S+/);
  const socket = new WebSocket(/ws:\/\/\S+/.exec(program.output)?.[0] ?? '');
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
  const [console, amqp, prometheus] = (await freePorts(3)).map(String);
  const program = new Program(
    {
      ...{ PORT: console ?? '', WARREN_AMQP_PORT: amqp ?? '', WARREN_PROMETHEUS_PORT: prometheus ?? '' },
      WARREN_DATA_DIR: folder,
    },
    [process.execPath, '--inspect-port=127.0.0.1:0', 'scripts/start.mjs'],
  );
  await program.ready();
  const cookie = (await program.signIn()).headers.get('set-cookie')?.split(';')[0] ?? '';
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(program.console + path, { headers });
  const health = async () => (await ask('/healthz')).status;
  const isHeld = await hold(program, 20_000);
  await expect.poll(health, { timeout: 15_000 }).toBe(503);
  const api = await ask('/api/overview', BASIC);
  expect([api.status, await api.json()]).toEqual([
    503,
    { error: 'unavailable', reason: expect.stringMatching(/^the broker has not answered since .*; nothing was done$/) },
  ]);
  const queues = await ask('/console-api/queues', { cookie });
  expect([queues.status, (await queues.json()).error]).toEqual([503, 'UNAVAILABLE']);
  expect(await (await ask('/c/local/queues', { cookie })).text()).toContain('The broker does not answer');
  expect((await ask('/metrics')).status).toBe(503);
  expect(isHeld()).toBe(true);
  expect(program.output).toMatch(/error the broker has not answered since \S+: requests are refused until it does\n/);
  await expect.poll(health, { timeout: 40_000 }).toBe(200);
  expect(isHeld()).toBe(false);
  expect(program.output).toMatch(/warning the broker answers again, after \d+ s\n/);
  expect((await ask('/api/overview', BASIC)).status).toBe(200);
  expect(program.output.match(/has not answered/g)).toHaveLength(1);
}, 90_000);
