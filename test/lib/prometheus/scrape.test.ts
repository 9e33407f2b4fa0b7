import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { NodeFacts } from '../../../lib/engine/embedded/commands.ts';
import { createMonitoring } from '../../../lib/engine/embedded/monitoring.ts';
import { EngineError } from '../../../lib/engine/errors.ts';
import type { Monitoring } from '../../../lib/engine/figures.ts';
import { answerScrape, type Scrape } from '../../../lib/prometheus/scrape.ts';
import type { Listener } from '../../../lib/server/listener.ts';
import { BrokerFixture } from '../broker/broker-fixture.ts';

const stopped: Monitoring = {
  figures: () => Promise.reject(new EngineError('UNAVAILABLE', 'the broker has stopped')),
  objectFigures: () => Promise.reject(new Error('not asked for')),
};
/** What a broker with nothing in it says. */
async function monitored(): Promise<Monitoring> {
  const { broker } = await BrokerFixture.start();
  const facts = { node: 'n', clusterName: 'c', version: '1', compatibleWith: '4.2.9', startedAtMs: 0 } as NodeFacts;
  return createMonitoring(broker, { connections: new Set() } as unknown as Listener, facts, () => 1);
}
const asked = (path: string, acceptEncoding: string | null = null): Scrape => ({
  path,
  parameters: new URLSearchParams(),
  acceptEncoding,
  address: '127.0.0.1',
});

test('a path that has no page is not found', async () => {
  expect(await answerScrape(stopped, 'loopback', asked('/'))).toMatchObject({ status: 404 });
});

test('a broker that is not running cannot be scraped, and says so', async () => {
  expect(await answerScrape(stopped, 'loopback', asked('/metrics'))).toMatchObject({
    status: 503,
    body: Buffer.from('the broker is not running\n'),
  });
});

test('more scrapes at once than are good for the console are refused', async () => {
  let finish = (): void => {};
  const unanswered = new Promise<never>((_, reject) => {
    finish = () => reject(new EngineError('UNAVAILABLE', 'stopped'));
  });
  const slow: Monitoring = { figures: () => unanswered, objectFigures: () => unanswered };
  const running = [1, 2, 3, 4].map(() => answerScrape(slow, 'loopback', asked('/metrics')));
  expect(await answerScrape(slow, 'loopback', asked('/metrics'))).toMatchObject({ status: 503 });
  finish();
  await Promise.all(running);
});

test('who takes gzip gets it', async () => {
  const { headers, body } = await answerScrape(await monitored(), 'loopback', asked('/metrics', 'deflate, gzip;q=1.0'));
  expect(headers).toMatchObject({
    'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    'Content-Encoding': 'gzip',
  });
  expect(gunzipSync(body).toString()).toContain('rabbitmq_endpoint="aggregated"} 1\n');
  const plain = await answerScrape(await monitored(), 'loopback', asked('/metrics'));
  expect(plain.headers).not.toHaveProperty('Content-Encoding');
});
