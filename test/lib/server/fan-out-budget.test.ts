import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LIMITS } from '../../../lib/broker/limits.ts';
import { FanOutBudget } from '../../../lib/server/fan-out-budget.ts';

test('is spent after so many copies, and there again in the next round', async () => {
  const budget = new FanOutBudget();
  expect(budget.spend(LIMITS.copiesPerRound)).toBe(false);
  expect([budget.spend(1), budget.spend(1)]).toEqual([true, true]);
  await setImmediate();
  expect(budget.spend(LIMITS.copiesPerRound)).toBe(false);
  expect(budget.spend(1)).toBe(true);
});
