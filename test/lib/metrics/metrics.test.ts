import { describe, expect, test } from 'vitest';
import { rowKey } from '../../../lib/engine/sample.ts';
import { Metrics } from '../../../lib/metrics/metrics.ts';
import { type About, sample } from './sample.ts';

const SECOND = 1000;
const KEY = rowKey('/', 'orders');

function counting(perSecond: readonly number[]): Metrics {
  const metrics = new Metrics();
  for (const [i, published] of perSecond.entries()) {
    const queues = { [KEY]: { published } };
    metrics.observe(sample(i * SECOND, { totals: { published }, queues }));
  }
  return metrics;
}

test('a reset forgets rates and history, not what is now', () => {
  const metrics = counting([0, 10]);
  metrics.reset();
  expect(metrics.latest()?.totals.published).toBe(10);
  expect(metrics.totalsRates('broker')).toBeNull();
  metrics.observe(sample(2 * SECOND, { totals: { published: 15 } }));
  expect(metrics.totalsRates('broker')?.published).toBe(5);
});

describe('rates', () => {
  test('one sample is no rate', () => {
    expect(counting([5]).totalsRates('broker')).toBeNull();
    expect(counting([5]).queueRates('/', 'orders')).toBeNull();
  });

  test('they are means over the last five seconds', () => {
    const metrics = counting([0, 1000, 1010, 1020, 1030, 1040, 1050]);
    expect(metrics.totalsRates('broker')?.published).toBe(10);
    expect(metrics.queueRates('/', 'orders')?.published).toBe(10);
  });

  test('a counter that fell began again: the rate counts what came after, and is never negative', () => {
    expect(counting([100, 110, 4]).totalsRates('broker')?.published).toBe(7);
  });

  test('a clock that was set back begins anew', () => {
    const metrics = counting([0, 10]);
    metrics.observe(sample(-5000));
    expect(metrics.totalsRates('broker')).toBeNull();
  });

  test('a queue that is not in the last sample has none', () => {
    const metrics = counting([0, 10]);
    metrics.observe(sample(2 * SECOND));
    expect(metrics.queueRates('/', 'orders')).toBeNull();
  });
});

test('how a queue changes: gauges fall, counters never do', () => {
  const metrics = new Metrics();
  metrics.observe(sample(0, { queues: { [KEY]: { ready: 30, got: 100 } } }));
  expect(metrics.queueSlope('/', 'orders')).toBeNull();
  metrics.observe(sample(2 * SECOND, { queues: { [KEY]: { ready: 10, got: 106 } } }));
  const slope = metrics.queueSlope('/', 'orders');
  expect([slope?.('ready'), slope?.('got'), slope?.('acked')]).toEqual([-10, 3, 0]);
});

test('a queue is idle since what it is now was first seen, after five seconds of that', () => {
  const metrics = new Metrics();
  const seen = (second: number, ready: number, others: object = {}) =>
    metrics.observe(sample(second * SECOND, { queues: { ...others, [KEY]: { ready } } }));
  const since = () => metrics.queueIdleSince('/', 'orders');
  expect(since()).toBeNull();
  for (let second = 0; second <= 4; second++) seen(second, 3);
  expect(since()).toBeNull();
  // Other queues may come and go.
  seen(5, 3, { [rowKey('/', 'another')]: {} });
  expect(since()).toBe(0);
  seen(6, 4);
  expect(since()).toBeNull();
  for (let second = 7; second <= 12; second++) seen(second, 4);
  expect(since()).toBe(6 * SECOND);
  expect(metrics.queueIdleSince('/', 'none')).toBeNull();
});

describe('history', () => {
  test('what no chart shows is there for tools alone', () => {
    const metrics = new Metrics();
    for (let second = 0; second < 3; second++)
      metrics.observe(sample(second * SECOND, { queues: { [KEY]: { got: 2 * second, ready: 1 } } }));
    const of = { scope: 'queue', vhost: '/', name: 'orders' } as const;
    expect(Object.keys(metrics.history(of, 60 * SECOND, -1)?.values ?? {})).not.toContain('got');
    expect(metrics.course(of, 60 * SECOND)?.values).toMatchObject({ got: [2, 2], ready: [1, 1] });
  });

  test('gauges are as they were, counters are per second, over the same window as rates', () => {
    const metrics = new Metrics();
    const history = () => metrics.history({ scope: 'totals', of: 'broker' }, 60 * SECOND, -1);
    for (const [i, published] of [0, 10, 30, 30, 34, 70, 80, 80].entries()) {
      metrics.observe(sample(i * SECOND, { totals: { published, ready: i } }));
      const rate = metrics.totalsRates('broker')?.published;
      expect(history()?.values.published?.at(-1)).toBe(rate === undefined ? undefined : Math.round(rate * 100) / 100);
    }
    expect(history()?.values.published).toEqual([10, 15, 10, 8.5, 14, 14, 10]);
    expect(history()?.values.ready).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('a late sample is spread over the time it took', () => {
    const metrics = new Metrics();
    metrics.observe(sample(0));
    metrics.observe(sample(4 * SECOND, { totals: { published: 100 } }));
    expect(metrics.history({ scope: 'totals', of: 'broker' }, 60 * SECOND, -1)?.values.published).toEqual([25]);
  });

  test('only points after a moment are given', () => {
    const history = counting([0, 10, 30, 60]).history({ scope: 'totals', of: 'broker' }, 60 * SECOND, 2000);
    expect(history?.atMs).toEqual([3000]);
    // Its rate looks back before that moment.
    expect(history?.values.published).toEqual([20]);
  });

  test('the first messages of a new queue count', () => {
    const metrics = new Metrics();
    metrics.observe(sample(0));
    metrics.observe(sample(SECOND, { queues: { [KEY]: { published: 8, ready: 8 } } }));
    const history = metrics.history({ scope: 'queue', vhost: '/', name: 'orders' }, 60 * SECOND, -1);
    expect(history?.values).toMatchObject({ published: [8], ready: [8] });
  });

  test('a deleted queue takes its history with it', () => {
    const metrics = counting([0, 10]);
    metrics.observe(sample(2 * SECOND));
    expect(metrics.history({ scope: 'queue', vhost: '/', name: 'orders' }, 60 * SECOND, -1)).toBeNull();
  });

  test('ten minutes are kept by the second, an hour by ten seconds', () => {
    const metrics = new Metrics();
    for (let i = 0; i < 5000; i++) metrics.observe(sample(i * SECOND, { totals: { ready: 7, published: i * 3 } }));
    const fine = metrics.history({ scope: 'totals', of: 'broker' }, 600 * SECOND, -1);
    expect(fine?.stepMs).toBe(SECOND);
    expect(fine?.atMs).toHaveLength(600);
    const coarse = metrics.history({ scope: 'totals', of: 'broker' }, 3600 * SECOND, -1);
    expect(coarse?.stepMs).toBe(10 * SECOND);
    expect(coarse?.atMs.length).toBeGreaterThan(350);
    expect(new Set(coarse?.values.published)).toEqual(new Set([3]));
    expect(new Set(coarse?.values.ready)).toEqual(new Set([7]));
  });
});

describe('long histories', () => {
  const DAY_S = 86_400;
  /** A sample each ten seconds for more than a day: quick, and long enough. */
  function dayOf(): Metrics {
    const metrics = new Metrics();
    for (let atS = 0; atS <= DAY_S + 7200; atS += 10) {
      const totals = { ready: atS < DAY_S ? 5 : 9, published: atS * 2 };
      metrics.observe(sample(atS * SECOND, { totals, queues: { [KEY]: { ready: 4, published: atS } } }));
    }
    return metrics;
  }

  test('the whole broker has eight hours by the minute and a day by five minutes', () => {
    const metrics = dayOf();
    const hours = metrics.history({ scope: 'totals', of: 'broker' }, 8 * 3600 * SECOND, -1);
    expect(hours?.stepMs).toBe(60 * SECOND);
    expect(hours?.atMs.length).toBeGreaterThanOrEqual(479);
    const day = metrics.history({ scope: 'totals', of: 'broker' }, DAY_S * SECOND, -1);
    expect(day?.stepMs).toBe(300 * SECOND);
    expect(day?.atMs.length).toBeGreaterThanOrEqual(287);
    expect(new Set(day?.values.published)).toEqual(new Set([2]));
    expect([day?.values.ready?.[0], day?.values.ready?.at(-1)]).toEqual([5, 9]);
  });

  test('a queue has an hour and no more', () => {
    const day = dayOf().history({ scope: 'queue', vhost: '/', name: 'orders' }, DAY_S * SECOND, -1);
    expect(day?.stepMs).toBe(10 * SECOND);
    expect(day?.atMs.length).toBeLessThanOrEqual(366);
  });

  test('a course goes to the last sample, though its step is not over', () => {
    const course = dayOf().course({ scope: 'totals', of: 'broker' }, DAY_S * SECOND);
    expect(course?.atMs.at(-1)).toBe((DAY_S + 7200) * SECOND);
    expect(course?.values.confirmed).toHaveLength(course?.atMs.length ?? -1);
  });

  test('what is young is told by the second, however much was asked for', () => {
    const young = counting([0, 10, 30]).history({ scope: 'totals', of: 'broker' }, DAY_S * SECOND, -1);
    expect(young?.atMs).toEqual([1000, 2000]);
    expect(young?.values.published).toEqual([10, 15]);
  });

  test('those of vhosts are added up, also where one is younger', () => {
    const metrics = new Metrics();
    const of = (atS: number, vhosts: About['vhosts']) => metrics.observe(sample(atS * SECOND, { vhosts }));
    of(1, { a: { ready: 1, published: 5 } });
    of(2, { a: { ready: 4, published: 15 } });
    of(3, { a: { ready: 4, published: 15 }, b: { ready: 3, published: 2 } });
    const course = (...vhosts: string[]) => metrics.course({ scope: 'totals', of: vhosts }, 60 * SECOND)?.values;
    expect(course('a', 'b')).toMatchObject({ ready: [4, 7], published: [10, 2] });
    expect(course('a')).toMatchObject({ ready: [4, 4], published: [10, 0] });
    of(4, { b: { ready: 3, published: 2 } });
    expect(course('a')?.ready ?? []).toEqual([]);
    expect(course()).toEqual({});
  });

  test('of vhosts that are not all kept are not known', () => {
    const metrics = new Metrics();
    const vhosts = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`v${i}`, { published: 1 }]));
    for (let atS = 0; atS < 3; atS++) metrics.observe(sample(atS * SECOND, { vhosts: { ...vhosts, idle: {} } }));
    const of = (...names: string[]) => metrics.history({ scope: 'totals', of: names }, 60 * SECOND, -1);
    expect(of('v0', 'idle')?.atMs).toEqual([1000, 2000]);
    expect(of('v0', 'v200')).toBeNull();
  });
});

describe('totals of vhosts', () => {
  test('are those of each of them together, and so are their rates; a vhost that begins again costs nothing', () => {
    const metrics = new Metrics();
    const vhosts = (a: number, b: number) => ({
      a: { ready: 1, published: a, returned: 1 },
      b: { ready: 2, published: b, dropped: b },
      c: { ready: 50, published: 1000 * b },
    });
    metrics.observe(sample(0, { vhosts: vhosts(100, 10) }));
    expect(metrics.totalsRates(['a', 'b'])).toBeNull();
    metrics.observe(sample(2 * SECOND, { vhosts: vhosts(4, 20) }));
    expect(metrics.totals(['a', 'b'])).toMatchObject({ ready: 3, published: 24 });
    expect(metrics.totals(['none'])).toMatchObject({ ready: 0 });
    expect(metrics.totalsRates(['a', 'b'])).toMatchObject({ published: 7, unroutable: 5 });
    expect(metrics.totalsSlope(['a', 'b'])?.(['published'])).toBe(7);
  });

  test('what a user has open is counted by user', () => {
    const metrics = new Metrics();
    metrics.observe(sample(0, { users: { ann: { connections: 2, channels: 5 }, bob: { connections: 9 } } }));
    expect(metrics.clientsOf('ann')).toEqual({ connections: 2, channels: 5 });
    expect(metrics.clientsOf('nobody')).toEqual({ connections: 0, channels: 0 });
  });
});

describe('the last minute', () => {
  const row = (metrics: Metrics) => metrics.queueRow('/', 'orders');
  const minute = (metrics: Metrics) => metrics.lastMinute(row(metrics));

  test('is what came, went and was there, of the time that is known up to about a minute', () => {
    const metrics = new Metrics();
    const second = (at: number, more: About['queues'] = {}) =>
      metrics.observe(
        sample(at * SECOND, { queues: { ...more, [KEY]: { ready: at, published: 2 * at, delivered: at, acked: at } } }),
      );
    second(0);
    expect(minute(metrics)).toBeNull();
    for (let at = 1; at <= 30; at++) second(at);
    expect(minute(metrics)).toMatchObject({ spanMs: 30 * SECOND, readyThen: 0, published: 60, acked: 30 });
    for (let at = 31; at <= 200; at++) second(at, at % 3 === 0 ? { [rowKey('/', `guest${at}`)]: {} } : {});
    const { spanMs, readyThen, published } = minute(metrics) ?? { spanMs: 0, readyThen: 0, published: 0 };
    expect(spanMs).toBeGreaterThanOrEqual(60 * SECOND);
    expect(spanMs).toBeLessThan(66 * SECOND);
    expect([readyThen, published]).toEqual([200 - spanMs / SECOND, (2 * spanMs) / SECOND]);
  });

  test('of a queue that came meanwhile begins with nothing', () => {
    const metrics = new Metrics();
    const other = { [rowKey('/', 'other')]: {} };
    for (let at = 0; at <= 20; at++) metrics.observe(sample(at * SECOND, { queues: other }));
    for (let at = 21; at <= 40; at++)
      metrics.observe(sample(at * SECOND, { queues: { ...other, [KEY]: { ready: 7, published: 7 } } }));
    expect(minute(metrics)).toMatchObject({ spanMs: 20 * SECOND, readyThen: 0, published: 7 });
  });

  test('begins anew when the clock was set back', () => {
    const metrics = new Metrics();
    for (const at of [100, 101, 110, 50]) metrics.observe(sample(at * SECOND, { queues: { [KEY]: { ready: at } } }));
    expect(minute(metrics)).toBeNull();
    metrics.observe(sample(60 * SECOND, { queues: { [KEY]: { ready: 60 } } }));
    expect(minute(metrics)).toMatchObject({ spanMs: 10 * SECOND, readyThen: 50 });
  });

  test('counts what an exchange could not route', () => {
    const metrics = new Metrics();
    for (let i = 0; i <= 100; i++)
      metrics.observe(sample(i * SECOND, { exchanges: { [rowKey('/', 'x')]: { unroutable: i * 2 } } }));
    expect(metrics.unroutable(metrics.exchangeRow('/', 'x'))).toBe(120);
    expect(metrics.unroutable(-1)).toBe(0);
  });
});

test('a spark line has at most as many points as asked for, from first to last', () => {
  const metrics = new Metrics();
  for (let i = 0; i <= 100; i++) metrics.observe(sample(i * SECOND, { queues: { [KEY]: { ready: i } } }));
  const spark = metrics.spark('/', 'orders', 120 * SECOND, 11);
  expect(spark).toHaveLength(11);
  expect([spark[0], spark.at(-1)]).toEqual([1, 100]);
});

test('what moves is what has other figures than some seconds ago, or was not there; at first all is news', () => {
  const metrics = new Metrics();
  const observe = (atS: number, published: number, more: Record<string, { ready: number }> = {}) =>
    metrics.observe(
      sample(atS * SECOND, { queues: { [rowKey('/', 'busy')]: { published }, [rowKey('/', 'idle')]: {}, ...more } }),
    );
  const [busy, idle, late] = ['busy', 'idle', 'late'].map((name) => rowKey('/', name)) as [string, string, string];
  observe(1, 0);
  expect(metrics.moving('queues')).toEqual(new Set([busy, idle]));
  observe(2, 1);
  expect(metrics.moving('queues')).toEqual(new Set([busy]));
  observe(3, 1, { [late]: { ready: 2 } });
  expect(metrics.moving('queues')).toEqual(new Set([busy, late]));
  expect(metrics.queueNow('/', 'late')).toEqual({ ready: 2, unacked: 0, consumers: 0 });
  for (let atS = 4; atS < 12; atS++) observe(atS, 1);
  expect(metrics.moving('queues')).toEqual(new Set());
  expect(metrics.moving('exchanges')).toEqual(new Set());
  expect(metrics.queueNow('/', 'late')).toBeNull();
});
