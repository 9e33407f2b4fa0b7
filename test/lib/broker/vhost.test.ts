import { describe, expect, test } from 'vitest';
import { BrokerFixture, text } from './broker-fixture.ts';

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
    const place = await BrokerFixture.start();
    place.queue('q');
    expect(place.route('', 'q')).toEqual(['q']);
    expect(place.route('', 'Q')).toEqual([]);
  });

  test('each queue is reached once, however many ways lead to it', async () => {
    const place = await BrokerFixture.start();
    place.exchange('a', 'fanout');
    place.exchange('b', 'fanout');
    for (const name of ['q', 'r']) place.queue(name);
    place.bind('a', 'b', '', toExchange);
    for (const exchange of ['a', 'b']) place.bind(exchange, 'q', 'one');
    place.bind('a', 'q', 'two');
    place.bind('b', 'r');
    expect(place.route('a')).toEqual(['q', 'r']);
  });

  test('a cycle of exchanges is legal', async () => {
    const place = await BrokerFixture.start();
    for (const name of ['a', 'b']) place.exchange(name, 'fanout');
    place.queue('q');
    place.bind('a', 'b', '', toExchange);
    place.bind('b', 'a', '', toExchange);
    place.bind('a', 'a', '', toExchange);
    place.bind('b', 'q');
    expect(place.route('a')).toEqual(['q']);
    expect(place.route('b')).toEqual(['q']);
  });

  test('the routing key goes with the message from exchange to exchange', async () => {
    const place = await BrokerFixture.start();
    place.exchange('all', 'fanout');
    place.exchange('some', 'topic');
    for (const name of ['q', 'r']) place.queue(name);
    place.bind('all', 'some', 'ignored', toExchange);
    place.bind('some', 'q', 'a.*');
    place.bind('some', 'r', 'b.*');
    expect(place.route('all', 'a.x')).toEqual(['q']);
  });

  test('an alternate exchange is used only where its exchange finds nothing', async () => {
    const place = await BrokerFixture.start();
    place.exchange('ae', 'fanout');
    place.exchange('e', 'direct', { arguments: text('alternate-exchange', 'ae') });
    for (const name of ['q', 'rest']) place.queue(name);
    place.bind('e', 'q', 'k');
    place.bind('ae', 'rest');
    expect(place.route('e', 'k')).toEqual(['q']);
    expect(place.route('e', 'other')).toEqual(['rest']);
  });

  test('alternate exchanges may follow one another, in a circle too, and may be missing', async () => {
    const place = await BrokerFixture.start();
    place.exchange('a', 'direct', { arguments: text('alternate-exchange', 'b') });
    place.exchange('b', 'direct', { arguments: text('alternate-exchange', 'c') });
    place.exchange('c', 'direct', { arguments: text('alternate-exchange', 'a') });
    place.exchange('d', 'direct', { arguments: text('alternate-exchange', 'missing') });
    place.queue('q');
    place.bind('c', 'q', 'k');
    expect(place.route('a', 'k')).toEqual(['q']);
    expect(place.route('a', 'none')).toEqual([]);
    expect(place.route('d', 'k')).toEqual([]);
  });

  test('the alternate exchange of an exchange on the way counts as well', async () => {
    const place = await BrokerFixture.start();
    place.exchange('ae', 'fanout');
    place.exchange('down', 'direct', { arguments: text('alternate-exchange', 'ae') });
    for (const name of ['q', 'rest']) place.queue(name);
    place.bind('amq.fanout', 'down', '', toExchange);
    place.bind('amq.fanout', 'q');
    place.bind('ae', 'rest');
    expect(place.route('amq.fanout', 'k')).toEqual(['q', 'rest']);
  });

  test('a headers exchange anywhere on the way makes the route depend on the headers', async () => {
    const place = await BrokerFixture.start();
    place.queue('q');
    place.bind('amq.fanout', 'amq.headers', '', toExchange);
    place.bind('amq.headers', 'q', '', { arguments: text('color', 'red') });
    expect(place.route('amq.fanout', '', text('color', 'red'))).toEqual(['q']);
    expect(place.route('amq.fanout', '', text('color', 'blue'))).toEqual([]);
    const fanout = place.vhost.exchanges.get('amq.fanout');
    expect(fanout && place.vhost.route(fanout, [''], () => []).isPerMessage).toBe(true);
    expect(place.vhost.route(place.vhost.defaultExchange, ['q'], () => []).isPerMessage).toBe(false);
  });
});
