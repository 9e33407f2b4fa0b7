import { describe, expect, test } from 'vitest';
import { BrokerFixture, text } from './broker-fixture.ts';

const _refusal = (reply: string, message: string) => expect.objectContaining({ reply, message });
const IF_ANY = { unused: false, empty: false };

describe('permissions', () => {
  const attempt = async (
    patterns: object,
    act: (place: BrokerFixture, session: BrokerFixture['session']) => unknown,
  ) => {
    const place = await BrokerFixture.start();
    place.queue('q');
    place.exchange('e');
    const session = place.limitedSession(patterns);
    try {
      act(place, session);
      return 'allowed';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const refused = (access: string, thing: string): string =>
    `${access} access to ${thing} in vhost '/' refused for user 'ann'`;

  test.each<[string, (place: BrokerFixture, session: BrokerFixture['session']) => unknown, object, string]>([
    [
      'declaring a queue',
      (place, session) => place.queue('new', {}, session),
      { configure: '^new$' },
      refused('configure', "queue 'new'"),
    ],
    [
      'deleting a queue',
      (place, session) => place.broker.topology.deleteQueue(session, 'q', IF_ANY),
      { configure: '^q$' },
      refused('configure', "queue 'q'"),
    ],
    [
      'purging a queue',
      (place, session) => place.broker.topology.purgeQueue(session, 'q'),
      { read: '^q$' },
      refused('read', "queue 'q'"),
    ],
    [
      'declaring an exchange',
      (place, session) => place.exchange('new', 'direct', {}, session),
      { configure: '^new$' },
      refused('configure', "exchange 'new'"),
    ],
    [
      'deleting an exchange',
      (place, session) => place.deleteExchange('e', { unused: false }, session),
      { configure: '^e$' },
      refused('configure', "exchange 'e'"),
    ],
    [
      'binding',
      (place, session) => place.bind('e', 'q', '', {}, session),
      { write: '^q$', read: '^e$' },
      refused('write', "queue 'q'"),
    ],
    [
      'unbinding',
      (place, session) => place.unbind('e', 'q', '', {}, session),
      { write: '^q$', read: '^e$' },
      refused('write', "queue 'q'"),
    ],
    [
      'publishing',
      (place, session) => place.publish('e', 'k', 'x', {}, session),
      { write: '^e$' },
      refused('write', "exchange 'e'"),
    ],
  ])('%s', async (_, act, enough, message) => {
    expect(await attempt({}, act)).toBe(message);
    expect(await attempt(enough, act)).toBe('allowed');
  });

  test('binding needs read on the source as well', async () => {
    const message = await attempt({ write: '.*' }, (place, session) => place.bind('e', 'q', '', {}, session));
    expect(message).toBe(refused('read', "exchange 'e'"));
  });

  test('a dead-letter exchange needs read on the queue and write on the exchange', async () => {
    const declare = (place: BrokerFixture, session: BrokerFixture['session']) =>
      place.queue('new', { arguments: text('x-dead-letter-exchange', 'dlx') }, session);
    expect(await attempt({ configure: '.*' }, declare)).toBe(refused('read', "queue 'new'"));
    expect(await attempt({ configure: '.*', read: '.*' }, declare)).toBe(refused('write', "exchange 'dlx'"));
    expect(await attempt({ configure: '.*', read: '.*', write: '^dlx$' }, declare)).toBe('allowed');
  });

  test('an alternate exchange needs read on the exchange and write on the alternate', async () => {
    const declare = (place: BrokerFixture, session: BrokerFixture['session']) =>
      place.exchange('new', 'direct', { arguments: text('alternate-exchange', 'ae') }, session);
    expect(await attempt({ configure: '.*' }, declare)).toBe(refused('read', "exchange 'new'"));
    expect(await attempt({ configure: '.*', read: '.*' }, declare)).toBe(refused('write', "exchange 'ae'"));
    expect(await attempt({ configure: '.*', read: '.*', write: '^ae$' }, declare)).toBe('allowed');
  });

  test('a passive declare of a queue needs any access to it', async () => {
    const declare = (place: BrokerFixture, session: BrokerFixture['session']) =>
      place.queue('q', { passive: true }, session);
    expect(await attempt({}, declare)).toBe(refused('configure', "queue 'q'"));
    for (const access of ['configure', 'write', 'read'])
      expect(await attempt({ [access]: '^q$' }, declare)).toBe('allowed');
  });
});

describe('durable changes', () => {
  test('what is durable is handed over in the order of the commands, what is not is not', async () => {
    const place = await BrokerFixture.start();
    place.queue('q', { durable: true });
    place.queue('gone at restart');
    place.exchange('e', 'direct', { durable: true });
    place.exchange('f');
    place.bind('e', 'q', 'k');
    place.bind('f', 'q', 'k');
    place.bind('e', 'gone at restart', 'k');
    place.bind('e', 'f', 'k', { destinationType: 'exchange' });
    place.unbind('e', 'q', 'k');
    place.bind('e', 'q', 'other');
    await place.broker.topology.deleteQueue(place.session, 'q', IF_ANY).stored;
    expect(place.definitions.texts).toEqual([
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
    const place = await BrokerFixture.start();
    place.exchange('up', 'fanout', { durable: true, autoDelete: true });
    place.exchange('down', 'fanout', { durable: true });
    place.queue('q', { durable: true });
    place.bind('up', 'down', '', { destinationType: 'exchange' });
    place.bind('down', 'q');
    await place.deleteExchange('down').stored;
    expect(place.definitions.batches).toHaveLength(6);
    expect(place.definitions.texts.slice(5).sort()).toEqual([
      'delete binding down->q',
      'delete binding up->down',
      'delete exchange down',
      'delete exchange up',
    ]);
  });

  test('a declare of what is still on its way to the store waits for it', async () => {
    const place = await BrokerFixture.start();
    place.definitions.hold();
    const first = place.declareQueue('q', { durable: true });
    const second = place.declareQueue('q', { durable: true });
    let isStored = false;
    void second.stored?.then(() => {
      isStored = true;
    });
    expect(second.stored).toBeDefined();
    await Promise.resolve();
    expect(isStored).toBe(false);
    place.definitions.release();
    await Promise.all([first.stored, second.stored]);
    expect(isStored).toBe(true);
    expect(place.declareQueue('q', { durable: true }).stored).toBeUndefined();
  });

  test('when storing fails the queue, the exchange or the binding is undone and INTERNAL_ERROR is the answer', async () => {
    const place = await BrokerFixture.start();
    await place.declareQueue('kept', { durable: true }).stored;
    place.definitions.fail = true;
    const error = expect.objectContaining({ reply: 'INTERNAL_ERROR' });
    await expect(place.declareQueue('q', { durable: true }).stored).rejects.toEqual(error);
    await expect(place.declareExchange('e', 'direct', { durable: true }).stored).rejects.toEqual(error);
    await expect(place.storedBind('amq.direct', 'kept', 'k')).rejects.toEqual(error);
    expect(place.vhost.queues.has('q')).toBe(false);
    expect(place.vhost.exchanges.has('e')).toBe(false);
    expect(place.route('amq.direct', 'k')).toEqual([]);
    expect(
      place.logs.filter((line) => line === 'error: definitions could not be stored: the disk is full'),
    ).toHaveLength(3);
    place.definitions.fail = false;
    await place.declareQueue('q', { durable: true }).stored;
    expect(place.vhost.queues.has('q')).toBe(true);
  });

  test('an undo does not take away a queue that was declared anew under the same name', async () => {
    const place = await BrokerFixture.start();
    place.definitions.hold();
    place.definitions.fail = true;
    const failing = place.declareQueue('q', { durable: true });
    place.broker.topology.deleteQueue(place.session, 'q', IF_ANY).stored?.catch(() => {});
    const second = place.queue('q');
    place.definitions.release();
    await expect(failing.stored).rejects.toThrow();
    expect(place.vhost.queues.get('q')).toBe(second);
    expect(second.deleted).toBe(false);
  });
});

describe('the version of a vhost', () => {
  test.each<[string, (place: BrokerFixture) => unknown]>([
    ['a queue is declared', (place) => place.queue('new')],
    ['a queue is deleted', (place) => place.broker.topology.deleteQueue(place.session, 'q', IF_ANY)],
    ['an exchange is declared', (place) => place.exchange('new')],
    ['an exchange is deleted', (place) => place.deleteExchange('e', { unused: false })],
    ['a binding is made', (place) => place.bind('e', 'q', 'new')],
    ['a binding is removed', (place) => place.unbind('e', 'q', 'k')],
  ])('changes when %s', async (_, act) => {
    const place = await BrokerFixture.start();
    place.queue('q');
    place.exchange('e');
    place.bind('e', 'q', 'k');
    const { version } = place.vhost;
    act(place);
    expect(place.vhost.version).not.toBe(version);
  });
});
