import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Actor, STRANGER } from '../../../lib/engine/actor.ts';
import { EngineError } from '../../../lib/engine/errors.ts';
import { type ActNote, operation } from '../../../lib/operations/operation.ts';
import { perform } from '../../../lib/operations/perform.ts';
import { deskInMemory } from '../console/desk-in-memory.ts';
import { apiUser } from '../engine/api-user.ts';

const DOOR = { remoteAddress: '::1', by: '' };

interface Kept {
  run: (input: { name: string }) => Promise<unknown>;
  note?: (input: { name: string }) => ActNote | null;
  subject?: () => Promise<unknown>;
  conclude?: (output: unknown) => Promise<void>;
  by?: string;
  lookUp?: (named: { name: string }) => Promise<{ name: string }>;
}

async function kept({ run, note = ({ name }) => ({ object: name }), subject, by = '', ...part }: Kept) {
  const { desk, entries } = deskInMemory();
  const act = operation({
    action: 'user.put',
    role: 'management',
    input: z.object({ name: z.string() }),
    run: (_desk, _actor, input) => run(input),
    note,
    ...(subject && { subject }),
  });
  const doer = { desk, actor: apiUser('ada'), door: { ...DOOR, by } };
  const outcome = await perform(act, { name: 'q' }, doer, part).catch((error: unknown) => error);
  return { entries, outcome };
}

const LATE = 'the broker did not answer within 10 s; what was asked for may have been done';

test('of an act that nobody knows the end of the audit says so', async () => {
  const late = new EngineError('UNAVAILABLE', LATE);
  const { entries, outcome } = await kept({ run: () => Promise.reject(late), by: 'by API' });
  expect(outcome).toBe(late);
  expect(entries).toMatchObject([{ outcome: 'UNAVAILABLE', detail: `by API, ${LATE}` }]);
});

test('a refusal is kept by its code, and thrown on', async () => {
  const refusal = new EngineError('NOT_FOUND', 'no queue');
  const { entries, outcome } = await kept({ run: () => Promise.reject(refusal) });
  expect(outcome).toBe(refusal);
  expect(entries).toMatchObject([{ action: 'user.put', object: 'q', user: 'ada', outcome: 'NOT_FOUND', detail: '' }]);
});

test('what a door looks up is a part of the act: found, it is what is done and kept; refused, the act is', async () => {
  const refusal = new EngineError('NOT_FOUND', 'no queue');
  const ran: unknown[] = [];
  const run = async (input: unknown) => ran.push(input);
  const refused = await kept({ run, lookUp: () => Promise.reject(refusal) });
  expect([refused.outcome, ran]).toEqual([refusal, []]);
  expect(refused.entries).toMatchObject([{ outcome: 'NOT_FOUND', object: 'q' }]);
  const done = await kept({ run, lookUp: async ({ name }) => ({ name: `${name} in full` }) });
  expect(ran).toEqual([{ name: 'q in full' }]);
  expect(done.entries).toMatchObject([{ outcome: 'ok', object: 'q in full' }]);
});

test('what a door concludes an act with is a part of it', async () => {
  const refusal = new EngineError('UNAVAILABLE', 'no session');
  const { entries, outcome } = await kept({ run: async () => 1, conclude: () => Promise.reject(refusal) });
  expect(outcome).toBe(refusal);
  expect(entries).toMatchObject([{ outcome: 'UNAVAILABLE' }]);
  const concluded: unknown[] = [];
  await kept({ run: async () => 1, conclude: async (output) => void concluded.push(output) });
  expect(concluded).toEqual([1]);
});

test('what is kept elsewhere is not kept twice, done or refused', async () => {
  const refusal = new EngineError('NOT_FOUND', 'no queue');
  expect(await kept({ run: () => Promise.reject(refusal), note: () => null })).toEqual({
    entries: [],
    outcome: refusal,
  });
  expect(await kept({ run: async () => 1, note: () => null })).toEqual({ entries: [], outcome: 1 });
});

test('before and after are kept of what was done, without secrets', async () => {
  const states = [
    { tags: [], passwordHash: 'old' },
    { tags: ['management'], passwordHash: 'new' },
  ];
  const { entries } = await kept({ run: async () => 1, subject: async () => states.shift(), by: 'by API' });
  expect(entries).toMatchObject([{ before: '{"tags":[]}', after: '{"tags":["management"]}', detail: 'by API' }]);
});

test('what was refused changed nothing', async () => {
  const { entries } = await kept({
    run: () => Promise.reject(new EngineError('ACCESS_REFUSED', 'no')),
    subject: async () => ({ tags: [] }),
  });
  expect(entries[0]).not.toHaveProperty('before');
});

test('a subject that is not there has no state', async () => {
  const { entries } = await kept({ run: async () => 1, subject: () => Promise.reject(new Error('gone')) });
  expect(entries).toMatchObject([{ outcome: 'ok', before: null, after: null }]);
});

describe('the role of an act', () => {
  const RIGHTS = { administrator: ['administrator'], ada: ['policymaker'], bob: [] };
  const names: string[] = [];
  const act = operation({
    action: 'user.put',
    role: 'administrator',
    input: z.looseObject({}),
    run: async (_desk, { user }) => names.push(user),
    note: () => ({ object: 'eve' }),
  });
  const deskOf = (tags: Record<string, readonly string[]>) =>
    deskInMemory({
      identity: async (user) => (tags[user] === undefined ? null : { user, tags: [...tags[user]], vhosts: [] }),
    });

  test.each<[Actor, missing: string]>([
    [{ kind: 'session', user: 'ada', session: 's' }, 'administrator'],
    [{ kind: 'api', user: 'ada' }, 'administrator'],
    [{ kind: 'api', user: 'bob' }, 'management'],
    [{ kind: 'job', user: 'ada', job: 'nightly' }, 'administrator'],
    [{ kind: 'job', user: 'gone', job: 'nightly' }, 'management'],
    [STRANGER, 'management'],
  ])('is asked of %j: without it nothing is done or looked up, and the refusal is kept', async (actor, role) => {
    const { desk, entries } = deskOf(RIGHTS);
    names.length = 0;
    const lookUp = async (named: Record<string, unknown>) => {
      names.push('looked up');
      return named;
    };
    await expect(perform(act, {}, { desk, actor, door: DOOR }, { lookUp })).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
      role,
    });
    expect(names).toEqual([]);
    expect(entries).toMatchObject([{ outcome: 'NOT_PERMITTED', object: 'eve' }]);
  });

  test('of a job is the one that its owner has at that moment: taken away between two acts, the second is refused', async () => {
    const tags: Record<string, string[]> = { ada: ['administrator'] };
    const { desk, entries } = deskOf(tags);
    names.length = 0;
    const doer = { desk, actor: { kind: 'job', user: 'ada', job: 'nightly' } as const, door: DOOR };
    await perform(act, {}, doer);
    tags.ada = ['monitoring'];
    await expect(perform(act, {}, doer)).rejects.toMatchObject({ code: 'NOT_PERMITTED', role: 'administrator' });
    delete tags.ada;
    await expect(perform(act, {}, doer)).rejects.toMatchObject({ code: 'NOT_PERMITTED', role: 'management' });
    expect(names).toEqual(['ada']);
    const kept = { user: 'ada', detail: "by job 'nightly'" };
    expect(entries).toMatchObject([
      { ...kept, outcome: 'ok' },
      { ...kept, outcome: 'NOT_PERMITTED' },
      { ...kept, outcome: 'NOT_PERMITTED' },
    ]);
  });
});
