/** Where brokers go wrong, the management API and metrics: a test a rule, by its number in the list. */
import { request } from 'node:http';
import * as z from 'zod';
import { hashPassword } from '../../../lib/auth/password.ts';
import { type Answer, askApi } from '../api-client.ts';
import { freePorts } from '../broker.ts';
import { test as conformanceTest, describe, expect } from '../fixtures.ts';
import { eventually } from '../patience.ts';

const test = conformanceTest
  .override('settings', async () => ({ WARREN_PROMETHEUS_PORT: String((await freePorts(1))[0]) }))
  .extend(
    'ask',
    ({ broker }) =>
      (method: string, path: string, body?: unknown, user?: string): Promise<Answer> =>
        askApi(broker, method, path, body, user),
  )
  .extend('scrape', ({ settings }) => async (page: string): Promise<string[]> => {
    const response = await fetch(`http://127.0.0.1:${settings.WARREN_PROMETHEUS_PORT}${page}`);
    return (await response.text()).split('\n');
  });

/** Without a client between that tidies paths. */
function askRaw(port: number, path: string): Promise<{ status: number | undefined; body: { name?: string } }> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, auth: 'guest:guest' }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString() || '{}') });
    });
    asked.on('error', reject).end();
  });
}

const everything = { configure: '.*', write: '.*', read: '.*' };

describe.skipIf(process.env.WARREN_CONFORMANCE_URL)('the management API and metrics', () => {
  test('45: paths keep %2F, a trailing +, and names with slashes and dots', async ({ ask, broker, wire, named }) => {
    const stem = named('names');
    const names = ['a/b', 'plus+', '+', '.', '..', 'a.b', '../up', '%2F', '100%', 'ü~ x', '//'].map(
      (end) => `${stem}${end}`,
    );
    // Alone, a client would have tidied them away.
    const channel = await wire.openChannel();
    for (const name of [...names, '.', '..', '+', 'a//b']) {
      await channel.call('queue.declare', { queue: name, exclusive: true });
      for (const vhost of ['%2F', '%2f']) {
        const found = await askRaw(broker.consolePort, `/api/queues/${vhost}/${encodeURIComponent(name)}`);
        expect([name, found.status, found.body.name]).toEqual([name, 200, name]);
      }
    }
    const dotted = await askRaw(broker.consolePort, '/api/queues/%2F/%2E%2E');
    expect(dotted.body.name).toBe('..');
    for (const vhost of ['slash/ed', 'dot.ted', 'plus+']) {
      const path = encodeURIComponent(vhost);
      expect((await ask('PUT', `/vhosts/${path}`)).status).toBe(201);
      expect((await ask('GET', `/vhosts/${path}`)).body.name).toBe(vhost);
      await ask('PUT', `/permissions/${path}/guest`, everything);
      expect((await ask('PUT', `/exchanges/${path}/${encodeURIComponent('x/y.z+')}`, { type: 'topic' })).status).toBe(
        201,
      );
      expect((await ask('GET', `/exchanges/${path}`)).body.map(({ name }: { name: string }) => name)).toContain(
        'x/y.z+',
      );
      expect((await ask('DELETE', `/vhosts/${path}`)).status).toBe(204);
    }
  });

  test('46: PUT is 201 and then 204; who may not gets 401, in either spelling; booleans may be texts, and null is no body', async ({
    ask,
    named,
  }) => {
    const queue = `/queues/%2F/${named('q')}`;
    const exchange = `/exchanges/%2F/${named('e')}`;
    expect((await ask('PUT', queue, { durable: 'false', auto_delete: 'true' })).status).toBe(201);
    expect((await ask('PUT', queue, { durable: false, auto_delete: true })).status).toBe(204);
    expect((await ask('GET', queue)).body).toMatchObject({ durable: false, auto_delete: true });
    expect((await ask('PUT', exchange, { type: 'direct', internal: 'true', durable: 'true' })).status).toBe(201);
    expect((await ask('PUT', exchange, { type: 'direct', internal: true })).status).toBe(204);
    for (const body of ['null', '', undefined]) {
      const bare = `/queues/%2F/${named('bare')}`;
      expect((await ask('PUT', bare, body)).status).toBe(201);
      expect((await ask('GET', bare)).body).toMatchObject({ durable: true, auto_delete: false });
    }
    await ask('PUT', '/users/listed-untagged', { password: 'p', tags: '' });
    await ask('PUT', '/users/listed-manager', { password: 'p', tags: 'management' });
    const wrong = await ask('GET', '/overview', undefined, 'guest:wrong');
    expect([wrong.status, wrong.body]).toEqual([401, { error: 'not_authorized', reason: 'Not_Authorized' }]);
    const refused = async (user: string, method: string, path: string, body?: unknown): Promise<string> => {
      const answer = await ask(method, path, body, `${user}:p`);
      expect([answer.status, answer.body.error]).toEqual([401, 'not_authorised']);
      return answer.body.reason;
    };
    expect(await refused('listed-untagged', 'GET', '/overview')).toBe('Not management user');
    expect(await refused('listed-manager', 'GET', '/users')).toBe('Not administrator user');
    expect(await refused('listed-manager', 'GET', '/nodes')).toBe('Not monitor user');
    expect(await refused('listed-manager', 'GET', queue)).toBe('User not authorised to access virtual host');
    // What AMQP refuses with 403 as well.
    await ask('PUT', '/permissions/%2F/listed-manager', { configure: '^$', write: '', read: '' });
    expect(await refused('listed-manager', 'PUT', `/queues/%2F/${named('no')}`, {})).toBe('Access refused.');
    for (const user of ['listed-untagged', 'listed-manager']) await ask('DELETE', `/users/${user}`);
  });

  test('47: a page is an object and no list, and columns may be dotted paths', async ({ ask, named }) => {
    const stem = named('paged');
    for (let i = 0; i < 7; i++) await ask('PUT', `/queues/%2F/${stem}.${i}`, { arguments: { 'x-max-length': i + 1 } });
    const list = await ask('GET', `/queues/%2F?name=${stem}`);
    expect(Array.isArray(list.body)).toBe(true);
    const { body } = await ask(
      'GET',
      `/queues/%2F?page=2&page_size=3&name=${stem}&sort=arguments.x-max-length&sort_reverse=true&columns=name,arguments.x-max-length`,
    );
    expect(body).toMatchObject({ page: 2, page_count: 3, page_size: 3, item_count: 3, filtered_count: 7 });
    expect(body.total_count).toBeGreaterThanOrEqual(7);
    expect(body.items).toEqual([3, 2, 1].map((i) => ({ name: `${stem}.${i}`, arguments: { 'x-max-length': i + 1 } })));
    const columns = await ask('GET', `/queues/%2F/${stem}.0?columns=name,messages_details.rate`);
    expect(columns.body).toEqual({ name: `${stem}.0`, messages_details: { rate: 0 } });
    for (let i = 0; i < 7; i++) await ask('DELETE', `/queues/%2F/${stem}.${i}`);
  });

  test('48: a binding is found again by its location and by its properties_key; ~ stands for no key', async ({
    ask,
    named,
  }) => {
    const queue = named('q');
    await ask('PUT', `/queues/%2F/${queue}`);
    const path = `/bindings/%2F/e/amq.topic/q/${queue}`;
    const keys: string[] = [];
    for (const binding of [
      {},
      { routing_key: 'a.b' },
      { routing_key: '~' },
      { routing_key: 'a/b~c %+' },
      { routing_key: 'k', arguments: { x: 1 } },
      { routing_key: 'k', arguments: { x: 2 } },
      { arguments: { x: 1 } },
    ]) {
      const made = await ask('POST', path, binding);
      expect(made.status).toBe(201);
      keys.push(String(made.headers.get('location')).split('/').at(-1) ?? '');
    }
    expect(new Set(keys).size).toBe(7);
    expect(keys.slice(0, 3)).toEqual(['~', 'a.b', '%7E']);
    const listed = (await ask('GET', path)).body.map((one: { properties_key: string }) => one.properties_key);
    expect(listed.toSorted()).toEqual(keys.toSorted());
    for (const key of keys) {
      expect((await ask('GET', `${path}/${key}`)).body).toMatchObject({ destination: queue, properties_key: key });
      expect((await ask('DELETE', `${path}/${key}`)).status).toBe(204);
      expect([key, (await ask('GET', `${path}/${key}`)).status]).toEqual([key, 404]);
    }
  });

  test('49: what KEDA reads is there and whole, zero as well; statistics may be absent', async ({
    ask,
    wire,
    named,
  }) => {
    const queue = named('q');
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue });
    const counts = z.object({ messages: z.int(), messages_ready: z.int(), messages_unacknowledged: z.int() });
    const rate = z.object({ rate: z.number() });
    const stats = z.object({ publish_details: rate.optional(), deliver_get_details: rate.optional() });
    const scaled = counts.extend({ name: z.literal(queue), message_stats: stats.optional() });
    const page = z.object({ items: z.array(scaled), page_count: z.int() });
    const listed = async () =>
      page.parse(
        (await ask('GET', `/queues/%2F?page=1&use_regex=true&pagination=false&name=${queue}&page_size=100`)).body,
      ).items[0];
    const zero = { messages: 0, messages_ready: 0, messages_unacknowledged: 0 };
    expect(scaled.parse((await ask('GET', `/queues/%2F/${queue}`)).body)).toEqual({ name: queue, ...zero });
    expect(await listed()).toEqual({ name: queue, ...zero });
    for (let i = 0; i < 3; i++) channel.publish({ routingKey: queue }, 'x');
    await channel.call('basic.get', { queue });
    const busy = { messages: 3, messages_ready: 2, messages_unacknowledged: 1 };
    expect(
      await eventually(
        async () => scaled.parse((await ask('GET', `/queues/%2F/${queue}`)).body),
        ({ message_stats: counted }) => counted?.deliver_get_details !== undefined,
      ),
    ).toEqual({
      ...{ name: queue, ...busy },
      message_stats: {
        publish_details: { rate: expect.any(Number) },
        deliver_get_details: { rate: expect.any(Number) },
      },
    });
    expect(await listed()).toMatchObject(busy);
  });

  test('50: one identity, every series from the first scrape, bounds as the dashboard spells them, and the same labels on both sides of a difference', async ({
    scrape,
  }) => {
    const lines = await scrape('/metrics');
    const seriesOf = (name: string) =>
      lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    const identity = seriesOf('rabbitmq_identity_info');
    expect(identity).toHaveLength(1);
    expect(identity[0]).toMatch(/rabbitmq_endpoint="aggregated".*\} 1$/);
    for (const name of [
      ...['build_info', 'erlang_uptime_seconds', 'connections', 'channels', 'consumers', 'queues'],
      ...['connections_opened_total', 'connections_closed_total', 'channels_opened_total', 'channels_closed_total'],
      ...['queues_declared_total', 'queues_created_total', 'queues_deleted_total'],
      ...['queue_messages', 'queue_messages_ready', 'queue_messages_unacked'],
      ...['resident_memory_limit_bytes', 'process_resident_memory_bytes', 'disk_space_available_bytes'],
      ...['disk_space_available_limit_bytes', 'process_max_fds', 'process_open_fds'],
    ]) {
      expect([name, seriesOf(`rabbitmq_${name}`).length]).toEqual([name, 1]);
    }
    const labels = (name: string): string[] =>
      seriesOf(`rabbitmq_global_${name}`).map((line) => line.slice(line.indexOf('{'), line.indexOf('}') + 1));
    for (const name of [
      ...['publishers', 'consumers', 'messages_received_total', 'messages_received_confirm_total'],
      ...['messages_confirmed_total', 'messages_routed_total'],
      ...['messages_unroutable_dropped_total', 'messages_unroutable_returned_total'],
    ]) {
      expect([name, labels(name)]).toEqual([name, ['{protocol="amqp091"}']]);
    }
    const byType = ['classic', 'quorum', 'stream'].map(
      (type) => `{protocol="amqp091",queue_type="rabbit_${type}_queue"}`,
    );
    for (const name of [
      ...['delivered_total', 'delivered_consume_auto_ack_total', 'delivered_consume_manual_ack_total'],
      ...['delivered_get_auto_ack_total', 'delivered_get_manual_ack_total', 'get_empty_total'],
      ...['redelivered_total', 'acknowledged_total'],
    ]) {
      expect([name, labels(`messages_${name}`).toSorted()]).toEqual([name, byType]);
    }
    const bounds = seriesOf('rabbitmq_message_size_bytes_bucket').map((line) => /le="([^"]+)"/.exec(line)?.[1]);
    expect(bounds).toEqual(['100.0', '1000.0', '10000.0', '100000.0', '1e+06', '1e+07', '5e+07', '1e+08', '+Inf']);
    for (const page of ['/metrics/per-object', '/metrics/detailed?family=queue_metrics']) {
      const found = (await scrape(page)).filter((line) => line.startsWith('rabbitmq_identity_info{'));
      expect([page, found.length]).toEqual([page, 1]);
    }
  });

  test('51: an import leaves alone what differs; an export has no exclusive queues and nothing of amq.; hashes of passwords are kept', async ({
    ask,
    wire,
    named,
  }) => {
    const [queue, exchange] = [named('q'), named('e')];
    const channel = await wire.openChannel();
    await channel.call('queue.declare', { queue: `${queue}-own`, exclusive: true });
    await ask('PUT', `/queues/%2F/${queue}`, { arguments: { 'x-max-length': 5 } });
    await ask('PUT', `/exchanges/%2F/${exchange}`, { type: 'direct' });
    const { passwordHash, hashingAlgorithm } = hashPassword('secret');
    const user = { name: 'imported', password_hash: passwordHash, hashing_algorithm: hashingAlgorithm };
    const other = { vhost: '/', durable: true, auto_delete: false };
    const document = {
      users: [{ ...user, tags: ['management'] }],
      queues: [
        { ...other, name: queue, arguments: { 'x-max-length': 9 } },
        { ...other, name: `${queue}-new`, arguments: {} },
      ],
      exchanges: [{ ...other, name: exchange, type: 'fanout', internal: false, arguments: {} }],
    };
    expect((await ask('POST', '/definitions', document)).status).toBe(204);
    expect((await ask('GET', `/queues/%2F/${queue}`)).body.arguments['x-max-length']).toBe(5);
    expect((await ask('GET', `/exchanges/%2F/${exchange}`)).body.type).toBe('direct');
    const { body } = await ask('GET', '/definitions');
    const names = (of: { name: string }[]): string[] => of.map(({ name }) => name);
    expect(names(body.queues)).toEqual(expect.arrayContaining([queue, `${queue}-new`]));
    expect(names(body.queues)).not.toContain(`${queue}-own`);
    expect(names(body.exchanges).filter((name) => name === '' || name.startsWith('amq.'))).toEqual([]);
    expect(body.users.find(({ name }: { name: string }) => name === 'imported')).toMatchObject(user);
    expect((await ask('GET', '/whoami', undefined, 'imported:secret')).status).toBe(200);
    expect((await ask('DELETE', '/users/imported')).status).toBe(204);
    expect((await ask('POST', '/definitions', { users: body.users })).status).toBe(204);
    expect((await ask('GET', '/whoami', undefined, 'imported:secret')).status).toBe(200);
    await ask('DELETE', '/users/imported');
    await ask('DELETE', `/queues/%2F/${queue}-new`);
  });

  test('52: a policy with one key that a queue’s type does not support applies to none of that type', async ({
    ask,
    named,
  }) => {
    const stem = named('policy');
    const types = ['classic', 'quorum', 'stream'];
    for (const type of types) {
      await ask('PUT', `/queues/%2F/${stem}.${type}`, { durable: true, arguments: { 'x-queue-type': type } });
    }
    const applied = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const type of types) {
        const { body } = await ask('GET', `/queues/%2F/${stem}.${type}`);
        if (body.policy === stem) found.push(type);
        else expect(body.effective_policy_definition ?? {}).toEqual({});
      }
      return found;
    };
    const put = (definition: object, applyTo = 'queues') =>
      ask('PUT', `/policies/%2F/${stem}`, { pattern: `^${stem}`, definition, 'apply-to': applyTo });
    await put({ 'max-length-bytes': 1000 });
    expect(await applied()).toEqual(types);
    await put({ 'max-length-bytes': 1000, 'max-length': 10 });
    expect(await applied()).toEqual(['classic', 'quorum']);
    await put({ 'max-length': 10, 'delivery-limit': 3 });
    expect(await applied()).toEqual(['quorum']);
    await put({ 'max-length': 10, 'max-age': '1h' });
    expect(await applied()).toEqual([]);
    await put({ 'max-length-bytes': 1000, 'max-age': '1h' }, 'all');
    expect(await applied()).toEqual(['stream']);
    await ask('DELETE', `/policies/%2F/${stem}`);
    for (const type of types) await ask('DELETE', `/queues/%2F/${stem}.${type}`);
  });
});
