/** Shapes of the management API beside recordings of a RabbitMQ, where there are some: WARREN_RECORDINGS names their folder. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './broker.ts';

const folder = process.env.WARREN_RECORDINGS ?? '';
const isThere = folder !== '' && existsSync(join(folder, 'overview.json'));

type Shape = Record<string, unknown>;

/** Counts of the Erlang machine and of its garbage: there is none. */
const ERLANG = ['garbage_collection', 'reductions', 'reductions_details'];
/** Absent in ours until there is a first event, and in a RabbitMQ as well; a client may also give no name. */
const NOT_YET = ['message_stats', 'idle_since', 'user_provided_name'];

/** What of each answer is left out. A key that is neither here nor in the answer fails. */
const KNOWN: Record<string, string[]> = {
  // Support is told by a website of RabbitMQ's.
  overview: ['release_series_support_status'],
  'queue-classic': [
    ...ERLANG,
    ...NOT_YET,
    // How RabbitMQ keeps a queue in memory and on disk: the log of ours has no such parts.
    'backing_queue_status',
    'memory',
    'message_bytes_paged_out',
    'message_bytes_persistent',
    'message_bytes_ram',
    'messages_paged_out',
    'messages_persistent',
    'messages_ram',
    'messages_ready_ram',
    'messages_unacknowledged_ram',
    // Of mirrors, which are gone with RabbitMQ 4.
    'recoverable_slaves',
  ],
  // Who declared it is not kept.
  exchange: [...NOT_YET, 'user_who_performed_action'],
  connections: [...ERLANG, ...NOT_YET],
  channels: [...ERLANG, ...NOT_YET, 'pending_raft_commands'],
};
/** Figures of Erlang's disk, tables and distribution, of a node. */
const NODE_ONLY = /^(io|gc|mnesia|msg_store|queue_index|context|ra)_|^(db_dir|net_ticktime)$/;

let broker: TestBroker;
let connection: Awaited<ReturnType<typeof connect>>;
const guest = { authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}` };

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`http://127.0.0.1:${broker.consolePort}/api${path}`, {
    method,
    headers: guest,
    ...sent,
  });
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

const first = (value: unknown): Shape => (Array.isArray(value) ? value[0] : value) as Shape;
const recorded = (name: string): Shape =>
  first((JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { body: unknown }).body);
const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

beforeAll(async () => {
  if (!isThere) return;
  broker = await startBroker();
  connection = await connect(broker.url);
  const channel = await connection.createChannel();
  await channel.assertQueue('q');
  await channel.assertExchange('x', 'topic');
  await channel.bindQueue('q', 'x', 'k');
  await channel.consume('q', () => {});
  await ask('PUT', '/policies/%2F/p', { pattern: '^q$', definition: { 'max-length': 5 }, 'apply-to': 'queues' });
  await ask('PUT', '/vhost-limits/%2F/max-connections', { value: 100 });
  await ask('PUT', '/user-limits/guest/max-channels', { value: 50 });
});
afterAll(async () => {
  if (!isThere) return;
  await connection.close();
  await broker.stop();
});

describe.skipIf(!isThere)('what a RabbitMQ answered has the keys and types of ours', () => {
  test.each([
    ['overview', '/overview'],
    ['nodes', '/nodes'],
    ['whoami', '/whoami'],
    ['cluster-name', '/cluster-name'],
    ['queue-classic', '/queues/%2F/q'],
    ['exchange', '/exchanges/%2F/x'],
    ['bindings-e-q', '/bindings/%2F/e/x/q/q'],
    ['vhost', '/vhosts/%2F'],
    ['user', '/users/guest'],
    ['permission', '/permissions/%2F/guest'],
    ['policy', '/policies/%2F/p'],
    ['vhost-limits', '/vhost-limits'],
    ['user-limits', '/user-limits'],
    ['global-parameters', '/global-parameters'],
    ['connections', '/connections'],
    ['channels', '/channels'],
    ['consumers', '/consumers'],
    ['hc-alarms', '/health/checks/alarms'],
    ['definitions', '/definitions'],
  ])('%s', async (name, path) => {
    const [theirs, ours] = [recorded(name), first(await ask('GET', path))];
    const known = KNOWN[name] ?? [];
    const differences = Object.entries(theirs)
      .filter(([key]) => !known.includes(key) && !(name === 'nodes' && NODE_ONLY.test(key)))
      .flatMap(([key, value]) => {
        if (!Object.hasOwn(ours, key)) return [`${key} is missing`];
        const types = [typeOf(value), typeOf(ours[key])];
        return types[0] === types[1] || types.includes('null') ? [] : [`${key} is ${types[1]}, not ${types[0]}`];
      });
    expect(differences).toEqual([]);
    // What is no difference any more must not stay in the list.
    const stale = known.filter(
      (key) => !NOT_YET.includes(key) && (!Object.hasOwn(theirs, key) || Object.hasOwn(ours, key)),
    );
    expect(stale).toEqual([]);
  });
});
