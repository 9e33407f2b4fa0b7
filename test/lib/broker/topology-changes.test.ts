import { describe, expect, test } from 'vitest';
import { BrokerFixture, text } from './broker-fixture.ts';

const _refusal = (reply: string, message: string) => expect.objectContaining({ reply, message });
const IF_ANY = { unused: false, empty: false };

describe('permissions', () => {
  const attempt = async (
    patterns: object,
    act: (fixture: BrokerFixture, session: BrokerFixture['session']) => unknown,
  ) => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    fixture.exchange('e');
    const session = fixture.limitedSession(patterns);
    try {
      act(fixture, session);
      return 'allowed';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const refused = (access: string, thing: string): string =>
    `${access} access to ${thing} in vhost '/' refused for user 'ann'`;

  test.each<[string, (fixture: BrokerFixture, session: BrokerFixture['session']) => unknown, object, string]>([
    [
      'declaring a queue',
      (fixture, session) => fixture.queue('new', {}, session),
      { configure: '^new$' },
      refused('configure', "queue 'new'"),
    ],
    [
      'deleting a queue',
      (fixture, session) => fixture.broker.topology.deleteQueue(session, 'q', IF_ANY),
      { configure: '^q$' },
      refused('configure', "queue 'q'"),
    ],
    [
      'purging a queue',
      (fixture, session) => fixture.broker.topology.purgeQueue(session, 'q'),
      { read: '^q$' },
      refused('read', "queue 'q'"),
    ],
    [
      'pausing a queue',
      (fixture, session) => fixture.broker.topology.pauseQueue(session, 'q', true),
      { configure: '^q$' },
      refused('configure', "queue 'q'"),
    ],
    [
      'declaring an exchange',
      (fixture, session) => fixture.exchange('new', 'direct', {}, session),
      { configure: '^new$' },
      refused('configure', "exchange 'new'"),
    ],
    [
      'deleting an exchange',
      (fixture, session) => fixture.deleteExchange('e', { unused: false }, session),
      { configure: '^e$' },
      refused('configure', "exchange 'e'"),
    ],
    [
      'binding',
      (fixture, session) => fixture.bind('e', 'q', '', {}, session),
      { write: '^q$', read: '^e$' },
      refused('write', "queue 'q'"),
    ],
    [
      'unbinding',
      (fixture, session) => fixture.unbind('e', 'q', '', {}, session),
      { write: '^q$', read: '^e$' },
      refused('write', "queue 'q'"),
    ],
    [
      'publishing',
      (fixture, session) => fixture.publish('e', 'k', 'x', {}, session),
      { write: '^e$' },
      refused('write', "exchange 'e'"),
    ],
  ])('%s', async (_, act, enough, message) => {
    expect(await attempt({}, act)).toBe(message);
    expect(await attempt(enough, act)).toBe('allowed');
  });

  test('binding needs read on the source as well', async () => {
    const message = await attempt({ write: '.*' }, (fixture, session) => fixture.bind('e', 'q', '', {}, session));
    expect(message).toBe(refused('read', "exchange 'e'"));
  });

  test('a dead-letter exchange needs read on the queue and write on the exchange', async () => {
    const declare = (fixture: BrokerFixture, session: BrokerFixture['session']) =>
      fixture.queue('new', { arguments: text('x-dead-letter-exchange', 'dlx') }, session);
    expect(await attempt({ configure: '.*' }, declare)).toBe(refused('read', "queue 'new'"));
    expect(await attempt({ configure: '.*', read: '.*' }, declare)).toBe(refused('write', "exchange 'dlx'"));
    expect(await attempt({ configure: '.*', read: '.*', write: '^dlx$' }, declare)).toBe('allowed');
  });

  test('an alternate exchange needs read on the exchange and write on the alternate', async () => {
    const declare = (fixture: BrokerFixture, session: BrokerFixture['session']) =>
      fixture.exchange('new', 'direct', { arguments: text('alternate-exchange', 'ae') }, session);
    expect(await attempt({ configure: '.*' }, declare)).toBe(refused('read', "exchange 'new'"));
    expect(await attempt({ configure: '.*', read: '.*' }, declare)).toBe(refused('write', "exchange 'ae'"));
    expect(await attempt({ configure: '.*', read: '.*', write: '^ae$' }, declare)).toBe('allowed');
  });

  test('a passive declare of a queue needs any access to it', async () => {
    const declare = (fixture: BrokerFixture, session: BrokerFixture['session']) =>
      fixture.queue('q', { passive: true }, session);
    expect(await attempt({}, declare)).toBe(refused('configure', "queue 'q'"));
    for (const access of ['configure', 'write', 'read'])
      expect(await attempt({ [access]: '^q$' }, declare)).toBe('allowed');
  });
});

describe('durable changes', () => {
  test('what is durable is handed over in the order of the commands, what is not is not', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q', { durable: true });
    fixture.queue('gone at restart');
    fixture.exchange('e', 'direct', { durable: true });
    fixture.exchange('f');
    fixture.bind('e', 'q', 'k');
    fixture.bind('f', 'q', 'k');
    fixture.bind('e', 'gone at restart', 'k');
    fixture.bind('e', 'f', 'k', { destinationType: 'exchange' });
    fixture.unbind('e', 'q', 'k');
    fixture.bind('e', 'q', 'other');
    await fixture.broker.topology.deleteQueue(fixture.session, 'q', IF_ANY).stored;
    expect(fixture.definitions.texts).toEqual([
      'put queue q',
      'put exchange e',
      'put binding e->q',
      'delete binding e->q',
      'put binding e->q',
      'delete queue q',
      'delete binding e->q',
    ]);
  });

  test('what goes with a deleted exchange is one batch: its bindings and what auto-deletes upstream', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('up', 'fanout', { durable: true, autoDelete: true });
    fixture.exchange('down', 'fanout', { durable: true });
    fixture.queue('q', { durable: true });
    fixture.bind('up', 'down', '', { destinationType: 'exchange' });
    fixture.bind('down', 'q');
    await fixture.deleteExchange('down').stored;
    expect(fixture.definitions.batches).toHaveLength(6);
    expect(fixture.definitions.texts.slice(5).sort()).toEqual([
      'delete binding down->q',
      'delete binding up->down',
      'delete exchange down',
      'delete exchange up',
    ]);
  });

  test('a declare of what is still on its way to the store waits for it', async () => {
    const fixture = await BrokerFixture.start();
    fixture.definitions.hold();
    const first = fixture.declareQueue('q', { durable: true });
    const second = fixture.declareQueue('q', { durable: true });
    let isStored = false;
    void second.stored?.then(() => {
      isStored = true;
    });
    expect(second.stored).toBeDefined();
    await Promise.resolve();
    expect(isStored).toBe(false);
    fixture.definitions.release();
    await Promise.all([first.stored, second.stored]);
    expect(isStored).toBe(true);
    expect(fixture.declareQueue('q', { durable: true }).stored).toBeUndefined();
  });

  test('when storing fails the queue, the exchange or the binding is undone and INTERNAL_ERROR is the answer', async () => {
    const fixture = await BrokerFixture.start();
    await fixture.declareQueue('kept', { durable: true }).stored;
    fixture.definitions.fail = true;
    const error = expect.objectContaining({ reply: 'INTERNAL_ERROR' });
    await expect(fixture.declareQueue('q', { durable: true }).stored).rejects.toEqual(error);
    await expect(fixture.declareExchange('e', 'direct', { durable: true }).stored).rejects.toEqual(error);
    await expect(fixture.storedBind('amq.direct', 'kept', 'k')).rejects.toEqual(error);
    expect(fixture.vhost.queues.has('q')).toBe(false);
    expect(fixture.vhost.exchanges.has('e')).toBe(false);
    expect(fixture.route('amq.direct', 'k')).toEqual([]);
    expect(
      fixture.logs.filter((line) => line === 'error: definitions could not be stored: the disk is full'),
    ).toHaveLength(3);
    fixture.definitions.fail = false;
    await fixture.declareQueue('q', { durable: true }).stored;
    expect(fixture.vhost.queues.has('q')).toBe(true);
  });

  test('a queue is paused once that is stored, several times at once as was asked last, and not when storing fails', async () => {
    const fixture = await BrokerFixture.start();
    const { topology } = fixture.broker;
    const { queue, stored } = fixture.declareQueue('q', { durable: true });
    await stored;
    const pause = (isPaused: boolean) => topology.pauseQueue(fixture.session, 'q', isPaused);
    await Promise.all([pause(true), pause(false), pause(true)]);
    expect(queue.consumers.isPaused).toBe(true);
    expect(fixture.definitions.batches.at(-1)).toMatchObject([{ put: 'queue', value: { name: 'q', isPaused: true } }]);
    fixture.definitions.fail = true;
    await expect(pause(false)).rejects.toThrow();
    expect(queue.consumers.isPaused).toBe(true);
  });

  test('a queue that is not durable is paused without being stored', async () => {
    const fixture = await BrokerFixture.start();
    const queue = fixture.queue('q', { durable: false });
    expect(fixture.broker.topology.pauseQueue(fixture.session, 'q', true)).toBeUndefined();
    expect(queue.consumers.isPaused).toBe(true);
    expect((await fixture.definitions.load()).queues).toEqual([]);
  });

  test('an undo does not take away a queue that was declared anew under the same name', async () => {
    const fixture = await BrokerFixture.start();
    fixture.definitions.hold();
    fixture.definitions.fail = true;
    const failing = fixture.declareQueue('q', { durable: true });
    fixture.broker.topology.deleteQueue(fixture.session, 'q', IF_ANY).stored?.catch(() => {});
    const second = fixture.queue('q');
    fixture.definitions.release();
    await expect(failing.stored).rejects.toThrow();
    expect(fixture.vhost.queues.get('q')).toBe(second);
    expect(second.deleted).toBe(false);
  });
});

describe('the version of a vhost', () => {
  test.each<[string, (fixture: BrokerFixture) => unknown]>([
    ['a queue is declared', (fixture) => fixture.queue('new')],
    ['a queue is deleted', (fixture) => fixture.broker.topology.deleteQueue(fixture.session, 'q', IF_ANY)],
    ['an exchange is declared', (fixture) => fixture.exchange('new')],
    ['an exchange is deleted', (fixture) => fixture.deleteExchange('e', { unused: false })],
    ['a binding is made', (fixture) => fixture.bind('e', 'q', 'new')],
    ['a binding is removed', (fixture) => fixture.unbind('e', 'q', 'k')],
  ])('changes when %s', async (_, act) => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    fixture.exchange('e');
    fixture.bind('e', 'q', 'k');
    const { version } = fixture.vhost;
    act(fixture);
    expect(fixture.vhost.version).not.toBe(version);
  });
});
