import { expect, test } from 'vitest';
import { closeOkMs } from '../../../lib/server/deadline.ts';

test('a close-ok is waited for as long as a heartbeat, and for half a minute where that is longer or there is none', () => {
  expect([1000, 5000, 30_000, 60_000, 0].map(closeOkMs)).toEqual([1000, 5000, 30_000, 30_000, 30_000]);
});
