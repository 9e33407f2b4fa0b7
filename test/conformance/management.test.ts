/** The management API, asked as tools ask it. */
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.stop());

const ask = (method: string, path: string, body?: unknown, user?: string): Promise<Answer> =>
  askApi(broker, method, path, body, user);

describe('who may', () => {
  test('nobody without a password: 401 with the realm and no body', async () => {
    const { status, headers, body } = await ask('GET', '/overview', undefined, '');
    expect([status, headers.get('www-authenticate'), body]).toEqual([
      401,
      'Basic realm="RabbitMQ Management"',
      undefined,
    ]);
  });

  test('a wrong password is not_authorized, a missing tag not_authorised', async () => {
    expect((await ask('GET', '/overview', undefined, 'guest:wrong')).body.error).toBe('not_authorized');
    await ask('PUT', '/users/untagged', { password: 'p', tags: '' });
    const refused = await ask('GET', '/overview', undefined, 'untagged:p');
    expect([refused.status, refused.body]).toEqual([401, { error: 'not_authorised', reason: 'Not management user' }]);
  });

  test('a page of another site changes nothing, whatever the browser remembers', async () => {
    const response = await fetch(`http://127.0.0.1:${broker.consolePort}/api/queues/%2F/foreign`, {
      method: 'PUT',
      headers: { authorization: `Basic ${btoa('guest:guest')}`, origin: 'http://elsewhere.example' },
    });
    expect(response.status).toBe(403);
    expect((await ask('GET', '/queues/%2F/foreign')).status).toBe(404);
  });
});

describe('queues, exchanges and bindings', () => {
  test('PUT makes (201), finds (204) and refuses what differs (400)', async () => {
    const path = '/queues/%2F/api.made';
    expect((await ask('PUT', path, { arguments: { 'x-max-length': 5 } })).status).toBe(201);
    expect((await ask('PUT', path, { durable: 'true', arguments: { 'x-max-length': 5 } })).status).toBe(204);
    expect((await ask('PUT', path, { arguments: { 'x-max-length': 6 } })).body).toEqual({
      error: 'bad_request',
      reason: "inequivalent arg 'x-max-length' for queue 'api.made' in vhost '/': received '6' but current is '5'",
    });
    expect((await ask('PUT', path, '{nope')).body.reason).toBe('not_json');
    const { body } = await ask('GET', path);
    expect(body).toMatchObject({ name: 'api.made', vhost: '/', durable: true, auto_delete: false, messages: 0 });
    expect(body.arguments).toEqual({ 'x-max-length': 5, 'x-queue-type': 'classic' });
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('DELETE', path)).status).toBe(404);
  });

  test('names may hold slashes, percent signs, dots and spaces', async () => {
    for (const name of ['a/b', '100%', '%2F', 'x.y z', 'ü~+']) {
      const path = `/queues/%2F/${encodeURIComponent(name)}`;
      expect((await ask('PUT', path)).status, name).toBe(201);
      expect((await ask('GET', path)).body.name).toBe(name);
      expect((await ask('DELETE', path)).status, name).toBe(204);
    }
  });

  test('a binding is found again by the location that was answered', async () => {
    await ask('PUT', '/queues/%2F/api.bound');
    for (const request of [{ routing_key: 'a.b/c~' }, {}, { routing_key: 'k', arguments: { x: 1 } }]) {
      const path = '/bindings/%2F/e/amq.topic/q/api.bound';
      const made = await ask('POST', path, request);
      expect(made.status).toBe(201);
      const key = String(made.headers.get('location')).split('/').at(-1);
      const found = await ask('GET', `${path}/${key}`);
      expect(found.body).toMatchObject({ source: 'amq.topic', destination: 'api.bound', properties_key: key });
      expect((await ask('DELETE', `${path}/${key}`)).status).toBe(204);
      expect((await ask('GET', `${path}/${key}`)).status).toBe(404);
    }
    expect((await ask('POST', '/bindings/%2F/e/amq.topic/q/none', {})).body.reason).toBe(
      "no queue 'none' in vhost '/'",
    );
    const all = await ask('GET', '/queues/%2F/api.bound/bindings');
    expect(all.body).toEqual([
      expect.objectContaining({ source: '', routing_key: 'api.bound', properties_key: 'api.bound' }),
    ]);
  });

  test('a list is filtered, sorted, paged and projected', async () => {
    for (let i = 0; i < 12; i++) await ask('PUT', `/queues/%2F/paged.${String(i).padStart(2, '0')}`);
    const query = 'page=2&page_size=5&name=paged&sort=name&sort_reverse=true&columns=name,arguments.x-queue-type';
    const { body } = await ask('GET', `/queues/%2F?${query}`);
    expect(body).toMatchObject({ page: 2, page_count: 3, page_size: 5, item_count: 5, filtered_count: 12 });
    expect(body.items[0]).toEqual({ name: 'paged.06', arguments: { 'x-queue-type': 'classic' } });
    const regex = await ask(
      'GET',
      '/queues/%2F?page=1&use_regex=true&pagination=false&name=^paged.0[12]$&page_size=100',
    );
    expect(regex.body.items.map((item: { name: string }) => item.name)).toEqual(['paged.01', 'paged.02']);
    for (const field of ['messages', 'messages_ready', 'messages_unacknowledged'])
      expect(regex.body.items[0][field]).toBe(0);
    expect((await ask('GET', '/queues?page=99')).body.error).toBe('page_out_of_range');
    expect((await ask('GET', '/queues?page=1&use_regex=true&name=(')).status).toBe(400);
  });
});

describe('messages', () => {
  test('publish routes or not; get leaves, requeues or takes', async () => {
    await ask('PUT', '/queues/%2F/api.messages');
    const publish = (exchange: string, more: object) =>
      ask('POST', `/exchanges/%2F/${exchange}/publish`, {
        ...{ routing_key: 'api.messages', properties: {}, payload: 'hello', payload_encoding: 'string' },
        ...more,
      });
    const properties = { content_type: 'text/plain', headers: { n: 1, list: ['a', true] }, timestamp: 1700000000 };
    expect((await publish('amq.default', { properties })).body).toEqual({ routed: true });
    expect((await publish('amq.default', { payload: '/w==', payload_encoding: 'base64' })).body).toEqual({
      routed: true,
    });
    expect((await publish('amq.topic', {})).body).toEqual({ routed: false });
    expect((await publish('none', {})).body.reason).toBe("404 NOT_FOUND - no exchange 'none' in vhost '/'");
    expect((await publish('amq.topic', { routing_key: 'k'.repeat(256) })).body.reason).toBe(
      'routing_key is longer than 255 bytes',
    );
    const get = (ackmode: string, more = {}) =>
      ask('POST', '/queues/%2F/api.messages/get', { count: 5, ackmode, encoding: 'auto', ...more });
    const first = await get('ack_requeue_true');
    expect(first.body).toEqual([
      {
        ...{ payload: 'hello', payload_encoding: 'string', payload_bytes: 5, redelivered: false, message_count: 1 },
        ...{ exchange: '', routing_key: 'api.messages', properties },
      },
      expect.objectContaining({ payload: '/w==', payload_encoding: 'base64', message_count: 0 }),
    ]);
    const second = await get('ack_requeue_false', { count: 1, truncate: 2 });
    expect(second.body[0]).toMatchObject({ payload: 'he', payload_bytes: 5, redelivered: true });
    expect((await ask('GET', '/queues/%2F/api.messages')).body.messages).toBe(1);
    expect((await ask('POST', '/queues/%2F/api.messages/get', { count: 1 })).body.reason).toBe(
      '[{key_missing,ackmode},{key_missing,encoding}]',
    );
    expect((await ask('DELETE', '/queues/%2F/api.messages/contents')).status).toBe(204);
    expect((await get('ack_requeue_false')).body).toEqual([]);
  });
});

describe('administration', () => {
  test('a policy is put, shown on its queue, and refused with the words of RabbitMQ', async () => {
    await ask('PUT', '/queues/%2F/api.policy');
    const path = '/policies/%2F/api-policy';
    const put = { pattern: '^api[.]policy$', definition: { 'max-length': 7 }, priority: '3', 'apply-to': 'queues' };
    expect((await ask('PUT', path, put)).status).toBe(201);
    expect((await ask('GET', path)).body).toEqual({ vhost: '/', name: 'api-policy', ...put, priority: 3 });
    const { body } = await ask('GET', '/queues/%2F/api.policy');
    expect([body.policy, body.effective_policy_definition]).toEqual(['api-policy', { 'max-length': 7 }]);
    const bad = await ask('PUT', path, { pattern: 'x', definition: { 'no-such': 1 } });
    expect(bad.body.reason).toContain('are not recognised policy settings');
    expect((await ask('PUT', path, {})).body.reason).toBe('[{key_missing,pattern},{key_missing,definition}]');
    expect((await ask('DELETE', path)).status).toBe(204);
  });

  test('what was exported can be imported', async () => {
    await ask('PUT', '/vhosts/moved', { description: 'to move', tags: 'a,b' });
    await ask('PUT', '/permissions/moved/guest', { configure: '.*', write: '.*', read: '.*' });
    await ask('PUT', '/queues/moved/q', { arguments: { 'x-message-ttl': 1000 } });
    await ask('POST', '/bindings/moved/e/amq.fanout/q/q', {});
    const { body } = await ask('GET', '/definitions/moved');
    expect((await ask('DELETE', '/vhosts/moved')).status).toBe(204);
    await ask('PUT', '/vhosts/moved');
    expect((await ask('POST', '/definitions/moved', body)).status).toBe(204);
    await ask('PUT', '/permissions/moved/guest', { configure: '.*', write: '.*', read: '.*' });
    expect((await ask('GET', '/queues/moved/q')).body.arguments['x-message-ttl']).toBe(1000);
    expect((await ask('GET', '/bindings/moved')).body).toHaveLength(2);
  });

  test('definitions may be uploaded as a browser does it', async () => {
    const form = new FormData();
    form.set('file', new File([JSON.stringify({ queues: [{ name: 'uploaded', vhost: '/' }] })], 'd.json'));
    const authorization = `Basic ${btoa('guest:guest')}`;
    const upload = (body: FormData) =>
      fetch(`http://127.0.0.1:${broker.consolePort}/api/definitions`, {
        method: 'POST',
        headers: { authorization },
        body,
      });
    expect((await upload(form)).status).toBe(204);
    expect((await ask('GET', '/queues/%2F/uploaded')).status).toBe(200);
    expect((await upload(new FormData())).status).toBe(400);
  });

  test('limits are listed only where there are any', async () => {
    await ask('PUT', '/vhosts/limited');
    expect((await ask('PUT', '/vhost-limits/limited/max-queues', { value: '3' })).status).toBe(204);
    expect((await ask('GET', '/vhost-limits')).body).toEqual([{ vhost: 'limited', value: { 'max-queues': 3 } }]);
    expect((await ask('DELETE', '/vhost-limits/limited/max-queues')).status).toBe(204);
    expect((await ask('GET', '/vhost-limits')).body).toEqual([]);
  });

  test('a protected vhost is not deleted', async () => {
    await ask('PUT', '/vhosts/kept', { protected_from_deletion: true });
    expect((await ask('DELETE', '/vhosts/kept')).status).toBe(412);
    await ask('DELETE', '/vhosts/kept/deletion/protection');
    expect((await ask('DELETE', '/vhosts/kept')).status).toBe(204);
  });
});

test('connections are listed with what clients say of themselves, and closed with the reason', async () => {
  const connection = await connect(broker.url, { clientProperties: { connection_name: 'api-test' } });
  const closed = new Promise<Error>((resolve) => connection.once('close', resolve));
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  await channel.assertQueue('api.consumed');
  await channel.consume('api.consumed', () => {});
  const { body } = await ask('GET', '/connections');
  const found = body.find((one: { user_provided_name?: string }) => one.user_provided_name === 'api-test');
  expect(found).toMatchObject({ user: 'guest', vhost: '/', protocol: 'AMQP 0-9-1', channels: 1, state: 'running' });
  const path = `/connections/${encodeURIComponent(found.name)}`;
  expect((await ask('GET', `${path}/channels`)).body).toHaveLength(1);
  expect((await ask('GET', '/queues/%2F/api.consumed')).body.consumer_details).toHaveLength(1);
  expect((await ask('DELETE', path)).status).toBe(204);
  expect(String(await closed)).toContain('CONNECTION_FORCED - Closed via management plugin');
  await expect.poll(async () => (await ask('GET', path)).status).toBe(404);
});

test('health checks say what is wrong with 503', async () => {
  expect((await ask('GET', '/health/checks/alarms')).body).toEqual({ status: 'ok' });
  expect((await ask('GET', '/aliveness-test/%2F')).body).toEqual({ status: 'ok' });
  expect((await ask('GET', `/health/checks/port-listener/${broker.port}`)).body.port).toBe(broker.port);
  const missing = await ask('GET', '/health/checks/port-listener/1');
  expect([missing.status, missing.body.reason, missing.body.missing]).toEqual([503, 'No active listener', 1]);
  expect((await ask('GET', '/health/checks/protocol-listener/amqp091')).status).toBe(200);
  expect((await ask('GET', '/health/checks/protocol-listener/mqtt')).status).toBe(503);
});

test('logins are counted by protocol, and can be counted anew', async () => {
  const node = (await ask('GET', '/overview')).body.node;
  const http = async () =>
    (await ask('GET', `/auth/attempts/${node}`)).body.find(({ protocol }: { protocol: string }) => protocol === 'http');
  await ask('GET', '/overview', undefined, 'guest:wrong');
  const before = await http();
  expect(before.auth_attempts).toBe(before.auth_attempts_failed + before.auth_attempts_succeeded);
  expect(before.auth_attempts_failed).toBeGreaterThan(0);
  expect((await ask('DELETE', `/auth/attempts/${node}`)).status).toBe(204);
  expect((await http()).auth_attempts_failed).toBe(0);
  expect((await ask('GET', '/auth/attempts/rabbit@elsewhere')).status).toBe(404);
  expect((await ask('DELETE', '/reset')).status).toBe(204);
  expect((await ask('GET', '/overview')).status).toBe(200);
});

test('a quorum queue has its one member here, and cannot lose it', async () => {
  const node = (await ask('GET', '/overview')).body.node;
  await ask('PUT', '/queues/%2F/quorum.q', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  expect((await ask('GET', '/queues/quorum/%2F/quorum.q/status')).body).toMatchObject([{ 'Node Name': node }]);
  expect((await ask('POST', '/queues/quorum/%2F/quorum.q/replicas/add', { node })).status).toBe(204);
  expect((await ask('POST', '/queues/quorum/%2F/quorum.q/replicas/add', { node: 'rabbit@elsewhere' })).status).toBe(
    400,
  );
  expect((await ask('DELETE', '/queues/quorum/%2F/quorum.q/replicas/delete', { node })).body.reason).toBe('last_node');
});
