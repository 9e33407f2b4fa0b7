import { describe, expect, test } from 'vitest';
import type { Field, FieldTable } from '../../../../lib/amqp/field-table.ts';
import { Outcome } from '../../../../lib/broker/publishing/publisher.ts';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { drain, getOne } from '../queue-fixture.ts';
import { headersOf, propertiesOf } from '../sample-message.ts';

const list = (...values: string[]): Field => ({ type: 'A', value: values.map((value) => ({ type: 'S', value })) });
const refusal = (reply: string, message: string) => expect.objectContaining({ reply, message });

describe('what reaches no queue', () => {
  const counted = ({ vhost: { flow, past } }: BrokerFixture) => {
    const { published, returned, dropped } = past.counts;
    expect([flow.published, flow.returned, flow.unroutable]).toEqual([published, returned, dropped]);
    return { published, returned, dropped };
  };

  test('is counted as dropped, or as returned when it was mandatory', async () => {
    const fixture = await BrokerFixture.start();
    fixture.publish('', 'nobody');
    expect(counted(fixture)).toEqual({ published: 1, returned: 0, dropped: 1 });
    fixture.publish('', 'nobody', 'x', {}, fixture.session, true);
    expect(counted(fixture)).toEqual({ published: 2, returned: 1, dropped: 1 });
    expect(fixture.vhost.defaultExchange.unroutableCount).toBe(2);
  });

  test('because it is delayed is counted when it was mandatory only, and not as unroutable', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('later', 'x-delayed-message', { arguments: text('x-delayed-type', 'fanout') });
    const headers = number('x-delay', 1000);
    fixture.publish('later', '', 'x', { headers });
    fixture.publish('later', '', 'x', { headers }, fixture.session, true);
    expect(counted(fixture)).toEqual({ published: 2, returned: 1, dropped: 0 });
    expect(fixture.vhost.exchanges.get('later')?.unroutableCount).toBe(0);
  });
});

describe('the outcome of a publish', () => {
  test('taken by a queue, routed to none, or refused by one', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q', { arguments: [...number('x-max-length', 1), ...text('x-overflow', 'reject-publish')] });
    expect(fixture.publish('', 'q')).toBe(Outcome.taken);
    expect(fixture.publish('', 'q')).toBe(Outcome.refused);
    expect(fixture.publish('', 'nobody')).toBe(Outcome.unroutable);
  });

  test('one queue that refuses makes it refused, while the others take it', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('full', { arguments: [...number('x-max-length', 0), ...text('x-overflow', 'reject-publish')] });
    const open = fixture.queue('open');
    for (const name of ['full', 'open']) fixture.bind('amq.fanout', name);
    expect(fixture.publish('amq.fanout', '')).toBe(Outcome.refused);
    expect(open.readyCount).toBe(1);
  });

  test('exchanges count what was published to them, routed and not', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('e', 'fanout');
    fixture.publish('e', '');
    for (const name of ['q', 'r']) {
      fixture.queue(name);
      fixture.bind('e', name);
    }
    fixture.publish('e', '');
    const { publishedCount, routedCount, unroutableCount } = fixture.vhost.exchanges.get('e') as NonNullable<
      ReturnType<typeof fixture.vhost.exchanges.get>
    >;
    expect({ publishedCount, routedCount, unroutableCount }).toEqual({
      publishedCount: 2,
      routedCount: 2,
      unroutableCount: 1,
    });
    expect(fixture.vhost.flow.published).toBe(2);
  });
});

describe('what is refused', () => {
  test('a missing exchange, an internal one', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('inside', 'fanout', { internal: true });
    expect(() => fixture.publish('none', 'k')).toThrow(refusal('NOT_FOUND', "no exchange 'none' in vhost '/'"));
    expect(() => fixture.publish('inside', 'k')).toThrow(
      refusal('ACCESS_REFUSED', "cannot publish to internal exchange 'inside' in vhost '/'"),
    );
  });

  test('permission is asked for before existence', async () => {
    const fixture = await BrokerFixture.start();
    expect(() => fixture.publish('none', 'k', 'x', {}, fixture.limitedSession({}))).toThrow(
      refusal('ACCESS_REFUSED', "write access to exchange 'none' in vhost '/' refused for user 'ann'"),
    );
  });

  test.each([
    ['abc', 'no_integer'],
    ['', 'no_integer'],
    ['10s', '{leftover_string,"s"}'],
    ['1.5', '{leftover_string,".5"}'],
    ['-1', '{value_negative,-1}'],
    ['315360000001', '{value_too_large,315360000001}'],
    ['9007199254740993', '{value_too_large,9007199254740993}'],
    ['-9007199254740993', '{value_negative,-9007199254740993}'],
  ])("expiration '%s'", async (expiration, reason) => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    const message = `invalid expiration '${expiration}': ${reason}`;
    expect(() => fixture.publish('', 'q', 'x', { expiration })).toThrow(refusal('PRECONDITION_FAILED', message));
  });

  test('a user-id that is not the login, except from an impersonator', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    fixture.publish('', 'q', 'x', { userId: 'guest' });
    expect(() => fixture.publish('', 'q', 'x', { userId: 'ann' })).toThrow(
      refusal('PRECONDITION_FAILED', "user_id property set to 'ann' but authenticated user was 'guest'"),
    );
    fixture.session.user.definition.tags.push('impersonator');
    fixture.publish('', 'q', 'x', { userId: 'ann' });
  });

  test.each<[string, Field, string]>([
    ['a string', { type: 'S', value: 'k' }, 'longstr'],
    ['a table', { type: 'F', value: [] }, 'table'],
  ])('CC and BCC that are no lists: %s', async (_, field, type) => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    for (const name of ['CC', 'BCC']) {
      expect(() => fixture.publish('', 'q', 'x', { headers: [[name, field]] })).toThrow(
        refusal('PRECONDITION_FAILED', `invalid message: {unacceptable_type_in_header,"${name}",${type}}`),
      );
    }
  });
});

describe('CC and BCC', () => {
  test('add routing keys; each queue gets one copy', async () => {
    const fixture = await BrokerFixture.start();
    const queues = ['a', 'b', 'c'].map((name) => fixture.queue(name));
    const headers: FieldTable = [
      ['CC', list('b', 'a')],
      ['BCC', list('c', 'b')],
    ];
    fixture.publish('', 'a', 'x', { headers });
    expect(queues.map((queue) => queue.readyCount)).toEqual([1, 1, 1]);
  });

  test('what is no string in the list is no key', async () => {
    const fixture = await BrokerFixture.start();
    const queues = ['a', 'b', 'c'].map((name) => fixture.queue(name));
    const mixed = (key: string): Field => ({
      type: 'A',
      value: [{ type: 'I', value: 1 }, { type: 'V' }, { type: 'S', value: Buffer.from(key) }, list(key)],
    });
    const headers: FieldTable = [
      ['CC', mixed('b')],
      ['BCC', mixed('c')],
    ];
    fixture.publish('', 'a', 'x', { headers });
    expect(queues.map((queue) => queue.readyCount)).toEqual([1, 1, 1]);
  });

  test('BCC is taken out of the headers, CC and everything else stays', async () => {
    const fixture = await BrokerFixture.start();
    const queue = fixture.queue('a');
    const headers: FieldTable = [...text('first', '1'), ['BCC', list('b')], ['CC', list('c')], ...text('last', '2')];
    fixture.publish('', 'a', 'the body', { headers, messageId: 'm', deliveryMode: 2, priority: 3, expiration: '100' });
    queue.get(true, (message) => {
      expect(headersOf(message)).toEqual(headers.filter(([name]) => name !== 'BCC'));
      expect(propertiesOf(message)).toMatchObject({ messageId: 'm', deliveryMode: 2, priority: 3, expiration: '100' });
      expect(message.persistent).toBe(true);
    });
    expect(getOne(queue)).toBeUndefined();
  });

  test('nobody sees the keys of BCC, and dead letters go by them too, unless they have a key of their own', async () => {
    const fixture = await BrokerFixture.start();
    const dead = fixture.queue('dead');
    const plain = fixture.queue('a', { arguments: text('x-dead-letter-exchange', '') });
    const fixed = fixture.queue('b', {
      arguments: [...text('x-dead-letter-exchange', ''), ...text('x-dead-letter-routing-key', 'c')],
    });
    const other = fixture.queue('c');
    const headers: FieldTable = [['BCC', list('b', 'dead')]];
    fixture.publish('', 'a', 'x', { headers });
    expect([plain, fixed, dead, other].map((queue) => queue.readyCount)).toEqual([1, 1, 1, 0]);
    plain.get(false, (_, ticket) => plain.reject(ticket));
    expect([plain, fixed, dead, other].map((queue) => queue.readyCount)).toEqual([1, 2, 2, 0]);
    fixed.get(false, (_, ticket) => fixed.reject(ticket));
    expect([plain, fixed, dead, other].map((queue) => queue.readyCount)).toEqual([1, 1, 2, 1]);
    for (const queue of [dead, other]) {
      queue.get(true, (message) => expect(headersOf(message).map(([name]) => name)).not.toContain('BCC'));
    }
  });

  test('the keys of BCC are limited', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    const headers: FieldTable = [['BCC', list('k'.repeat(70_000))]];
    expect(() => fixture.publish('', 'q', 'x', { headers })).toThrow(
      refusal('PRECONDITION_FAILED', 'invalid message: the keys of BCC take 70002 bytes, more than 65000'),
    );
  });

  test('a blind copy keeps its time to live', async () => {
    const fixture = await BrokerFixture.start();
    const queue = fixture.queue('a');
    fixture.publish('', 'a', 'x', { headers: [['BCC', list('b')]], expiration: '100' });
    fixture.clock.advance(100);
    expect(queue.readyCount).toBe(0);
  });
});

test('a route is forgotten when the topology changes', async () => {
  const fixture = await BrokerFixture.start();
  const [q, r] = [fixture.queue('q'), fixture.queue('r')];
  fixture.bind('amq.direct', 'q', 'k');
  fixture.publish('amq.direct', 'k', '1');
  fixture.bind('amq.direct', 'r', 'k');
  fixture.publish('amq.direct', 'k', '2');
  fixture.unbind('amq.direct', 'q', 'k');
  fixture.publish('amq.direct', 'k', '3');
  expect([drain(q), drain(r)]).toEqual([
    ['1', '2'],
    ['2', '3'],
  ]);
});

test('a message published with properties of every kind comes out with the same bytes', async () => {
  const fixture = await BrokerFixture.start();
  const queue = fixture.queue('q');
  const headers: FieldTable = [
    ['n', { type: 'l', value: -1n }],
    ['nested', { type: 'F', value: [['list', list('a', 'b')]] }],
    ['n', { type: 'S', value: 'a name twice' }],
    ['bytes', { type: 'x', value: Buffer.from([0, 255]) }],
  ];
  const properties = { headers, contentType: 'a/b', timestamp: 5n, deliveryMode: 1, appId: 'app' };
  fixture.publish('', 'q', 'body', properties);
  let found: unknown;
  queue.get(true, (message) => {
    found = propertiesOf(message);
  });
  expect(found).toMatchObject({ contentType: 'a/b', timestamp: 5n, deliveryMode: 1, appId: 'app' });
  expect((found as { headers: FieldTable }).headers.map(([name, { type }]) => [name, type])).toEqual([
    ['n', 'l'],
    ['nested', 'F'],
    ['n', 'S'],
    ['bytes', 'x'],
  ]);
});
