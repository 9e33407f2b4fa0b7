import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../../lib/audit/entry.ts';
import { type RefusedSignIn, RefusedSignIns } from '../../../lib/audit/refused-sign-ins.ts';

const START_MS = Date.UTC(2030, 0, 1, 12);
const HOUR_MS = 3_600_000;

class Log {
  readonly entries: AuditEntry[] = [];
  readonly complaints: string[] = [];
  isBroken = false;
  readonly refused = new RefusedSignIns(
    {
      add: async (entry) => {
        if (this.isBroken) throw new Error('disk full');
        return this.entries.push({ ...entry });
      },
      amend: async (id, to) => {
        if (this.isBroken) throw new Error('disk full');
        Object.assign(this.entries[id - 1] as AuditEntry, to);
      },
    },
    (text) => this.complaints.push(text),
  );

  note(refused: Partial<RefusedSignIn>, nowMs = START_MS): void {
    this.refused.note({ user: 'ada', address: '10.9.9.9', by: '', outcome: 'UNAUTHENTICATED', ...refused }, nowMs);
  }
}

test('three thousand refused sign-ins of a name from an address are one entry that counts them', async () => {
  const log = new Log();
  for (let i = 0; i < 3_000; i++)
    log.note({ outcome: i < 10 ? 'UNAUTHENTICATED' : 'TOO_MANY_ATTEMPTS' }, START_MS + i * 100);
  await log.refused.write();
  expect(log.entries).toEqual([
    {
      at: new Date(START_MS),
      user: 'ada',
      remoteAddress: '10.9.9.9',
      action: 'session.sign-in',
      vhost: null,
      object: 'ada',
      detail: '3000 times until 2030-01-01 12:04:59 UTC, 2990 of them without a look at the password',
      outcome: 'UNAUTHENTICATED',
    },
  ]);
});

test('the first is in the log at once, and says nothing of a count', () => {
  const log = new Log();
  log.note({ by: 'by API' });
  expect(log.entries).toMatchObject([{ detail: 'by API' }]);
});

test('each hour has an entry of its own, and none loses its count', async () => {
  const log = new Log();
  for (let i = 0; i < 3; i++) log.note({}, START_MS + i * 1_200_000);
  log.note({}, START_MS + 2 * HOUR_MS);
  await log.refused.write();
  expect(log.entries.map(({ detail }) => detail)).toEqual(['3 times until 2030-01-01 12:40:00 UTC', '']);
});

describe('whoever guesses with many names, with long ones or from many addresses has few entries, and short ones', () => {
  test('many names from one address', async () => {
    const log = new Log();
    for (let i = 0; i < 3_000; i++) log.note({ user: `name ${i}`, outcome: 'TOO_MANY_ATTEMPTS' });
    await log.refused.write();
    expect(log.entries).toHaveLength(11);
    expect(log.entries[10]).toMatchObject({
      user: '',
      object: null,
      remoteAddress: '10.9.9.9',
      detail:
        'with several names, 2990 times until 2030-01-01 12:00:00 UTC, 2990 of them without a look at the password',
    });
    log.note({ user: 'name 1' });
    log.note({ user: 'another', address: '10.9.9.8' });
    expect(log.entries).toHaveLength(12);
  });

  test('long names', () => {
    const log = new Log();
    log.note({ user: 'x'.repeat(16_000) });
    const kept = `${'x'.repeat(1_000)}…`;
    expect(log.entries).toMatchObject([{ user: kept, object: kept }]);
  });

  test('many addresses', async () => {
    const log = new Log();
    for (let i = 0; i < 30_000; i++) log.note({ address: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` });
    await log.refused.write();
    expect(log.entries).toHaveLength(201);
    expect(log.entries[200]).toMatchObject({ remoteAddress: null, detail: expect.stringContaining('29800 times') });
  });
});

test('a log that cannot be written is complained about, and the next refusal tries again', async () => {
  const log = new Log();
  log.isBroken = true;
  log.note({});
  await log.refused.write();
  expect(log.complaints).toEqual(['audit: a refused sign-in could not be kept: Error: disk full']);
  log.isBroken = false;
  log.note({});
  await log.refused.write();
  expect(log.entries).toMatchObject([{ user: 'ada' }]);
});
