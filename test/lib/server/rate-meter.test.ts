import { expect, test } from 'vitest';
import { RateMeter } from '../../../lib/server/rate-meter.ts';

test('rates are per second, over the time between the last two measurements', () => {
  const meter = new RateMeter({ sent: 100, received: 0 }, 1_000);
  expect(meter.rates).toEqual({ sent: 0, received: 0 });
  meter.measure({ sent: 150, received: 1 }, 6_000);
  expect(meter.rates).toEqual({ sent: 10, received: 0.2 });
  meter.measure({ sent: 150, received: 1 }, 11_000);
  expect(meter.rates).toEqual({ sent: 0, received: 0 });
});

test('it is known since when nothing changes', () => {
  const meter = new RateMeter({ sent: 1 }, 1_000);
  expect(meter.stillSinceMs).toBeNull();
  meter.measure({ sent: 1 }, 6_000);
  expect(meter.stillSinceMs).toBe(1_000);
  meter.measure({ sent: 2 }, 11_000);
  expect(meter.stillSinceMs).toBeNull();
  meter.measure({ sent: 2 }, 16_000);
  meter.measure({ sent: 2 }, 21_000);
  expect(meter.stillSinceMs).toBe(11_000);
});

test('a measurement at the same moment says nothing', () => {
  const meter = new RateMeter({ sent: 1 }, 1_000);
  meter.measure({ sent: 5 }, 1_000);
  expect(meter.rates).toEqual({ sent: 0 });
  meter.measure({ sent: 5 }, 2_000);
  expect(meter.rates).toEqual({ sent: 4 });
});
