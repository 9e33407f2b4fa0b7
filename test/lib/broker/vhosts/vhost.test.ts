import { describe, expect, test } from 'vitest';
import { BrokerFixture, text } from '../broker-fixture.ts';

const toExchange = { destinationType: 'exchange' as const };

test('a new vhost has the exchanges that RabbitMQ predeclares, all durable', async () => {
  const { vhost } = await BrokerFixture.start();
  const found = [...vhost.exchanges.values()].map(({ name, options }) => [
    name,
    options.type,
    options.internal,
    options.durable,
  ]);
  expect(found.sort()).toEqual([
    ['', 'direct', false, true],
    ['amq.direct', 'direct', false, true],
    ['amq.fanout', 'fanout', false, true],
    ['amq.headers', 'headers', false, true],
    ['amq.match', 'headers', false, true],
    ['amq.rabbitmq.trace', 'topic', true, true],
    ['amq.topic', 'topic', false, true],
  ]);
});

describe('the route of a message', () => {
  test('the default exchange leads to the queue of that name', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    expect(fixture.route('', 'q')).toEqual(['q']);
    expect(fixture.route('', 'Q')).toEqual([]);
  });

  test('each queue is reached once, however many ways lead to it', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('a', 'fanout');
    fixture.exchange('b', 'fanout');
    for (const name of ['q', 'r']) fixture.queue(name);
    fixture.bind('a', 'b', '', toExchange);
    for (const exchange of ['a', 'b']) fixture.bind(exchange, 'q', 'one');
    fixture.bind('a', 'q', 'two');
    fixture.bind('b', 'r');
    expect(fixture.route('a')).toEqual(['q', 'r']);
  });

  test('a cycle of exchanges is legal', async () => {
    const fixture = await BrokerFixture.start();
    for (const name of ['a', 'b']) fixture.exchange(name, 'fanout');
    fixture.queue('q');
    fixture.bind('a', 'b', '', toExchange);
    fixture.bind('b', 'a', '', toExchange);
    fixture.bind('a', 'a', '', toExchange);
    fixture.bind('b', 'q');
    expect(fixture.route('a')).toEqual(['q']);
    expect(fixture.route('b')).toEqual(['q']);
  });

  test('the routing key goes with the message from exchange to exchange', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('all', 'fanout');
    fixture.exchange('some', 'topic');
    for (const name of ['q', 'r']) fixture.queue(name);
    fixture.bind('all', 'some', 'ignored', toExchange);
    fixture.bind('some', 'q', 'a.*');
    fixture.bind('some', 'r', 'b.*');
    expect(fixture.route('all', 'a.x')).toEqual(['q']);
  });

  test('an alternate exchange is used only where its exchange finds nothing', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('ae', 'fanout');
    fixture.exchange('e', 'direct', { arguments: text('alternate-exchange', 'ae') });
    for (const name of ['q', 'rest']) fixture.queue(name);
    fixture.bind('e', 'q', 'k');
    fixture.bind('ae', 'rest');
    expect(fixture.route('e', 'k')).toEqual(['q']);
    expect(fixture.route('e', 'other')).toEqual(['rest']);
  });

  test('alternate exchanges may follow one another, in a circle too, and may be missing', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('a', 'direct', { arguments: text('alternate-exchange', 'b') });
    fixture.exchange('b', 'direct', { arguments: text('alternate-exchange', 'c') });
    fixture.exchange('c', 'direct', { arguments: text('alternate-exchange', 'a') });
    fixture.exchange('d', 'direct', { arguments: text('alternate-exchange', 'missing') });
    fixture.queue('q');
    fixture.bind('c', 'q', 'k');
    expect(fixture.route('a', 'k')).toEqual(['q']);
    expect(fixture.route('a', 'none')).toEqual([]);
    expect(fixture.route('d', 'k')).toEqual([]);
  });

  test('the alternate exchange of an exchange on the way counts as well', async () => {
    const fixture = await BrokerFixture.start();
    fixture.exchange('ae', 'fanout');
    fixture.exchange('down', 'direct', { arguments: text('alternate-exchange', 'ae') });
    for (const name of ['q', 'rest']) fixture.queue(name);
    fixture.bind('amq.fanout', 'down', '', toExchange);
    fixture.bind('amq.fanout', 'q');
    fixture.bind('ae', 'rest');
    expect(fixture.route('amq.fanout', 'k')).toEqual(['q', 'rest']);
  });

  test('a headers exchange anywhere on the way makes the route depend on the headers', async () => {
    const fixture = await BrokerFixture.start();
    fixture.queue('q');
    fixture.bind('amq.fanout', 'amq.headers', '', toExchange);
    fixture.bind('amq.headers', 'q', '', { arguments: text('color', 'red') });
    expect(fixture.route('amq.fanout', '', text('color', 'red'))).toEqual(['q']);
    expect(fixture.route('amq.fanout', '', text('color', 'blue'))).toEqual([]);
    const fanout = fixture.vhost.exchanges.get('amq.fanout');
    expect(fanout && fixture.vhost.route(fanout, [''], () => []).isPerMessage).toBe(true);
    expect(fixture.vhost.route(fixture.vhost.defaultExchange, ['q'], () => []).isPerMessage).toBe(false);
  });
});
