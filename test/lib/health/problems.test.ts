import { describe, expect, test } from 'vitest';
import {
  alarmProblems,
  type Finding,
  type JudgedQueue,
  judgeQueue,
  unroutableMessages,
} from '../../../lib/health/problems.ts';
import type { Trend } from '../../../lib/health/trend.ts';
import { NODE } from '../metrics/sample.ts';

const STEADY: Trend = {
  kind: 'steady',
  spanMs: 60_000,
  change: 0,
  published: 0,
  delivered: 0,
  acked: 0,
  emptyInMs: null,
};

function found(about: Partial<JudgedQueue>, trend: Partial<Trend> = {}): Finding[] {
  const findings: Finding[] = [];
  const queue: JudgedQueue = {
    vhost: '/',
    name: 'orders',
    ready: 0,
    readyBytes: 0,
    consumers: 1,
    isPaused: false,
    lengthMax: -1,
    bytesMax: -1,
    refusesWhenFull: false,
    isStream: false,
    isForDeadLetters: false,
    trend: () => ({ ...STEADY, ...trend }),
    ...about,
  };
  judgeQueue(queue, (finding) => findings.push(finding));
  return findings;
}

const kinds = (findings: Finding[]) => findings.map(({ kind }) => kind);

test('a queue that does its work is none, nor is a stream, which keeps its messages', () => {
  expect(found({})).toEqual([]);
  expect(found({ ready: 50 })).toEqual([]);
  const stream = { isStream: true, ready: 5000, readyBytes: 99, bytesMax: 100, consumers: 0 };
  expect(found(stream, { kind: 'growing', change: 5000 })).toEqual([]);
});

test('messages without consumers are one; in a dead-letter queue they are dead letters', () => {
  const queue = { ready: 5, consumers: 0 };
  expect(found(queue)).toMatchObject([{ kind: 'unconsumed', problem: { subject: { kind: 'queue', name: 'orders' } } }]);
  expect(found({ ...queue, isForDeadLetters: true })).toMatchObject([
    { kind: 'dead', problem: { title: '5 dead letters in orders', subject: { kind: 'dead-letters' } } },
  ]);
  expect(kinds(found({ ...queue, isForDeadLetters: true, consumers: 1 }))).toEqual([]);
});

test('a paused queue with messages says that it is paused, and not what follows from that', () => {
  const queue = { ready: 5000, isPaused: true };
  expect(found(queue, { kind: 'growing', change: 5000 })).toMatchObject([
    { kind: 'paused', problem: { title: 'orders is paused', subject: { kind: 'queue', name: 'orders' } } },
  ]);
  expect(kinds(found({ ...queue, consumers: 0 }))).toEqual(['paused']);
  expect(kinds(found({ ...queue, isStream: true }))).toEqual(['paused']);
  expect(kinds(found({ ...queue, lengthMax: 5000 }))).toEqual(['paused', 'full']);
  expect(found({ ...queue, ready: 0 })).toEqual([]);
});

describe('a growing backlog', () => {
  const grown = { kind: 'growing', change: 6000, published: 120, delivered: 20, acked: 19.6 } as const;

  test('says what came in and what went out in the time in which it grew', () => {
    const [finding] = found({ ready: 6000, consumers: 2 }, grown);
    expect(finding?.problem.title).toBe('orders grows: 6,000 messages more than a minute ago');
    expect(finding?.problem.cause).toBe('In that time 120/s came in, its 2 consumers took 20/s and acknowledged 20/s.');
  });

  test.each<[string, Partial<Trend>]>([
    ['by little', { change: 50 }],
    ['by a small share', { change: 500 }],
    ['for less than a minute', { spanMs: 30_000 }],
    ['not', { kind: 'shrinking', change: -6000 }],
  ])('that grows %s is none', (_, about) => {
    expect(found({ ready: 6000 }, { ...grown, ...about })).toEqual([]);
  });
});

describe('a full queue', () => {
  test.each<[string, Partial<JudgedQueue>, string, string]>([
    ['by its length', { ready: 100, lengthMax: 100 }, 'orders is full', '100 of at most 100 messages'],
    ['nearly, by its length', { ready: 90, lengthMax: 100 }, 'orders is nearly full', '90 of at most 100 messages'],
    ['by its bytes', { ready: 1, readyBytes: 2048, bytesMax: 2048 }, 'orders is full', '2 KiB of at most 2 KiB'],
    [
      'by the nearer of both',
      { ready: 10, lengthMax: 100, readyBytes: 90, bytesMax: 100 },
      'orders is nearly full',
      '90 B of at most 100 B',
    ],
  ])('%s', (_, about, title, fill) => {
    const [finding] = found(about);
    expect(finding?.problem.title).toBe(title);
    expect(finding?.problem.cause).toBe(`${fill}; at the limit the oldest messages are dropped.`);
  });

  test('that refuses messages says so', () => {
    const [finding] = found({ ready: 100, lengthMax: 100, refusesWhenFull: true });
    expect(finding?.problem.cause).toContain('at the limit new messages are refused');
  });

  test.each([
    { ready: 79, lengthMax: 100 },
    { ready: 5, lengthMax: 0 },
    { ready: 5, lengthMax: -1 },
  ])('that has room or takes nothing in is none: %o', (about) => {
    expect(found(about)).toEqual([]);
  });
});

test('alarms are told to everybody, figures of the node to those who watch it', () => {
  const node = {
    ...NODE,
    alarms: ['memory' as const, 'disk' as const],
    blockedConnections: 4321,
    messageBytes: 2 ** 31,
  };
  const [memory, disk] = alarmProblems(node, true);
  expect(memory).toMatchObject({ severity: 'critical', title: 'Memory alarm: publishers are blocked', subject: null });
  expect(memory?.cause).toBe(
    'Messages hold 2.0 GiB, and 1.0 GiB are left; 4321 publishing connections wait. It ends when consumers take messages away.',
  );
  expect(disk?.cause).toBe('The disk is nearly full; 4321 publishing connections wait. Free space on it.');
  const withoutFigures = alarmProblems(node, false);
  expect(withoutFigures.map(({ title }) => title)).toEqual([memory?.title, disk?.title]);
  expect(JSON.stringify(withoutFigures)).not.toMatch(/4321|GiB/);
});

test('unroutable messages name their exchange', () => {
  expect(unroutableMessages('/', '', 3)).toMatchObject({
    name: 'the default exchange',
    weight: 3,
    problem: { title: '3 messages to the default exchange reached no queue in the last minute' },
  });
});
