/**
 * What every engine keeps to, whichever broker is behind it. An adapter's test calls `engineContract` with a way to start one
 * that is empty. What not every broker can promise is a capability: its tests are skipped where the capability says so, with
 * the capability's own reason.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STRANGER } from '../../lib/engine/actor.ts';
import type { Capabilities, CapabilityName } from '../../lib/engine/capabilities.ts';
import type { ObjectChange } from '../../lib/engine/object-change.ts';
import { QUEUE_COLUMNS, rowKey, type Sample } from '../../lib/engine/sample.ts';
import { apiUser } from '../lib/engine/api-user.ts';
import {
  codeOf,
  type EngineAdapter,
  engine,
  exchange,
  guest,
  listed,
  name,
  PATIENCE,
  peek,
  publish,
  queue,
  startEngine,
  stopEngine,
  type TestWhere,
} from './engine-under-test.ts';
import { messageContract, moveContract } from './message-contract.ts';

export function engineContract(title: string, adapter: EngineAdapter): void {
  const { capabilities } = adapter;
  /** A test of what the capability has to be; elsewhere it is skipped, and its name says why. */
  const testWhere = <N extends CapabilityName>(
    capability: N,
    kinds: readonly Capabilities[N]['kind'][],
    rule: string,
    run: () => Promise<void>,
  ): void => {
    const { kind, reason } = capabilities[capability];
    const isThere = kinds.includes(kind as never);
    test.skipIf(!isThere)(isThere ? rule : `${rule} (${capability} is ${kind}: ${reason})`, run);
  };

  describe(`${title} keeps the contract of the engine`, () => {
    beforeAll(() => startEngine(adapter), 60_000);
    afterAll(() => stopEngine(), 60_000);
    describe('capabilities and health', () => capabilityContract(capabilities, testWhere));
    describe('queues', queueContract);
    describe('paused queues', () => pauseContract(testWhere));
    describe('exchanges and bindings', () => topologyContract(testWhere));
    describe('messages', () => messageContract(testWhere));
    describe('moves', () => moveContract(testWhere));
    describe('lists', () => listContract(testWhere));
    describe('who may', permissionContract);
    describe('administration', administrationContract);
    describe('what happens', () => eventContract(testWhere));
  });
}

function capabilityContract(capabilities: Capabilities, testWhere: TestWhere): void {
  test('are told as they are', () => expect(engine.capabilities).toEqual(capabilities));

  const best: { [N in CapabilityName]: Capabilities[N]['kind'] } = {
    browse: 'harmless',
    positions: 'lasting',
    pause: 'stored',
    move: 'exactly-once',
    route: 'exact',
    rates: 'measured',
    samples: 'each-second',
    events: 'at-once',
    oldestAge: 'exact',
    deaths: 'recorded',
  };
  test.each(Object.keys(best) as CapabilityName[])('%s says why where it is not all that can be', (capability) => {
    const { kind, reason } = capabilities[capability];
    if (kind === best[capability]) expect(reason).toBeNull();
    else expect(reason).toMatch(/^[A-Z].+\.$/);
  });

  const to = (target: string) => [
    { ...{ position: '1:1', properties: {}, replayHeaded: false }, target, exchange: '', routingKey: target },
  ];
  const question = { vhost: '/', exchange: '', routingKey: 'x', properties: {} };
  test.each<[CapabilityName, string, (of: string) => Promise<unknown>]>([
    ['browse', 'peek', (of) => peek(of)],
    ['move', 'move', (of) => engine.move(guest, '/', of, to(of), { pushOut: false })],
    ['move', 'checkMoves', (of) => engine.checkMoves(guest, '/', of, [of])],
    ['route', 'route', () => engine.route(guest, question)],
  ])('%s decides whether %s is NOT_IMPLEMENTED', async (capability, _command, call) => {
    const code = await codeOf(call(await queue()));
    if (capabilities[capability].kind === 'none') expect(code).toBe('NOT_IMPLEMENTED');
    else expect(code).not.toBe('NOT_IMPLEMENTED');
  });

  testWhere('rates', ['none'], 'rows have no rates', async () => {
    const of = await queue();
    await publish(of);
    await expect.poll(() => listed(of), PATIENCE).toMatchObject({ name: of, ready: 1, rates: null });
  });

  testWhere('oldestAge', ['none'], 'the age of the oldest message is not told', async () => {
    const of = await queue();
    await publish(of);
    await expect.poll(() => engine.queue(guest, '/', of), PATIENCE).toMatchObject({ ready: 1, oldestReadyAtMs: null });
  });

  test('a broker that answers is reachable, and says of what moment its figures are', async () => {
    await expect.poll(() => engine.health().figuresAtMs, PATIENCE).toBeGreaterThan(0);
    const { reachable, sinceMs, reason, slow } = engine.health();
    expect({ reachable, reason, slow }).toEqual({ reachable: true, reason: null, slow: [] });
    expect(sinceMs).toBeGreaterThan(0);
  });
}

function queueContract(): void {
  const declaration = (of: string) => ({ vhost: '/', name: of, durable: true, autoDelete: false, arguments: [] });

  test('a queue is declared once; the same again is no error, another one of that name is', async () => {
    const of = name('queue');
    expect(await engine.declareQueue(guest, declaration(of))).toEqual({ name: of, created: true });
    expect(await engine.declareQueue(guest, declaration(of))).toEqual({ name: of, created: false });
    expect(await codeOf(engine.declareQueue(guest, { ...declaration(of), durable: false }))).toBe(
      'PRECONDITION_FAILED',
    );
  });

  test('it is shown as it was declared, arguments with their types', async () => {
    const of = await queue([
      { name: 'x-max-length', field: { type: 'l', value: '9' } },
      { name: 'x-overflow', field: { type: 'S', value: 'reject-publish' } },
    ]);
    const shown = await engine.queue(guest, '/', of);
    expect(shown).toMatchObject({ vhost: '/', name: of, type: 'classic', durable: true, autoDelete: false, ready: 0 });
    expect(shown.arguments).toContainEqual({ name: 'x-max-length', field: { type: 'l', value: '9' } });
    expect(shown.arguments).toContainEqual({ name: 'x-overflow', field: { type: 'S', value: 'reject-publish' } });
  });

  test('it is purged and deleted with the number of messages that went', async () => {
    const of = await queue();
    for (let i = 0; i < 3; i++) await publish(of);
    await expect.poll(async () => (await engine.queue(guest, '/', of)).ready, PATIENCE).toBe(3);
    expect(await engine.purgeQueue(guest, '/', of)).toBe(3);
    for (let i = 0; i < 2; i++) await publish(of);
    await expect.poll(async () => (await engine.queue(guest, '/', of)).ready, PATIENCE).toBe(2);
    const onlyIfEmpty = engine.deleteQueue(guest, '/', of, { unused: false, empty: true });
    expect(await codeOf(onlyIfEmpty)).toBe('PRECONDITION_FAILED');
    expect(await engine.deleteQueue(guest, '/', of, { unused: false, empty: false })).toBe(2);
    expect(await codeOf(engine.queue(guest, '/', of))).toBe('NOT_FOUND');
  });

  test('one that is not there is not deleted', async () => {
    const deleted = engine.deleteQueue(guest, '/', 'nowhere', { unused: false, empty: false });
    expect(await codeOf(deleted)).toBe('NOT_FOUND');
    expect(await codeOf(engine.deleteExchange(guest, '/', 'nowhere', { unused: false }))).toBe('NOT_FOUND');
  });

  test.each(['queue', 'purgeQueue'] as const)('%s of one that is not there is refused as such', async (command) => {
    expect(await codeOf(engine[command](guest, '/', 'nowhere'))).toBe('NOT_FOUND');
  });
}

function pauseContract(testWhere: TestWhere): void {
  testWhere(
    'pause',
    ['stored'],
    'a paused queue says so, takes messages, and is resumed; twice is no error',
    async () => {
      const of = await queue();
      const isPaused = async () => (await engine.queue(guest, '/', of)).isPaused;
      expect(await isPaused()).toBe(false);
      for (const wanted of [true, true, false, false]) {
        await engine.pauseQueue(guest, '/', of, wanted);
        expect(await isPaused()).toBe(wanted);
      }
      await engine.pauseQueue(guest, '/', of, true);
      await publish(of);
      await expect.poll(async () => (await engine.queue(guest, '/', of)).ready, PATIENCE).toBe(1);
      await engine.deleteQueue(guest, '/', of, { unused: false, empty: false });
      expect(await codeOf(engine.pauseQueue(guest, '/', of, true))).toBe('NOT_FOUND');
    },
  );

  testWhere('pause', ['none'], 'no queue can be paused', async () => {
    expect(await codeOf(engine.pauseQueue(guest, '/', await queue(), true))).toBe('NOT_IMPLEMENTED');
  });
}

function topologyContract(testWhere: TestWhere): void {
  test('an exchange is declared, shown and deleted; one that all vhosts have is not', async () => {
    const of = await exchange('topic');
    expect(await engine.exchange(guest, '/', of)).toMatchObject({ name: of, type: 'topic', predeclared: false });
    await engine.deleteExchange(guest, '/', of, { unused: false });
    expect(await codeOf(engine.exchange(guest, '/', of))).toBe('NOT_FOUND');
    expect(await codeOf(engine.deleteExchange(guest, '/', 'amq.topic', { unused: false }))).toBe('ACCESS_REFUSED');
  });

  test('bindings are made, found by either end, filtered, cut, and taken away', async () => {
    const [source, destination] = [await exchange('direct'), await queue()];
    const binding = { vhost: '/', source, destinationType: 'queue' as const, destination, arguments: [] };
    for (const routingKey of ['red', 'green', 'blue']) await engine.bind(guest, { ...binding, routingKey });
    const from = await engine.bindings(guest, { vhost: '/', of: { source }, text: 're', limit: 1 });
    expect([from.total, from.matching, from.rows.length]).toEqual([3, 2, 1]);
    const to = await engine.bindings(guest, { vhost: '/', of: { destinationType: 'queue', destination } });
    expect(to.rows.map(({ routingKey }) => routingKey).sort()).toEqual(['blue', 'green', 'red']);
    await engine.unbind(guest, { ...binding, routingKey: 'green' });
    const left = await engine.bindings(guest, { vhost: '/', of: { source } });
    expect(left.rows.map(({ routingKey }) => routingKey).sort()).toEqual(['blue', 'red']);
  });

  testWhere('route', ['exact', 'from-bindings'], 'what would be routed is what is routed', async () => {
    const [source, destination] = [await exchange('topic'), await queue()];
    const binding = { vhost: '/', source, destinationType: 'queue' as const, destination, arguments: [] };
    await engine.bind(guest, { ...binding, routingKey: 'order.*' });
    const question = { vhost: '/', exchange: source, properties: {} };
    const answer = await engine.route(guest, { ...question, routingKey: 'order.paid' });
    expect(answer.queues).toEqual([{ name: destination, isCertain: true }]);
    expect((await engine.route(guest, { ...question, routingKey: 'bill.paid' })).queues).toEqual([]);
    const published = await publish('order.paid', 'x', { exchange: source });
    expect(published.routedTo).toEqual([destination]);
    expect((await publish('bill.paid', 'x', { exchange: source })).routedTo).toEqual([]);
  });
}

function listContract(testWhere: TestWhere): void {
  test('a page of queues is filtered, sorted and cut where the data is', async () => {
    const prefix = name('listed');
    for (const end of ['b', 'a', 'c', 'other']) {
      const of = end === 'other' ? name('queue') : `${prefix}-${end}`;
      await engine.declareQueue(guest, { vhost: '/', name: of, durable: true, autoDelete: false, arguments: [] });
    }
    const question = { vhost: '/', text: prefix.toUpperCase(), state: 'all' as const, sort: 'name' as const };
    const page = () => engine.lists.queues(guest, { ...question, descending: true, offset: 1, limit: 1 });
    await expect.poll(async () => (await page()).matching, PATIENCE).toBe(3);
    const { rows, total } = await page();
    expect(rows.map((row) => row.name)).toEqual([`${prefix}-b`]);
    expect(total).toBeGreaterThan(3);
  });

  test('queues are sorted by what is in them, and shown with it', async () => {
    const prefix = name('filled');
    for (const count of [1, 3, 2]) {
      const of = `${prefix}-${count}`;
      await engine.declareQueue(guest, { vhost: '/', name: of, durable: true, autoDelete: false, arguments: [] });
      for (let i = 0; i < count; i++) await publish(of);
    }
    const question = { vhost: '/', text: prefix, state: 'messages' as const, sort: 'ready' as const };
    const counts = async () => {
      const page = await engine.lists.queues(guest, { ...question, descending: true, offset: 0, limit: 10 });
      return page.rows.map(({ ready }) => ready);
    };
    await expect.poll(counts, PATIENCE).toEqual([3, 2, 1]);
  });

  testWhere(
    'rates',
    ['measured', 'reported'],
    'rows have rates of what goes on, and none once it has ended',
    async () => {
      const of = await queue();
      const rate = async () => (await listed(of))?.rates?.published ?? 0;
      const busy = async () => {
        await publish(of);
        return rate();
      };
      await expect.poll(busy, PATIENCE).toBeGreaterThan(0);
      await expect.poll(rate, PATIENCE).toBe(0);
    },
  );

  test('exchanges are listed; names alone are completed', async () => {
    const of = await exchange('fanout');
    const question = { vhost: '/', text: of, sort: 'name' as const, descending: false, offset: 0, limit: 5 };
    const rows = async () => (await engine.lists.exchanges(guest, { ...question, ownOnly: true })).rows;
    await expect.poll(async () => (await rows()).map((row) => row.name), PATIENCE).toEqual([of]);
    const other = await queue();
    const names = async () => (await engine.lists.queueNames(guest, { vhost: '/', text: other, limit: 5 })).rows;
    await expect.poll(names, PATIENCE).toEqual([other]);
  });
}

function permissionContract(): void {
  const stranger = apiUser('stranger');

  beforeAll(async () => {
    await engine.putUser(guest, { name: 'stranger', password: 'secret', tags: ['management'] });
  });

  test('a password lets in, another does not', async () => {
    expect(await engine.authenticate('stranger', 'secret', '203.0.113.9')).toMatchObject({ user: 'stranger' });
    expect(await engine.authenticate('stranger', 'wrong', '203.0.113.9')).toBeNull();
    expect(await engine.identity('stranger')).toEqual({ user: 'stranger', tags: ['management'], vhosts: [] });
    expect(await engine.identity('nobody')).toBeNull();
  });

  test('who may not enter a vhost sees and does nothing in it', async () => {
    const of = await queue();
    expect(await engine.listVhosts(stranger)).toEqual([]);
    const refused = ['ACCESS_REFUSED', 'NOT_ALLOWED'];
    expect(refused).toContain(await codeOf(engine.queue(stranger, '/', of)));
    expect(refused).toContain(await codeOf(engine.purgeQueue(stranger, '/', of)));
    const question = { text: '', state: 'all' as const, sort: 'name' as const, descending: false, offset: 0, limit: 5 };
    expect(await engine.lists.queues(stranger, question)).toEqual({ rows: [], total: 0, matching: 0 });
    expect(await codeOf(engine.lists.queues(stranger, { ...question, vhost: '/' }))).toBe('ACCESS_REFUSED');
  });

  test('a permission opens what it names, and taking it away closes it at once', async () => {
    const of = await queue();
    const permission = { user: 'stranger', vhost: '/', configure: '', write: '', read: '^queue-' };
    await engine.putPermission(guest, permission);
    expect(await engine.purgeQueue(stranger, '/', of)).toBe(0);
    expect(await codeOf(engine.deleteQueue(stranger, '/', of, { unused: false, empty: false }))).toBe('ACCESS_REFUSED');
    await engine.deletePermission(guest, '/', 'stranger');
    expect(['ACCESS_REFUSED', 'NOT_ALLOWED']).toContain(await codeOf(engine.purgeQueue(stranger, '/', of)));
  });

  test('who does not exist may nothing', async () => {
    expect(await codeOf(engine.listVhosts(apiUser('nobody')))).toBe('ACCESS_REFUSED');
    expect(await codeOf(engine.queue(STRANGER, '/', 'x'))).toBe('ACCESS_REFUSED');
  });
}

function administrationContract(): void {
  test('vhosts come and go, with what is in them', async () => {
    const vhost = name('vhost');
    expect(await engine.putVhost(guest, { name: vhost, description: 'for tests' })).toEqual({ created: true });
    expect(await engine.vhost(guest, vhost)).toMatchObject({ name: vhost, description: 'for tests' });
    expect(await engine.listVhosts(guest)).toContain(vhost);
    await engine.deleteVhost(guest, vhost);
    expect(await codeOf(engine.vhost(guest, vhost))).toBe('NOT_FOUND');
  });

  test('a policy is in effect on the queues that it matches', async () => {
    const of = await queue();
    const policy = { vhost: '/', name: name('policy'), pattern: `^${of}$`, applyTo: 'queues' as const, priority: 1 };
    await engine.putPolicy(guest, 'policy', { ...policy, definition: { 'max-length': 7 } });
    const shown = async () => (await engine.queue(guest, '/', of)).effectivePolicyDefinition;
    await expect.poll(shown, PATIENCE).toEqual({ 'max-length': 7 });
    await engine.deletePolicy(guest, 'policy', '/', policy.name);
    await expect.poll(shown, PATIENCE).toEqual({});
  });

  test('definitions that were exported make the same again', async () => {
    const vhost = name('vhost');
    await engine.putVhost(guest, { name: vhost });
    await engine.putPermission(guest, { user: 'guest', vhost, configure: '.*', write: '.*', read: '.*' });
    await engine.declareQueue(guest, { vhost, name: 'kept', durable: true, autoDelete: false, arguments: [] });
    const { queues } = await engine.exportDefinitions(guest, vhost);
    expect(queues.map((one) => one.name)).toEqual(['kept']);
    await engine.deleteQueue(guest, vhost, 'kept', { unused: false, empty: false });
    const nothing = { vhosts: [], users: [], permissions: [], topicPermissions: [], parameters: [], policies: [] };
    const entries = queues.map((value, i) => ({ at: `queues[${i}]`, value: { ...value, vhost } }));
    const rest = { globalParameters: [], exchanges: [], bindings: [] };
    await engine.importDefinitions(guest, { ...nothing, ...rest, queues: entries });
    expect(await engine.queue(guest, vhost, 'kept')).toMatchObject({ name: 'kept', durable: true });
    await engine.deleteVhost(guest, vhost);
  });

  test('who is connected can be asked', async () => {
    expect(await engine.listConnections(guest)).toEqual([]);
    expect(await codeOf(engine.closeConnection(guest, 'nobody', 'x'))).toBe('NOT_FOUND');
  });
}

function eventContract(testWhere: TestWhere): void {
  testWhere('events', ['at-once'], 'what came and went is told by name', async () => {
    const told: ObjectChange[] = [];
    const end = engine.watch((changes) => void told.push(...(changes ?? [])));
    const of = await queue();
    const about = { kind: 'queue', vhost: '/', name: of };
    await expect.poll(() => told, PATIENCE).toContainEqual(expect.objectContaining({ ...about, verb: 'created' }));
    await engine.deleteQueue(guest, '/', of, { unused: false, empty: false });
    await expect.poll(() => told, PATIENCE).toContainEqual(expect.objectContaining({ ...about, verb: 'deleted' }));
    end();
  });

  test('that something happened is told to whoever watches, and not after the watch has ended', async () => {
    let calls = 0;
    const end = engine.watch(() => void calls++);
    await queue();
    await expect.poll(() => calls, PATIENCE).toBeGreaterThan(0);
    end();
    const before = calls;
    let others = 0;
    const endOther = engine.watch(() => void others++);
    await queue();
    await expect.poll(() => others, PATIENCE).toBeGreaterThan(0);
    endOther();
    expect(calls).toBe(before);
  });

  test('samples come by themselves, each later than the one before', async () => {
    const moments: number[] = [];
    const end = engine.subscribe(({ atMs }) => void moments.push(atMs));
    await expect.poll(() => moments.length, PATIENCE).toBeGreaterThan(2);
    end();
    expect(moments).toEqual([...new Set(moments)].sort((one, other) => one - other));
  });

  test('a sample counts what is in each queue, and in all of them', async () => {
    const of = await queue();
    for (let i = 0; i < 3; i++) await publish(of);
    let latest: Sample | undefined;
    const end = engine.subscribe((sample) => {
      latest = sample;
    });
    const width = QUEUE_COLUMNS.length;
    const column = QUEUE_COLUMNS.indexOf('ready');
    const readyIn = ({ queues }: Sample, key: string) => queues.values[queues.keys.indexOf(key) * width + column];
    await expect.poll(() => latest && readyIn(latest, rowKey('/', of)), PATIENCE).toBe(3);
    const { queues, totals } = latest as Sample;
    expect(totals.ready).toBe(
      queues.keys.reduce((sum, _key, row) => sum + (queues.values[row * width + column] ?? 0), 0),
    );
    await engine.purgeQueue(guest, '/', of);
    await expect.poll(() => latest && readyIn(latest, rowKey('/', of)), PATIENCE).toBe(0);
    end();
  });
}
