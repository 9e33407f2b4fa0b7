import { describe, expect, test } from 'vitest';
import { endsBefore, periodMs } from '../../../lib/management/certificates.ts';

const DAY = 86_400_000;

describe('a length of time', () => {
  test.each([
    ['1', 'days', DAY],
    ['2', 'weeks', 14 * DAY],
    ['1', 'YEARS', 365 * DAY],
    ['-1', 'days', -DAY],
  ])('%s %s', (within, unit, ms) => {
    expect(periodMs(within, unit)).toBe(ms);
  });

  test.each([
    ['x', 'days', 'Invalid expiration value.'],
    ['1.5', 'days', 'Invalid expiration value.'],
    ['1', 'hours', 'Time unit not recognised. Supported units: days, weeks, months, years.'],
    ['1', 'constructor', 'Time unit not recognised. Supported units: days, weeks, months, years.'],
  ])('%s %s is none', (within, unit, text) => {
    expect(() => periodMs(within, unit)).toThrow(text);
  });
});

test('certificates that end too soon are named by their end, those that are not valid yet by that', () => {
  const untilMs = Date.UTC(2027, 0, 1, 9, 5, 6);
  const file = (fromMs: number) => ({ path: '/c.pem', validity: [{ fromMs, untilMs }] });
  expect(endsBefore(file(0), untilMs + 1, DAY)).toEqual(['2027-01-01 9:05:06']);
  expect(endsBefore(file(0), untilMs, DAY)).toEqual([]);
  expect(endsBefore(file(2 * DAY), untilMs, DAY)).toEqual(['Certificate is not yet valid']);
  expect(endsBefore(null, untilMs, DAY)).toEqual([]);
});
