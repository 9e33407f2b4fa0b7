/** RabbitMQ's own command-line client, every sub-command it has. Skipped where its script cannot be had. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './conformance/broker.ts';
import { eventually } from './conformance/patience.ts';

const [script] = globSync('/usr/lib/rabbitmq/lib/*/plugins/rabbitmq_management-*/priv/www/cli/rabbitmqadmin');
const python = ['/usr/bin/python3', 'python3'].find((name) => spawnSync(name, ['--version']).status === 0);
const isHere = script !== undefined && python !== undefined;

describe.skipIf(!isHere)(`rabbitmqadmin${isHere ? '' : ' (skipped: it comes with rabbitmq-server)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'warren-rabbitmqadmin-'));
  const used = new Set<string>();
  let broker: TestBroker;

  beforeAll(async () => {
    broker = await startBroker();
  });
  afterAll(async () => {
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(args: string[], options: { user?: string; input?: string } = {}) {
    const [user = 'guest', password = 'guest'] = options.user?.split(':') ?? [];
    const login = ['-H', '127.0.0.1', '-P', String(broker.consolePort), '-u', user, '-p', password];
    const { status, stdout, stderr } = spawnSync(python as string, [script as string, ...login, ...args], {
      encoding: 'utf8',
      input: options.input ?? '',
      timeout: 20_000,
    });
    const words = args.filter((arg) => /^[a-z_]+$/.test(arg));
    used.add(words[0] ?? '');
    used.add(words.slice(0, 2).join(' '));
    return { status, text: stdout.trim(), error: (stderr + stdout).trim() };
  }

  /** Runs rabbitmqadmin; returns what it says when all is well. */
  function admin(...args: string[]): string {
    const { status, text, error } = run(args);
    expect(status, `${args.join(' ')}: ${error}`).toBe(0);
    return text;
  }

  function list(what: string, ...columns: string[]): Record<string, unknown>[] {
    const { status, text, error } = run(['list', what, ...columns, '-f', 'raw_json']);
    expect(status, error).toBe(0);
    return JSON.parse(text);
  }

  const names = (what: string): unknown[] => list(what, 'name').map(({ name }) => name);

  test('shows the overview and the node', () => {
    expect(admin('show', 'overview')).toContain('rabbitmq_version');
    expect(list('nodes')[0]).toMatchObject({ running: true });
  });

  test('declares, lists and deletes queues, exchanges and bindings', () => {
    const args = '{"x-max-length":100,"x-message-ttl":600000}';
    expect(admin('declare', 'queue', 'name=a.q', 'durable=true', `arguments=${args}`)).toBe('queue declared');
    expect(list('queues', 'name', 'durable', 'arguments')).toContainEqual({
      name: 'a.q',
      durable: true,
      arguments: { 'x-max-length': 100, 'x-message-ttl': 600_000, 'x-queue-type': 'classic' },
    });
    expect(admin('declare', 'exchange', 'name=a.x', 'type=topic')).toBe('exchange declared');
    expect(names('exchanges')).toEqual(expect.arrayContaining(['a.x', 'amq.topic', 'amq.match', '']));
    const binding = ['source=a.x', 'destination=a.q', 'routing_key=k.#'];
    expect(admin('declare', 'binding', ...binding)).toBe('binding declared');
    const [bound] = list('bindings').filter(({ source }) => source === 'a.x');
    expect(bound).toMatchObject({ destination: 'a.q', routing_key: 'k.#' });
    const properties = `properties_key=${bound?.properties_key}`;
    const where = ['source=a.x', 'destination_type=queue', 'destination=a.q'];
    expect(admin('delete', 'binding', ...where, properties)).toBe('binding deleted');
    expect(list('bindings').some(({ source }) => source === 'a.x')).toBe(false);
    expect(admin('delete', 'exchange', 'name=a.x')).toBe('exchange deleted');
    expect(admin('delete', 'queue', 'name=a.q')).toBe('queue deleted');
    expect([names('queues').includes('a.q'), names('exchanges').includes('a.x')]).toEqual([false, false]);
  });

  test('publishes, gets and purges', () => {
    admin('declare', 'queue', 'name=m.q');
    expect(admin('publish', 'routing_key=m.q', 'payload=hello', 'properties={"headers":{"h":1}}')).toBe(
      'Message published',
    );
    expect(run(['publish', 'routing_key=m.q'], { input: 'from stdin' }).text).toBe('Message published');
    expect(admin('publish', 'exchange=amq.topic', 'routing_key=nowhere', 'payload=x')).toContain('NOT routed');
    const [first, second] = JSON.parse(admin('get', 'queue=m.q', 'count=2', '-f', 'raw_json'));
    expect([first.payload, first.properties.headers, second.payload]).toEqual(['hello', { h: 1 }, 'from stdin']);
    const file = join(folder, 'payload');
    admin('get', 'queue=m.q', 'ackmode=ack_requeue_false', `payload_file=${file}`);
    expect(readFileSync(file, 'utf8')).toBe('hello');
    expect(admin('purge', 'queue', 'name=m.q')).toBe('queue purged');
    expect(admin('get', 'queue=m.q')).toBe('No items');
  });

  test('makes vhosts, users and permissions, and they hold', () => {
    expect(admin('declare', 'vhost', 'name=v')).toBe('vhost declared');
    expect(admin('declare', 'user', 'name=u', 'password=pw', 'tags=management')).toBe('user declared');
    const all = ['configure=.*', 'write=.*', 'read=.*'];
    expect(admin('declare', 'permission', 'vhost=v', 'user=u', ...all)).toBe('permission declared');
    expect(list('permissions')).toContainEqual({ user: 'u', vhost: 'v', configure: '.*', write: '.*', read: '.*' });
    expect([names('vhosts'), names('users')]).toEqual([
      expect.arrayContaining(['/', 'v']),
      expect.arrayContaining(['guest', 'u']),
    ]);
    expect(run(['-V', 'v', 'declare', 'queue', 'name=theirs'], { user: 'u:pw' }).status).toBe(0);
    expect(run(['declare', 'queue', 'name=not-theirs'], { user: 'u:pw' }).status).not.toBe(0);
    expect(admin('declare', 'vhost_limit', 'vhost=v', 'name=max-queues', 'value=1')).toBe('vhost_limit declared');
    expect(list('vhost_limits')).toEqual([{ vhost: 'v', value: { 'max-queues': 1 } }]);
    expect(run(['-V', 'v', 'declare', 'queue', 'name=one-more'], { user: 'u:pw' }).error).toContain('limit');
    expect(admin('delete', 'vhost_limit', 'vhost=v', 'name=max-queues')).toBe('vhost_limit deleted');
    expect(admin('delete', 'permission', 'vhost=v', 'user=u')).toBe('permission deleted');
    expect(admin('delete', 'user', 'name=u')).toBe('user deleted');
    expect(admin('delete', 'vhost', 'name=v')).toBe('vhost deleted');
  });

  test('sets policies, and operator policies', () => {
    admin('declare', 'queue', 'name=p.q');
    const about = ['pattern=^p', 'definition={"max-length":7}', 'priority=1', 'apply-to=queues'];
    expect(admin('declare', 'policy', 'name=p', ...about)).toBe('policy declared');
    expect(list('policies')).toMatchObject([{ name: 'p', definition: { 'max-length': 7 }, priority: 1 }]);
    expect(admin('declare', 'operator_policy', 'name=o', ...about)).toBe('operator_policy declared');
    expect(names('operator_policies')).toEqual(['o']);
    const queue = list('queues', 'name', 'policy', 'operator_policy').find(({ name }) => name === 'p.q');
    expect(queue).toEqual({ name: 'p.q', policy: 'p', operator_policy: 'o' });
    expect(admin('delete', 'policy', 'name=p')).toBe('policy deleted');
    expect(admin('delete', 'operator_policy', 'name=o')).toBe('operator_policy deleted');
    expect([names('policies'), names('operator_policies')]).toEqual([[], []]);
  });

  test('a parameter of a component that is not here is refused with its name', () => {
    const refused = run(['declare', 'parameter', 'component=shovel', 'name=s', 'value={}']);
    expect([refused.status !== 0, refused.error]).toEqual([true, expect.stringContaining('shovel')]);
    expect(run(['delete', 'parameter', 'component=shovel', 'name=s']).status).not.toBe(0);
    expect(list('parameters')).toEqual([]);
  });

  test('lists connections, channels and consumers, and closes a connection', async () => {
    const connection: ChannelModel = await connect(broker.url, { clientProperties: { connection_name: 'mine' } });
    const closed = new Promise<Error>((resolve) => connection.on('close', resolve));
    const channel = await connection.createChannel();
    await channel.assertQueue('c.q');
    await channel.consume('c.q', () => {});
    const [row] = await eventually(
      () => list('connections', 'name', 'user_provided_name'),
      (rows) => rows.length > 0,
    );
    expect(row?.user_provided_name).toBe('mine');
    expect([list('channels').length, list('consumers').length]).toEqual([1, 1]);
    expect(admin('close', 'connection', `name=${row?.name}`)).toBe('connection closed');
    expect(String(await closed)).toContain('320');
  });

  test('exports what can be imported again', () => {
    const file = join(folder, 'definitions.json');
    admin('declare', 'queue', 'name=e.q');
    admin('export', file);
    expect(JSON.parse(readFileSync(file, 'utf8')).queues).toContainEqual(expect.objectContaining({ name: 'e.q' }));
    admin('delete', 'queue', 'name=e.q');
    admin('import', file);
    expect(names('queues')).toContain('e.q');
  });

  test.each(['table', 'long', 'kvp', 'tsv', 'pretty_json'])('prints %s', (format) => {
    expect(admin('-f', format, 'list', 'vhosts', 'name')).toContain('/');
  });

  test('says what was wrong', () => {
    expect(run(['delete', 'queue', 'name=missing']).error).toContain('Not found');
    expect(run(['list', 'queues'], { user: 'guest:wrong' }).error).toContain('Access refused');
  });

  test('no sub-command was left out', () => {
    const help = spawnSync(python as string, [script as string, 'help', 'subcommands'], { encoding: 'utf8' }).stdout;
    const known = [
      ...help.matchAll(/^ {2}((?:list|show|declare|delete|close|purge) \w+|export|import|publish|get)\b/gm),
    ];
    expect(known.length).toBeGreaterThan(30);
    expect(known.map(([, command]) => command).filter((command) => !used.has(command as string))).toEqual([]);
  });
});
