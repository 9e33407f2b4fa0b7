import { afterEach, expect, test, vi } from 'vitest';
import { captureConsole, createLog, setLog } from '../../lib/log.ts';

afterEach(() => vi.restoreAllMocks());

/** Lines that would go to a terminal. */
function keep(stream: NodeJS.WriteStream, lines: string[]): void {
  vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text).replace(/\n$/, '')) > 0);
}

function written(threshold: Parameters<typeof createLog>[0]): { out: string[]; err: string[] } {
  const lines = { out: [] as string[], err: [] as string[] };
  keep(process.stdout, lines.out);
  keep(process.stderr, lines.err);
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
  keep(process.stdout, lines);
  createLog('info')('info', 'queue "a\n2026 error forged\r\u001b[2J\u2028ä" is gone');
  expect(lines[0]).toMatch(/info queue "a\\n2026 error forged\\u000d\\u001b\[2J\\u2028ä" is gone$/);
});

test('what others print comes as lines of the log: by level, without colours, one line each', () => {
  const original = { ...console };
  try {
    const { out, err } = { out: [] as string[], err: [] as string[] };
    keep(process.stdout, out);
    keep(process.stderr, err);
    setLog(createLog('debug'));
    captureConsole();
    console.log('');
    console.log('\u001b[32m✓\u001b[39m Ready in %dms', 5);
    console.warn('careful');
    console.error('⨯', new Error('first\nsecond'));
    expect(out.map((line) => line.slice(25))).toEqual(['debug ✓ Ready in 5ms']);
    expect(err[0]).toMatch(/Z warning careful$/);
    expect(err[1]).toMatch(/Z error ⨯ Error: first\\nsecond\\n {4}at /);
  } finally {
    Object.assign(console, original);
  }
});
