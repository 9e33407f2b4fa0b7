import { expect, test } from 'vitest';
import { lackOf, limitOf } from '../../../lib/client/capabilities.ts';
import { EMBEDDED_CAPABILITIES } from '../../../lib/engine/embedded/capabilities.ts';

test('what is kept in full lacks nothing, and neither does what nobody knows yet', () => {
  for (const known of [EMBEDDED_CAPABILITIES, undefined])
    expect([lackOf(known, 'browse'), limitOf(known, 'browse')]).toEqual([undefined, undefined]);
});

test('what is not there at all is a lack, and what is there in part a limit, each with its reason', () => {
  const some = {
    ...EMBEDDED_CAPABILITIES,
    move: { kind: 'none', reason: 'no moves' },
    browse: { kind: 'redelivers', reason: 'marks them' },
  } as const;
  expect([lackOf(some, 'move'), limitOf(some, 'move')]).toEqual(['no moves', undefined]);
  expect([lackOf(some, 'browse'), limitOf(some, 'browse')]).toEqual([undefined, 'marks them']);
});
