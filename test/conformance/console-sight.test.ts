/**
 * Who sees what in the console: every route that reads, and the stream of events, asked by users of several rights while
 * names and figures are planted in a vhost that some of them may not see.
 */
import { setTimeout } from 'node:timers/promises';
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../lib/console/routes.ts';
import { API_ROUTES } from '../../lib/management/api-routes.ts';
import { askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';
import { ConsoleClient } from './console-client.ts';
import { eventually } from './patience.ts';

const SECRET_VHOST = 'planted-vhost';
const OWN_VHOST = 'own-vhost';
const QUEUE = 'planted-queue';
const DEAD = 'planted-dead';
const EXCHANGE = 'planted-exchange';
/** Somebody who works in the planted vhost alone. */
const OTHER = 'planted-user';
/** A name that somebody typed. */
const TYPED = 'planted-typed-name';
/** Ready messages in the planted queue and in the own one, dead letters, consumers, queues, connections. */
const READY = 4711;
const OWN_READY = 3;
const DEAD_LETTERS = 137;
const CONSUMERS = 83;
const QUEUES = 59;
const CONNECTIONS = 23;

/** Names, and figures that stand for themselves or are theirs and those of the own vhost together. */
const PLANTED = new RegExp(
  [
    'planted',
    ...[READY, READY + OWN_READY, READY + DEAD_LETTERS, READY + DEAD_LETTERS + OWN_READY, DEAD_LETTERS]
      .flatMap((figure) => [String(figure), figure.toLocaleString('en')])
      .map((figure) => `(?<![\\d.])${figure}(?![\\d.])`),
    `"(consumers|queues)":(${CONSUMERS}|${QUEUES}|${QUEUES + 1}|${CONSUMERS + 1})\\b`,
    `"connections":(${CONNECTIONS}|${CONNECTIONS + 1})\\b`,
  ].join('|'),
);

const USERS = {
  none: { tags: 'management', vhosts: [] },
  one: { tags: 'management', vhosts: [OWN_VHOST] },
  policymaker: { tags: 'policymaker', vhosts: [OWN_VHOST] },
  monitoring: { tags: 'monitoring', vhosts: [] },
  administrator: { tags: 'administrator', vhosts: [] },
} as const;
type UserName = keyof typeof USERS;
const LIMITED: UserName[] = ['none', 'one', 'policymaker'];
const WATCHING: UserName[] = ['monitoring', 'administrator'];

const search = (query: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]));
const HERE = { vhost: SECRET_VHOST };

/** By path: questions that name nothing planted, and questions about what is planted, which are refused. */
const QUESTIONS: Record<
  string,
  { open: Record<string, string | number>[]; secret: Record<string, string | number>[] }
> = {
  '/session': { open: [{}], secret: [] },
  '/sessions': { open: [{}, { everybody: 'true' }], secret: [] },
  '/overview': { open: [{}], secret: [HERE] },
  '/vhosts': { open: [{}], secret: [] },
  '/activity': { open: [{ limit: 200 }], secret: [] },
  '/history': {
    open: [
      { scope: 'totals', spanMs: 60_000 },
      { scope: 'totals', spanMs: 86_400_000 },
    ],
    secret: [
      { scope: 'totals', ...HERE },
      { scope: 'queue', ...HERE, name: QUEUE },
      { scope: 'exchange', ...HERE, name: EXCHANGE },
    ],
  },
  '/queues': {
    open: [{}, { sort: 'ready', order: 'descending' }, { state: 'unconsumed' }, { text: 'queue' }],
    secret: [HERE],
  },
  '/queues/names': { open: [], secret: [HERE] },
  '/queue': { open: [], secret: [{ ...HERE, name: QUEUE }] },
  '/exchanges': { open: [{}, { show: 'own' }, { sort: 'unroutable', order: 'descending' }], secret: [HERE] },
  '/exchange': { open: [], secret: [{ ...HERE, name: EXCHANGE }] },
  '/bindings': {
    open: [],
    secret: [
      { ...HERE, source: EXCHANGE },
      { ...HERE, destinationType: 'queue', destination: QUEUE },
    ],
  },
  '/messages': { open: [], secret: [{ ...HERE, queue: QUEUE }] },
  '/message': { open: [], secret: [{ ...HERE, queue: QUEUE, position: '1' }] },
  '/dead-letters/queues': { open: [{}], secret: [HERE] },
  '/dead-letters/queue': { open: [], secret: [{ ...HERE, queue: DEAD }] },
  '/dead-letters/messages': { open: [], secret: [{ ...HERE, queue: DEAD }] },
  '/dead-letters/message': { open: [], secret: [{ ...HERE, queue: DEAD, position: '1' }] },
  '/audit': { open: [], secret: [{}, { user: OTHER }] },
  '/audit/entry': { open: [], secret: [{ id: 1 }] },
  '/audit/export': { open: [], secret: [{}] },
  '/capabilities': { open: [{}], secret: [] },
};

let broker: TestBroker;
const clients = {} as Record<UserName, ConsoleClient>;
const open: ChannelModel[] = [];

beforeAll(async () => {
  broker = await startBroker();
  const { administrator } = broker;
  for (const name of [OWN_VHOST, SECRET_VHOST]) await administrator?.putVhost({ name });
  const everything = { configure: '.*', write: '.*', read: '.*' };
  await administrator?.putUser({ name: OTHER, password: 'p', tags: ['management'] });
  await administrator?.putPermission({ user: OTHER, vhost: SECRET_VHOST, ...everything });
  for (const [user, { tags, vhosts }] of Object.entries(USERS)) {
    await administrator?.putUser({ name: user, password: 'p', tags: [tags] });
    for (const vhost of vhosts) await administrator?.putPermission({ user, vhost, ...everything });
  }
  const other = await ConsoleClient.signedIn(broker, OTHER, 'p');
  const client = await connectTo(SECRET_VHOST, OTHER);
  await plant(client);
  for (let i = 1; i < CONNECTIONS; i++) await connectTo(SECRET_VHOST, OTHER);
  const own = await (await connectTo(OWN_VHOST, 'one')).createConfirmChannel();
  await own.assertQueue('own-queue');
  for (let i = 0; i < OWN_READY; i++) own.sendToQueue('own-queue', Buffer.from('x'));
  await own.waitForConfirms();
  // Acts, and a name that was typed.
  await other.act('POST', '/queue', {
    ...{ vhost: SECRET_VHOST, name: `${QUEUE}-of-the-console`, durable: true, autoDelete: false, arguments: [] },
  });
  await ConsoleClient.signedIn(broker, TYPED, 'wrong').catch(() => {});
  for (const user of Object.keys(USERS) as UserName[]) clients[user] = await ConsoleClient.signedIn(broker, user, 'p');
  await eventually(
    async () => (await ask('administrator', '/overview', {})).text,
    (text) => text.includes(`"ready":${READY + DEAD_LETTERS + OWN_READY},`) && text.includes('"rates":{'),
  );
}, 60_000);
afterAll(async () => {
  for (const client of open) await client.close();
  await broker.stop();
});

async function connectTo(vhost: string, username: string): Promise<ChannelModel> {
  const { host: hostname, port } = broker;
  const client = await connect({ hostname, port, username, password: 'p', vhost });
  open.push(client);
  return client;
}

/** A queue that is full of messages, one that holds dead letters, an exchange that routes nowhere. */
async function plant(client: ChannelModel): Promise<void> {
  const channel = await client.createConfirmChannel();
  await channel.assertExchange(EXCHANGE, 'fanout');
  await channel.assertQueue(DEAD);
  await channel.assertQueue(QUEUE, { maxLength: READY, deadLetterExchange: '', deadLetterRoutingKey: DEAD });
  for (let i = 4; i < QUEUES; i++) await channel.assertQueue(`planted-${i}`);
  for (let i = 0; i < READY + DEAD_LETTERS; i++) channel.sendToQueue(QUEUE, Buffer.from('planted-body'));
  for (let i = 0; i < 10; i++) channel.publish(EXCHANGE, 'planted-key', Buffer.from('x'));
  await channel.waitForConfirms();
  for (let i = 0; i < CONSUMERS; i++) await channel.consume('planted-4', () => {});
}

async function ask(user: UserName, path: string, query: Record<string, string | number>) {
  const response = await clients[user].send('GET', `${path}?${search(query)}`);
  return { status: response.status, text: await response.text() };
}

test('the table has every route that reads', () => {
  const reading = ROUTES.filter(({ method }) => method === 'GET').map(({ path }) => path);
  // The stream of events is no answer to one question: it has tests of its own below.
  expect([...Object.keys(QUESTIONS), '/events'].sort()).toEqual(reading.sort());
});

describe.each(Object.entries(QUESTIONS))('%s', (path, { open, secret }) => {
  test.each(LIMITED)('tells nothing of what %s may not see', async (user) => {
    expect(open.length + secret.length).toBeGreaterThan(0);
    for (const query of open) {
      const { status, text } = await ask(user, path, query);
      const what = `${user} ${path} ${JSON.stringify(query)}`;
      expect([what, status]).toEqual([what, 200]);
      expect([what, PLANTED.exec(text)?.[0]]).toEqual([what, undefined]);
    }
    for (const query of secret) {
      const { status, text } = await ask(user, path, query);
      const what = `${user} ${path} ${JSON.stringify(query)}: ${text.slice(0, 200)}`;
      expect([what, [403, 404].includes(status)]).toEqual([what, true]);
      // What is asked for may be repeated, and nothing else is said.
      expect([what, /\d{2,}/.exec(text)?.[0]]).toEqual([what, undefined]);
    }
  });
});

describe.each<[string, Record<string, unknown>]>([
  ['/route', { ...HERE, exchange: '', routingKey: QUEUE, properties: {} }],
  ['/dead-letters/plan', { ...HERE, queue: DEAD }],
  ['/dead-letters/replay', { ...HERE, queue: DEAD }],
])('POST %s', (path, question) => {
  test.each(LIMITED)('tells nothing to %s', async (user) => {
    const response = await clients[user].send('POST', path, question);
    expect([user, response.status]).toEqual([user, 403]);
    expect(await response.text()).not.toMatch(/\d{2,}/);
  });
});

describe('those who watch the whole broker see it', () => {
  test.each(WATCHING)('%s', async (user) => {
    const overview = await ask(user, '/overview', {});
    const { figures, node, deadLetters, problems } = JSON.parse(overview.text);
    expect(figures).toMatchObject({
      clients: 'all',
      consumers: CONSUMERS,
      queues: QUEUES,
      connections: CONNECTIONS + 1,
    });
    expect([deadLetters, node.residentBytes > 0]).toEqual([DEAD_LETTERS, true]);
    expect(problems.map(({ title }: { title: string }) => title)).toContain(`${QUEUE} is full`);
    for (const path of ['/queues', '/exchanges', '/vhosts', '/activity'])
      expect([path, PLANTED.test((await ask(user, path, { limit: 200 })).text)]).toEqual([path, true]);
    const history = await ask(user, '/history', { scope: 'totals', spanMs: 60_000 });
    expect(JSON.parse(history.text).values.ready.at(-1)).toBe(READY + DEAD_LETTERS + OWN_READY);
    expect((await ask(user, '/history', { scope: 'totals', ...HERE })).text).toContain(String(READY + DEAD_LETTERS));
  });

  test('who signs in and who was made is for administrators alone', async () => {
    expect((await ask('administrator', '/activity', { limit: 200 })).text).toContain(TYPED);
    expect((await ask('monitoring', '/activity', { limit: 200 })).text).not.toContain(TYPED);
    expect((await ask('administrator', '/audit', {})).status).toBe(200);
    expect((await ask('monitoring', '/audit', {})).status).toBe(403);
  });
});

test('a user has the figures of its vhosts and its own connections, all of them', async () => {
  const { figures, node, broker: facts } = JSON.parse((await ask('one', '/overview', {})).text);
  expect(figures).toMatchObject({ ready: OWN_READY, queues: 1, consumers: 0, connections: 1, clients: 'own' });
  expect([node, facts.amqpPort]).toEqual([null, broker.port]);
  const nothing = JSON.parse((await ask('none', '/overview', {})).text);
  expect(nothing).toMatchObject({
    figures: { ready: 0, queues: 0, exchanges: 0 },
    problems: [],
    largest: [],
    node: null,
  });
  expect(nothing.broker.amqpPort).toBeNull();
  const { values } = JSON.parse((await ask('one', '/history', { scope: 'totals', spanMs: 60_000 })).text);
  expect(values.ready.at(-1)).toBe(OWN_READY);
  expect(Object.keys(values)).not.toContain('connections');
});

describe('events', () => {
  async function heardBy(user: UserName): Promise<string> {
    const feed = await clients[user].events();
    await feed.until(({ event }) => event === 'tick');
    const channel = await (open[0] as ChannelModel).createConfirmChannel();
    await channel.assertQueue('planted-of-the-moment');
    channel.sendToQueue('planted-of-the-moment', Buffer.from('x'));
    await channel.waitForConfirms();
    await broker.administrator?.putPolicy('policy', {
      ...HERE,
      name: 'planted-policy',
      pattern: 'none',
      definition: { expires: 1 },
    });
    await setTimeout(2_500);
    await channel.deleteQueue('planted-of-the-moment');
    await channel.close();
    await feed.close();
    return JSON.stringify(feed.heard);
  }

  test.each(LIMITED)('tell nothing of what %s may not see', async (user) => {
    const heard = await heardBy(user);
    expect(heard).toContain('"tick"');
    expect(PLANTED.exec(heard)?.[0]).toBeUndefined();
  });

  test.each(WATCHING)('tell %s of everything', async (user) => {
    const heard = await heardBy(user);
    for (const planted of [
      'planted-of-the-moment',
      'planted-policy',
      `"connections":${CONNECTIONS + 1}`,
      '"residentBytes"',
    ])
      expect(heard).toContain(planted);
  });
});

describe('lists of the management API', () => {
  /** The one path that tells anybody with a tag the number of the node's connections, as with RabbitMQ. */
  const OF_THE_NODE = '/health/checks/below-node-connection-limit';
  const paths = API_ROUTES.filter(
    ({ method, path }) => method === 'GET' && !path.includes(':') && path !== OF_THE_NODE,
  ).map(({ path }) => path);

  test.each(LIMITED)('tell nothing of what %s may not see', async (user) => {
    expect(paths).toEqual(expect.arrayContaining(['/queues', '/exchanges', '/connections']));
    for (const path of paths) {
      const { body } = await askApi(broker, 'GET', path, undefined, `${user}:p`);
      expect([path, PLANTED.exec(JSON.stringify(body) ?? '')?.[0]]).toEqual([path, undefined]);
    }
  });

  test('tell an administrator of it', async () => {
    for (const path of ['/queues', '/exchanges', '/bindings', '/vhosts', '/connections', '/channels', '/consumers']) {
      const { body } = await askApi(broker, 'GET', path, undefined, 'administrator:p');
      expect([path, PLANTED.test(JSON.stringify(body))]).toEqual([path, true]);
    }
  });
});

describe('the overview of the management API', () => {
  const overview = async (user: UserName) =>
    (
      await askApi(
        broker,
        'GET',
        '/overview?msg_rates_age=60&msg_rates_incr=5&lengths_age=60&lengths_incr=5&node_stats_age=60&node_stats_incr=5',
        undefined,
        `${user}:p`,
      )
    ).body;

  test.each(LIMITED)('has for %s the totals of its vhosts, and nothing of the node', async (user) => {
    const body = await overview(user);
    const ready = user === 'none' ? 0 : OWN_READY;
    expect(body.queue_totals).toMatchObject({ messages: ready, messages_ready: ready });
    expect(body.queue_totals.messages_ready_details.samples[0].sample).toBe(ready);
    expect(body.message_stats.publish).toBe(ready);
    expect(body.object_totals).toMatchObject({
      queues: ready === 0 ? 0 : 1,
      consumers: 0,
      connections: user === 'one' ? 1 : 0,
    });
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['listeners']));
    expect([body.node, body.listeners, body.contexts]).toEqual([undefined, undefined, undefined]);
    expect(body.churn_rates.queue_created).toBe(ready === 0 ? 0 : 1);
    expect(PLANTED.exec(JSON.stringify(body))?.[0]).toBeUndefined();
  });

  test.each(WATCHING)('has for %s those of the broker, and where it listens', async (user) => {
    const messages = READY + DEAD_LETTERS + OWN_READY;
    // What came and went meanwhile is gone with the next sample.
    const body = await eventually(
      () => overview(user),
      ({ queue_totals: totals }) => totals.messages === messages,
    );
    expect(body.queue_totals.messages).toBe(messages);
    expect(body.object_totals).toMatchObject({ queues: QUEUES, connections: CONNECTIONS + 1 });
    expect(body.listeners.length).toBeGreaterThan(0);
  });
});
