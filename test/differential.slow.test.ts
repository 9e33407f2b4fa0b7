/**
 * A short form of `npm run test:differential`: the same steps on Warren and on a RabbitMQ look the same to clients. Skipped where
 * no RabbitMQ is installed and RABBITMQ_URL names none.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './conformance/broker.ts';
import { compare, differenceText } from './conformance/differential/comparison.ts';
import { findOracle, hasOracle, type Oracle } from './conformance/oracle.ts';

const STEPS = 300;
/** A seed whose few episodes have quorum queues too. */
const SEED = Number(process.env.WARREN_DIFFERENTIAL_SEED ?? 3);

describe.skipIf(!hasOracle())('beside a RabbitMQ', () => {
  let warren: TestBroker;
  let oracle: Oracle | undefined;

  beforeAll(async () => {
    [warren, oracle] = await Promise.all([startBroker(), findOracle()]);
  }, 100_000);
  afterAll(async () => {
    await Promise.all([warren?.stop(), oracle?.stop()]);
  });

  test(`${STEPS} steps of seed ${SEED} look the same`, { timeout: 120_000 }, async () => {
    const { differences } = await compare(warren, oracle as Oracle, STEPS, SEED);
    expect(differences.map(differenceText)).toEqual([]);
  });
});
