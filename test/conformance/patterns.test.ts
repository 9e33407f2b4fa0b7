/** Patterns of one user on names of another: whatever both are, nobody else notices. */
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askApi } from './api-client.ts';
import { startBroker, type TestBroker } from './broker.ts';
import { within } from './patience.ts';

/** Holds an engine that goes back over a name for longer than anybody waits. */
const PATTERN = '^(a+)+$';
const NAME = `${'a'.repeat(36)}!`;

let broker: TestBroker;
const ask = (method: string, path: string, body?: unknown) =>
  within(askApi(broker, method, path, body), `an answer to ${method} ${path}`, 10_000);
const find = async (pattern: string): Promise<{ status: number; names: string[] | undefined; reason: string }> => {
  const query = `page=1&use_regex=true&name=${encodeURIComponent(pattern)}`;
  const { status, body } = await ask('GET', `/queues/%2F?${query}`);
  return { status, names: body.items?.map((queue: { name: string }) => queue.name), reason: body.reason };
};

beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.stop());

describe('a pattern and a name that are made for each other hold up nobody', () => {
  test('as a policy and a queue', async () => {
    await ask('PUT', `/queues/%2F/${NAME}`);
    expect((await ask('PUT', '/policies/%2F/hurts', { pattern: PATTERN, definition: { expires: 9e6 } })).status).toBe(
      201,
    );
    expect((await ask('GET', `/queues/%2F/${NAME}`)).body.policy ?? null).toBeNull();
    expect((await ask('DELETE', '/policies/%2F/hurts')).status).toBe(204);
  });

  test('as a filter of a list', async () => {
    expect(await find('(a*)*b')).toEqual({ status: 200, names: [], reason: undefined });
  });

  test('as a topic permission and a routing key', async () => {
    await ask('PUT', '/users/hurt', { password: 'p', tags: '' });
    await ask('PUT', '/permissions/%2F/hurt', { configure: '.*', write: '.*', read: '.*' });
    const topic = { exchange: 'amq.topic', write: PATTERN, read: '.*' };
    expect((await ask('PUT', '/topic-permissions/%2F/hurt', topic)).status).toBe(201);
    const connection = await connect(`amqp://hurt:p@${broker.host}:${broker.port}`);
    const channel = await connection.createConfirmChannel();
    const closed = new Promise<Error>((resolve) => channel.once('error', resolve));
    channel.publish('amq.topic', 'aaaa', Buffer.from('x'));
    await within(channel.waitForConfirms(), 'a confirm');
    channel.publish('amq.topic', NAME, Buffer.from('x'));
    expect((await within(closed, 'the end of the channel')).message).toMatch(/write access to topic/);
    await connection.close();
  });
});

test('a filter of a list reads patterns as policies do, and refuses one that cannot be used instead of finding nothing', async () => {
  for (const name of ['Orders.eu', 'orders', 'payments']) await ask('PUT', `/queues/%2F/${name}`);
  expect((await find('\\Aorders')).names).toEqual(['Orders.eu', 'orders']);
  expect((await find('^[^[:punct:]]+\\z')).names).toEqual(['orders', 'payments']);
  expect((await find('^(?!a|orders)')).names).toEqual(['payments']);
  expect((await find('^pay(?>ments)$')).names).toEqual(['payments']);
  expect(await find('(a)\\1')).toEqual({
    ...{ status: 400, names: undefined },
    reason: '{invalid_regex,{"back-references are not supported",4}}',
  });
});

test('what cannot be used is refused where it is set, with the reason', async () => {
  const pattern = '(a)\\1';
  const because = 'back-references are not supported';
  const invalid = `Validation failed\n\npattern should be regular expression but is invalid: {"${because}",4}\n`;
  const permissions = { configure: '.*', write: pattern, read: '.*' };
  const wishes = { pattern, definition: { expires: 1000 } };
  const refusals: [path: string, body: object, reason: string][] = [
    ['/policies/%2F/p', wishes, invalid],
    ['/operator-policies/%2F/p', wishes, invalid],
    ['/parameters/operator_policy/%2F/p', { value: wishes }, invalid],
    ['/permissions/%2F/guest', permissions, `invalid_regexp ${pattern}: ${because} at byte 4`],
    [
      '/topic-permissions/%2F/guest',
      { exchange: 'e', ...permissions },
      `invalid_regexp ${pattern}: ${because} at byte 4`,
    ],
  ];
  for (const [path, body, reason] of refusals) {
    const { status, body: refusal } = await ask('PUT', path, body);
    expect([path, status, refusal]).toEqual([path, 400, { error: 'bad_request', reason }]);
  }
  const policies = [{ vhost: '/', name: 'p', ...wishes }];
  const { status, body } = await ask('POST', '/definitions', { policies });
  expect([status, body.reason]).toEqual([400, expect.stringContaining(`policies[0] 'p'`)]);
  expect(body.reason).toContain(because);
  expect((await ask('GET', '/policies')).body).toEqual([]);
});
