/**
 * What every engine keeps to, whichever broker is behind it. An adapter's test calls `engineContract` with a way to start one
 * that is empty. What not every broker can promise is a capability: its tests are skipped where the capability says so, with
 * the capability's own reason.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../lib/engine/actor.ts';
import type { Capabilities, CapabilityName } from '../../lib/engine/capabilities.ts';
import { engineErrorCode } from '../../lib/engine/errors.ts';
import type { PeekedMessage } from '../../lib/engine/messages.ts';
import type { ObjectChange } from '../../lib/engine/object-change.ts';
import type { Engine } from '../../lib/engine/port.ts';
import type { TypedTable } from '../../lib/fields/typed-field.ts';

export interface EngineAdapter {
  capabilities: Capabilities;
  /** With the user guest, an administrator who may do everything in the vhost `/`, and nothing else. */
  start(): Promise<{ engine: Engine; stop(): Promise<void> }>;
}

const guest: Actor = { user: 'guest' };
/** A broker that is asked now and then shows what happened within this time. */
const PATIENCE = { timeout: 15_000, interval: 50 };

let engine: Engine;
let stop: () => Promise<void>;
let named = 0;

const name = (kind: string): string => `${kind}-${++named}`;

async function queue(args: Parameters<Engine['declareQueue']>[1]['arguments'] = []): Promise<string> {
  const declaration = { vhost: '/', name: name('queue'), durable: true, autoDelete: false, arguments: args };
  return (await engine.declareQueue(guest, declaration)).name;
}

async function exchange(type: string): Promise<string> {
  const declared = { vhost: '/', name: name('exchange'), type, durable: true, autoDelete: false, internal: false };
  await engine.declareExchange(guest, { ...declared, arguments: [] });
  return declared.name;
}

function publish(routingKey: string, body = 'body', more: Partial<Parameters<Engine['publish']>[1]> = {}) {
  const properties = { deliveryMode: 2 };
  const encoded = Buffer.from(body).toString('base64');
  return engine.publish(guest, { vhost: '/', exchange: '', routingKey, properties, body: encoded, ...more });
}

async function peek(of: string, more: Partial<Parameters<Engine['peek']>[1]> = {}): Promise<PeekedMessage[]> {
  return (await engine.peek(guest, { vhost: '/', queue: of, limit: 100, bodyBytesMax: 1000, ...more })).messages;
}

const textOf = ({ body }: PeekedMessage): string => Buffer.from(body, 'base64').toString();
const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'done', engineErrorCode);

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
    beforeAll(async () => {
      ({ engine, stop } = await adapter.start());
    }, 60_000);
    afterAll(() => stop(), 60_000);
    describe('capabilities and health', () => capabilityContract(capabilities));
    describe('queues', queueContract);
    describe('paused queues', () => pauseContract(testWhere));
    describe('exchanges and bindings', topologyContract);
    describe('messages', () => messageContract(testWhere));
    describe('moves', () => moveContract(testWhere));
    describe('lists', listContract);
    describe('who may', permissionContract);
    describe('administration', administrationContract);
    describe('what happens', () => eventContract(testWhere));
  });
}

type TestWhere = <N extends CapabilityName>(
  capability: N,
  kinds: readonly Capabilities[N]['kind'][],
  rule: string,
  run: () => Promise<void>,
) => void;

function capabilityContract(capabilities: Capabilities): void {
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

function topologyContract(): void {
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

  test('what would be routed is what is routed', async () => {
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

function messageContract(testWhere: TestWhere): void {
  const browsing = ['harmless', 'redelivers'] as const;

  testWhere('browse', browsing, 'what was published is shown in its order, with types and bytes as sent', async () => {
    const of = await queue();
    const headers: TypedTable = [
      { name: 'big', field: { type: 'l', value: '9007199254740993' } },
      { name: 'whole', field: { type: 'd', value: 5 } },
      { name: 'text', field: { type: 'S', value: 'ü' } },
    ];
    const body = Buffer.from([0, 255, 128, 10]);
    await publish(of, '', { body: body.toString('base64'), properties: { headers, messageId: 'm1', priority: 3 } });
    await publish(of, 'second');
    await expect.poll(async () => (await peek(of)).length, PATIENCE).toBe(2);
    const [first, second] = await peek(of);
    expect(first?.properties).toMatchObject({ messageId: 'm1', priority: 3, headers });
    expect(Buffer.from(first?.body ?? '', 'base64')).toEqual(body);
    expect(second && textOf(second)).toBe('second');
  });

  testWhere('browse', ['harmless'], 'looking leaves messages as they were', async () => {
    const of = await queue();
    await publish(of);
    for (let i = 0; i < 3; i++) expect((await peek(of)).map(({ redelivered }) => redelivered)).toEqual([false]);
    expect(await engine.queue(guest, '/', of)).toMatchObject({ ready: 1, unacked: 0 });
  });

  testWhere('browse', browsing, 'a body is cut where it was asked for, and its size is told', async () => {
    const of = await queue();
    await publish(of, 'x'.repeat(10_000));
    const [message] = await peek(of, { bodyBytesMax: 5 });
    expect([message && textOf(message), message?.bodySize]).toEqual(['xxxxx', 10_000]);
  });

  testWhere('positions', ['lasting'], 'a position finds the same message, whatever came behind it', async () => {
    const of = await queue();
    for (const body of ['a', 'b', 'c']) await publish(of, body);
    const [, middle] = await peek(of);
    await publish(of, 'd');
    const found = await peek(of, { from: middle?.position ?? '', limit: 1 });
    expect(found.map(textOf)).toEqual(['b']);
  });

  testWhere('browse', browsing, 'to look into a queue that is not there is refused', async () => {
    expect(await codeOf(peek('nowhere'))).toBe('NOT_FOUND');
  });

  test('publishing to an exchange that is not there is refused', async () => {
    expect(await codeOf(publish('x', 'x', { exchange: 'nowhere' }))).toBe('NOT_FOUND');
  });
}

function moveContract(testWhere: TestWhere): void {
  const moving = ['exactly-once', 'confirmed-copy'] as const;
  const move = async (from: string, target: string, pushOut = false) => {
    const moves = (await peek(from)).map(({ position, properties }) => ({ position, properties, replayHeaded: false }));
    const to = { target, exchange: '', routingKey: target };
    return engine.move(
      guest,
      '/',
      from,
      moves.map((one) => ({ ...one, ...to })),
      { pushOut },
    );
  };

  testWhere('move', moving, 'messages leave their queue and enter the target with the same bodies', async () => {
    const [from, to] = [await queue(), await queue()];
    for (const body of ['a', 'b']) await publish(from, body);
    const result = await move(from, to);
    expect([result.moved.length, result.skipped]).toEqual([2, []]);
    expect([(await peek(from)).length, (await peek(to)).map(textOf)]).toEqual([0, ['a', 'b']]);
  });

  testWhere('move', moving, 'what the target does not take stays, and says why', async () => {
    const full = await queue([
      { name: 'x-max-length', field: { type: 'l', value: '1' } },
      { name: 'x-overflow', field: { type: 'S', value: 'reject-publish' } },
    ]);
    const from = await queue();
    for (const body of ['a', 'b', 'c']) await publish(from, body);
    const result = await move(from, full);
    expect([result.moved.length, result.skipped.length]).toEqual([1, 2]);
    for (const { reason } of result.skipped) expect(reason).toContain(full);
    expect((await peek(from)).map(textOf)).toEqual(['b', 'c']);
  });

  testWhere('move', moving, 'what would be met is told before, and nothing moves', async () => {
    const [from, to] = [await queue(), await queue()];
    await publish(from);
    const { refusal, targets } = await engine.checkMoves(guest, '/', from, [to, 'nowhere']);
    expect([refusal, targets.map(({ exists }) => exists)]).toEqual([null, [true, false]]);
    expect((await peek(from)).length).toBe(1);
  });
}

function listContract(): void {
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
  const stranger = { user: 'stranger' };

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
    expect(await codeOf(engine.listVhosts({ user: 'nobody' }))).toBe('ACCESS_REFUSED');
    expect(await codeOf(engine.queue({ user: '' }, '/', 'x'))).toBe('ACCESS_REFUSED');
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
  });

  test('samples come by themselves, each later than the one before', async () => {
    const moments: number[] = [];
    const end = engine.subscribe(({ atMs }) => void moments.push(atMs));
    await expect.poll(() => moments.length, PATIENCE).toBeGreaterThan(2);
    end();
    expect(moments).toEqual([...new Set(moments)].sort((one, other) => one - other));
  });

  test('a sample counts what is in the queues', async () => {
    const of = await queue();
    await publish(of);
    let ready = 0;
    const end = engine.subscribe(({ totals }) => {
      ready = totals.ready;
    });
    await expect.poll(() => ready, PATIENCE).toBeGreaterThan(0);
    end();
  });
}
