/** Random use, failures and crashes against what is promised. WARREN_SEEDS=n runs more seeds, WARREN_SEED=n that one alone. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Random } from './random.ts';
import { StoreModel } from './store-model.ts';

const SEEDS = Number(process.env.WARREN_SEEDS ?? 100);
const seeds = process.env.WARREN_SEED
  ? [Number(process.env.WARREN_SEED)]
  : Array.from({ length: SEEDS }, (_, seed) => seed + 1);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

async function runSeed(seed: number, powerCuts: boolean, failures: boolean): Promise<void> {
  const random = new Random(seed);
  const model = new StoreModel(random);
  for (let life = 0; life < 6; life++) {
    model.disk.holdsSyncs = true;
    for (let step = random.below(80); step > 0; step--) {
      if (failures && random.chance(0.1)) {
        model.disk.writeFailure = random.chance(0.3) ? 0.2 : 0;
        model.disk.syncFailure = random.chance(0.3) ? 0.3 : 0;
      }
      const dice = random.next();
      if (dice < 0.4) model.append();
      else if (dice < 0.55) model.take();
      else if (dice < 0.68) model.settle();
      else if (dice < 0.71) model.giveBack();
      else if (dice < 0.77) model.moveReady();
      else if (dice < 0.775) model.purge();
      else if (dice < 0.88) model.sync();
      else await model.goOn();
    }
    if (random.chance(0.3)) await model.settleAll();
    vi.clearAllTimers();
    model.crash(powerCuts && random.chance(0.7));
  }
}

async function everySeed(powerCuts: boolean, failures: boolean): Promise<void> {
  const failed: string[] = [];
  for (const seed of seeds) {
    await runSeed(seed, powerCuts, failures).catch((error: unknown) => {
      failed.push(`WARREN_SEED=${seed}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
      if (process.env.WARREN_SEED) throw error;
    });
  }
  expect(failed.slice(0, 10)).toEqual([]);
}

describe('what was promised holds after any number of crashes', { timeout: 900_000 }, () => {
  test('when the process is killed', () => everySeed(false, false));
  test('when the process is killed and the disk fails now and then', () => everySeed(false, true));
  test('when the power is cut', () => everySeed(true, false));
  test('when the power is cut and the disk fails now and then', () => everySeed(true, true));
});
