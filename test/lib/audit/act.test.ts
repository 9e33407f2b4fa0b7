import { expect, test } from 'vitest';
import { keepAct } from '../../../lib/audit/act.ts';
import type { Action } from '../../../lib/audit/actions.ts';
import type { AuditEntry } from '../../../lib/audit/entry.ts';
import { EngineError } from '../../../lib/engine/errors.ts';

async function kept(run: () => Promise<unknown>, note: { action: Action; detail?: string } | null) {
  const entries: AuditEntry[] = [];
  const outcome = await keepAct({
    audit: { add: async (entry) => entries.push(entry) },
    actor: { user: 'ada' },
    remoteAddress: '::1',
    run,
    note: () => note,
    codeOf: (error) => (error as EngineError).code,
  }).catch((error: unknown) => error);
  return { entries, outcome };
}

const LATE = 'the broker did not answer within 10 s; what was asked for may have been done';

test('of an act that nobody knows the end of the audit says so', async () => {
  const late = new EngineError('UNAVAILABLE', LATE);
  const { entries, outcome } = await kept(() => Promise.reject(late), { action: 'queue.delete', detail: 'by API' });
  expect(outcome).toBe(late);
  expect(entries).toMatchObject([{ outcome: 'UNAVAILABLE', detail: `by API, ${LATE}` }]);
});

test('a refusal is kept by its code, and thrown on', async () => {
  const refusal = new EngineError('NOT_FOUND', 'no queue');
  const { entries, outcome } = await kept(() => Promise.reject(refusal), { action: 'queue.delete' });
  expect(outcome).toBe(refusal);
  expect(entries).toMatchObject([{ outcome: 'NOT_FOUND', detail: '' }]);
});

test('what is kept elsewhere is not kept twice, done or refused', async () => {
  const refusal = new EngineError('NOT_FOUND', 'no queue');
  expect(await kept(() => Promise.reject(refusal), null)).toEqual({ entries: [], outcome: refusal });
  expect(await kept(async () => 1, null)).toEqual({ entries: [], outcome: 1 });
});
