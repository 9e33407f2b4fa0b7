import { describe, expect, test } from 'vitest';
import type { FieldTable } from '../../../lib/amqp/field-table.ts';
import { BrokerFixture, number, text } from './broker-fixture.ts';
import { consume, RecordingSink } from './recording-sink.ts';

const refusal = (reply: string, message: string) => expect.objectContaining({ reply, message });
const IF_ANY = { unused: false, empty: false };

describe('declaring queues', () => {
  test('a queue declared twice alike is the same queue', async () => {
    const place = await BrokerFixture.start();
    const wishes = { durable: true, arguments: number('x-max-length', 5) };
    const first = place.declareQueue('q', wishes);
    const second = place.declareQueue('q', wishes);
    expect(first.created).toBe(true);
    expect(second.created).toBe(false);
    expect(second.queue).toBe(first.queue);
  });

  test.each<[string, object, object, string]>([
    [
      'durable',
      { durable: true },
      { durable: false },
      "inequivalent arg 'durable' for queue 'q' in vhost '/': received 'false' but current is 'true'",
    ],
    [
      'auto_delete',
      {},
      { autoDelete: true },
      "inequivalent arg 'auto_delete' for queue 'q' in vhost '/': received 'true' but current is 'false'",
    ],
    [
      'an argument that is missing',
      { arguments: number('x-max-length', 10) },
      {},
      "inequivalent arg 'x-max-length' for queue 'q' in vhost '/': received none but current is the value '10' of type 'signedint'",
    ],
    [
      'an argument that is new',
      {},
      { arguments: [['x-max-length', { type: 'l', value: 10n }]] },
      "inequivalent arg 'x-max-length' for queue 'q' in vhost '/': received the value '10' of type 'long' but current is none",
    ],
    [
      'an argument of another value',
      { arguments: number('x-max-length', 10) },
      { arguments: number('x-max-length', 20) },
      "inequivalent arg 'x-max-length' for queue 'q' in vhost '/': received '20' but current is '10'",
    ],
    [
      'another string',
      { arguments: text('x-overflow', 'drop-head') },
      { arguments: text('x-overflow', 'reject-publish') },
      "inequivalent arg 'x-overflow' for queue 'q' in vhost '/': received 'reject-publish' but current is 'drop-head'",
    ],
    [
      'durable before arguments',
      { durable: true },
      { arguments: number('x-max-length', 10) },
      "inequivalent arg 'durable' for queue 'q' in vhost '/': received 'false' but current is 'true'",
    ],
  ])('a redeclare that differs is refused: %s', async (_, first, second, message) => {
    const place = await BrokerFixture.start();
    place.queue('q', first);
    expect(() => place.queue('q', second)).toThrow(refusal('PRECONDITION_FAILED', message));
  });

  test('integers of any width, the queue type, and unknown arguments make no difference', async () => {
    const place = await BrokerFixture.start();
    const queue = place.queue('q', { arguments: number('x-max-length', 10) });
    const again: FieldTable[] = [
      [['x-max-length', { type: 'l', value: 10n }]],
      [['x-max-length', { type: 'b', value: 10 }]],
      [...number('x-max-length', 10), ...text('x-queue-type', 'classic')],
      [...number('x-max-length', 10), ...text('x-mine', 'anything')],
    ];
    for (const args of again) expect(place.queue('q', { arguments: args })).toBe(queue);
  });

  test('a passive declare finds the queue, whatever it asks for, or says NOT_FOUND', async () => {
    const place = await BrokerFixture.start();
    const queue = place.queue('q');
    expect(place.queue('q', { passive: true, durable: true, autoDelete: true })).toBe(queue);
    expect(() => place.queue('none', { passive: true })).toThrow(refusal('NOT_FOUND', "no queue 'none' in vhost '/'"));
  });

  test('an empty name asks for a name: amq.gen- and 22 characters', async () => {
    const place = await BrokerFixture.start();
    const [one, two] = [place.queue('').name, place.queue('').name];
    expect(one).toMatch(/^amq\.gen-[\w-]{22}$/);
    expect(two).not.toBe(one);
  });

  test.each(['configure', 'write', 'read'])('a passive declare needs any access, such as %s', async (access) => {
    const place = await BrokerFixture.start();
    place.queue('q');
    place.exchange('e');
    const session = place.limitedSession({ [access]: '.*' });
    place.queue('q', { passive: true }, session);
    place.exchange('e', 'direct', { passive: true }, session);
    const nobody = place.limitedSession({});
    const refused = (what: string) =>
      refusal('ACCESS_REFUSED', `configure access to ${what} in vhost '/' refused for user 'ann'`);
    expect(() => place.queue('q', { passive: true }, nobody)).toThrow(refused("queue 'q'"));
    expect(() => place.exchange('e', 'direct', { passive: true }, nobody)).toThrow(refused("exchange 'e'"));
  });

  test('names that begin with amq. are reserved, but may be declared passively and again', async () => {
    const place = await BrokerFixture.start();
    expect(() => place.queue('amq.mine')).toThrow(
      refusal('ACCESS_REFUSED', "queue name 'amq.mine' contains reserved prefix 'amq.*'"),
    );
    const named = place.queue('');
    expect(place.queue(named.name)).toBe(named);
    expect(place.queue(named.name, { passive: true })).toBe(named);
  });

  test('line ends are taken out of names, and what is left counts', async () => {
    const place = await BrokerFixture.start();
    expect(place.queue('a\r\nb').name).toBe('ab');
    expect(() => place.queue('\namq.mine')).toThrow(expect.objectContaining({ reply: 'ACCESS_REFUSED' }));
    expect(place.broker.topology.deleteQueue(place.session, 'a\nb', IF_ANY).count).toBe(0);
    expect(place.vhost.queues.has('ab')).toBe(false);
  });

  test('a queue is kept with its type in the arguments', async () => {
    const place = await BrokerFixture.start();
    expect(place.queue('q').arguments).toEqual(text('x-queue-type', 'classic'));
    const given = [...text('x-mine', 'v'), ...text('x-queue-type', 'classic')];
    expect(place.queue('r', { arguments: given }).arguments).toEqual(given);
  });
});

describe('exclusive queues', () => {
  const LOCKED =
    "cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.";

  test('another connection is locked out of everything', async () => {
    const place = await BrokerFixture.start();
    place.queue('q', { exclusive: true });
    place.bind('amq.direct', 'q', 'bound');
    const other = place.newSession();
    const { topology } = place.broker;
    for (const attempt of [
      () => place.queue('q', { exclusive: true }, other),
      () => place.queue('q', {}, other),
      () => place.queue('q', { passive: true }, other),
      () => topology.queue(other, 'q'),
      () => topology.purgeQueue(other, 'q'),
      () => topology.deleteQueue(other, 'q', IF_ANY),
      () => place.bind('amq.direct', 'q', '', {}, other),
      () => place.unbind('amq.direct', 'q', 'bound', {}, other),
    ]) {
      expect(attempt).toThrow(refusal('RESOURCE_LOCKED', LOCKED));
    }
    // Nothing is changed by that.
    place.unbind('amq.direct', 'q', 'not bound', {}, other);
  });

  test('its own connection may declare it again as exclusive, not otherwise', async () => {
    const place = await BrokerFixture.start();
    const queue = place.queue('q', { exclusive: true, durable: true });
    expect(queue.durable).toBe(false);
    expect(place.queue('q', { exclusive: true, durable: true })).toBe(queue);
    expect(place.queue('q', { exclusive: true })).toBe(queue);
    expect(() => place.queue('q')).toThrow(refusal('RESOURCE_LOCKED', LOCKED));
  });

  test('a queue that is not exclusive cannot be declared as exclusive', async () => {
    const place = await BrokerFixture.start();
    place.queue('q');
    expect(() => place.queue('q', { exclusive: true })).toThrow(refusal('RESOURCE_LOCKED', LOCKED));
  });

  test('they go with their connection, bindings and all', async () => {
    const place = await BrokerFixture.start();
    const other = place.newSession();
    place.queue('mine', { exclusive: true });
    place.queue('theirs', { exclusive: true }, other);
    place.queue('shared', {}, other);
    place.bind('amq.fanout', 'theirs', '', {}, other);
    if (other.owner) place.broker.release(other.owner);
    expect([...place.vhost.queues.keys()].sort()).toEqual(['mine', 'shared']);
    expect(place.route('amq.fanout')).toEqual([]);
    expect(other.owner?.exclusiveQueues.size).toBe(0);
  });

  test('nothing of them is stored', async () => {
    const place = await BrokerFixture.start();
    place.queue('q', { exclusive: true, durable: true });
    place.bind('amq.direct', 'q', 'k');
    place.broker.topology.deleteQueue(place.session, 'q', IF_ANY);
    expect(place.definitions.texts).toEqual([]);
  });

  test('the console, which is no connection, can own none', async () => {
    const place = await BrokerFixture.start();
    expect(() => place.queue('q', { exclusive: true }, { ...place.session, owner: null })).toThrow(
      expect.objectContaining({ reply: 'NOT_ALLOWED' }),
    );
  });
});

describe('deleting and purging queues', () => {
  test('a delete says how many were ready; one of nothing says 0', async () => {
    const place = await BrokerFixture.start();
    place.queue('q');
    for (const body of ['a', 'b']) place.publish('', 'q', body);
    expect(place.broker.topology.deleteQueue(place.session, 'q', IF_ANY).count).toBe(2);
    expect(place.broker.topology.deleteQueue(place.session, 'q', IF_ANY).count).toBe(0);
  });

  test('if-unused and if-empty are kept to', async () => {
    const place = await BrokerFixture.start();
    const { topology } = place.broker;
    const queue = place.queue('q');
    place.publish('', 'q');
    expect(() => topology.deleteQueue(place.session, 'q', { unused: false, empty: true })).toThrow(
      refusal('PRECONDITION_FAILED', "queue 'q' in vhost '/' not empty"),
    );
    consume(queue, new RecordingSink());
    expect(() => topology.deleteQueue(place.session, 'q', { unused: true, empty: false })).toThrow(
      refusal('PRECONDITION_FAILED', "queue 'q' in vhost '/' in use"),
    );
    expect(topology.deleteQueue(place.session, 'q', { unused: false, empty: true }).count).toBe(0);
  });

  test('a purge of a queue that is not there is NOT_FOUND', async () => {
    const place = await BrokerFixture.start();
    expect(() => place.broker.topology.purgeQueue(place.session, 'q')).toThrow(
      refusal('NOT_FOUND', "no queue 'q' in vhost '/'"),
    );
  });

  test('an auto-delete queue goes with its last consumer, and its bindings with it', async () => {
    const place = await BrokerFixture.start();
    const queue = place.queue('q', { autoDelete: true, durable: true });
    place.bind('amq.direct', 'q', 'k');
    queue.unsubscribe(consume(queue, new RecordingSink()));
    expect(place.vhost.queues.has('q')).toBe(false);
    expect(place.route('amq.direct', 'k')).toEqual([]);
    expect(place.definitions.texts.slice(2)).toEqual(['delete queue q', 'delete binding amq.direct->q']);
  });
});

describe('declaring exchanges', () => {
  test.each<[string, string, object, string, object, string]>([
    [
      'type',
      'fanout',
      {},
      'direct',
      {},
      "inequivalent arg 'type' for exchange 'e' in vhost '/': received 'direct' but current is 'fanout'",
    ],
    [
      'durable',
      'direct',
      { durable: true },
      'direct',
      {},
      "inequivalent arg 'durable' for exchange 'e' in vhost '/': received 'false' but current is 'true'",
    ],
    [
      'auto_delete',
      'direct',
      {},
      'direct',
      { autoDelete: true },
      "inequivalent arg 'auto_delete' for exchange 'e' in vhost '/': received 'true' but current is 'false'",
    ],
    [
      'internal',
      'direct',
      {},
      'direct',
      { internal: true },
      "inequivalent arg 'internal' for exchange 'e' in vhost '/': received 'true' but current is 'false'",
    ],
    [
      'alternate-exchange',
      'direct',
      { arguments: text('alternate-exchange', 'a') },
      'direct',
      { arguments: text('alternate-exchange', 'b') },
      "inequivalent arg 'alternate-exchange' for exchange 'e' in vhost '/': received 'b' but current is 'a'",
    ],
  ])('a redeclare that differs is refused: %s', async (_, type, wishes, otherType, otherWishes, message) => {
    const place = await BrokerFixture.start();
    place.exchange('e', type, wishes);
    expect(() => place.exchange('e', otherType, otherWishes)).toThrow(refusal('PRECONDITION_FAILED', message));
    expect(place.declareExchange('e', type, { ...wishes }).created).toBe(false);
  });

  test('other arguments than alternate-exchange make no difference', async () => {
    const place = await BrokerFixture.start();
    const exchange = place.exchange('e', 'direct', { arguments: number('x-mine', 1) });
    expect(place.exchange('e')).toBe(exchange);
  });

  test('an unknown type is refused', async () => {
    const place = await BrokerFixture.start();
    for (const type of ['x', '', 'toString', '__proto__']) {
      expect(() => place.exchange('e', type)).toThrow(
        refusal('PRECONDITION_FAILED', `unknown exchange type '${type}'`),
      );
    }
  });

  test('amq. is reserved; what is predeclared may be declared again and not deleted', async () => {
    const place = await BrokerFixture.start();
    expect(() => place.exchange('amq.mine')).toThrow(
      refusal('ACCESS_REFUSED', "exchange name 'amq.mine' contains reserved prefix 'amq.*'"),
    );
    expect(place.declareExchange('amq.topic', 'topic', { durable: true }).created).toBe(false);
    expect(() => place.deleteExchange('amq.topic', { unused: false })).toThrow(
      refusal('ACCESS_REFUSED', "deletion of system exchange 'amq.topic' in vhost '/' not allowed"),
    );
  });

  test('the default exchange is refused before permissions are looked at, that to write to the destination excepted', async () => {
    const place = await BrokerFixture.start();
    place.queue('q');
    const nobody = place.limitedSession({});
    const writer = place.limitedSession({ write: '.*' });
    const message = 'operation not permitted on the default exchange';
    for (const attempt of [
      () => place.exchange('', 'direct', {}, nobody),
      () => place.exchange('', 'direct', { passive: true }, nobody),
      () => place.deleteExchange('', { unused: false }, nobody),
      () => place.bind('', 'q', 'k', {}, writer),
      () => place.unbind('', 'q', 'k', {}, writer),
      () => place.bind('amq.direct', '', 'k', { destinationType: 'exchange' }, writer),
    ]) {
      expect(attempt).toThrow(refusal('ACCESS_REFUSED', message));
    }
  });

  test('alternate-exchange must be a string', async () => {
    const place = await BrokerFixture.start();
    expect(() => place.exchange('e', 'direct', { arguments: number('alternate-exchange', 1) })).toThrow(
      refusal(
        'PRECONDITION_FAILED',
        "invalid type 'signedint' for arg 'alternate-exchange' in exchange 'e' in vhost '/'",
      ),
    );
  });

  test('if-unused looks at bindings from the exchange, not at those to it', async () => {
    const place = await BrokerFixture.start();
    place.exchange('e');
    place.queue('q');
    place.bind('amq.fanout', 'e', '', { destinationType: 'exchange' });
    place.bind('e', 'q', 'k');
    expect(() => place.deleteExchange('e', { unused: true })).toThrow(
      refusal('PRECONDITION_FAILED', "exchange 'e' in vhost '/' in use"),
    );
    place.unbind('e', 'q', 'k');
    place.deleteExchange('e', { unused: true });
    expect(place.vhost.exchanges.has('e')).toBe(false);
    expect(place.vhost.exchanges.get('amq.fanout')?.bindings.size).toBe(0);
    place.deleteExchange('e', { unused: true });
  });
});

describe('bindings', () => {
  test('binding twice is one binding; other arguments are another', async () => {
    const place = await BrokerFixture.start();
    place.queue('q');
    place.bind('amq.direct', 'q', 'k');
    place.bind('amq.direct', 'q', 'k');
    place.bind('amq.direct', 'q', 'k', { arguments: number('x', 1) });
    expect(place.vhost.exchanges.get('amq.direct')?.bindings.size).toBe(2);
    place.unbind('amq.direct', 'q', 'k');
    expect(place.route('amq.direct', 'k')).toEqual(['q']);
    place.unbind('amq.direct', 'q', 'k', { arguments: number('x', 1) });
    expect(place.route('amq.direct', 'k')).toEqual([]);
  });

  test('an end that is missing is named', async () => {
    const place = await BrokerFixture.start();
    place.queue('q');
    expect(() => place.bind('none', 'q')).toThrow(refusal('NOT_FOUND', "no exchange 'none' in vhost '/'"));
    expect(() => place.bind('amq.direct', 'none')).toThrow(refusal('NOT_FOUND', "no queue 'none' in vhost '/'"));
    expect(() => place.bind('amq.direct', 'none', '', { destinationType: 'exchange' })).toThrow(
      refusal('NOT_FOUND', "no exchange 'none' in vhost '/'"),
    );
  });

  test('a missing end is named before a lock on the other is looked at', async () => {
    const place = await BrokerFixture.start();
    place.queue('q', { exclusive: true });
    const other = place.newSession();
    expect(() => place.bind('none', 'q', '', {}, other)).toThrow(
      refusal('NOT_FOUND', "no exchange 'none' in vhost '/'"),
    );
    place.unbind('none', 'q', '', {}, other);
  });

  test('unbinding what is not there is fine', async () => {
    const place = await BrokerFixture.start();
    place.queue('q');
    place.unbind('none', 'q');
    place.unbind('amq.direct', 'none');
    place.unbind('amq.direct', 'q', 'never bound');
  });

  test('a headers binding with an unknown x-match is refused, on a headers exchange only', async () => {
    const place = await BrokerFixture.start();
    place.queue('q');
    expect(() => place.bind('amq.headers', 'q', '', { arguments: text('x-match', 'some') })).toThrow(
      expect.objectContaining({ reply: 'PRECONDITION_FAILED' }),
    );
    place.bind('amq.direct', 'q', '', { arguments: text('x-match', 'some') });
  });

  test('an auto-delete exchange goes with its last binding, and so on upstream', async () => {
    const place = await BrokerFixture.start();
    for (const name of ['a', 'b', 'c']) place.exchange(name, 'fanout', { autoDelete: name !== 'a' });
    place.queue('q');
    place.bind('a', 'b', '', { destinationType: 'exchange' });
    place.bind('b', 'c', '', { destinationType: 'exchange' });
    place.bind('c', 'q', 'one');
    place.bind('c', 'q', 'two');
    place.unbind('c', 'q', 'one');
    expect(place.vhost.exchanges.has('c')).toBe(true);
    place.broker.topology.deleteQueue(place.session, 'q', IF_ANY);
    expect(['a', 'b', 'c'].map((name) => place.vhost.exchanges.has(name))).toEqual([true, false, false]);
    expect(place.vhost.exchanges.get('a')?.bindings.size).toBe(0);
  });

  test('an auto-delete exchange that never had a binding stays', async () => {
    const place = await BrokerFixture.start();
    place.exchange('e', 'fanout', { autoDelete: true });
    place.queue('q');
    place.unbind('e', 'q');
    expect(place.vhost.exchanges.has('e')).toBe(true);
  });

  test('a ring of auto-delete exchanges falls apart without end', async () => {
    const place = await BrokerFixture.start();
    for (const name of ['a', 'b']) place.exchange(name, 'fanout', { autoDelete: true });
    place.bind('a', 'b', '', { destinationType: 'exchange' });
    place.bind('b', 'a', '', { destinationType: 'exchange' });
    place.deleteExchange('a', { unused: false });
    expect(['a', 'b'].map((name) => place.vhost.exchanges.has(name))).toEqual([false, false]);
  });
});
