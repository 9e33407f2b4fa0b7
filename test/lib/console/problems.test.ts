import { expect, test } from 'vitest';
import { findProblems, type Judged } from '../../../lib/console/problems.ts';
import type { Overview, QueueInfo } from '../../../lib/engine/port.ts';
import { sample } from '../metrics/sample.ts';

const queue = (about: Partial<QueueInfo>) =>
  ({
    vhost: '/',
    name: 'orders',
    ready: 0,
    unacked: 0,
    consumers: 1,
    arguments: [],
    closedReason: null,
    ...about,
  }) as QueueInfo;

const judged = (about: Partial<Judged> = {}, overview: Partial<Overview> = {}): Judged => ({
  overview: {
    alarms: [],
    blockedConnections: 0,
    messageBytesLeft: 2 ** 30,
    totals: sample(0).totals,
    ...overview,
  } as Overview,
  queues: [],
  isDeadLetterQueue: () => false,
  rates: () => null,
  growth: () => null,
  unroutable: [],
  ...about,
});

const keys = (problems: ReturnType<typeof findProblems>) => problems.map(({ key }) => key.split(':')[0]);

test('an idle broker has none', () => {
  expect(findProblems(judged({ queues: [queue({})] }))).toEqual([]);
});

test('an alarm comes first and says who waits', () => {
  const queues = [queue({ ready: 1, consumers: 0 })];
  const problems = findProblems(judged({ queues }, { alarms: ['memory'], blockedConnections: 4 }));
  expect(keys(problems)).toEqual(['alarm', 'unconsumed']);
  expect(problems[0]?.cause).toContain('4 publishing connections');
});

test('messages without consumers are one; in a dead-letter queue they are dead letters', () => {
  const queues = [queue({ ready: 5, consumers: 0 })];
  expect(findProblems(judged({ queues }))[0]).toMatchObject({ place: { kind: 'queue', name: 'orders' } });
  const dead = findProblems(judged({ queues, isDeadLetterQueue: () => true }));
  expect(dead).toMatchObject([{ title: '5 dead letters in orders', place: { kind: 'dead-letters' } }]);
});

test('a growing backlog says what comes in and what goes out', () => {
  const rates = { published: 120, delivered: 20, acked: 20, redelivered: 0, deadLettersIn: 0 };
  const about = { queues: [queue({ ready: 6000, consumers: 2 })], rates: () => rates, growth: () => 6000 };
  const [problem] = findProblems(judged(about));
  expect(problem?.cause).toBe('120/s come in, its 2 consumers take 20/s and acknowledge 20/s.');
  expect(findProblems(judged({ ...about, growth: () => 50 }))).toEqual([]);
  expect(findProblems(judged({ ...about, growth: () => -6000 }))).toEqual([]);
});

test('a queue near its limit says what will happen there', () => {
  const full = (overflow: string) =>
    findProblems(
      judged({
        queues: [
          queue({
            ready: 90,
            arguments: [
              { name: 'x-max-length', field: { type: 'l', value: '100' } },
              { name: 'x-overflow', field: { type: 'S', value: overflow } },
            ],
          }),
        ],
      }),
    )[0]?.cause;
  expect(full('drop-head')).toContain('the oldest messages are dropped');
  expect(full('reject-publish')).toContain('new messages are refused');
});

test('unroutable messages name their exchange', () => {
  const [problem] = findProblems(judged({ unroutable: [{ vhost: '/', name: '', count: 3 }] }));
  expect(problem).toMatchObject({ title: '3 messages to the default exchange reached no queue in the last minute' });
});

test('a queue that is closed says why, and nothing else', () => {
  const closed = queue({ ready: 5, consumers: 0, closedReason: '0.log is corrupt at byte 16' });
  expect(findProblems(judged({ queues: [closed] }))).toMatchObject([
    { severity: 'critical', cause: expect.stringContaining('0.log is corrupt at byte 16') },
  ]);
});

test('many of a kind become one that names the heaviest', () => {
  const queues = [5, 90, 7, 1, 30, 2].map((ready) => queue({ name: `q${ready}`, ready, consumers: 0 }));
  const problems = findProblems(judged({ queues }));
  expect(problems).toMatchObject([
    {
      title: '6 queues have messages and no consumers',
      cause: 'q90 (90), q30 (30), q7 (7), q5 (5), q2 (2) and 1 more.',
      place: { kind: 'list', of: 'unconsumed' },
    },
  ]);
});
