import { beforeEach, describe, expect, test } from 'vitest';
import { type Field, findField } from '../../../../lib/amqp/field-table.ts';
import { decodeProperties } from '../../../../lib/amqp/properties.ts';
import { CONTENT_HEADER_BYTES, exchangeOf, routingKeyOf } from '../../../../lib/broker/messages/message.ts';
import { BrokerFixture } from '../broker-fixture.ts';

const VIA = { connection: 'c', channel: 1, user: 'guest' };
const texts = (...values: string[]): Field => ({ type: 'A', value: values.map((value) => ({ type: 'S', value })) });

let fixture: BrokerFixture;

beforeEach(async () => {
  fixture = await BrokerFixture.start();
  await fixture.broker.vhostCommands.put({ name: '/', tracing: true });
  fixture.queue('traces');
  for (const key of ['publish.#', 'deliver.#']) fixture.bind('amq.rabbitmq.trace', 'traces', key);
});

/** The traces that came meanwhile: key, body and one of the headers. */
function traces(header: string): [key: string, body: string, header: Field | undefined][] {
  const found: [string, string, Field | undefined][] = [];
  const queue = fixture.vhost.queues.get('traces');
  while (
    queue?.get(true, (message) => {
      const start = message.headerStart + CONTENT_HEADER_BYTES;
      const { headers = [] } = decodeProperties(message.headerBytes, start, message.headerEnd);
      const body = message.bodyBytes.toString('utf8', message.bodyStart, message.bodyEnd);
      found.push([routingKeyOf(message), body, findField(headers, header)]);
    })
  );
  return found;
}

/** Takes a message as a client does. */
function take(name: string): void {
  fixture.vhost.queues.get(name)?.get(true, (message, _, redelivered) => {
    fixture.vhost.firehose?.delivered(message, name, redelivered, VIA);
  });
}

describe('the queues of a published message', () => {
  test('are those that it reaches, in the order of their names', () => {
    for (const name of ['é', 'b', 'a']) {
      fixture.queue(name);
      fixture.bind('amq.fanout', name);
    }
    fixture.publish('amq.fanout', 'k', 'to all');
    expect(traces('routed_queues')).toEqual([['publish.amq.fanout', 'to all', texts('a', 'b', 'é')]]);
  });

  test('are its keys at the default exchange, whether there are such queues or not, but no places for replies', () => {
    const CC = texts('two', 'one', 'amq.rabbitmq.reply-to.x');
    fixture.publish('', 'two', 'x', {
      headers: [
        ['CC', CC],
        ['BCC', texts('hidden')],
      ],
    });
    expect(traces('routed_queues')).toEqual([['publish.', 'x', texts('hidden', 'one', 'two')]]);
  });
});

test('a delivery is told before what is published after it, or in a turn of its own', () => {
  fixture.queue('q');
  for (const body of ['one', 'two']) fixture.publish('', 'q', body);
  traces('node');
  take('q');
  expect(traces('redelivered')).toEqual([]);
  fixture.publish('amq.fanout', '', 'three');
  expect(traces('node').map(([key]) => key)).toEqual(['deliver.q', 'publish.amq.fanout']);
  take('q');
  fixture.clock.advance(1);
  expect(traces('redelivered')).toEqual([['deliver.q', 'two', { type: 'I', value: 0 }]]);
});

test('what is taken from a queue of traces is not told', () => {
  fixture.publish('amq.fanout', '', 'x');
  take('traces');
  fixture.vhost.firehose?.flush();
  expect(traces('node')).toEqual([]);
});

test('what a queue sends on as a dead letter is published by nobody', () => {
  fixture.queue('grave');
  const field = (value: string): Field => ({ type: 'S', value });
  fixture.queue('q', {
    arguments: [
      ['x-dead-letter-exchange', field('')],
      ['x-dead-letter-routing-key', field('grave')],
      ['x-max-length', { type: 'I', value: 0 }],
    ],
  });
  fixture.publish('', 'q', 'x');
  expect(fixture.vhost.queues.get('grave')?.readyCount).toBe(1);
  expect(traces('node').map(([key]) => key)).toEqual(['publish.']);
});

test('a queue whose name leaves no room in a routing key is told by what fits', () => {
  const name = 'q'.repeat(255);
  fixture.queue(name);
  fixture.publish('', name, 'x');
  take(name);
  fixture.vhost.firehose?.flush();
  expect(traces('node').map(([key]) => key)).toEqual(['publish.', `deliver.${'q'.repeat(247)}`]);
});

describe('tracing', () => {
  test('is one vhost’s, and nobody else sees it', async () => {
    await fixture.broker.vhostCommands.put({ name: 'v' });
    expect(fixture.broker.vhosts.get('v')?.firehose).toBeNull();
  });

  test('ends at once: what was delivered and not told yet is forgotten', async () => {
    fixture.queue('q');
    fixture.publish('', 'q', 'x');
    traces('node');
    take('q');
    await fixture.broker.vhostCommands.put({ name: '/', tracing: false });
    fixture.clock.advance(1);
    fixture.publish('', 'q', 'x');
    expect(traces('node')).toEqual([]);
  });

  test('ends with its vhost, and with the broker', async () => {
    const { vhost } = fixture;
    expect((await fixture.restart()).vhost.firehose).toBeNull();
    await fixture.broker.vhostCommands.delete('/');
    expect(vhost.firehose).toBeNull();
  });

  test('tells what it is told of by the exchange that it came from', () => {
    const seen: string[] = [];
    fixture.publish('amq.topic', 'k', 'x');
    fixture.vhost.queues.get('traces')?.get(true, (message) => seen.push(exchangeOf(message)));
    expect(seen).toEqual(['amq.rabbitmq.trace']);
  });
});
