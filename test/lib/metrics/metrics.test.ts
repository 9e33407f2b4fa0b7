import { describe, expect, test } from 'vitest';
import { rowKey } from '../../../lib/engine/sample.ts';
import { Metrics } from '../../../lib/metrics/metrics.ts';
import { flow, sample } from './sample.ts';

const SECOND = 1000;
const KEY = rowKey('/', 'orders');

function counting(perSecond: readonly number[]): Metrics {
  const metrics = new Metrics();
  for (const [i, published] of perSecond.entries()) {
    const queues = { [KEY]: { published } };
    metrics.observe(sample(i * SECOND, { totals: { flow: flow({ published }) }, queues }));
  }
  return metrics;
}

describe('rates', () => {
  test('one sample is no rate', () => {
    expect(counting([5]).totalsRates()).toBeNull();
    expect(counting([5]).queueRates('/', 'orders')).toBeNull();
  });

  test('they are means over the last five seconds', () => {
    const metrics = counting([0, 1000, 1010, 1020, 1030, 1040, 1050]);
    expect(metrics.totalsRates()?.published).toBe(10);
    expect(metrics.queueRates('/', 'orders')?.published).toBe(10);
  });

  test('a counter that fell began again: the rate counts what came after, and is never negative', () => {
    expect(counting([100, 110, 4]).totalsRates()?.published).toBe(7);
  });

  test('a clock that was set back begins anew', () => {
    const metrics = counting([0, 10]);
    metrics.observe(sample(-5000));
    expect(metrics.totalsRates()).toBeNull();
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
  expect(metrics.queueChange('/', 'orders')).toBeNull();
  metrics.observe(sample(2 * SECOND, { queues: { [KEY]: { ready: 10, got: 106 } } }));
  const change = metrics.queueChange('/', 'orders');
  expect([change?.('ready'), change?.('got'), change?.('acked')]).toEqual([-10, 3, 0]);
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

  test('gauges are as they were, counters are per second', () => {
    const metrics = counting([0, 10, 30]);
    const history = metrics.history({ scope: 'totals' }, 60 * SECOND, -1);
    expect(history?.atMs).toEqual([1000, 2000]);
    expect(history?.values.published).toEqual([10, 20]);
  });

  test('a late sample is spread over the time it took', () => {
    const metrics = new Metrics();
    metrics.observe(sample(0));
    metrics.observe(sample(4 * SECOND, { totals: { flow: flow({ published: 100 }) } }));
    expect(metrics.history({ scope: 'totals' }, 60 * SECOND, -1)?.values.published).toEqual([25]);
  });

  test('only points after a moment are given', () => {
    const metrics = counting([0, 10, 30, 60]);
    expect(metrics.history({ scope: 'totals' }, 60 * SECOND, 2000)?.atMs).toEqual([3000]);
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
    for (let i = 0; i < 5000; i++)
      metrics.observe(sample(i * SECOND, { totals: { ready: 7, flow: flow({ published: i * 3 }) } }));
    const fine = metrics.history({ scope: 'totals' }, 600 * SECOND, -1);
    expect(fine?.stepMs).toBe(SECOND);
    expect(fine?.atMs).toHaveLength(600);
    const coarse = metrics.history({ scope: 'totals' }, 3600 * SECOND, -1);
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
      const totals = { ready: atS < DAY_S ? 5 : 9, flow: flow({ published: atS * 2 }) };
      metrics.observe(sample(atS * SECOND, { totals, queues: { [KEY]: { ready: 4, published: atS } } }));
    }
    return metrics;
  }

  test('the whole broker has eight hours by the minute and a day by five minutes', () => {
    const metrics = dayOf();
    const hours = metrics.history({ scope: 'totals' }, 8 * 3600 * SECOND, -1);
    expect(hours?.stepMs).toBe(60 * SECOND);
    expect(hours?.atMs.length).toBeGreaterThanOrEqual(479);
    const day = metrics.history({ scope: 'totals' }, DAY_S * SECOND, -1);
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
    const course = dayOf().course({ scope: 'totals' }, DAY_S * SECOND);
    expect(course?.atMs.at(-1)).toBe((DAY_S + 7200) * SECOND);
    expect(course?.values.confirmed).toHaveLength(course?.atMs.length ?? -1);
  });

  test('what is young is told by the second, however much was asked for', () => {
    const young = counting([0, 10, 30]).history({ scope: 'totals' }, DAY_S * SECOND, -1);
    expect(young?.values.published).toEqual([10, 20]);
  });

  test('the queues of a vhost are added up, and forgotten with the last of them', () => {
    const metrics = new Metrics();
    const of = (queues: Record<string, { ready: number }>, atS: number) =>
      metrics.observe(sample(atS * SECOND, { queues }));
    const [a, b, other] = [rowKey('/', 'a'), rowKey('/', 'b'), rowKey('v', 'a')];
    const ready = () => metrics.course({ scope: 'vhost', vhost: '/' }, 60 * SECOND)?.values.ready;
    of({ [a]: { ready: 1 }, [b]: { ready: 2 }, [other]: { ready: 50 } }, 1);
    of({ [a]: { ready: 4 }, [b]: { ready: 2 }, [other]: { ready: 50 } }, 2);
    of({ [other]: { ready: 50 }, [b]: { ready: 7 } }, 3);
    expect(ready()).toEqual([6, 7]);
    of({ [other]: { ready: 50 } }, 4);
    expect(ready()).toBeUndefined();
  });
});

test('growth is known only after the whole span', () => {
  const metrics = new Metrics();
  for (let i = 0; i <= 30; i++) metrics.observe(sample(i * SECOND, { queues: { [KEY]: { ready: i } } }));
  expect(metrics.growth('/', 'orders', 60 * SECOND)).toBeNull();
  for (let i = 31; i <= 90; i++) metrics.observe(sample(i * SECOND, { queues: { [KEY]: { ready: i } } }));
  expect(metrics.growth('/', 'orders', 60 * SECOND)).toBe(59);
});

test('unroutable messages of an exchange are counted back from its rates', () => {
  const metrics = new Metrics();
  for (let i = 0; i < 5; i++)
    metrics.observe(
      sample(i * SECOND, { exchanges: { [rowKey('/', 'x')]: { published: 0, routed: 0, unroutable: i * 2 } } }),
    );
  expect(metrics.unroutable('/', 'x', 60 * SECOND)).toBe(8);
});

test('a trend has at most as many points as asked for, from first to last', () => {
  const metrics = new Metrics();
  for (let i = 0; i <= 100; i++) metrics.observe(sample(i * SECOND, { queues: { [KEY]: { ready: i } } }));
  const trend = metrics.trend('/', 'orders', 120 * SECOND, 11);
  expect(trend).toHaveLength(11);
  expect([trend[0], trend.at(-1)]).toEqual([1, 100]);
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
