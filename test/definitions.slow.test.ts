/**
 * Definitions between Warren and a real RabbitMQ: its file into Warren, Warren's into it, and back. The RabbitMQ is
 * started here, with folders, ports and a name of its own. Skipped where none is installed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { clusterDocument } from '../lib/definitions/definition-document.ts';
import { definitionsOfDocument } from '../lib/definitions/definition-file.ts';
import { isJsonObject, type JsonObject } from '../lib/json/json-value.ts';
import { readJson } from '../lib/json/read-json.ts';
import { writeJson } from '../lib/json/write-json.ts';
import { askApi } from './conformance/api-client.ts';
import { freePorts, startBroker, type TestBroker } from './conformance/broker.ts';

/** The program itself: the script in /usr/sbin would change the user. */
const [SERVER] = globSync('/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server');
const FIXTURE = join(import.meta.dirname, 'fixtures/rabbitmq-definitions.json');
const folder = mkdtempSync(join(tmpdir(), 'warren-definitions-'));

let warren: TestBroker | undefined;
afterAll(async () => {
  await warren?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a start', () => {
  test('imports the file that it is given, each time, and makes no other user when it has some', async () => {
    const file = join(folder, 'topology.yaml');
    writeFileSync(
      file,
      `
users: [{name: guest, password: guest, tags: [administrator]}]
permissions: [{user: guest, configure: ".*", write: ".*", read: ".*"}]
exchanges: [{name: orders, type: topic}]
queues: [{name: billing, arguments: {x-queue-type: quorum}}]
bindings: [{source: orders, destination: billing, routing_key: "order.*"}]
`,
    );
    warren = await startBroker({ WARREN_LOAD_DEFINITIONS: file, RABBITMQ_DEFAULT_USER: 'nobody' });
    expect((await warren.administrator?.listUsers())?.map(({ name }) => name)).toEqual(['guest']);
    const model = await connect(warren.url);
    const channel = await model.createConfirmChannel();
    channel.publish('orders', 'order.new', Buffer.from('x'));
    await channel.waitForConfirms();
    expect((await channel.checkQueue('billing')).messageCount).toBe(1);
    await model.close();
    await warren.stop();
    warren = undefined;
  });

  test('imports a file that a byte order mark stands before', async () => {
    const file = join(folder, 'marked.json');
    writeFileSync(
      file,
      '\ufeff{"queues":[{"vhost":"/","name":"marked","arguments":{"x-max-length":9007199254740993}}]}',
    );
    warren = await startBroker({ WARREN_LOAD_DEFINITIONS: file });
    const { queues } = (await warren.administrator?.exportDefinitions()) ?? { queues: [] };
    expect(queues).toMatchObject([
      { name: 'marked', arguments: [{ name: 'x-max-length', field: { type: 'l', value: '9007199254740993' } }, {}] },
    ]);
    await warren.stop();
    warren = undefined;
  });

  test('keeps what the file has with patterns that cannot be used, and says so where they are shown', async () => {
    const file = join(folder, 'patterns.json');
    const policy = { vhost: '/', name: 'p', pattern: '(a)\\1', definition: { 'max-length': 1 } };
    writeFileSync(file, JSON.stringify({ policies: [policy], queues: [{ vhost: '/', name: 'aa', durable: true }] }));
    warren = await startBroker({ WARREN_LOAD_DEFINITIONS: file });
    expect(await warren.administrator?.listPolicies('policy')).toEqual([
      expect.objectContaining({ ...policy, patternProblem: 'back-references are not supported at byte 4' }),
    ]);
    const { body } = await askApi(warren, 'GET', '/policies');
    expect(body).toEqual([
      {
        ...{ ...policy, 'apply-to': 'all', priority: 0 },
        pattern_problem: 'back-references are not supported at byte 4',
      },
    ]);
    expect((await askApi(warren, 'GET', '/queues/%2F/aa')).body.policy ?? null).toBeNull();
    await warren.stop();
    warren = undefined;
  });

  test.each([
    ['no file', undefined, /cannot be read: ENOENT/],
    ['no YAML', 'queues: [a', /are no YAML/],
    [
      'a field that cannot be',
      '{"queues": [{"vhost": "/", "name": "orders", "durable": 7}]}',
      /queues\[0\] 'orders': durable must be/,
    ],
    [
      'what the broker refuses',
      'queues: [{name: q, arguments: {x-message-ttl: -1}}]',
      /queues\[0\] 'q': invalid arg 'x-message-ttl'/,
    ],
  ])('with a file that cannot be ends with a clear line: %s', async (name, text, line) => {
    const file = join(folder, name);
    if (text !== undefined) writeFileSync(file, text);
    await expect(startBroker({ WARREN_LOAD_DEFINITIONS: file })).rejects.toThrow(line);
  });
});

describe.skipIf(SERVER === undefined)('between Warren and a real RabbitMQ', () => {
  let rabbit: ChildProcess;
  let api: string;
  let epmd: number;

  beforeAll(async () => {
    const [amqp, dist, names, management] = (await freePorts(4)) as [number, number, number, number];
    epmd = names;
    api = `http://127.0.0.1:${management}/api`;
    const home = join(folder, 'home');
    mkdirSync(home);
    writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n');
    writeFileSync(
      join(folder, 'rabbitmq.conf'),
      `management.tcp.port = ${management}\nmanagement.tcp.ip = 127.0.0.1\nlisteners.tcp.1 = 127.0.0.1:${amqp}\n`,
    );
    // A group of its own: the script starts the Erlang machine, which has to end too.
    rabbit = spawn(SERVER as string, [], {
      detached: true,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        HOME: home,
        RABBITMQ_NODENAME: `definitions${process.pid}@localhost`,
        RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
        RABBITMQ_NODE_PORT: String(amqp),
        RABBITMQ_DIST_PORT: String(dist),
        ERL_EPMD_PORT: String(epmd),
        ERL_EPMD_ADDRESS: '127.0.0.1',
        RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
        RABBITMQ_LOG_BASE: join(folder, 'log'),
        RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
        RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
        RABBITMQ_PID_FILE: join(folder, 'pid'),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      } as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv,
    });
    await vi.waitFor(
      async () => {
        if ((await call('GET', '/overview')).status !== 200) throw new Error('not yet');
      },
      { timeout: 110_000, interval: 1000 },
    );
    warren = await startBroker();
  }, 120_000);
  afterAll(async () => {
    if (!rabbit?.pid || rabbit.exitCode !== null) return;
    process.kill(-rabbit.pid, 'SIGTERM');
    await once(rabbit, 'exit');
    spawnSync('epmd', ['-port', String(epmd), '-kill']);
  }, 60_000);

  async function call(method: string, path: string, body?: object): Promise<{ status: number; body: string }> {
    const authorization = `Basic ${Buffer.from('guest:guest').toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(api + path, { method, headers, ...(body && { body: writeJson(body) }) });
    return { status: response.status, body: await response.text() };
  }
  const ofRabbit = async (): Promise<JsonObject> => readJson((await call('GET', '/definitions')).body) as JsonObject;
  const ofWarren = async (): Promise<JsonObject> => {
    const set = await warren?.administrator?.exportDefinitions();
    if (!set) throw new Error('there is no Warren');
    return clusterDocument(set, { compatibleWith: '4.2.9', version: '0', clusterName: 'warren' });
  };
  const intoWarren = (document: JsonObject): Promise<void> | undefined =>
    warren?.administrator?.importDefinitions(definitionsOfDocument(document));

  test('nothing is lost on the way from RabbitMQ to Warren, back, and to Warren again', async () => {
    const fixture = readJson(readFileSync(FIXTURE, 'utf8')) as JsonObject & { bindings: JsonObject[] };
    const numbers = readJson('{"five":5.0,"list":[5,0.1],"whole":9007199254740993}');
    fixture.bindings.push({
      ...{ source: 'amq.headers', vhost: '/', destination: 'rec.classic', destination_type: 'queue', routing_key: '' },
      arguments: numbers,
    });
    const loaded = await call('POST', '/definitions', fixture);
    expect([loaded.status, loaded.body]).toEqual([204, '']);
    const real = await ofRabbit();
    await intoWarren(real);
    const first = await ofWarren();
    expect(comparable(first)).toEqual(comparable(real));
    expect(writeJson(first)).toContain(writeJson(numbers).slice(1, -1));

    for (const vhost of ['rec-vhost', '%2F']) expect((await call('DELETE', `/vhosts/${vhost}`)).status).toBe(204);
    expect(((await ofRabbit()).queues as unknown[]).length).toBe(0);
    const back = await call('POST', '/definitions', first);
    expect([back.status, back.body]).toEqual([204, '']);
    const again = await ofRabbit();
    expect(comparable(again)).toEqual(comparable(real));
    await intoWarren(again);
    expect(comparable(await ofWarren())).toEqual(comparable(first));
  }, 60_000);
});

/** Lists in an order of their own, without what only some releases say: the type of a queue, what describes a vhost. */
function comparable(document: JsonObject): Record<string, string[]> {
  const lists = Object.entries(document).filter((entry): entry is [string, JsonObject[]] => Array.isArray(entry[1]));
  const without = (object: JsonObject, ...names: string[]): JsonObject =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
  const plain: Record<string, (entry: JsonObject) => JsonObject> = {
    vhosts: ({ name }) => ({ name: name ?? null }),
    queues: (entry) => ({
      ...without(entry, 'type'),
      arguments: without({ 'x-queue-type': 'classic', ...(entry.arguments as JsonObject) }),
    }),
  };
  return Object.fromEntries(
    lists.map(([list, entries]) => {
      const kept = entries.filter(({ name }) => name !== 'internal_cluster_id');
      return [list, kept.map((entry) => sortedText((plain[list] ?? ((same) => same))(entry))).sort()];
    }),
  );
}

/** JSON with the names in order. */
function sortedText(value: unknown): string {
  const sorted = (field: unknown): unknown => {
    if (Array.isArray(field)) return field.map(sorted);
    if (!isJsonObject(field)) return field;
    const entries = Object.entries(field).map(([name, inner]) => [name, sorted(inner)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return writeJson(sorted(value));
}
