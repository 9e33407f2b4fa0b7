import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FieldTable } from '../../../../lib/amqp/field-table.ts';
import { createCommands } from '../../../../lib/engine/embedded/commands.ts';
import type { MessageProperties } from '../../../../lib/engine/messages.ts';
import type { RouteAnswer } from '../../../../lib/engine/routing.ts';
import type { TypedTable } from '../../../../lib/fields/typed-field.ts';
import type { Listener } from '../../../../lib/server/listener.ts';
import { anyMessage, anyTopology } from '../../broker/any-topology.ts';
import { BrokerFixture, number, text } from '../../broker/broker-fixture.ts';
import { apiUser } from '../api-user.ts';

let fixture: BrokerFixture;
let commands: ReturnType<typeof createCommands>;
const guest = apiUser('guest');

beforeEach(async () => {
  fixture = await BrokerFixture.start();
  commands = commandsOf(fixture);
});

function commandsOf(of: BrokerFixture): ReturnType<typeof createCommands> {
  return createCommands(of.broker, { limits: { messageBytesMax: 1000 } } as Listener, {} as never);
}

const ask = (exchange: string, routingKey = '', properties: MessageProperties = {}, actor = guest) =>
  commands.route(actor, { vhost: '/', exchange, routingKey, properties });

const headers = (table: TypedTable): MessageProperties => ({ headers: table });
const S = (name: string, value: string): TypedTable[number] => ({ name, field: { type: 'S', value } });
const keys = (name: 'CC' | 'BCC', ...values: string[]): TypedTable[number] => ({
  name,
  field: { type: 'A', value: values.map((value) => ({ type: 'S', value })) },
});

/** An exchange with queues of these names, bound with these keys. */
function bound(type: string, bindings: [queue: string, key: string][], args: FieldTable = []): void {
  fixture.exchange('e', type, { arguments: args });
  for (const [queue, key] of bindings) {
    fixture.queue(queue);
    fixture.bind('e', queue, key);
  }
}

/** The ways out of the first exchange, as "queue key:taken". */
const ways = ({ exchanges }: RouteAnswer): string[] =>
  (exchanges[0]?.bindings ?? []).map(({ destination, routingKey, taken }) => `${destination} ${routingKey}:${taken}`);
const names = ({ queues }: RouteAnswer): string[] => queues.map(({ name }) => name);

describe('by which bindings', () => {
  test('direct: those with exactly the key, and for each of CC and BCC', async () => {
    bound('direct', [
      ['a', 'x'],
      ['a', 'y'],
      ['b', 'y'],
      ['c', 'z'],
      ['d', 'other'],
    ]);
    expect(ways(await ask('e', 'x'))).toEqual(['a x:yes']);
    const answer = await ask('e', 'x', headers([keys('CC', 'y'), keys('BCC', 'z')]));
    expect(ways(answer)).toEqual(['a x:yes', 'a y:yes', 'b y:yes', 'c z:yes']);
    expect(answer.exchanges[0]?.bindings.map(({ matched }) => matched)).toEqual([['x'], ['y'], ['y'], ['z']]);
    expect(answer).toMatchObject({ queueCount: 3, isCut: false, refusal: null });
  });

  test('fanout: all', async () => {
    bound('fanout', [
      ['a', 'x'],
      ['b', ''],
    ]);
    expect(ways(await ask('e', 'k'))).toEqual(['a x:yes', 'b :yes']);
  });

  test('topic: the patterns that match, two of one queue as well', async () => {
    bound('topic', [
      ['a', 'order.*'],
      ['a', '#'],
      ['b', '*.paid'],
      ['c', 'invoice.#'],
    ]);
    expect(ways(await ask('e', 'order.paid'))).toEqual(['a order.*:yes', 'a #:yes', 'b *.paid:yes']);
  });

  test('headers: those whose arguments hold', async () => {
    fixture.exchange('e', 'headers');
    fixture.queue('a');
    fixture.queue('b');
    fixture.bind('e', 'a', '', { arguments: text('colour', 'red') });
    fixture.bind('e', 'b', '', { arguments: text('colour', 'blue') });
    const { exchanges } = await ask('e', '', headers([S('colour', 'red')]));
    expect(exchanges[0]?.bindings).toMatchObject([{ destination: 'a', arguments: [S('colour', 'red')] }]);
  });

  test.each(['x-random', 'x-local-random'])('%s: all, of which chance chooses one', async (type) => {
    bound(type, [
      ['a', ''],
      ['b', ''],
    ]);
    const answer = await ask('e', type === 'x-random' ? 'k' : '', headers([keys('CC', 'other')]));
    expect(ways(answer)).toEqual(['a :chance', 'b :chance']);
    expect(answer.queues).toEqual([
      { name: 'a', isCertain: false },
      { name: 'b', isCertain: false },
    ]);
    expect(answer.exchanges[0]?.isSingleChoice).toBe(true);
  });

  test('x-random with one queue: it is no chance', async () => {
    bound('x-random', [
      ['a', 'k'],
      ['a', 'l'],
    ]);
    expect((await ask('e')).queues).toEqual([{ name: 'a', isCertain: true }]);
  });

  test.each([
    ['x-consistent-hash', '1'],
    ['x-modulus-hash', 'k'],
  ])('%s: the one of this key, and the others as passed over', async (type, key) => {
    bound(type, [
      ['a', key],
      ['b', key],
      ['c', key],
    ]);
    for (const routingKey of ['k', 'l', 'm', 'n', 'o']) {
      const answer = await ask('e', routingKey);
      expect(names(answer)).toEqual(fixture.route('e', routingKey));
      expect(ways(answer).map((way) => way.split(':')[1])).toEqual(['yes', 'passed-over', 'passed-over']);
    }
  });

  test('x-consistent-hash by a property: the property is asked', async () => {
    bound(
      'x-consistent-hash',
      [
        ['a', '1'],
        ['b', '1'],
      ],
      text('hash-property', 'message_id'),
    );
    const reached = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const messageId = String(i);
      const [name] = names(await ask('e', '', { messageId }));
      fixture.publish('e', '', 'x', { messageId });
      expect(fixture.queue(name as string).purge()).toBe(1);
      reached.add(name as string);
    }
    expect([...reached].sort()).toEqual(['a', 'b']);
  });

  test('x-recent-history: all, and the question is not remembered', async () => {
    bound('x-recent-history', [['a', '']]);
    expect(ways(await ask('e'))).toEqual(['a :yes']);
    fixture.queue('late');
    fixture.bind('e', 'late');
    expect(fixture.queue('late').readyCount).toBe(0);
  });

  test('x-message-deduplication: all, but nothing for what came before; the question is not remembered', async () => {
    bound('x-message-deduplication', [['a', '']], number('x-cache-size', 5));
    const one = headers([S('x-deduplication-header', '1')]);
    expect(names(await ask('e', '', one))).toEqual(['a']);
    expect(names(await ask('e', '', one))).toEqual(['a']);
    fixture.publish('e', '', 'x', { headers: text('x-deduplication-header', '1') });
    const after = await ask('e', '', one);
    expect(after).toMatchObject({ queueCount: 0, exchanges: [{ passage: 'stop', bindings: [] }] });
    fixture.clock.advance(1);
    expect(names(await ask('e'))).toEqual(['a']);
  });

  test('x-delayed-message: as its inner type does, and says that it waits', async () => {
    bound(
      'x-delayed-message',
      [
        ['a', 'order.*'],
        ['b', 'x'],
      ],
      text('x-delayed-type', 'topic'),
    );
    const now = await ask('e', 'order.new');
    expect(now.exchanges[0]).toMatchObject({
      passage: 'pass',
      bindings: [{ destination: 'a', routingKey: 'order.*' }],
    });
    const later = await ask('e', 'order.new', headers([{ name: 'x-delay', field: { type: 'I', value: 50 } }]));
    expect(later.exchanges[0]).toMatchObject({
      passage: 'kept',
      bindings: [{ destination: 'a', routingKey: 'order.*' }],
    });
    expect(fixture.vhost.exchanges.get('e')?.type.delayedCount).toBe(0);
  });

  test('the default exchange: the queue of that name, without a binding', async () => {
    fixture.queue('q');
    const answer = await ask('', 'q');
    expect(answer.exchanges).toMatchObject([{ name: '', bindings: [{ destination: 'q', routingKey: null }] }]);
    expect(names(answer)).toEqual(['q']);
  });
});

describe('the way through several exchanges', () => {
  test('each is told once, in a ring too', async () => {
    for (const name of ['a', 'b', 'c']) fixture.exchange(name, 'fanout');
    fixture.queue('q');
    fixture.bind('a', 'b', '', { destinationType: 'exchange' });
    fixture.bind('a', 'c', '', { destinationType: 'exchange' });
    fixture.bind('b', 'a', '', { destinationType: 'exchange' });
    fixture.bind('c', 'q');
    const answer = await ask('a');
    expect(answer.exchanges.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(names(answer)).toEqual(['q']);
  });

  test('where nothing matches the alternate exchange is asked, and one that is missing is said to be', async () => {
    fixture.exchange('rest', 'fanout');
    fixture.queue('left');
    fixture.bind('rest', 'left');
    bound('direct', [['q', 'k']], text('alternate-exchange', 'rest'));
    fixture.exchange('f', 'direct', { arguments: text('alternate-exchange', 'gone') });
    expect((await ask('e', 'k')).exchanges).toMatchObject([{ name: 'e', alternateExchange: null }]);
    const other = await ask('e', 'other');
    expect(other.exchanges).toMatchObject([{ alternateExchange: { name: 'rest', exists: true } }, { name: 'rest' }]);
    expect(names(other)).toEqual(['left']);
    const none = await ask('f', 'k');
    expect(none).toMatchObject({ queueCount: 0, exchanges: [{ alternateExchange: { name: 'gone', exists: false } }] });
  });

  test('behind chance nothing is certain, unless another way leads there', async () => {
    bound('x-random', [['sometimes', '']]);
    fixture.exchange('start', 'fanout');
    for (const name of ['one', 'two']) {
      fixture.exchange(name, 'fanout');
      fixture.bind('e', name, '', { destinationType: 'exchange' });
      fixture.queue(`of ${name}`);
      fixture.bind(name, `of ${name}`);
    }
    fixture.bind('start', 'e', '', { destinationType: 'exchange' });
    fixture.bind('start', 'two', '', { destinationType: 'exchange' });
    const { queues, exchanges } = await ask('start');
    expect(Object.fromEntries(queues.map(({ name, isCertain }) => [name, isCertain]))).toEqual({
      sometimes: false,
      'of one': false,
      'of two': true,
    });
    expect(Object.fromEntries(exchanges.map(({ name, isCertain }) => [name, isCertain]))).toEqual({
      start: true,
      e: true,
      one: false,
      two: true,
    });
  });
});

test('what is named is bounded; what is counted is not', async () => {
  fixture.exchange('e', 'fanout');
  for (let i = 0; i < 1200; i++) {
    fixture.queue(`q${i}`);
    fixture.bind('e', `q${i}`);
  }
  const answer = await ask('e');
  expect(answer).toMatchObject({ queueCount: 1200, isCut: true });
  expect(answer.queues).toHaveLength(1000);
  expect(answer.exchanges[0]?.bindings).toHaveLength(1000);
});

test('bindings are looked at up to a limit; the queues are told nevertheless', async () => {
  fixture.exchange('e', 'topic');
  fixture.queue('q');
  for (let i = 0; i < 5500; i++) fixture.bind('e', 'q', `a.${i}.#`);
  fixture.bind('e', 'q', 'x.#');
  const answer = await ask('e', 'x.y');
  expect(answer).toMatchObject({ queueCount: 1, queues: [{ name: 'q', isCertain: true }], isCut: true });
  expect((await ask('e', 'a.7.b')).exchanges[0]?.bindings).toMatchObject([{ routingKey: 'a.7.#' }]);
});

describe('who may ask', () => {
  const permit = async (patterns: { read?: string; write?: string }, tags = ['management']) => {
    await fixture.broker.accounts.putUser({ name: 'ann', tags });
    await fixture.broker.accounts.putPermission({
      ...{ user: 'ann', vhost: '/', configure: '', write: '', read: '' },
      ...patterns,
    });
  };
  const ann = apiUser('ann');

  test('who may read the exchange; whether it may publish is part of the answer', async () => {
    bound('direct', [['q', 'k']]);
    await permit({ write: '.*' });
    await expect(ask('e', 'k', {}, ann)).rejects.toThrow(
      "read access to exchange 'e' in vhost '/' refused for user 'ann'",
    );
    await permit({ read: '^e$' });
    const answer = await ask('e', 'k', {}, ann);
    expect(names(answer)).toEqual(['q']);
    expect(answer.refusal).toBe("write access to exchange 'e' in vhost '/' refused for user 'ann'");
    await permit({ read: '.*', write: '.*' });
    expect((await ask('e', 'k', { userId: 'bob' }, ann)).refusal).toContain("user_id property set to 'bob'");
    expect((await ask('e', 'k', {}, ann)).refusal).toBeNull();
    await expect(ask('', 'k', {}, apiUser('nobody'))).rejects.toThrow("user 'nobody' does not exist");
  });

  test('where there are topic permissions, only for keys among them, those of copies too', async () => {
    bound('topic', [['q', '#']]);
    await permit({ read: '.*', write: '.*' });
    await fixture.broker.accounts.putTopicPermission({
      user: 'ann',
      vhost: '/',
      exchange: 'e',
      write: '^b',
      read: '^a',
    });
    const { refusal } = await ask('e', 'a.x', {}, ann);
    expect(refusal).toContain("write access to topic 'a.x'");
    await expect(ask('e', 'b.x', {}, ann)).rejects.toThrow("read access to topic 'b.x'");
    await expect(ask('e', 'a.x', headers([keys('CC', 'b')]), ann)).rejects.toThrow("read access to topic 'b'");
  });

  test('no vhost without permission, no exchange that is not there, no CC that is no list', async () => {
    await fixture.broker.accounts.putUser({ name: 'bob', tags: ['management'] });
    await expect(ask('amq.direct', '', {}, apiUser('bob'))).rejects.toThrow("access to vhost '/' refused");
    await expect(ask('none')).rejects.toThrow("no exchange 'none' in vhost '/'");
    await expect(ask('amq.direct', '', headers([S('CC', 'x')]))).rejects.toThrow('unacceptable_type_in_header');
  });

  test('an internal exchange can be asked about, and says that nobody publishes to it', async () => {
    fixture.exchange('inner', 'fanout', { internal: true });
    expect((await ask('inner')).refusal).toBe("cannot publish to internal exchange 'inner' in vhost '/'");
  });
});

test('a message goes where the answer said, whatever the topology', async () => {
  const seen = { taken: 0, certain: 0, byChance: 0 };
  await fc.assert(
    fc.asyncProperty(anyTopology(), fc.array(anyMessage(), { minLength: 1, maxLength: 4 }), async (draw, messages) => {
      const own = await BrokerFixture.start();
      const { declareQueue, declareExchange, bind, route, publish } = commandsOf(own);
      const { queues, exchanges, bindings } = draw('');
      for (const name of queues)
        await declareQueue(guest, { vhost: '/', name, durable: false, autoDelete: false, arguments: [] });
      for (const exchange of exchanges) await declareExchange(guest, exchange);
      for (const binding of bindings) await bind(guest, binding);
      for (const drawn of messages) {
        const { headers: table, ...address } = drawn('');
        const question = { vhost: '/', ...address, properties: { headers: table } };
        const said = await route(guest, question);
        const { routedTo } = await publish(guest, { ...question, body: '' });
        const certain = said.queues.filter(({ isCertain }) => isCertain).map(({ name }) => name);
        const possible = names(said);
        expect(possible).toEqual(expect.arrayContaining(routedTo));
        expect(routedTo).toEqual(expect.arrayContaining(certain));
        const byChance = said.exchanges.some((step) => step.bindings.some(({ taken }) => taken === 'chance'));
        if (!byChance) expect(routedTo.toSorted()).toEqual(possible.toSorted());
        seen.taken += routedTo.length;
        seen.certain += certain.length;
        if (byChance) seen.byChance++;
        // Every queue is explained by a way into it.
        const ends = said.exchanges.flatMap((step) =>
          step.bindings.filter(({ taken, destinationType }) => taken !== 'passed-over' && destinationType === 'queue'),
        );
        expect(new Set(ends.map(({ destination }) => destination))).toEqual(new Set(possible));
      }
    }),
    { numRuns: 150 },
  );
  // The topologies were not all empty ones.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});
