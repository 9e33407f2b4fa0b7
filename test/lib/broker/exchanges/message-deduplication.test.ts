import { beforeEach, describe, expect, test } from 'vitest';
import type { FieldTable } from '../../../../lib/amqp/field-table.ts';
import { Outcome } from '../../../../lib/broker/publishing/publisher.ts';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { drain } from '../queue-fixture.ts';

let fixture: BrokerFixture;
beforeEach(async () => {
  fixture = await BrokerFixture.start();
});

const TYPE = 'x-message-deduplication';
const id = (value: string): FieldTable => text('x-deduplication-header', value);

function setUp(args: FieldTable, durable = false): void {
  fixture.exchange('e', TYPE, { durable, arguments: args });
  fixture.queue('q', { durable });
  fixture.bind('e', 'q');
}

const publish = (name: string, more: FieldTable = []): Outcome =>
  fixture.publish('e', 'k', name, { headers: [...id(name), ...more], deliveryMode: 2 });

test('the second message of an id goes nowhere, whether or not the first is still there', () => {
  setUp(number('x-cache-size', 10));
  expect(publish('a')).toBe(Outcome.taken);
  expect(drain(fixture.queue('q'))).toEqual(['a']);
  expect(publish('a')).toBe(Outcome.unroutable);
  expect(publish('b')).toBe(Outcome.taken);
});

test('messages without an id are no duplicates', () => {
  setUp(number('x-cache-size', 10));
  for (let i = 0; i < 2; i++) fixture.publish('e', 'k', 'x');
  expect(fixture.queue('q').readyCount).toBe(2);
});

test('the same number of another width is the same id, and a text is another', () => {
  setUp(number('x-cache-size', 10));
  const publishWithId = (field: FieldTable[number][1]): Outcome =>
    fixture.publish('e', '', 'x', { headers: [['x-deduplication-header', field]] });
  expect(publishWithId({ type: 'I', value: 1 })).toBe(Outcome.taken);
  expect(publishWithId({ type: 'l', value: 1n })).toBe(Outcome.unroutable);
  expect(publishWithId({ type: 'S', value: '1' })).toBe(Outcome.taken);
});

test('long ids that differ at their ends are different', () => {
  setUp(number('x-cache-size', 10));
  const long = 'x'.repeat(1000);
  expect(publish(`${long}1`)).toBe(Outcome.taken);
  expect(publish(`${long}2`)).toBe(Outcome.taken);
  expect(publish(`${long}1`)).toBe(Outcome.unroutable);
});

test('only so many ids are remembered; the oldest is forgotten first', () => {
  setUp(number('x-cache-size', 2));
  for (const name of ['a', 'b', 'c']) publish(name);
  expect(publish('b')).toBe(Outcome.unroutable);
  expect(publish('c')).toBe(Outcome.unroutable);
  expect(publish('a')).toBe(Outcome.taken);
});

test('an id is free again after the time of the exchange, or of the message', () => {
  setUp([...number('x-cache-size', 10), ...number('x-cache-ttl', 1000)]);
  publish('a');
  publish('b', number('x-cache-ttl', 5000));
  fixture.clock.advance(999);
  expect(publish('a')).toBe(Outcome.unroutable);
  fixture.clock.advance(1);
  expect(publish('a')).toBe(Outcome.taken);
  expect(publish('b')).toBe(Outcome.unroutable);
  fixture.clock.advance(4000);
  expect(publish('b')).toBe(Outcome.taken);
});

test('asking where a message goes does not make the message that comes a duplicate', () => {
  setUp(number('x-cache-size', 10));
  expect(fixture.route('e', '', id('a'))).toEqual(['q']);
  expect(publish('a')).toBe(Outcome.taken);
});

test('with x-cache-persistence disk a restart forgets nothing but what is over; in memory it forgets all', async () => {
  setUp([...number('x-cache-size', 2), ...text('x-cache-persistence', 'disk')], true);
  for (const name of ['a', 'b', 'c']) publish(name, name === 'c' ? number('x-cache-ttl', 1000) : []);
  fixture = await fixture.restart(1000);
  expect(publish('b')).toBe(Outcome.unroutable);
  expect(publish('c')).toBe(Outcome.taken);
  fixture.exchange('m', TYPE, { durable: true, arguments: number('x-cache-size', 2) });
  fixture.bind('m', 'q', '');
  fixture.publish('m', '', 'x', { headers: id('x') });
  fixture = await fixture.restart();
  expect(fixture.publish('m', '', 'x', { headers: id('x') })).toBe(Outcome.taken);
});

describe('declaring', () => {
  const size = "Missing or invalid argument, 'x-cache-size' must be an integer greater than 0";
  test.each<[FieldTable, string]>([
    [[], size],
    [number('x-cache-size', 0), size],
    [text('x-cache-size', 'many'), size],
    [
      [...number('x-cache-size', 1), ...number('x-cache-ttl', 0)],
      "Invalid argument, 'x-cache-ttl' must be an integer greater than 0",
    ],
    [
      [...number('x-cache-size', 1), ...text('x-cache-persistence', 'tape')],
      "Invalid argument, 'x-cache-persistence' must be either 'disk' or 'memory'",
    ],
  ])('%j is refused', (args, message) => {
    expect(() => fixture.exchange('e', TYPE, { arguments: args })).toThrow(
      expect.objectContaining({ reply: 'PRECONDITION_FAILED', message }),
    );
  });

  test('numbers may come as text', () => {
    setUp([...text('x-cache-size', '5'), ...text('x-cache-ttl', '100')]);
    expect(publish('a')).toBe(Outcome.taken);
  });
});
