import { describe, expect, test } from 'vitest';
import type { FieldTable } from '../../../lib/amqp/field-table.ts';
import { BrokerFixture, number, text } from './broker-fixture.ts';
import { consume, RecordingSink } from './recording-sink.ts';

const refusal = (reply: string, message: string) => expect.objectContaining({ reply, message });
const IF_ANY = { unused: false, empty: false };

describe('declaring queues', () => {
  test('a queue declared twice alike is the same queue', async () => {
    const fixture = await BrokerFixture.start();
    const wishes = { durable: true, arguments: number('x-max-length', 5) };
    const first = fixture.declareQueue('q', wishes);
    const second = fixture.declareQueue('q', wishes);
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
    const fixture = await BrokerFixture.start();
    fixture.queue('q', first);
    expect(() => fixture.queue('q', second)).toThrow(refusal('PRECONDITION_FAILED', message));
  });

  test('integers of any width, the queue type, and unknown arguments make no difference', async () => {
    const fixture = await BrokerFixture.start();
    const queue = fixture.queue('q', { arguments: number('x-max-length', 10) });
    const again: FieldTable[] = [
      [['x-max-length', { type: 'l', value: 10n }]],
      [['x-max-length', { type: 'b', value: 10 }]],
      [...number('x-max-length', 10), ...text('x-queue-type', 'classic')],
      [...number('x-max-length', 10), ...text('x-mine', 'anything')],
    ];
    for (const args of again) expect(fixture.queue('q', { arguments: args })).toBe(queue);
  });

  test('a passive declare finds the queue, whatever it asks for, or says NOT_FOUND', async () => {
    const fixture = await BrokerFixture.start();
    const queue = fixture.queue('q');
    expect(fixture.queue('q', { passive: true, durable: true, autoDelete: true })).toBe(queue);
    expect(() => fixture.queue('none', { passive: true })).toThrow(
      refusal('NOT_FOUND', "no queue 'none' in vhost '/'"),
    );
  });

  test('an empty name asks for a name: amq.gen- and 22 characters', async () => {
    const fixture = await BrokerFixture.start();
    const [one, two] = [fixture.queue('').name, fixture.queue('').name];
    expect(one).toMatch(/^amq\.gen-[\w-]{22}$/);
    expect(two).not.toBe(one);
  });

  test.each(['configure', 'write', 'read'])('a passive declare needs any access, such as %s', async (access) => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    fixture.exchange('e');
    const session = fixture.limitedSession({ [access]: '.*' });
    fixture.queue('q', { passive: true }, session);
    fixture.exchange('e', 'direct', { passive: true }, session);
    const nobody = fixture.limitedSession({});
    const refused = (what: string) =>
      refusal('ACCESS_REFUSED', `configure access to ${what} in vhost '/' refused for user 'ann'`);
    expect(() => fixture.queue('q', { passive: true }, nobody)).toThrow(refused("queue 'q'"));
    expect(() => fixture.exchange('e', 'direct', { passive: true }, nobody)).toThrow(refused("exchange 'e'"));
  });

  test('names that begin with amq. are reserved, but may be declared passively and again', async () => {
    const fixture = await BrokerFixture.start();
    expect(() => fixture.queue('amq.mine')).toThrow(
      refusal('ACCESS_REFUSED', "queue name 'amq.mine' contains reserved prefix 'amq.*'"),
    );
    const named = fixture.queue('');
    expect(fixture.queue(named.name)).toBe(named);
    expect(fixture.queue(named.name, { passive: true })).toBe(named);
  });

  test('line ends are taken out of names, and what is left counts', async () => {
    const fixture = await BrokerFixture.start();
    expect(fixture.queue('a\r\nb').name).toBe('ab');
    expect(() => fixture.queue('\namq.mine')).toThrow(expect.objectContaining({ reply: 'ACCESS_REFUSED' }));
    expect(fixture.broker.topology.deleteQueue(fixture.session, 'a\nb', IF_ANY).count).toBe(0);
    expect(fixture.vhost.queues.has('ab')).toBe(false);
  });

  test('a queue is kept with its type in the arguments', async () => {
    const fixture = await BrokerFixture.start();
    expect(fixture.queue('q').arguments).toEqual(text('x-queue-type', 'classic'));
    const args = [...text('x-mine', 'v'), ...text('x-queue-type', 'classic')];
    expect(fixture.queue('r', { arguments: args }).arguments).toEqual(args);
  });
});

describe('exclusive queues', () => {
  const LOCKED =
    "cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.";

  test('another connection is locked out of everything', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q', { exclusive: true });
    fixture.bind('amq.direct', 'q', 'bound');
    const other = fixture.newSession();
    const { topology } = fixture.broker;
    for (const attempt of [
      () => fixture.queue('q', { exclusive: true }, other),
      () => fixture.queue('q', {}, other),
      () => fixture.queue('q', { passive: true }, other),
      () => topology.queue(other, 'q'),
      () => topology.purgeQueue(other, 'q'),
      () => topology.deleteQueue(other, 'q', IF_ANY),
      () => fixture.bind('amq.direct', 'q', '', {}, other),
      () => fixture.unbind('amq.direct', 'q', 'bound', {}, other),
    ]) {
      expect(attempt).toThrow(refusal('RESOURCE_LOCKED', LOCKED));
    }
    // Nothing is changed by that.
    fixture.unbind('amq.direct', 'q', 'not bound', {}, other);
  });

  test('its own connection may declare it again as exclusive, not otherwise', async () => {
    const fixture = await BrokerFixture.start();
    const queue = fixture.queue('q', { exclusive: true, durable: true });
    expect(queue.durable).toBe(false);
    expect(fixture.queue('q', { exclusive: true, durable: true })).toBe(queue);
    expect(fixture.queue('q', { exclusive: true })).toBe(queue);
    expect(() => fixture.queue('q')).toThrow(refusal('RESOURCE_LOCKED', LOCKED));
  });

  test('a queue that is not exclusive cannot be declared as exclusive', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    expect(() => fixture.queue('q', { exclusive: true })).toThrow(refusal('RESOURCE_LOCKED', LOCKED));
  });

  test('they go with their connection, bindings and all', async () => {
    const fixture = await BrokerFixture.start();
    const other = fixture.newSession();
    fixture.queue('mine', { exclusive: true });
    fixture.queue('theirs', { exclusive: true }, other);
    fixture.queue('shared', {}, other);
    fixture.bind('amq.fanout', 'theirs', '', {}, other);
    if (other.owner) fixture.broker.release(other.owner);
    expect([...fixture.vhost.queues.keys()].sort()).toEqual(['mine', 'shared']);
    expect(fixture.route('amq.fanout')).toEqual([]);
    expect(other.owner?.exclusiveQueues.size).toBe(0);
  });

  test('nothing of them is stored', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q', { exclusive: true, durable: true });
    fixture.bind('amq.direct', 'q', 'k');
    fixture.broker.topology.deleteQueue(fixture.session, 'q', IF_ANY);
    expect(fixture.definitions.texts).toEqual([]);
  });

  test('the console, which is no connection, can own none', async () => {
    const fixture = await BrokerFixture.start();
    expect(() => fixture.queue('q', { exclusive: true }, { ...fixture.session, owner: null })).toThrow(
      expect.objectContaining({ reply: 'NOT_ALLOWED' }),
    );
  });
});

describe('deleting and purging queues', () => {
  test('a delete says how many were ready; one of nothing says 0', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    for (const body of ['a', 'b']) fixture.publish('', 'q', body);
    expect(fixture.broker.topology.deleteQueue(fixture.session, 'q', IF_ANY).count).toBe(2);
    expect(fixture.broker.topology.deleteQueue(fixture.session, 'q', IF_ANY).count).toBe(0);
  });

  test('if-unused and if-empty are kept to', async () => {
    const fixture = await BrokerFixture.start();
    const { topology } = fixture.broker;
    const queue = fixture.queue('q');
    fixture.publish('', 'q');
    expect(() => topology.deleteQueue(fixture.session, 'q', { unused: false, empty: true })).toThrow(
      refusal('PRECONDITION_FAILED', "queue 'q' in vhost '/' not empty"),
    );
    consume(queue, new RecordingSink());
    expect(() => topology.deleteQueue(fixture.session, 'q', { unused: true, empty: false })).toThrow(
      refusal('PRECONDITION_FAILED', "queue 'q' in vhost '/' in use"),
    );
    expect(topology.deleteQueue(fixture.session, 'q', { unused: false, empty: true }).count).toBe(0);
  });

  test('a purge of a queue that is not there is NOT_FOUND', async () => {
    const fixture = await BrokerFixture.start();
    expect(() => fixture.broker.topology.purgeQueue(fixture.session, 'q')).toThrow(
      refusal('NOT_FOUND', "no queue 'q' in vhost '/'"),
    );
  });

  test('an auto-delete queue goes with its last consumer, and its bindings with it', async () => {
    const fixture = await BrokerFixture.start();
    const queue = fixture.queue('q', { autoDelete: true, durable: true });
    fixture.bind('amq.direct', 'q', 'k');
    queue.unsubscribe(consume(queue, new RecordingSink()));
    expect(fixture.vhost.queues.has('q')).toBe(false);
    expect(fixture.route('amq.direct', 'k')).toEqual([]);
    expect(fixture.definitions.texts.slice(2)).toEqual(['delete queue q', 'delete binding amq.direct->q']);
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
    const fixture = await BrokerFixture.start();
    fixture.exchange('e', type, wishes);
    expect(() => fixture.exchange('e', otherType, otherWishes)).toThrow(refusal('PRECONDITION_FAILED', message));
    expect(fixture.declareExchange('e', type, { ...wishes }).created).toBe(false);
  });

  test('other arguments than alternate-exchange make no difference', async () => {
    const fixture = await BrokerFixture.start();
    const exchange = fixture.exchange('e', 'direct', { arguments: number('x-mine', 1) });
    expect(fixture.exchange('e')).toBe(exchange);
  });

  test('an unknown type is refused', async () => {
    const fixture = await BrokerFixture.start();
    for (const type of ['x', '', 'toString', '__proto__']) {
      expect(() => fixture.exchange('e', type)).toThrow(
        refusal('PRECONDITION_FAILED', `unknown exchange type '${type}'`),
      );
    }
  });

  test('amq. is reserved; what is predeclared may be declared again and not deleted', async () => {
    const fixture = await BrokerFixture.start();
    expect(() => fixture.exchange('amq.mine')).toThrow(
      refusal('ACCESS_REFUSED', "exchange name 'amq.mine' contains reserved prefix 'amq.*'"),
    );
    expect(fixture.declareExchange('amq.topic', 'topic', { durable: true }).created).toBe(false);
    expect(() => fixture.deleteExchange('amq.topic', { unused: false })).toThrow(
      refusal('ACCESS_REFUSED', "deletion of system exchange 'amq.topic' in vhost '/' not allowed"),
    );
  });

  test('the default exchange is refused before permissions are looked at, that to write to the destination excepted', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    const nobody = fixture.limitedSession({});
    const writer = fixture.limitedSession({ write: '.*' });
    const message = 'operation not permitted on the default exchange';
    for (const attempt of [
      () => fixture.exchange('', 'direct', {}, nobody),
      () => fixture.exchange('', 'direct', { passive: true }, nobody),
      () => fixture.deleteExchange('', { unused: false }, nobody),
      () => fixture.bind('', 'q', 'k', {}, writer),
      () => fixture.unbind('', 'q', 'k', {}, writer),
      () => fixture.bind('amq.direct', '', 'k', { destinationType: 'exchange' }, writer),
    ]) {
      expect(attempt).toThrow(refusal('ACCESS_REFUSED', message));
    }
  });

  test('alternate-exchange must be a string', async () => {
    const fixture = await BrokerFixture.start();
    expect(() => fixture.exchange('e', 'direct', { arguments: number('alternate-exchange', 1) })).toThrow(
      refusal(
        'PRECONDITION_FAILED',
        "invalid type 'signedint' for arg 'alternate-exchange' in exchange 'e' in vhost '/'",
      ),
    );
  });

  test('if-unused looks at bindings from the exchange, not at those to it', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('e');
    fixture.queue('q');
    fixture.bind('amq.fanout', 'e', '', { destinationType: 'exchange' });
    fixture.bind('e', 'q', 'k');
    expect(() => fixture.deleteExchange('e', { unused: true })).toThrow(
      refusal('PRECONDITION_FAILED', "exchange 'e' in vhost '/' in use"),
    );
    fixture.unbind('e', 'q', 'k');
    fixture.deleteExchange('e', { unused: true });
    expect(fixture.vhost.exchanges.has('e')).toBe(false);
    expect(fixture.vhost.exchanges.get('amq.fanout')?.bindings.size).toBe(0);
    fixture.deleteExchange('e', { unused: true });
  });
});

describe('bindings', () => {
  test('binding twice is one binding; other arguments are another', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    fixture.bind('amq.direct', 'q', 'k');
    fixture.bind('amq.direct', 'q', 'k');
    fixture.bind('amq.direct', 'q', 'k', { arguments: number('x', 1) });
    expect(fixture.vhost.exchanges.get('amq.direct')?.bindings.size).toBe(2);
    fixture.unbind('amq.direct', 'q', 'k');
    expect(fixture.route('amq.direct', 'k')).toEqual(['q']);
    fixture.unbind('amq.direct', 'q', 'k', { arguments: number('x', 1) });
    expect(fixture.route('amq.direct', 'k')).toEqual([]);
  });

  test('an end that is missing is named', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    expect(() => fixture.bind('none', 'q')).toThrow(refusal('NOT_FOUND', "no exchange 'none' in vhost '/'"));
    expect(() => fixture.bind('amq.direct', 'none')).toThrow(refusal('NOT_FOUND', "no queue 'none' in vhost '/'"));
    expect(() => fixture.bind('amq.direct', 'none', '', { destinationType: 'exchange' })).toThrow(
      refusal('NOT_FOUND', "no exchange 'none' in vhost '/'"),
    );
  });

  test('a missing end is named before a lock on the other is looked at', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q', { exclusive: true });
    const other = fixture.newSession();
    expect(() => fixture.bind('none', 'q', '', {}, other)).toThrow(
      refusal('NOT_FOUND', "no exchange 'none' in vhost '/'"),
    );
    fixture.unbind('none', 'q', '', {}, other);
  });

  test('unbinding what is not there is fine', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    fixture.unbind('none', 'q');
    fixture.unbind('amq.direct', 'none');
    fixture.unbind('amq.direct', 'q', 'never bound');
  });

  test('a headers binding with an unknown x-match is refused, on a headers exchange only', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    expect(() => fixture.bind('amq.headers', 'q', '', { arguments: text('x-match', 'some') })).toThrow(
      expect.objectContaining({ reply: 'PRECONDITION_FAILED' }),
    );
    fixture.bind('amq.direct', 'q', '', { arguments: text('x-match', 'some') });
  });

  test('an auto-delete exchange goes with its last binding, and so on upstream', async () => {
    const fixture = await BrokerFixture.start();
    for (const name of ['a', 'b', 'c']) fixture.exchange(name, 'fanout', { autoDelete: name !== 'a' });
    fixture.queue('q');
    fixture.bind('a', 'b', '', { destinationType: 'exchange' });
    fixture.bind('b', 'c', '', { destinationType: 'exchange' });
    fixture.bind('c', 'q', 'one');
    fixture.bind('c', 'q', 'two');
    fixture.unbind('c', 'q', 'one');
    expect(fixture.vhost.exchanges.has('c')).toBe(true);
    fixture.broker.topology.deleteQueue(fixture.session, 'q', IF_ANY);
    expect(['a', 'b', 'c'].map((name) => fixture.vhost.exchanges.has(name))).toEqual([true, false, false]);
    expect(fixture.vhost.exchanges.get('a')?.bindings.size).toBe(0);
  });

  test('an auto-delete exchange that never had a binding stays', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('e', 'fanout', { autoDelete: true });
    fixture.queue('q');
    fixture.unbind('e', 'q');
    expect(fixture.vhost.exchanges.has('e')).toBe(true);
  });

  test('a ring of auto-delete exchanges falls apart without end', async () => {
    const fixture = await BrokerFixture.start();
    for (const name of ['a', 'b']) fixture.exchange(name, 'fanout', { autoDelete: true });
    fixture.bind('a', 'b', '', { destinationType: 'exchange' });
    fixture.bind('b', 'a', '', { destinationType: 'exchange' });
    fixture.deleteExchange('a', { unused: false });
    expect(['a', 'b'].map((name) => fixture.vhost.exchanges.has(name))).toEqual([false, false]);
  });
});
