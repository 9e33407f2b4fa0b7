import { beforeEach, describe, expect, test } from 'vitest';
import { EXCHANGE_CHARTS, QUEUE_CHARTS, TOTALS_CHARTS } from '../../../components/charts/figure-charts.ts';
import { createCommands } from '../../../lib/engine/embedded/commands.ts';
import { createMonitoring } from '../../../lib/engine/embedded/monitoring.ts';
import { Sampler } from '../../../lib/engine/embedded/sampler.ts';
import type { Engine } from '../../../lib/engine/port.ts';
import { EXCHANGE_COLUMNS, QUEUE_COLUMNS, rowKey, type Sample, TOTAL_COLUMNS } from '../../../lib/engine/sample.ts';
import { CHANNEL_FIGURES, type ChannelCounters } from '../../../lib/figures/channel-figures.ts';
import { CONNECTION_FIGURES } from '../../../lib/figures/connection-figures.ts';
import { EXCHANGE_FIGURES } from '../../../lib/figures/exchange-figures.ts';
import { byTypeNames, type Figure, type Figures, sumOf, termsOf, zeros } from '../../../lib/figures/figure.ts';
import { NODE_FIGURES } from '../../../lib/figures/node-figures.ts';
import { QUEUE_FIGURES } from '../../../lib/figures/queue-figures.ts';
import { TRAFFIC_FIGURES } from '../../../lib/figures/traffic-figures.ts';
import { USER_FIGURES } from '../../../lib/figures/user-figures.ts';
import { VHOST_FIGURES } from '../../../lib/figures/vhost-figures.ts';
import type { Call } from '../../../lib/management/api-route.ts';
import { API_ROUTES } from '../../../lib/management/api-routes.ts';
import type { ManagementDesk } from '../../../lib/management/desk.ts';
import { messageStats } from '../../../lib/management/message-stats.ts';
import type { HistoryOf } from '../../../lib/metrics/histories.ts';
import { metricsPage } from '../../../lib/prometheus/page.ts';
import type { Listener } from '../../../lib/server/listener.ts';
import { BrokerFixture } from '../broker/broker-fixture.ts';
import { deskInMemory } from '../console/desk-in-memory.ts';
import { NODE } from '../metrics/sample.ts';

const TABLES: Readonly<Record<string, Figures>> = {
  queue: QUEUE_FIGURES,
  exchange: EXCHANGE_FIGURES,
  vhost: VHOST_FIGURES,
  traffic: TRAFFIC_FIGURES,
  channel: CHANNEL_FIGURES,
  connection: CONNECTION_FIGURES,
  user: USER_FIGURES,
  node: NODE_FIGURES,
};
const tables = Object.entries(TABLES);
const rows = (figures: Figures): [string, Figure][] => Object.entries(figures);

describe('the catalogue', () => {
  test.each(tables)('figures of a %s are made of figures that are counted or measured', (_, figures) => {
    for (const [name, figure] of rows(figures)) {
      const { add, less = [] } = termsOf(name, figure);
      for (const term of [...add, ...less]) {
        expect(figures[term], `${name}: ${term}`).toMatchObject({ kind: figure.kind, unit: figure.unit });
        expect(figures[term]?.from, `${name}: ${term}`).toBeUndefined();
      }
      // Series and families add columns up.
      if (less.length > 0) expect([figure.history, figure.families], name).toEqual([null, []]);
    }
  });

  test.each(tables)('no two figures of a %s have one name in RabbitMQ’s API', (_, figures) => {
    const names = rows(figures).flatMap(([, { rabbit }]) => rabbit ?? []);
    expect(new Set(names).size).toBe(names.length);
  });

  test('a family comes once on a page', () => {
    const names = tables.flatMap(([, figures]) =>
      rows(figures).flatMap(([, { families }]) => families.map(({ name }) => name)),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(tables)('families of a %s end as Prometheus wants it of their kind', (_, figures) => {
    for (const [name, { kind, families }] of rows(figures))
      for (const family of families) expect(family.name.endsWith('_total'), name).toBe(kind === 'counter');
  });

  test.each(tables)('a chart of a %s has one unit and one kind, and what is in it is kept for pages', (_, figures) => {
    for (const [name, { chart, kind, unit, history }] of rows(figures)) {
      if (chart === undefined) continue;
      expect(history, name).toBe('pages');
      for (const [, other] of rows(figures)) if (other.chart === chart) expect(other).toMatchObject({ kind, unit });
    }
  });

  test('what is counted by type of queue is counted of each type', () => {
    expect(Object.keys(zeros(TRAFFIC_FIGURES))).toEqual(expect.arrayContaining(byTypeNames(VHOST_FIGURES)));
  });
});

/** A broker in which every counter has a number of its own, and everything that tells of figures over it. */
describe('a figure is told where its entry says', () => {
  let fixture: BrokerFixture;
  let desk: ManagementDesk;
  let page: (path: string) => Promise<Map<string, number>>;
  let samples: Sample[];
  /** What each figure is, by what it is of. */
  let values: Record<'queue' | 'exchange' | 'vhost', Record<string, number>>;

  beforeEach(async () => {
    fixture = await BrokerFixture.start();
    const queue = fixture.queue('q');
    fixture.bind('amq.direct', 'q', 'k');
    for (const body of ['one', 'second', 'third']) fixture.publish('amq.direct', 'k', body);
    const exchange = fixture.vhost.exchanges.get('amq.direct');
    if (exchange === undefined) throw new Error('no exchange');
    const listener = { connections: new Set(), channelCount: 0 } as unknown as Listener;
    const facts = { ...NODE, version: '1' };
    const commands = createCommands(fixture.broker, listener, facts);
    const monitoring = createMonitoring(fixture.broker, listener, facts, () => 1000);
    const sampler = new Sampler(fixture.broker, listener);
    page = async (path) => {
      let text = '';
      const target = new URL(path, 'http://x');
      for await (const piece of metricsPage(monitoring, target.pathname, target.searchParams) ?? []) text += piece;
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.slice(line.lastIndexOf(' ')))]));
    };
    ({ desk } = deskInMemory({
      ...commands,
      ...monitoring,
      overview: async () => ({ ...NODE, nowMs: 0 }),
    } as unknown as Engine));
    samples = [];
    const observe = () => {
      const { keys, ...sent } = { keys: null, ...sampler.take() };
      const before = samples.at(-1);
      const table = (name: 'queues' | 'exchanges' | 'vhosts' | 'users') => ({
        keys: sent[name].keys ?? before?.[name].keys ?? [],
        values: sent[name].values,
      });
      const sample: Sample = {
        ...sent,
        node: NODE,
        queues: table('queues'),
        exchanges: table('exchanges'),
        vhosts: table('vhosts'),
        users: table('users'),
      };
      samples.push(sample);
      desk.metrics.observe(sample);
    };
    observe();
    fixture.clock.advance(1000);
    let next = 1000;
    const counted = [queue.counters, exchange.counters, fixture.vhost.counters, fixture.vhost.activity.traffic.classic];
    for (const counters of counted as Record<string, unknown>[])
      for (const name of Object.keys(counters)) if (typeof counters[name] === 'number') counters[name] = next++;
    observe();
    const { traffic } = fixture.vhost.activity;
    const byType = byTypeNames(VHOST_FIGURES).map((name) => [name, traffic.classic[name]]);
    values = {
      queue: {
        ...{ ready: 3, unacked: 0, consumers: 0, readyBytes: 14, unackedBytes: 0, consumerCapacity: 0 },
        ...queue.counters,
      },
      exchange: { bindings: 1, ...exchange.counters },
      vhost: {
        ...{ ready: 3, unacked: 0, consumers: 0, queues: 1, exchanges: fixture.vhost.exchanges.size },
        ...{ connections: 0, channels: 0, publishers: 0 },
        ...fixture.vhost.counters,
        ...Object.fromEntries(byType),
      },
    };
  });

  const told = (of: keyof typeof values, name: string, figure: Figure): number =>
    sumOf(termsOf(name, figure), (term) => values[of][term] as number);

  const cases = (of: string, is: (figure: Figure) => boolean) =>
    rows(TABLES[of] as Figures).filter(([, figure]) => is(figure));

  /** The table of a sample that has each, its columns, and the key of the row. */
  const SAMPLED: Record<
    keyof typeof values,
    [table: 'queues' | 'exchanges' | 'vhosts', columns: readonly string[], key: string]
  > = {
    queue: ['queues', QUEUE_COLUMNS, rowKey('/', 'q')],
    exchange: ['exchanges', EXCHANGE_COLUMNS, rowKey('/', 'amq.direct')],
    vhost: ['vhosts', TOTAL_COLUMNS, rowKey('/', '')],
  };

  test.each(['queue', 'exchange', 'vhost'] as const)('of a %s in every sample', (of) => {
    const [table, columns, key] = SAMPLED[of];
    const sample = samples.at(-1) as Sample;
    const at = sample[table].keys.indexOf(key) * columns.length;
    const sampled = cases(of, ({ from, isSampled }) => from === undefined && isSampled !== false);
    expect(sampled.length).toBeGreaterThan(2);
    for (const [name, figure] of sampled) {
      const column = columns.indexOf(name);
      expect(sample[table].values[at + column], name).toBe(told(of, name, figure));
      if (of === 'vhost') expect(sample.totals, name).toHaveProperty(name, told(of, name, figure));
    }
  });

  test.each<[keyof typeof values, HistoryOf]>([
    ['queue', { scope: 'queue', vhost: '/', name: 'q' }],
    ['exchange', { scope: 'exchange', vhost: '/', name: 'amq.direct' }],
    ['vhost', { scope: 'totals', of: ['/'] }],
  ])('of a %s in the history, and its rate on pages', (of, history) => {
    const shown = desk.metrics.history(history, 60_000, 0)?.values ?? {};
    const kept = desk.metrics.course(history, 60_000)?.values ?? {};
    const names = (is: (figure: Figure) => boolean) =>
      cases(of, (figure) => is(figure) && !figure.isPastOfBroker).map(([name]) => name);
    expect(Object.keys(shown)).toEqual(names(({ history: kind }) => kind === 'pages'));
    expect(Object.keys(kept)).toEqual(names(({ history: kind }) => kind !== null));
    const [table, columns, key] = SAMPLED[of];
    const first = (samples[0] as Sample)[table];
    const at = first.keys.indexOf(key) * columns.length;
    expect(at).toBeGreaterThanOrEqual(0);
    const counted = cases(of, ({ history: kind, kind: sort }) => kind !== null && sort === 'counter');
    for (const [name, figure] of counted.filter(([, { isPastOfBroker }]) => !isPastOfBroker)) {
      const before = sumOf(termsOf(name, figure), (term) => first.values[at + columns.indexOf(term)] as number);
      expect(kept[name], name).toEqual([told(of, name, figure) - before]);
    }
    const rates = {
      queue: desk.metrics.queueRates('/', 'q'),
      exchange: desk.metrics.exchangeRates('/', 'amq.direct'),
      vhost: desk.metrics.totalsRates(['/']),
    }[of];
    expect(Object.keys(rates ?? {})).toEqual(
      names(({ history: kind, kind: sort }) => kind === 'pages' && sort === 'counter'),
    );
  });

  test('the past of the whole broker has what vhosts have not', () => {
    const kept = desk.metrics.course({ scope: 'totals', of: 'broker' }, 60_000)?.values ?? {};
    const names = [...rows(VHOST_FIGURES), ...rows(NODE_FIGURES)].filter(([, { history }]) => history !== null);
    expect(Object.keys(kept)).toEqual(names.map(([name]) => name));
  });

  test('to Prometheus, of each object and in sums; what RabbitMQ does not have is not given its name', async () => {
    const [sums, each] = [await page('/metrics'), await page('/metrics/per-object')];
    for (const [name, figure] of rows(QUEUE_FIGURES))
      for (const family of figure.families) {
        const full = `${family.isOwn ? 'warren' : 'rabbitmq'}_${family.name}`;
        expect(each.get(`${full}{vhost="/",queue="q"}`), full).toBe(told('queue', name, figure));
        expect(sums.get(full), full).toBe(told('queue', name, figure));
        for (const group of family.groups) {
          const detailed = await page(`/metrics/detailed?family=${group}`);
          const prefix = family.isOwn ? 'warren_detailed_' : 'rabbitmq_detailed_';
          expect(detailed.get(`${prefix}${family.name}{vhost="/",queue="q"}`), full).toBe(told('queue', name, figure));
        }
      }
    const exchanges = await page('/metrics/detailed?family=exchange_metrics');
    for (const [name, figure] of rows(EXCHANGE_FIGURES))
      for (const family of figure.families)
        expect(exchanges.get(`rabbitmq_detailed_${family.name}{vhost="/",exchange="amq.direct"}`), name).toBe(
          told('exchange', name, figure),
        );
    const measured = new Set(['connections']);
    for (const [name, figure] of rows(VHOST_FIGURES))
      for (const family of figure.families) {
        const labels = family.name.startsWith('global_') ? '{protocol="amqp091"}' : '';
        const sum = sums.get(`rabbitmq_${family.name}${labels}`);
        // Those that are open are those that were opened less those that were closed.
        if (measured.has(name)) expect(sum).toBe(-1);
        else expect(sum, name).toBe(told('vhost', name, figure));
      }
    for (const [name, figure] of rows(TRAFFIC_FIGURES))
      for (const family of figure.families)
        expect(sums.get(`rabbitmq_${family.name}{protocol="amqp091",queue_type="rabbit_classic_queue"}`), name).toBe(
          sumOf(termsOf(name, figure), (term) => fixture.vhost.activity.traffic.classic[term as 'acked']),
        );
  });

  async function ask(path: string, params: Record<string, string>): Promise<Record<string, unknown>> {
    const route = API_ROUTES.find((one) => one.method === 'GET' && one.path === path);
    if (route === undefined) throw new Error(`no route ${path}`);
    const identity = { user: 'guest', tags: ['administrator'], vhosts: ['/'] };
    const call = { desk, actor: { user: 'guest' }, identity, params, query: new URLSearchParams() } as unknown as Call;
    return (await route.run(call)).body as Record<string, unknown>;
  }

  /** Every figure under its path, and nothing else in the groups. */
  function expectTold(of: keyof typeof values, answer: Record<string, unknown>, groups: readonly string[]): void {
    for (const [name, figure] of cases(of, ({ rabbit }) => rabbit !== null)) {
      const path = (figure.rabbit as string).split('.');
      const value = path.reduce<unknown>((found, part) => (found as Record<string, unknown>)?.[part], answer);
      if (name === 'connections' || name === 'channels') expect(value, name).toBe(0);
      else expect(value, name).toBe(told(of, name, figure));
    }
    for (const group of groups) {
      const names = Object.keys(answer[group] as object).filter((name) => !name.endsWith('_details'));
      const wanted = cases(of, ({ rabbit }) => rabbit?.startsWith(`${group}.`) ?? false);
      expect(names.sort()).toEqual(wanted.map(([, { rabbit }]) => rabbit?.slice(group.length + 1)).sort());
    }
  }

  test('in the management API under RabbitMQ’s name; without one, nowhere', async () => {
    expectTold('queue', await ask('/queues/:vhost/:name', { vhost: '/', name: 'q' }), ['message_stats']);
    const exchange = await ask('/exchanges/:vhost/:name', { vhost: '/', name: 'amq.direct' });
    expectTold('exchange', exchange, ['message_stats']);
    expectTold('vhost', await ask('/overview', {}), ['message_stats', 'queue_totals', 'churn_rates']);
  });

  test('of a channel in what its messages are told by', () => {
    const names = Object.keys(zeros(CHANNEL_FIGURES)) as (keyof ChannelCounters)[];
    const counters = Object.fromEntries(names.map((name, i) => [name, i + 1])) as unknown as ChannelCounters;
    const { message_stats: stats = {} } = messageStats(counters, zeros(CHANNEL_FIGURES));
    for (const [name, figure] of rows(CHANNEL_FIGURES)) {
      if (!figure.rabbit?.startsWith('message_stats.')) continue;
      const value = sumOf(termsOf(name, figure), (term) => counters[term as keyof ChannelCounters]);
      expect(stats, name).toHaveProperty(figure.rabbit.slice('message_stats.'.length), value);
    }
  });

  test.each([
    ['queue', QUEUE_CHARTS],
    ['exchange', EXCHANGE_CHARTS],
    ['vhost', TOTALS_CHARTS],
  ] as const)('of a %s on the chart of its page', (of, charts) => {
    for (const [name, { chart, words }] of rows(TABLES[of] as Figures)) {
      const shown = charts.filter(({ lines }) => lines.some(({ key }) => key === name));
      expect(shown.map(({ title }) => title)).toEqual(chart === undefined ? [] : [chart]);
      if (chart !== undefined) expect(shown[0]?.lines.find(({ key }) => key === name)?.label).toBe(words);
    }
    for (const { lines } of charts) {
      const looks = lines.map(({ color, dash }) => `${color} ${dash}`);
      expect(new Set(looks).size).toBe(looks.length);
    }
  });
});
