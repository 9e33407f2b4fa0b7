import { afterEach, expect, test, vi } from 'vitest';
import { createLog } from '../../lib/log.ts';

afterEach(() => vi.restoreAllMocks());

function written(threshold: Parameters<typeof createLog>[0]): { out: string[]; err: string[] } {
  const lines = { out: [] as string[], err: [] as string[] };
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.out.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.err.push(line));
  const log = createLog(threshold);
  for (const level of ['debug', 'info', 'warning', 'error'] as const) log(level, `${level} text`);
  return lines;
}

test('a line has time, level and text', () => {
  expect(written('info').out[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info info text$/);
});

test('warnings and errors go to stderr, the rest to stdout', () => {
  const { out, err } = written('debug');
  expect([out.length, err.length]).toEqual([2, 2]);
});

test('what is below the threshold is not written', () => {
  const { out, err } = written('error');
  expect([out.length, err.length]).toEqual([0, 1]);
});

test('none writes nothing', () => {
  const { out, err } = written('none');
  expect([out.length, err.length]).toEqual([0, 0]);
});

test('a text stays on its line, whatever is in it', () => {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  createLog('info')('info', 'queue "a\n2026 error forged\r\u001b[2J\u2028ä" is gone');
  expect(lines[0]).toMatch(/info queue "a\\n2026 error forged\\u000d\\u001b\[2J\\u2028ä" is gone$/);
});
