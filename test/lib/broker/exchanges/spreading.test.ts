import { beforeEach, describe, expect, test } from 'vitest';
import { RandomType } from '../../../../lib/broker/exchanges/random.ts';
import { BrokerFixture, text } from '../broker-fixture.ts';
import { boundTo, routed } from './bound-to.ts';

let fixture: BrokerFixture;
beforeEach(async () => {
  fixture = await BrokerFixture.start();
});

/** How many of `keys` messages each queue gets. */
function shares(exchange: string, keys: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) for (const queue of fixture.route(exchange, key)) counts[queue] = (counts[queue] ?? 0) + 1;
  return counts;
}

const keys = Array.from({ length: 12_000 }, (_, i) => `order.${i}`);

function bindAll(exchange: string, names: string[], key = '1'): void {
  for (const name of names) {
    fixture.queue(name);
    fixture.bind(exchange, name, key);
  }
}

describe('x-random', () => {
  test('one of the bindings, each as often as another, whatever the key', () => {
    fixture.exchange('e', 'x-random');
    bindAll('e', ['a', 'b', 'c'], 'any');
    const counts = shares('e', keys);
    expect(Object.keys(counts).sort()).toEqual(['a', 'b', 'c']);
    for (const count of Object.values(counts)) expect(Math.abs(count - 4000)).toBeLessThan(400);
  });

  test('chance says which, and what was unbound is never chosen', () => {
    let chance = 0;
    const type = new RandomType(() => chance);
    expect(routed(type, '')).toEqual([]);
    const [a, b] = [boundTo('a', ''), boundTo('b', '')];
    type.add(a);
    type.add(b);
    expect(routed(type, '')).toEqual(['a']);
    chance = 0.999;
    expect(routed(type, '')).toEqual(['b']);
    type.remove(b);
    expect(routed(type, '')).toEqual(['a']);
  });

  test('a publisher does not get stuck with the first choice, and CC makes no second one', () => {
    fixture.exchange('e', 'x-random');
    bindAll('e', ['a', 'b']);
    const cc = { headers: [['CC', { type: 'A', value: [{ type: 'S', value: 'x' }] }]] } as never;
    for (let i = 0; i < 100; i++) fixture.publish('e', 'k', 'x', cc);
    const [a, b] = [fixture.queue('a').readyCount, fixture.queue('b').readyCount];
    expect(a + b).toBe(100);
    expect(Math.min(a, b)).toBeGreaterThan(10);
  });
});

describe('x-local-random', () => {
  test('takes only classic queues, without a key', () => {
    fixture.exchange('e', 'x-local-random');
    fixture.exchange('f', 'fanout');
    fixture.queue('q');
    fixture.queue('quorum', { durable: true, arguments: text('x-queue-type', 'quorum') });
    expect(() => fixture.bind('e', 'q', 'k')).toThrow("Non empty binding 'k' key not permitted");
    expect(() => fixture.bind('e', 'quorum')).toThrow(
      'Queue type rabbit_quorum_queue not valid for this exchange type',
    );
    expect(() => fixture.bind('e', 'f', '', { destinationType: 'exchange' })).toThrow('Destination not found');
    fixture.bind('e', 'q');
    expect(fixture.route('e', 'whatever')).toEqual(['q']);
  });
});

describe('x-modulus-hash', () => {
  test('the same key goes to the same queue, keys are spread, and the order of the bindings does not matter', () => {
    fixture.exchange('e', 'x-modulus-hash');
    fixture.exchange('f', 'x-modulus-hash');
    bindAll('e', ['a', 'b', 'c']);
    bindAll('f', ['c', 'a', 'b']);
    for (const key of keys.slice(0, 200)) expect(fixture.route('e', key)).toEqual(fixture.route('f', key));
    const counts = shares('e', keys);
    expect(Object.keys(counts).sort()).toEqual(['a', 'b', 'c']);
    for (const count of Object.values(counts)) expect(Math.abs(count - 4000)).toBeLessThan(400);
  });

  test('nothing bound, nothing routed', () => {
    fixture.exchange('e', 'x-modulus-hash');
    expect(fixture.route('e', 'k')).toEqual([]);
  });
});

describe('x-consistent-hash', () => {
  test('the weights of the bindings say how much each queue gets', () => {
    fixture.exchange('e', 'x-consistent-hash');
    bindAll('e', ['a', 'b'], '1');
    bindAll('e', ['c'], '2');
    const { a = 0, b = 0, c = 0 } = shares('e', keys);
    expect(Math.abs(a - 3000)).toBeLessThan(300);
    expect(Math.abs(b - 3000)).toBeLessThan(300);
    expect(Math.abs(c - 6000)).toBeLessThan(300);
  });

  test('a new queue takes its share from the others, and nothing else moves', () => {
    fixture.exchange('e', 'x-consistent-hash');
    bindAll('e', ['a', 'b', 'c']);
    const before = keys.map((key) => fixture.route('e', key)[0]);
    bindAll('e', ['d']);
    const after = keys.map((key) => fixture.route('e', key)[0]);
    const moved = after.filter((queue, i) => queue !== before[i]);
    expect(new Set(moved)).toEqual(new Set(['d']));
    expect(Math.abs(moved.length - 3000)).toBeLessThan(300);
    fixture.unbind('e', 'd', '1');
    expect(keys.map((key) => fixture.route('e', key)[0])).toEqual(before);
  });

  test('a second binding of a queue counts only when the first is gone', () => {
    fixture.exchange('e', 'x-consistent-hash');
    bindAll('e', ['a', 'b']);
    const before = shares('e', keys);
    fixture.bind('e', 'a', '1000');
    expect(shares('e', keys)).toEqual(before);
    fixture.unbind('e', 'a', '1');
    expect(shares('e', keys).b ?? 0).toBeLessThan(100);
  });

  test.each([
    ['abc', 'The binding key must be an integer: <<"abc">>'],
    ['', 'The binding key must be an integer: <<"">>'],
    ['1.5', 'The binding key must be an integer: <<"1.5">>'],
    ['0', 'The binding key must be greater than 0'],
    ['-3', 'The binding key must be greater than 0'],
  ])('the binding key %j is refused', (key, message) => {
    fixture.exchange('e', 'x-consistent-hash');
    fixture.queue('q');
    expect(() => fixture.bind('e', 'q', key)).toThrow(
      expect.objectContaining({ reply: 'PRECONDITION_FAILED', message }),
    );
  });

  test('hashes a header, whatever the key', () => {
    fixture.exchange('e', 'x-consistent-hash', { arguments: text('hash-header', 'customer') });
    bindAll('e', ['a', 'b', 'c']);
    const of = (customer: string, key: string): string[] => fixture.route('e', key, text('customer', customer));
    const used = new Set<string>();
    for (let i = 0; i < 50; i++) {
      expect(of(`c${i}`, 'x')).toEqual(of(`c${i}`, 'y'));
      used.add(String(of(`c${i}`, 'x')));
    }
    expect(used.size).toBe(3);
    expect(fixture.route('e', 'x')).toEqual(fixture.route('e', 'y'));
  });

  test.each(['message_id', 'correlation_id', 'timestamp'])('hashes the property %s', (property) => {
    fixture.exchange('e', 'x-consistent-hash', { arguments: text('hash-property', property) });
    bindAll('e', ['a', 'b']);
    for (let i = 0; i < 60; i++) {
      const properties = { messageId: `m${i}`, correlationId: `c${i}`, timestamp: BigInt(i) };
      for (const key of ['x', 'y']) fixture.publish('e', key, 'x', properties);
    }
    const [a, b] = [fixture.queue('a').readyCount, fixture.queue('b').readyCount];
    expect(a + b).toBe(120);
    // Both of a pair are in the same queue.
    expect(a % 2).toBe(0);
    expect(Math.min(a, b)).toBeGreaterThan(20);
  });

  test('other properties, and both at once, are refused', () => {
    expect(() => fixture.exchange('e', 'x-consistent-hash', { arguments: text('hash-property', 'app_id') })).toThrow(
      'Unsupported property: app_id',
    );
    const both = [...text('hash-property', 'message_id'), ...text('hash-header', 'h')];
    expect(() => fixture.exchange('e', 'x-consistent-hash', { arguments: both })).toThrow(
      'hash-header and hash-property are mutually exclusive',
    );
  });
});

test('a type that nobody knows is refused by name', () => {
  expect(() => fixture.exchange('e', 'x-made-up')).toThrow(
    expect.objectContaining({ reply: 'PRECONDITION_FAILED', message: "unknown exchange type 'x-made-up'" }),
  );
});
