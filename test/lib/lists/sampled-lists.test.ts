import { beforeEach, describe, expect, test } from 'vitest';
import { type Commands, createCommands } from '../../../lib/engine/embedded/commands.ts';
import { Sampler } from '../../../lib/engine/embedded/sampler.ts';
import type { ExchangeQuestion, QueueQuestion } from '../../../lib/engine/lists.ts';

import { SAMPLE_TABLES, type Sample } from '../../../lib/engine/sample.ts';
import { SampledLists } from '../../../lib/lists/sampled-lists.ts';
import { Metrics } from '../../../lib/metrics/metrics.ts';
import type { Listener } from '../../../lib/server/listener.ts';
import { BrokerFixture, text } from '../broker/broker-fixture.ts';
import { apiUser } from '../engine/api-user.ts';
import { NODE } from '../metrics/sample.ts';

const boss = apiUser('guest');
const ann = apiUser('ann');

let place: BrokerFixture;
let engine: Commands;
let lists: SampledLists;
let takeSample: () => void;

beforeEach(async () => {
  place = await BrokerFixture.start();
  const { broker } = place;
  const listener = { connections: new Set(), channelCount: 0 } as unknown as Listener;
  engine = createCommands(broker, listener, {} as never) as Commands;
  const metrics = new Metrics();
  lists = new SampledLists(engine, metrics);
  const sampler = new Sampler(broker, listener);
  const keys: Record<string, readonly string[]> = {};
  takeSample = () => {
    place.clock.advance(1000);
    const sample = { ...sampler.take(), node: NODE } as unknown as Sample;
    for (const table of SAMPLE_TABLES) {
      keys[table] = sample[table].keys ?? keys[table] ?? [];
      sample[table] = { ...sample[table], keys: keys[table] as string[] };
    }
    metrics.observe(sample);
  };
  await broker.vhostCommands.put({ name: 'v' });
  await broker.accounts.putUser({ name: 'ann', password: 'p', tags: ['management'] });
  await broker.accounts.putPermission({ user: 'ann', vhost: 'v', configure: '.*', write: '.*', read: '.*' });
  const v = broker.vhosts.get('v');
  if (v === undefined) throw new Error('no vhost');
  const inV = { ...place.session, vhost: v };
  broker.users.get('guest')?.permit({ user: 'guest', vhost: 'v', configure: '.*', write: '.*', read: '.*' });
  for (const [name, count] of [
    ['delta', 2],
    ['Alpha', 0],
    ['beta', 5],
    ['gamma', 2],
  ] as const) {
    place.queue(name);
    for (let i = 0; i < count; i++) place.publish('', name);
  }
  place.queue('in v', {}, inV);
  place.publish('', 'in v', 'x', {}, inV);
  takeSample();
});

const ask = async (about: Partial<QueueQuestion> = {}, actor = boss) => {
  const question = { text: '', state: 'all', sort: 'name', descending: false, offset: 0, limit: 50 } as const;
  const { rows, ...counts } = await lists.queues(actor, { ...question, vhost: '/', ...about });
  return { ...counts, names: rows.map(({ name }) => name) };
};

describe('a list of queues', () => {
  test.each<[string, Partial<QueueQuestion>, string[]]>([
    ['by name', {}, ['Alpha', 'beta', 'delta', 'gamma']],
    ['by name, the last first', { descending: true }, ['gamma', 'delta', 'beta', 'Alpha']],
    ['by messages, equal ones by name', { sort: 'ready', descending: true }, ['beta', 'delta', 'gamma', 'Alpha']],
    ['by messages, the fewest first', { sort: 'total' }, ['Alpha', 'delta', 'gamma', 'beta']],
    ['by part of a name, whatever its case', { text: 'ALPHA' }, ['Alpha']],
    ['with messages', { state: 'messages' }, ['beta', 'delta', 'gamma']],
    ['a page of them', { offset: 1, limit: 2 }, ['beta', 'delta']],
    ['beyond the last', { offset: 10 }, []],
  ])('%s', async (_, about, names) => {
    const page = await ask(about);
    expect(page.names).toEqual(names);
    expect(page.total).toBe(4);
  });

  test('by age, the oldest first; by rates', async () => {
    place.clock.advance(60_000);
    place.publish('', 'Alpha');
    for (let i = 0; i < 9; i++) place.publish('', 'gamma');
    takeSample();
    expect((await ask({ sort: 'oldest', descending: true })).names).toEqual(['beta', 'delta', 'gamma', 'Alpha']);
    expect((await ask({ sort: 'published', descending: true })).names.slice(0, 2)).toEqual(['gamma', 'Alpha']);
  });

  test('has those of the vhosts that the user may see, and says so of one that it may not', async () => {
    expect(await ask({ vhost: undefined })).toMatchObject({ total: 5 });
    expect(await ask({ vhost: undefined }, ann)).toEqual({ names: ['in v'], total: 1, matching: 1 });
    await expect(ask({ vhost: '/' }, ann)).rejects.toMatchObject({ code: 'ACCESS_REFUSED' });
    await expect(ask({ vhost: 'gone' })).rejects.toMatchObject({ code: 'ACCESS_REFUSED' });
    const wanted = [
      { vhost: '/', name: 'beta' },
      { vhost: 'v', name: 'in v' },
    ];
    expect((await lists.queuesNamed(ann, wanted)).map(({ name }) => name)).toEqual(['in v']);
  });

  test('is never older than the last change; figures are all of the newest sample', async () => {
    place.queue('new');
    place.publish('', 'beta');
    place.broker.topology.deleteQueue(place.session, 'gamma', { unused: false, empty: false });
    expect((await ask()).names).toEqual(['Alpha', 'beta', 'delta', 'new']);
    const rows = (
      await lists.queues(boss, {
        vhost: '/',
        text: 'beta',
        state: 'all',
        sort: 'ready',
        descending: true,
        offset: 0,
        limit: 1,
      })
    ).rows;
    expect(rows[0]?.ready).toBe(5);
    takeSample();
    expect((await lists.queuesNamed(boss, [{ vhost: '/', name: 'beta' }]))[0]?.ready).toBe(6);
  });

  test('of dead letters has those where some have come or may come, with whose they are', async () => {
    place.queue('work', {
      arguments: [...text('x-dead-letter-exchange', ''), ...text('x-dead-letter-routing-key', 'beta')],
    });
    takeSample();
    expect(await ask({ state: 'dead-letters' })).toEqual({ names: ['beta'], total: 5, matching: 1 });
    const [row] = await lists.queuesNamed(boss, [{ vhost: '/', name: 'beta' }]);
    expect(row?.deadLetterSources).toEqual({ count: 1, names: ['work'] });
  });

  test('describes only what is shown', async () => {
    let described = 0;
    const { queuesNamed } = engine;
    engine.queuesNamed = (actor, wanted) => {
      described += wanted.length;
      return queuesNamed(actor, wanted);
    };
    for (let i = 0; i < 100; i++) place.queue(`many${i}`);
    expect(await ask({ sort: 'ready', limit: 10 })).toMatchObject({ total: 104, matching: 104 });
    expect(described).toBe(10);
  });
});

test('names are found by what is typed', async () => {
  const found = (typed: string, actor = boss, vhost = '/') => lists.queueNames(actor, { vhost, text: typed, limit: 2 });
  expect(await found('TA')).toEqual({ rows: ['beta', 'delta'], total: 4, matching: 2 });
  expect(await found('')).toEqual({ rows: ['Alpha', 'beta'], total: 4, matching: 4 });
  await expect(found('', ann)).rejects.toMatchObject({ code: 'ACCESS_REFUSED' });
});

describe('a list of exchanges', () => {
  const exchanges = async (about: Partial<ExchangeQuestion>) => {
    const question = { text: '', ownOnly: false, sort: 'name', descending: false, offset: 0, limit: 50 } as const;
    const { rows, ...counts } = await lists.exchanges(boss, { ...question, vhost: '/', ...about });
    return { ...counts, names: rows.map(({ name }) => name) };
  };

  test.each<[string, Partial<ExchangeQuestion>, string[]]>([
    ['by name', { text: 'e' }, ['amq.direct', 'amq.headers', 'amq.rabbitmq.trace', 'e1', 'e2']],
    ['without built-in ones', { ownOnly: true }, ['e1', 'e2']],
    ['by type, then name', { text: 'amq.', sort: 'type', limit: 3 }, ['amq.direct', 'amq.fanout', 'amq.headers']],
    ['by bindings', { sort: 'bindings', descending: true, limit: 2 }, ['e2', 'e1']],
    ['by what they could not route', { sort: 'unroutable', descending: true, limit: 1 }, ['e1']],
  ])('%s', async (_, about, names) => {
    place.exchange('e1', 'topic');
    place.exchange('e2', 'fanout');
    place.bind('e1', 'beta', 'k');
    place.bind('e2', 'beta');
    place.bind('e2', 'delta');
    place.publish('e1', 'nowhere');
    takeSample();
    const page = await exchanges(about);
    expect(page.names).toEqual(names);
    expect(page.total).toBe(9);
  });
});
