import { beforeEach, expect, test } from 'vitest';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { drain } from '../queue-fixture.ts';

let fixture: BrokerFixture;
beforeEach(async () => {
  fixture = await BrokerFixture.start();
});

const HISTORY = 'x-recent-history';
const length = (value: number) => ({ arguments: number('x-recent-history-length', value) });

function publish(...bodies: string[]): void {
  for (const body of bodies) fixture.publish('e', 'k', body, { deliveryMode: 2 });
}

function bound(name: string, durable = false): string[] {
  const queue = fixture.queue(name, { durable });
  fixture.bind('e', name, 'whatever');
  return drain(queue);
}

test('a new binding gets what came last, oldest first, and from then on everything', () => {
  fixture.exchange('e', HISTORY, length(3));
  publish('a', 'b', 'c', 'd');
  expect(bound('q')).toEqual(['b', 'c', 'd']);
  publish('e');
  expect(drain(fixture.queue('q'))).toEqual(['e']);
  expect(bound('late')).toEqual(['c', 'd', 'e']);
});

test('twenty messages where nobody says how many', () => {
  fixture.exchange('e', HISTORY);
  publish(...Array.from({ length: 25 }, (_, i) => String(i)));
  expect(bound('q')).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 5)));
});

test('binding again what is bound brings nothing', () => {
  fixture.exchange('e', HISTORY);
  publish('a');
  bound('q');
  expect(bound('q')).toEqual([]);
});

test('what must not be kept is delivered and not kept', () => {
  fixture.exchange('e', HISTORY);
  fixture.queue('first');
  fixture.bind('e', 'first');
  fixture.publish('e', 'k', 'secret', { headers: [['x-recent-history-no-store', { type: 't', value: true }]] });
  fixture.publish('e', 'k', 'open', { headers: [['x-recent-history-no-store', { type: 't', value: false }]] });
  expect(drain(fixture.queue('first'))).toEqual(['secret', 'open']);
  expect(bound('q')).toEqual(['open']);
});

test('a new binding to an exchange brings the history to where that exchange routes it', () => {
  fixture.exchange('e', HISTORY);
  publish('a', 'b');
  fixture.exchange('next', 'direct');
  fixture.queue('q');
  fixture.bind('next', 'q', 'k');
  fixture.bind('e', 'next', '', { destinationType: 'exchange' });
  expect(drain(fixture.queue('q'))).toEqual(['a', 'b']);
});

test('a dead letter that is kept here as well has moved to its queue only', () => {
  fixture.exchange('e', HISTORY);
  fixture.queue('q');
  fixture.bind('e', 'q');
  fixture.queue('work', { arguments: [...text('x-dead-letter-exchange', 'e'), ...number('x-message-ttl', 10)] });
  fixture.publish('', 'work', 'a');
  fixture.clock.advance(10);
  expect(drain(fixture.queue('q'))).toEqual(['a']);
  expect(bound('late')).toEqual(['a']);
});

test.each([0, -1])('the length %i is refused', (value) => {
  expect(() => fixture.exchange('e', HISTORY, length(value))).toThrow(
    expect.objectContaining({
      reply: 'PRECONDITION_FAILED',
      message: `Invalid argument ${value}, 'x-recent-history-length' must be a positive integer`,
    }),
  );
});

test('a restart keeps the history of a durable exchange; its bindings get nothing twice', async () => {
  fixture.exchange('e', HISTORY, { durable: true, ...length(2) });
  publish('a', 'b', 'c');
  expect(bound('q', true)).toEqual(['b', 'c']);
  fixture = await fixture.restart();
  expect(fixture.queue('q', { durable: true }).readyCount).toBe(0);
  expect(bound('late')).toEqual(['b', 'c']);
});

test('the history goes with the exchange', () => {
  fixture.exchange('e', HISTORY);
  publish('a');
  expect(fixture.store.bytes).toBeGreaterThan(0);
  fixture.deleteExchange('e');
  expect(fixture.store.bytes).toBe(0);
});
