import { describe, expect, test } from 'vitest';
import { type Field, type FieldTable, findField } from '../../../../lib/amqp/field-table.ts';
import { deadLetter, deaths } from '../../../../lib/broker/dead-letters/dead-letter.ts';
import { exchangeOf, type Message, routingKeyOf } from '../../../../lib/broker/messages/message.ts';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { getOne } from '../queue-fixture.ts';
import { bodyOf, headersOf, propertiesOf, sampleMessage } from '../sample-message.ts';

const S = (value: string): Field => ({ type: 'S', value });
const DLX = { exchange: 'dlx', routingKey: null };

/** Fields as plain values. */
function plain(table: FieldTable): Record<string, unknown> {
  const value = (field: Field): unknown =>
    field.type === 'A'
      ? field.value.map(value)
      : field.type === 'F'
        ? plain(field.value)
        : 'value' in field
          ? field.value
          : null;
  return Object.fromEntries(table.map(([name, field]) => [name, value(field)]));
}

const history = (message: Message): Record<string, unknown>[] => deaths(headersOf(message)).map(plain);

/** Dies in those queues one after the other. */
function dieIn(message: Message, ...steps: [queue: string, reason: 'rejected' | 'expired' | 'maxlen'][]) {
  let letter = { message, barred: new Set<string>() as ReadonlySet<string> };
  for (const [queue, reason] of steps) letter = deadLetter(letter.message, queue, reason, DLX, 1000);
  return letter;
}

describe('the headers of a dead letter', () => {
  test('x-death has one entry with count, reason, queue, time, exchange and routing-keys, in RabbitMQ’s order and of its types', () => {
    const message = sampleMessage('b', {}, { exchange: 'orders', routingKey: 'eu' });
    const letter = deadLetter(message, 'q', 'rejected', DLX, 1_700_000_000);
    const [entry] = deaths(letter.headers);
    expect(entry).toEqual([
      ['count', { type: 'l', value: 1n }],
      ['reason', S('rejected')],
      ['queue', S('q')],
      ['time', { type: 'T', value: 1_700_000_000n }],
      ['exchange', S('orders')],
      ['routing-keys', { type: 'A', value: [S('eu')] }],
    ]);
    expect(headersOf(letter.message)).toEqual(letter.headers);
  });

  test('first and last death are told in headers of their own; the first is written once', () => {
    const first = deadLetter(sampleMessage('b', {}, { exchange: 'e1' }), 'q1', 'expired', DLX, 1);
    const second = deadLetter(first.message, 'q2', 'rejected', DLX, 2);
    expect(plain(second.headers)).toMatchObject({
      'x-first-death-exchange': 'e1',
      'x-first-death-queue': 'q1',
      'x-first-death-reason': 'expired',
      'x-last-death-exchange': 'dlx',
      'x-last-death-queue': 'q2',
      'x-last-death-reason': 'rejected',
    });
  });

  test('headers are sorted by name', () => {
    const headers: FieldTable = [
      ['zebra', S('1')],
      ['apple', S('2')],
    ];
    const names = deadLetter(sampleMessage('b', { headers }), 'q', 'maxlen', DLX, 1).headers.map(([name]) => name);
    expect(names).toEqual([...names].sort());
    expect(names).toContain('apple');
    expect(names).toContain('zebra');
  });

  test('entries are newest first', () => {
    const { message } = dieIn(sampleMessage('b'), ['q1', 'expired'], ['q2', 'rejected'], ['q3', 'maxlen']);
    expect(history(message).map((entry) => [entry.queue, entry.reason, entry.count])).toEqual([
      ['q3', 'maxlen', 1n],
      ['q2', 'rejected', 1n],
      ['q1', 'expired', 1n],
    ]);
  });

  test('the same queue and reason again counts up, comes to the front and keeps its time', () => {
    const first = deadLetter(sampleMessage('b'), 'q1', 'rejected', DLX, 100);
    const second = deadLetter(first.message, 'q2', 'expired', DLX, 200);
    const third = deadLetter(second.message, 'q1', 'rejected', DLX, 300);
    expect(history(third.message).map((entry) => [entry.queue, entry.count, entry.time])).toEqual([
      ['q1', 2n, 100n],
      ['q2', 1n, 200n],
    ]);
  });

  test('the same queue with another reason is another entry', () => {
    const { message } = dieIn(sampleMessage('b'), ['q', 'rejected'], ['q', 'expired']);
    expect(history(message).map((entry) => [entry.reason, entry.count])).toEqual([
      ['expired', 1n],
      ['rejected', 1n],
    ]);
  });

  test('expiration is removed and remembered in x-death', () => {
    const letter = deadLetter(sampleMessage('b', { expiration: '500' }), 'q', 'expired', DLX, 1);
    expect(propertiesOf(letter.message).expiration).toBeUndefined();
    expect(letter.message.expirationMs).toBe(-1);
    expect(history(letter.message)[0]).toMatchObject({ 'original-expiration': '500' });
    expect(deaths(letter.headers)[0]?.map(([name]) => name)).toEqual([
      'count',
      'reason',
      'queue',
      'time',
      'exchange',
      'routing-keys',
      'original-expiration',
    ]);
  });

  test('all other properties and the body stay', () => {
    const properties = {
      contentType: 'text/plain',
      contentEncoding: 'gzip',
      deliveryMode: 2,
      priority: 7,
      correlationId: 'c',
      replyTo: 'r',
      messageId: 'm',
      timestamp: 2n ** 64n - 1n,
      type: 't',
      userId: 'u',
      appId: 'a',
      clusterId: 'x',
    };
    const { message } = deadLetter(sampleMessage('the body', properties), 'q', 'rejected', DLX, 1);
    const { headers: _, ...kept } = propertiesOf(message);
    expect(kept).toEqual(properties);
    expect(bodyOf(message)).toBe('the body');
    expect([message.persistent, message.priority, message.died]).toEqual([true, 7, true]);
  });

  test('x-death that a publisher sends is not interpreted: the history starts anew', () => {
    const sent = dieIn(sampleMessage('b'), ['q', 'rejected']);
    const forged = sampleMessage('b', { headers: headersOf(sent.message) });
    const letter = deadLetter(forged, 'q', 'rejected', DLX, 5);
    expect(history(letter.message)).toMatchObject([{ count: 1n, time: 5n }]);
    expect(findField(letter.headers, 'x-first-death-exchange')).toEqual(S(''));
  });

  test('routing-keys name the key and those of CC', () => {
    const headers: FieldTable = [['CC', { type: 'A', value: [S('k2'), S('k3')] }]];
    const letter = deadLetter(sampleMessage('b', { headers }, { routingKey: 'k1' }), 'q', 'rejected', DLX, 1);
    expect(history(letter.message)[0]?.['routing-keys']).toEqual(['k1', 'k2', 'k3']);
    expect(letter.routingKeys).toEqual(['k1', 'k2', 'k3']);
    expect(findField(letter.headers, 'CC')).toEqual(headers[0]?.[1]);
  });
});

describe('the address of a dead letter', () => {
  test('without a key of its own it keeps the routing key', () => {
    const { message } = deadLetter(sampleMessage('b', {}, { exchange: 'e', routingKey: 'k' }), 'q', 'rejected', DLX, 1);
    expect([exchangeOf(message), routingKeyOf(message)]).toEqual(['dlx', 'k']);
  });

  test('with x-dead-letter-routing-key that key counts alone, CC or not', () => {
    const headers: FieldTable = [['CC', { type: 'A', value: [S('k2')] }]];
    const target = { exchange: 'dlx', routingKey: 'fixed' };
    const letter = deadLetter(sampleMessage('b', { headers }, { routingKey: 'k1' }), 'q', 'rejected', target, 1);
    expect(letter.routingKeys).toEqual(['fixed']);
    expect(routingKeyOf(letter.message)).toBe('fixed');
  });
});

describe('the cycle rule', () => {
  test('a queue is barred after an automatic death in it', () => {
    expect([...dieIn(sampleMessage('b'), ['a', 'expired']).barred]).toEqual(['a']);
    expect([...dieIn(sampleMessage('b'), ['a', 'expired'], ['b', 'maxlen']).barred].sort()).toEqual(['a', 'b']);
  });

  test('a rejection frees its queue and all that came before it', () => {
    expect([...dieIn(sampleMessage('b'), ['a', 'rejected']).barred]).toEqual([]);
    expect([...dieIn(sampleMessage('b'), ['a', 'expired'], ['b', 'rejected']).barred]).toEqual([]);
    expect([...dieIn(sampleMessage('b'), ['a', 'rejected'], ['b', 'expired']).barred]).toEqual(['b']);
  });
});

describe('dead-lettering in a broker', () => {
  const dlx = (exchange: string, ...more: FieldTable): FieldTable => [
    ...text('x-dead-letter-exchange', exchange),
    ...more,
  ];

  test('a rejected message with a DLX is routed with reason rejected, not marked redelivered', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('dlx', 'fanout');
    const work = fixture.queue('work', { arguments: dlx('dlx') });
    const dead = fixture.queue('dead');
    fixture.bind('dlx', 'dead');
    fixture.publish('', 'work', 'a');
    work.reject(getOne(work)?.ticket as number);
    expect([work.readyCount, dead.readyCount, dead.counters.deadLettersIn]).toEqual([0, 1, 1]);
    dead.get(true, (message, _, redelivered) => {
      expect(redelivered).toBe(false);
      expect(history(message)).toMatchObject([
        { queue: 'work', reason: 'rejected', exchange: '', 'routing-keys': ['work'] },
      ]);
      expect(exchangeOf(message)).toBe('dlx');
    });
  });

  test('a dead-letter routing key that no address can hold loses no message: it goes where the key leads', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('dlx', 'topic');
    const [dead, other] = [fixture.queue('dead'), fixture.queue('other')];
    fixture.bind('dlx', 'dead', 'long.#');
    fixture.bind('dlx', 'other', 'work');
    const key = `long.${'k'.repeat(300)}`;
    const work = fixture.queue('work', { arguments: dlx('dlx', ...text('x-dead-letter-routing-key', key)) });
    fixture.publish('', 'work');
    work.reject(getOne(work)?.ticket as number);
    expect([dead.readyCount, other.readyCount]).toEqual([1, 0]);
    dead.peek(-1, 1, (message) => expect(routingKeyOf(message)).toBe('work'));
    expect(fixture.logs).toEqual([]);
  });

  test('keys in CC that no address can hold, or that are no text, stop nothing', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('dlx', 'fanout');
    const dead = fixture.queue('dead');
    fixture.bind('dlx', 'dead');
    const work = fixture.queue('work', { arguments: dlx('dlx') });
    const CC: Field = { type: 'A', value: [S('k'.repeat(300)), { type: 'S', value: Uint8Array.of(0xff, 0x2c) }] };
    fixture.publish('', 'work', 'b', { headers: [['CC', CC]] });
    work.reject(getOne(work)?.ticket as number);
    dead.peek(-1, 1, (message) => {
      expect(history(message)).toMatchObject([{ 'routing-keys': ['work', 'k'.repeat(300), expect.any(String)] }]);
    });
    expect([dead.readyCount, fixture.logs]).toEqual([1, []]);
  });

  test('without a DLX, or with one that does not exist, the message is dropped', async () => {
    const fixture = await BrokerFixture.start();
    const [plainQueue, missing] = [fixture.queue('a'), fixture.queue('b', { arguments: dlx('none') })];
    for (const queue of [plainQueue, missing]) {
      fixture.publish('', queue.name);
      queue.reject(getOne(queue)?.ticket as number);
      expect([queue.readyCount, queue.unackedCount]).toEqual([0, 0]);
    }
    expect(fixture.vhost.flow.deadLettered).toBe(0);
  });

  test('a loop of TTLs through one queue ends: the message is dropped', async () => {
    const fixture = await BrokerFixture.start();
    const queue = fixture.queue('q', { arguments: [...dlx(''), ...number('x-message-ttl', 10)] });
    fixture.publish('', 'q');
    fixture.clock.advance(1000);
    expect(queue.readyCount).toBe(0);
    expect(queue.counters.expired).toBe(1);
    expect(fixture.store.bytes).toBeLessThan(10_000);
  });

  test('a retry queue sends a rejected message back for ever', async () => {
    const fixture = await BrokerFixture.start();
    const work = fixture.queue('work', { arguments: dlx('', ...text('x-dead-letter-routing-key', 'retry')) });
    const retry = fixture.queue('retry', {
      arguments: dlx('', ...text('x-dead-letter-routing-key', 'work'), ...number('x-message-ttl', 50)),
    });
    fixture.publish('', 'work', 'stubborn');
    for (let attempt = 1; attempt <= 5; attempt++) {
      const got = getOne(work);
      expect(got).toMatchObject({ body: 'stubborn', redelivered: false });
      work.reject(got?.ticket as number);
      expect([work.readyCount, retry.readyCount]).toEqual([0, 1]);
      fixture.clock.advance(50);
      expect([work.readyCount, retry.readyCount]).toEqual([1, 0]);
    }
    work.peek(-1, 1, (message) => {
      expect(history(message).map(({ queue, reason, count }) => [queue, reason, count])).toEqual([
        ['retry', 'expired', 5n],
        ['work', 'rejected', 5n],
      ]);
    });
  });

  test('a chain of three hundred dead-letter queues does not become a deep call', async () => {
    const fixture = await BrokerFixture.start();
    for (let i = 0; i < 300; i++) {
      fixture.queue(`q${i}`, {
        arguments: dlx('', ...text('x-dead-letter-routing-key', `q${i + 1}`), ...number('x-max-length', 0)),
      });
    }
    const last = fixture.queue('q300');
    fixture.publish('', 'q0', 'survivor');
    last.get(true, (message) => {
      expect(bodyOf(message)).toBe('survivor');
      expect(history(message)).toHaveLength(300);
    });
    expect(last.counters.deadLettersIn).toBe(1);
  });

  test('messages that die together keep their order', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q', {
      arguments: dlx('', ...text('x-dead-letter-routing-key', 'dead'), ...number('x-message-ttl', 10)),
    });
    const dead = fixture.queue('dead');
    for (let i = 0; i < 100; i++) fixture.publish('', 'q', String(i));
    fixture.clock.advance(10);
    const bodies: string[] = [];
    dead.peek(-1, 1000, (message) => bodies.push(bodyOf(message)));
    expect(bodies).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
  });

  test('a dead letter may go to an internal exchange and honours its alternate exchange', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('all', 'fanout');
    fixture.exchange('dlx', 'direct', { internal: true, arguments: text('alternate-exchange', 'all') });
    const work = fixture.queue('work', { arguments: dlx('dlx') });
    const dead = fixture.queue('dead');
    fixture.bind('all', 'dead');
    fixture.publish('', 'work');
    work.reject(getOne(work)?.ticket as number);
    expect(dead.readyCount).toBe(1);
  });

  test('headers of a dead letter are what a headers exchange looks at', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('dlx', 'headers');
    const work = fixture.queue('work', { arguments: dlx('dlx') });
    const rejected = fixture.queue('rejected');
    fixture.bind('dlx', 'rejected', '', {
      arguments: [...text('x-match', 'all-with-x'), ...text('x-last-death-reason', 'rejected')],
    });
    fixture.publish('', 'work');
    work.reject(getOne(work)?.ticket as number);
    expect(rejected.readyCount).toBe(1);
  });

  test('purge, delete and x-expires dead-letter nothing', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('dlx', 'fanout');
    const dead = fixture.queue('dead');
    fixture.bind('dlx', 'dead');
    for (const name of ['a', 'b', 'c']) {
      fixture.queue(name, { arguments: dlx('dlx', ...(name === 'c' ? number('x-expires', 10) : [])) });
      fixture.publish('', name);
    }
    fixture.broker.topology.purgeQueue(fixture.session, 'a');
    fixture.broker.topology.deleteQueue(fixture.session, 'b', { unused: false, empty: false });
    fixture.clock.advance(10);
    expect([...fixture.vhost.queues.keys()].sort()).toEqual(['a', 'dead']);
    expect(dead.readyCount).toBe(0);
  });

  test('reject-publish-dlx dead-letters the refused message', async () => {
    const fixture = await BrokerFixture.start();
    const dead = fixture.queue('dead');
    fixture.queue('q', {
      arguments: dlx(
        '',
        ...text('x-dead-letter-routing-key', 'dead'),
        ...number('x-max-length', 1),
        ...text('x-overflow', 'reject-publish-dlx'),
      ),
    });
    fixture.publish('', 'q', 'first');
    fixture.publish('', 'q', 'second');
    dead.get(true, (message) => {
      expect(bodyOf(message)).toBe('second');
      expect(history(message)).toMatchObject([{ queue: 'q', reason: 'maxlen' }]);
    });
  });
  test('a message comes to all its queues before the dead letters that it makes in one of them', async () => {
    const fixture = await BrokerFixture.start();
    const toDead = (overflow: string) =>
      dlx(
        '',
        ...text('x-dead-letter-routing-key', 'dead'),
        ...number('x-max-length', 1),
        ...text('x-overflow', overflow),
      );
    fixture.exchange('all', 'fanout');
    for (const overflow of ['drop-head', 'reject-publish-dlx']) {
      fixture.queue(overflow, { arguments: toDead(overflow) });
      fixture.publish('', overflow, 'before');
      fixture.bind('all', overflow);
    }
    const dead = fixture.queue('dead');
    fixture.bind('all', 'dead');
    fixture.publish('all', '', 'new');
    const found: unknown[] = [];
    const note = (message: Message) => found.push([bodyOf(message), history(message).map((death) => death.queue)]);
    while (dead.get(true, note));
    expect(found).toEqual([
      ['new', []],
      ['before', ['drop-head']],
      ['new', ['reject-publish-dlx']],
    ]);
  });
});
