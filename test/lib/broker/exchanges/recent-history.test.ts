import { beforeEach, expect, test } from 'vitest';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { drain } from '../queue-fixture.ts';

let place: BrokerFixture;
beforeEach(async () => {
  place = await BrokerFixture.start();
});

const HISTORY = 'x-recent-history';
const length = (value: number) => ({ arguments: number('x-recent-history-length', value) });

function publish(...bodies: string[]): void {
  for (const body of bodies) place.publish('e', 'k', body, { deliveryMode: 2 });
}

function bound(name: string, durable = false): string[] {
  const queue = place.queue(name, { durable });
  place.bind('e', name, 'whatever');
  return drain(queue);
}

test('a new binding gets what came last, oldest first, and from then on everything', () => {
  place.exchange('e', HISTORY, length(3));
  publish('a', 'b', 'c', 'd');
  expect(bound('q')).toEqual(['b', 'c', 'd']);
  publish('e');
  expect(drain(place.queue('q'))).toEqual(['e']);
  expect(bound('late')).toEqual(['c', 'd', 'e']);
});

test('twenty messages where nobody says how many', () => {
  place.exchange('e', HISTORY);
  publish(...Array.from({ length: 25 }, (_, i) => String(i)));
  expect(bound('q')).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 5)));
});

test('binding again what is bound brings nothing', () => {
  place.exchange('e', HISTORY);
  publish('a');
  bound('q');
  expect(bound('q')).toEqual([]);
});

test('what must not be kept is delivered and not kept', () => {
  place.exchange('e', HISTORY);
  place.queue('first');
  place.bind('e', 'first');
  place.publish('e', 'k', 'secret', { headers: [['x-recent-history-no-store', { type: 't', value: true }]] });
  place.publish('e', 'k', 'open', { headers: [['x-recent-history-no-store', { type: 't', value: false }]] });
  expect(drain(place.queue('first'))).toEqual(['secret', 'open']);
  expect(bound('q')).toEqual(['open']);
});

test('a new binding to an exchange brings the history to where that exchange routes it', () => {
  place.exchange('e', HISTORY);
  publish('a', 'b');
  place.exchange('next', 'direct');
  place.queue('q');
  place.bind('next', 'q', 'k');
  place.bind('e', 'next', '', { destinationType: 'exchange' });
  expect(drain(place.queue('q'))).toEqual(['a', 'b']);
});

test('a dead letter that is kept here as well has moved to its queue only', () => {
  place.exchange('e', HISTORY);
  place.queue('q');
  place.bind('e', 'q');
  place.queue('work', { arguments: [...text('x-dead-letter-exchange', 'e'), ...number('x-message-ttl', 10)] });
  place.publish('', 'work', 'a');
  place.clock.advance(10);
  expect(drain(place.queue('q'))).toEqual(['a']);
  expect(bound('late')).toEqual(['a']);
});

test.each([0, -1])('the length %i is refused', (value) => {
  expect(() => place.exchange('e', HISTORY, length(value))).toThrow(
    expect.objectContaining({
      reply: 'PRECONDITION_FAILED',
      message: `Invalid argument ${value}, 'x-recent-history-length' must be a positive integer`,
    }),
  );
});

test('a restart keeps the history of a durable exchange; its bindings get nothing twice', async () => {
  place.exchange('e', HISTORY, { durable: true, ...length(2) });
  publish('a', 'b', 'c');
  expect(bound('q', true)).toEqual(['b', 'c']);
  place = await place.restart();
  expect(place.queue('q', { durable: true }).readyCount).toBe(0);
  expect(bound('late')).toEqual(['b', 'c']);
});

test('the history goes with the exchange', () => {
  place.exchange('e', HISTORY);
  publish('a');
  expect(place.store.bytes).toBeGreaterThan(0);
  place.deleteExchange('e');
  expect(place.store.bytes).toBe(0);
});
