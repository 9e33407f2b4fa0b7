import { expect, test } from 'vitest';
import {
  formatBytes,
  formatMilliseconds,
  formatRate,
  formatShort,
  formatSpan,
  plural,
} from '../../../lib/client/formats.ts';

test('a slow rate is not called still, and what is not known is not called zero', () => {
  expect([0, 0.01, 0.24, 9.94, 9.96, 1234, 123456].map(formatRate)).toEqual([
    '0',
    '<0.1',
    '0.2',
    '9.9',
    '10',
    '1,234',
    '123k',
  ]);
  expect(formatRate(null)).toBe('–');
});

test('large counts are short in tight places', () => {
  expect([9999, 10_000, 14_250, 1_500_000, 2e9].map(formatShort)).toEqual(['9,999', '10k', '14.3k', '1.5M', '2G']);
});

test('bytes have binary units', () => {
  expect([0, 1023, 1024, 1536, 5 * 2 ** 20, 3 * 2 ** 30].map(formatBytes)).toEqual([
    '0 B',
    '1,023 B',
    '1 KiB',
    '1.5 KiB',
    '5 MiB',
    '3 GiB',
  ]);
});

test('a span has its two largest units', () => {
  expect([-5, 900, 61_000, 3_600_000, 5_400_000, 90_000_000].map(formatSpan)).toEqual([
    '0 s',
    '0 s',
    '1 min',
    '1 h',
    '1 h 30 min',
    '1 d 1 h',
  ]);
});

test('milliseconds that are whole seconds are told as such', () => {
  expect([250, 1500, 60_000].map(formatMilliseconds)).toEqual(['250 ms', '1,500 ms', '1 min']);
});

test('one is singular', () => {
  expect([plural(1, 'message'), plural(0, 'message'), plural(1200, 'queue')]).toEqual([
    '1 message',
    '0 messages',
    '1,200 queues',
  ]);
});
