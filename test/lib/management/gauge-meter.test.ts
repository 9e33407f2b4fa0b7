import { expect, test } from 'vitest';
import { GaugeMeter } from '../../../lib/management/gauge-meter.ts';

test('a gauge changes as much as it did between two readings, five seconds apart at least', () => {
  const meter = new GaugeMeter<'files' | 'free'>();
  expect(meter.note(0, { files: 10, free: 1000 })).toBeNull();
  expect(meter.note(4_999, { files: 99, free: 0 })).toBeNull();
  expect(meter.note(10_000, { files: 30, free: 500 })).toEqual({ files: 2, free: -50 });
  expect(meter.note(12_000, { files: 99, free: 0 })).toEqual({ files: 2, free: -50 });
  expect(meter.note(20_000, { files: 30, free: 500 })).toEqual({ files: 0, free: 0 });
});

test('a clock that was set back begins anew', () => {
  const meter = new GaugeMeter<'files'>();
  meter.note(10_000, { files: 10 });
  expect(meter.note(0, { files: 20 })).toBeNull();
  expect(meter.note(10_000, { files: 30 })).toEqual({ files: 1 });
});
