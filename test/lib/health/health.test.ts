import { describe, expect, test } from 'vitest';
import { QUEUE_TRAITS, rowKey } from '../../../lib/engine/sample.ts';
import { Health } from '../../../lib/health/health.ts';
import { Metrics } from '../../../lib/metrics/metrics.ts';
import { type About, sample } from '../metrics/sample.ts';

const SECOND = 1000;

function healthOf(...seconds: About[]): { health: Health; metrics: Metrics } {
  const metrics = new Metrics();
  for (const [i, about] of seconds.entries()) metrics.observe(sample(i * SECOND, about));
  return { metrics, health: new Health(metrics) };
}

const titles = (health: Health, ...vhosts: string[]) => health.report(vhosts, false).problems.map(({ title }) => title);

describe('a user is told of its vhosts alone', () => {
  const queues: About['queues'] = {
    [rowKey('a', 'work')]: { ready: 5 },
    [rowKey('a', 'dead')]: { ready: 7, traits: QUEUE_TRAITS.takesDeadLetters },
    [rowKey('b', 'old')]: { ready: 11, deadLettersIn: 1 },
    [rowKey('b', 'retry')]: { ready: 13, consumers: 1, traits: QUEUE_TRAITS.takesDeadLetters },
    [rowKey('b', 'empty')]: {},
  };
  const { health } = healthOf({ queues });

  test('problems', () => {
    expect(titles(health, 'a')).toEqual(['work has messages and no consumers', '7 dead letters in dead']);
    expect(titles(health, 'b')).toEqual(['11 dead letters in old']);
    expect(titles(health)).toEqual([]);
    expect(titles(health, 'a', 'b')).toHaveLength(3);
    expect(health.report('broker', true).problems).toHaveLength(3);
  });

  test('dead letters, without those that somebody consumes', () => {
    const count = (...vhosts: string[]) => health.report(vhosts, false).deadLetters;
    expect([count('a'), count('b'), count('a', 'b'), count()]).toEqual([7, 11, 18, 0]);
  });

  test('the largest queues', () => {
    const largest = (...vhosts: string[]) => health.report(vhosts, false).largest.map(({ name }) => name);
    expect(largest('a', 'b')).toEqual(['retry', 'old', 'dead', 'work']);
    expect(largest('a')).toEqual(['dead', 'work']);
  });
});

test('many of a kind become one that names the heaviest, of all vhosts together', () => {
  const queues = Object.fromEntries(
    [5, 90, 7, 1, 30, 2].map((ready, i) => [rowKey(i % 2 === 0 ? 'a' : 'b', `q${ready}`), { ready }]),
  );
  const { health } = healthOf({ queues });
  expect(health.report('broker', false).problems).toMatchObject([
    {
      title: '6 queues have messages and no consumers',
      cause: 'q90 (90), q30 (30), q7 (7), q5 (5), q2 (2) and 1 more.',
      subject: { kind: 'list', of: 'unconsumed' },
    },
  ]);
  expect(titles(health, 'a')).toHaveLength(3);
});

test('a queue that is closed says why, and nothing else; many become one', () => {
  const closed = (count: number) => {
    const names = Array.from({ length: count }, (_, i) => `q${i}`);
    return healthOf({
      queues: Object.fromEntries(names.map((name) => [rowKey('/', name), { ready: 5, traits: QUEUE_TRAITS.closed }])),
      closed: names.map((name) => ({ vhost: '/', name, reason: '0.log is corrupt at byte 16' })),
    }).health.report('broker', true);
  };
  expect(closed(1)).toMatchObject({
    problems: [{ severity: 'critical', cause: expect.stringContaining('0.log is corrupt at byte 16') }],
    largest: [],
  });
  expect(closed(7).problems).toMatchObject([
    {
      severity: 'critical',
      title: '7 queues are closed: their messages cannot be read',
      cause: 'q0, q1, q2, q3, q4 and 2 more.',
    },
  ]);
});

test('a queue that is full by whatever limit is in effect is said to be', () => {
  const { health } = healthOf({ queues: { [rowKey('/', 'q')]: { ready: 10, consumers: 1, lengthMax: 10 } } });
  expect(titles(health, '/')).toEqual(['q is full']);
});

test('a growing queue is judged by the last minute, whatever the number of queues', () => {
  const others = Object.fromEntries(
    Array.from({ length: 2000 }, (_, i) => [rowKey('/', `other${i}`), { published: 1 }]),
  );
  const seconds = Array.from({ length: 70 }, (_, at) => ({
    queues: {
      ...others,
      [rowKey('/', 'q')]: { ready: 100 * at, consumers: 1, published: 120 * at, delivered: 20 * at },
    },
  }));
  const [problem] = healthOf(...seconds).health.report('broker', true).problems;
  expect(problem?.title).toBe('q grows: 6,400 messages more than a minute ago');
  expect(problem?.cause).toBe('In that time 120/s came in, its 1 consumer took 20/s and acknowledged 0.0/s.');
});

test('exchanges that could not route are told, those of earlier are not', () => {
  const exchanges = (atS: number): About['exchanges'] => ({
    [rowKey('/', 'old')]: { unroutable: 50 },
    [rowKey('/', 'new')]: { unroutable: 2 * atS },
  });
  const { health } = healthOf(...Array.from({ length: 11 }, (_, atS) => ({ exchanges: exchanges(atS) })));
  expect(titles(health, '/')).toEqual(['20 messages to new reached no queue in the last minute']);
});

test('everybody is told what one judgement of a sample found', () => {
  const { health, metrics } = healthOf({ queues: { [rowKey('/', 'q')]: { ready: 5 } } });
  let read = 0;
  const queueKeys = metrics.queueKeys.bind(metrics);
  metrics.queueKeys = () => {
    read++;
    return queueKeys();
  };
  for (let i = 0; i < 10; i++) health.report(['/'], false);
  health.report('broker', true);
  expect(read).toBe(1);
  metrics.observe(sample(SECOND));
  expect(health.report('broker', true).problems).toEqual([]);
  expect(read).toBe(2);
});
