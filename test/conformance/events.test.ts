/** What the console tells its pages, over HTTP, while real clients change things. */
import { connect } from 'amqplib';
import type { ObjectChange } from '../../lib/engine/object-change.ts';
import { startBroker } from './broker.ts';
import { ConsoleClient, type EventFeed, type ServerEvent } from './console-client.ts';
import { describe, expect, test } from './fixtures.ts';

// Only Warren has it.
const isOurs = !process.env.WARREN_CONFORMANCE_URL;

const telling =
  (about: Partial<ObjectChange>) =>
  ({ event, data }: ServerEvent): boolean =>
    event === 'changes' &&
    (data.changes as ObjectChange[]).some((change) =>
      Object.entries(about).every(([field, value]) => change[field as keyof ObjectChange] === value),
    );
const hello = ({ event }: ServerEvent): boolean => event === 'hello';

describe.runIf(isOurs)('server-sent events', () => {
  test('queues, exchanges, bindings, policies and connections are told as they come and go', async ({
    broker,
    connect: open,
    channel,
    named,
  }) => {
    const feed = await (await ConsoleClient.signedIn(broker)).events();
    const { headers } = feed.response;
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(headers.get('content-encoding')).toBeNull();
    expect(headers.get('content-length')).toBeNull();
    await feed.until(hello);
    const [queue, exchange] = [named('q'), named('e')];
    const start = performance.now();
    await channel.assertQueue(queue);
    await feed.until(telling({ kind: 'queue', verb: 'created', name: queue, vhost: '/' }));
    expect(performance.now() - start).toBeLessThan(1_000);
    await channel.assertExchange(exchange, 'fanout');
    await channel.bindQueue(queue, exchange, '');
    await feed.until(telling({ kind: 'exchange', verb: 'created', name: exchange }));
    await feed.until(telling({ kind: 'binding', verb: 'created', name: exchange }));
    const policy = { vhost: '/', name: named('p'), pattern: '^none$', definition: { expires: 60_000 } };
    await broker.administrator?.putPolicy('policy', policy);
    await feed.until(telling({ kind: 'policy', verb: 'created', name: policy.name }));
    await broker.administrator?.deletePolicy('policy', '/', policy.name);
    await feed.until(telling({ kind: 'policy', verb: 'deleted', name: policy.name }));
    await channel.deleteQueue(queue);
    await feed.until(telling({ kind: 'queue', verb: 'deleted', name: queue }));
    const model = await open();
    const { localPort } = (model.connection as unknown as { stream: { localPort: number } }).stream;
    const opened = await feed.until(
      ({ event, data }) =>
        event === 'changes' && data.changes.some(({ name }: ObjectChange) => name.includes(`:${localPort} ->`)),
    );
    const { name } = opened.data.changes.find((change: ObjectChange) =>
      change.name.includes(`:${localPort} ->`),
    ) as ObjectChange;
    await model.close();
    await feed.until(telling({ kind: 'connection', verb: 'deleted', name, user: 'guest' }));
    await feed.close();
  });

  test('figures come every second, with the queues that move', async ({ broker, confirmChannel, named }) => {
    const queue = named('q');
    await confirmChannel.assertQueue(queue);
    const feed = await (await ConsoleClient.signedIn(broker)).events();
    for (let i = 0; i < 3; i++) confirmChannel.sendToQueue(queue, Buffer.from('x'));
    await confirmChannel.waitForConfirms();
    const isOf = ({ name, vhost }: { name: string; vhost: string }) => name === queue && vhost === '/';
    const tick = await feed.until(({ event, data }) => event === 'tick' && data.queues.some(isOf));
    expect(tick.data.queues.find(isOf)).toMatchObject({ ready: 3, unacked: 0, consumers: 0 });
    expect(tick.data.figures).toMatchObject({ clients: 'all', rates: { published: expect.any(Number) } });
    expect(tick.data.figures.ready).toBeGreaterThanOrEqual(3);
    // Without traffic nothing is told of the queue any more, and totals go on.
    await feed.until(({ event, data }) => event === 'tick' && !data.queues.some(isOf), 15_000);
    await feed.close();
  });

  test('a user hears of its own vhosts and connections only; signing out ends the stream', async ({
    broker,
    channel,
    named,
  }) => {
    const { administrator } = broker;
    const [user, vhost, queue, own] = [named('ann'), named('v'), named('q'), named('own')];
    await administrator?.putVhost({ name: vhost });
    await administrator?.putUser({ name: user, password: 'secret', tags: ['management'] });
    await administrator?.putPermission({ user, vhost, configure: '.*', write: '.*', read: '.*' });
    const console = await ConsoleClient.signedIn(broker, user, 'secret');
    const feed = await console.events();
    await feed.until(hello);
    await channel.assertQueue(queue);
    const model = await connect({
      hostname: broker.host,
      port: broker.port,
      username: user,
      password: 'secret',
      vhost,
    });
    await (await model.createChannel()).assertQueue(own, { durable: false });
    await feed.until(telling({ kind: 'queue', vhost, name: own }));
    await feed.until(telling({ kind: 'connection', vhost, user }));
    await model.close();
    const heard = feed.heard
      .filter(({ event }) => event === 'changes')
      .flatMap(({ data }) => data.changes as ObjectChange[]);
    expect(new Set(heard.map((change) => change.vhost))).toEqual(new Set([vhost]));
    await console.act('DELETE', '/session', {});
    await feed.ended();
    expect(feed.heard.at(-1)).toMatchObject({ event: 'bye', data: { reason: 'signed-out' } });
    await expect(console.events()).rejects.toThrow('401');
    await administrator?.deleteUser(user);
    await administrator?.deleteVhost(vhost);
  });

  test('a user that may no longer use the console is let go; so is one that is deleted', async ({ broker, named }) => {
    const feeds: EventFeed[] = [];
    const users = [named('ann'), named('bob')] as const;
    for (const name of users) {
      await broker.administrator?.putUser({ name, password: 'secret', tags: ['monitoring'] });
      feeds.push(await (await ConsoleClient.signedIn(broker, name, 'secret')).events());
    }
    await broker.administrator?.putUser({ name: users[0], tags: [] });
    await broker.administrator?.deleteUser(users[1]);
    for (const feed of feeds) await feed.ended();
    await broker.administrator?.deleteUser(users[0]);
  });

  test('who comes back with the last id gets what it has missed', async ({ broker, channel, named }) => {
    const client = await ConsoleClient.signedIn(broker);
    const feed = await client.events();
    const [first, second] = [named('q'), named('q')];
    await channel.assertQueue(first);
    const { id } = await feed.until(telling({ name: first }));
    await feed.close();
    await channel.assertQueue(second);
    for (const [query, headers] of [
      ['', { 'last-event-id': String(id) }],
      [`?lastEventId=${id}`, {}],
    ] as const) {
      const again = await client.events(query, headers);
      expect((await again.until(hello)).data.resumed).toBe(true);
      await again.until(telling({ name: second }));
      expect(again.heard.some(telling({ name: first }))).toBe(false);
      await again.close();
    }
  });

  test('strangers get none, a session few and a user only so many; each that is closed makes room', async ({
    broker,
    named,
  }) => {
    const stranger = new ConsoleClient(broker);
    await expect(stranger.events()).rejects.toThrow('401');
    const user = named('many');
    await broker.administrator?.putUser({ name: user, password: 'secret', tags: ['management'] });
    const client = await ConsoleClient.signedIn(broker, user, 'secret');
    const feeds = [await client.events(), await client.events(), await client.events()];
    await expect(client.events()).rejects.toThrow('Other windows of this browser');
    await feeds.pop()?.close();
    await expect
      .poll(async () => {
        const response = await client.send('GET', '/events', undefined);
        await response.body?.cancel();
        return response.status;
      })
      .toBe(200);
    while (feeds.length < 20) {
      const other = await ConsoleClient.signedIn(broker, user, 'secret');
      feeds.push(await other.events(), await other.events());
    }
    const last = await ConsoleClient.signedIn(broker, user, 'secret');
    await expect(last.events()).rejects.toThrow('too many pages');
    await feeds[0]?.close();
    await expect.poll(async () => (await last.send('GET', '/events', undefined)).status).toBe(200);
    for (const feed of feeds) await feed.close();
    await broker.administrator?.deleteUser(user);
  });

  test('a stop of Warren ends the streams in order', async () => {
    const broker = await startBroker();
    const feed = await (await ConsoleClient.signedIn(broker)).events();
    await feed.until(hello);
    await broker.stop();
    await feed.ended();
    expect(feed.heard.at(-1)).toMatchObject({ event: 'bye', data: { reason: 'stopping' } });
  });
});
