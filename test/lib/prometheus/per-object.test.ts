import { expect, test } from 'vitest';
import { EngineError } from '../../../lib/engine/errors.ts';
import type { Monitoring } from '../../../lib/engine/figures.ts';
import { listenForPrometheus, type PrometheusListener } from '../../../lib/prometheus/listener.ts';
import { type PerObject, perObjectRefusal } from '../../../lib/prometheus/per-object.ts';
import { answerScrape } from '../../../lib/prometheus/scrape.ts';
import { listenOn } from '../../../lib/server/listening.ts';
import { TrustedProxies } from '../../../lib/web/trusted-proxies.ts';

const NAMING = ['/metrics/per-object', '/metrics/detailed'];

test.each<[PerObject, string, boolean]>([
  ['loopback', '127.0.0.1', true],
  ['loopback', '::1', true],
  ['loopback', 'via 127.0.0.1', false],
  ['loopback', '10.0.0.9', false],
  ['loopback', '', false],
  ['everyone', '10.0.0.9', true],
  ['everyone', 'via 127.0.0.1', true],
  ['off', '127.0.0.1', false],
])('by %s pages that name objects are for %j: %s', (perObject, address, isLetIn) => {
  for (const path of NAMING) expect(perObjectRefusal(path, perObject, address) === null).toBe(isLetIn);
});

test('the page of sums is for everyone, whatever the setting', () => {
  expect(perObjectRefusal('/metrics', 'off', '10.0.0.9')).toBeNull();
});

const stopped: Monitoring = {
  figures: () => Promise.reject(new EngineError('UNAVAILABLE', 'stopped')),
  objectFigures: () => Promise.reject(new EngineError('UNAVAILABLE', 'stopped')),
};

test('who is refused is told by which setting, in plain text, and the broker is not asked', async () => {
  const scrape = {
    path: NAMING[0] as string,
    parameters: new URLSearchParams(),
    acceptEncoding: 'gzip',
    address: '10.0.0.9',
  };
  const { status, headers, body } = await answerScrape(stopped, 'loopback', scrape);
  expect([status, headers]).toEqual([403, { 'Content-Type': 'text/plain; charset=utf-8' }]);
  expect(body.toString()).toBe(
    '/metrics/per-object names queues, vhosts and clients: by WARREN_METRICS_PER_OBJECT=loopback only this machine itself may have it\n',
  );
});

test('the port for Prometheus alone keeps to it, behind a proxy too', async () => {
  const listen = (perObject: PerObject, trusted: string[]): Promise<PrometheusListener> =>
    listenForPrometheus({
      ...{ monitoring: stopped, perObject, trusted: new TrustedProxies(trusted) },
      ...{ port: 0, log: () => {}, listen: (server, port) => listenOn(server, 'Prometheus', ['127.0.0.1'], port) },
    });
  const statuses = async ({ port }: PrometheusListener, path: string, headers = {}) =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
  const forwarded = (address: string) => ({ 'x-forwarded-for': address });
  const [plain, trusting, off] = [
    await listen('loopback', []),
    await listen('loopback', ['127.0.0.1']),
    await listen('off', []),
  ];
  // 503: it would be answered if the broker ran.
  for (const path of [...NAMING, '/metrics/detailed?family=queue_metrics']) {
    expect(await statuses(plain, path)).toBe(503);
    expect(await statuses(plain, path, forwarded('127.0.0.1'))).toBe(403);
    expect(await statuses(trusting, path, forwarded('203.0.113.9'))).toBe(403);
    expect(await statuses(trusting, path, forwarded('127.0.0.1, 203.0.113.9'))).toBe(403);
    expect(await statuses(trusting, path, forwarded('127.0.0.1'))).toBe(503);
    expect(await statuses(off, path)).toBe(403);
    expect(await statuses(off, '/metrics')).toBe(503);
  }
  for (const listener of [plain, trusting, off]) await listener.stop();
});
