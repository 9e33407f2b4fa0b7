import { expect, test } from 'vitest';
import type { EngineHealth } from '../../../lib/engine/engine-health.ts';
import { EngineError } from '../../../lib/engine/errors.ts';
import { healthAnswer } from '../../../lib/web/health-answer.ts';

const AT = Date.UTC(2030, 0, 1);
const WELL: EngineHealth = { reachable: true, sinceMs: AT, reason: null, figuresAtMs: AT, slow: [] };
const late = new EngineError('UNAVAILABLE', 'the broker did not answer within 10 s');

test.each<[string, identity: () => Promise<null>, EngineHealth, status: number, body: object]>([
  ['that answers', async () => null, WELL, 200, { status: 'ok', since: '2030-01-01T00:00:00.000Z' }],
  [
    'that answers and has slow work',
    async () => null,
    { ...WELL, slow: [{ command: 'importDefinitions', waitingMs: 12_345.6 }] },
    200,
    {
      status: 'ok',
      since: '2030-01-01T00:00:00.000Z',
      slow: [{ command: 'importDefinitions', waitingMs: 12_346 }],
    },
  ],
  [
    'that says nothing',
    () => Promise.reject(late),
    { ...WELL, reachable: false, reason: 'the broker has not answered since then' },
    503,
    { status: 'unavailable', since: '2030-01-01T00:00:00.000Z', reason: 'the broker has not answered since then' },
  ],
  [
    'that does not answer this',
    () => Promise.reject(late),
    WELL,
    503,
    { status: 'unavailable', since: '2030-01-01T00:00:00.000Z' },
  ],
])('the health of a broker %s', async (_what, identity, health, status, body) => {
  const answered = await healthAnswer(() => ({ identity, health: () => health }));
  expect([answered.status, await answered.json()]).toEqual([status, body]);
});

test('before the start is through and after the end it is unavailable', async () => {
  const answered = await healthAnswer(() => {
    throw new EngineError('UNAVAILABLE', 'the broker is not running');
  });
  expect([answered.status, await answered.json()]).toEqual([503, { status: 'unavailable' }]);
});
