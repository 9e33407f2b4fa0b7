import { expect, test } from 'vitest';
import { CSV_HEAD, csvLine } from '../../../lib/console/audit-csv.ts';

const ENTRY = {
  id: 1,
  at: new Date('2026-11-23T12:00:00.123Z'),
  user: 'ada',
  remoteAddress: '::1',
  action: 'queue.delete',
  vhost: '/',
  object: 'orders',
  detail: '',
  outcome: 'ok',
  before: null,
  after: null,
};

test('a line has the columns of the head', () => {
  expect(CSV_HEAD).toBe('at,user,remoteAddress,action,vhost,object,detail,outcome,before,after\r\n');
  expect(csvLine(ENTRY)).toBe('2026-11-23T12:00:00.123Z,ada,::1,queue.delete,/,orders,,ok,,\r\n');
});

test('commas, quotes and line breaks stay in their cell', () => {
  expect(csvLine({ ...ENTRY, object: 'a,"b"\nc' })).toContain(',"a,""b""\nc",');
});

test.each(['=HYPERLINK("x")', '+1', '-1', '@x', '\tx'])('%j is no formula', (object) => {
  expect(csvLine({ ...ENTRY, object })).toMatch(/,"?'[=+\-@\t]/);
});
