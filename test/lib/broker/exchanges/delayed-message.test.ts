import { beforeEach, describe, expect, test } from 'vitest';
import type { Field, FieldTable } from '../../../../lib/amqp/field-table.ts';
import type { Properties } from '../../../../lib/amqp/properties.ts';
import { Outcome } from '../../../../lib/broker/publisher.ts';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { drain } from '../queue-fixture.ts';
import { headersOf } from '../sample-message.ts';

let place: BrokerFixture;
beforeEach(async () => {
  place = await BrokerFixture.start();
});

const DELAYED = 'x-delayed-message';
const inner = (type: string): FieldTable => text('x-delayed-type', type);
const delay = (ms: number): Properties => ({ headers: number('x-delay', ms) });
const keyList = (...values: string[]): Field => ({ type: 'A', value: values.map((value) => ({ type: 'S', value })) });
const delayedOf = (exchange: string, at = place): number => at.vhost.exchanges.get(exchange)?.type.delayedCount ?? -1;

function setUp(type = 'direct', durable = false): void {
  place.exchange('later', DELAYED, { durable, arguments: inner(type) });
  place.queue('q', { durable });
  place.bind('later', 'q', 'k');
}

describe('waiting', () => {
  test('a message waits as long as its header says, and is delivered with the delay turned negative', () => {
    setUp();
    expect(place.publish('later', 'k', 'a', delay(5000))).toBe(Outcome.delayed);
    expect(delayedOf('later')).toBe(1);
    place.clock.advance(4999);
    expect(place.queue('q').readyCount).toBe(0);
    place.clock.advance(1);
    expect(delayedOf('later')).toBe(0);
    let headers: FieldTable = [];
    place.queue('q').peek(-1, 1, (message) => {
      headers = headersOf(message);
    });
    expect(headers).toEqual(number('x-delay', -5000));
    expect(drain(place.queue('q'))).toEqual(['a']);
  });

  test('messages come in the order in which they are due, and equal ones in the order in which they came', () => {
    setUp();
    for (const [body, ms] of Object.entries({ c: 300, a1: 100, b: 200, a2: 100, a3: 100 })) {
      place.publish('later', 'k', body, delay(ms));
    }
    place.clock.advance(1000);
    expect(drain(place.queue('q'))).toEqual(['a1', 'a2', 'a3', 'b', 'c']);
  });

  test('more than one turn may release are all released', () => {
    setUp();
    for (let i = 0; i < 2500; i++) place.publish('later', 'k', String(i), delay(10));
    place.clock.advance(10);
    expect(drain(place.queue('q'))).toEqual(Array.from({ length: 2500 }, (_, i) => String(i)));
  });

  test.each<[string, Field, number | null]>([
    ['a short', { type: 's', value: 50 }, 50],
    ['a long', { type: 'l', value: 50n }, 50],
    ['a decimal string', { type: 'S', value: '50' }, 50],
    ['a double', { type: 'd', value: 50.9 }, 50],
    ['the greatest', { type: 'l', value: 4_294_967_295n }, 4_294_967_295],
    ['more than that', { type: 'l', value: 4_294_967_296n }, null],
    ['zero', { type: 'I', value: 0 }, null],
    ['a negative one', { type: 'I', value: -50 }, null],
    ['some text', { type: 'S', value: 'soon' }, null],
    ['a boolean', { type: 't', value: true }, null],
  ])('%s as x-delay', (_, field, waitsMs) => {
    setUp();
    const outcome = place.publish('later', 'k', 'a', { headers: [['x-delay', field]] });
    expect(outcome).toBe(waitsMs === null ? Outcome.taken : Outcome.delayed);
    if (waitsMs === null) return;
    place.clock.advance(waitsMs - 1);
    expect(place.queue('q').readyCount).toBe(0);
    place.clock.advance(1);
    expect(place.queue('q').readyCount).toBe(1);
  });

  test('what is not to wait is routed by the inner type at once', () => {
    setUp('topic');
    place.bind('later', 'q', 'a.*');
    expect(place.publish('later', 'a.b')).toBe(Outcome.taken);
    expect(place.publish('later', 'b.a')).toBe(Outcome.unroutable);
  });

  test('a message is routed by the bindings of the moment at which it is due', () => {
    setUp();
    place.publish('later', 'k', 'a', delay(100));
    place.unbind('later', 'q', 'k');
    place.queue('other');
    place.bind('later', 'other', 'k');
    place.clock.advance(100);
    expect([place.queue('q').readyCount, place.queue('other').readyCount]).toEqual([0, 1]);
  });

  test('copies go to CC and BCC when they are due, and nobody sees BCC', () => {
    setUp();
    for (const name of ['cc', 'bcc']) {
      place.queue(name);
      place.bind('later', name, name);
    }
    place.publish('later', 'k', 'a', {
      headers: [...number('x-delay', 100), ['CC', keyList('cc')], ['BCC', keyList('bcc')]],
    });
    place.clock.advance(100);
    for (const name of ['q', 'cc', 'bcc']) {
      place.queue(name).peek(-1, 1, (message) => {
        expect(headersOf(message).map(([header]) => header)).toEqual(['x-delay', 'CC']);
      });
      expect(place.queue(name).readyCount).toBe(1);
    }
  });

  test('an expiration counts from the moment at which the message is due', () => {
    setUp();
    place.publish('later', 'k', 'a', { ...delay(1000), expiration: '500' });
    place.clock.advance(1499);
    expect(place.queue('q').readyCount).toBe(1);
    place.clock.advance(1);
    expect(place.queue('q').readyCount).toBe(0);
  });

  test('priority holds after the delay', () => {
    place.exchange('later', DELAYED, { arguments: inner('fanout') });
    const queue = place.queue('q', { arguments: number('x-max-priority', 5) });
    place.bind('later', 'q');
    place.publish('later', '', 'low', { ...delay(10), priority: 1 });
    place.publish('later', '', 'high', { ...delay(20), priority: 5 });
    place.clock.advance(20);
    expect(drain(queue)).toEqual(['high', 'low']);
  });

  test('a message that reaches the exchange through another one waits as well', () => {
    setUp('fanout');
    place.exchange('first', 'fanout');
    place.bind('first', 'later', '', { destinationType: 'exchange' });
    expect(place.publish('first', 'k', 'a', delay(100))).toBe(Outcome.delayed);
    place.clock.advance(100);
    expect(place.queue('q').readyCount).toBe(1);
  });

  test('dead letters wait, and have left their queue', () => {
    setUp('fanout');
    const work = place.queue('work', {
      arguments: [...text('x-dead-letter-exchange', 'later'), ...number('x-message-ttl', 10)],
    });
    place.publish('', 'work', 'a', delay(100));
    place.clock.advance(10);
    expect([work.readyCount, delayedOf('later'), place.queue('q').readyCount]).toEqual([0, 1, 0]);
    place.clock.advance(100);
    expect([delayedOf('later'), place.queue('q').readyCount]).toEqual([0, 1]);
  });

  test('asking where a message goes delays nothing', () => {
    setUp();
    expect(place.route('later', 'k', number('x-delay', 100))).toEqual(['q']);
    expect(delayedOf('later')).toBe(0);
  });

  test('an alternate exchange gets only what is due and still unroutable', () => {
    place.queue('rest');
    place.exchange('others', 'fanout');
    place.bind('others', 'rest');
    place.exchange('later', DELAYED, { arguments: [...inner('direct'), ...text('alternate-exchange', 'others')] });
    place.publish('later', 'k', 'a', delay(100));
    expect(place.queue('rest').readyCount).toBe(0);
    place.clock.advance(100);
    expect(place.queue('rest').readyCount).toBe(1);
  });
});

describe('declaring', () => {
  test.each<[FieldTable, string]>([
    [[], "Invalid argument, 'x-delayed-type' must be an existing exchange type"],
    [number('x-delayed-type', 1), "Invalid argument, 'x-delayed-type' must be an existing exchange type"],
    [inner(DELAYED), "Invalid argument, 'x-delayed-type' must be an existing exchange type"],
    [inner('x-made-up'), "unknown exchange type 'x-made-up'"],
  ])('%j is refused', (args, message) => {
    expect(() => place.exchange('later', DELAYED, { arguments: args })).toThrow(
      expect.objectContaining({ reply: 'PRECONDITION_FAILED', message }),
    );
    expect(place.vhost.exchanges.has('later')).toBe(false);
  });

  test('the inner type says which bindings there can be', () => {
    place.exchange('later', DELAYED, { arguments: inner('x-consistent-hash') });
    place.queue('q');
    expect(() => place.bind('later', 'q', 'k')).toThrow('The binding key must be an integer: <<"k">>');
  });

  test('deleting the exchange drops what waits, and one of the same name begins anew', () => {
    setUp();
    place.publish('later', 'k', 'a', delay(100));
    place.deleteExchange('later');
    expect(place.store.bytes).toBe(0);
    setUp();
    expect(delayedOf('later')).toBe(0);
    place.clock.advance(1000);
    expect(place.queue('q').readyCount).toBe(0);
  });
});

describe('a restart', () => {
  test('keeps what waits with its moment, also what is transient, and releases what has become due', async () => {
    setUp('direct', true);
    place.publish('later', 'k', 'soon', { ...delay(1000), deliveryMode: 2 });
    place.publish('later', 'k', 'transient', delay(1500));
    place.publish('later', 'k', 'late', { ...delay(9000), deliveryMode: 2 });
    const next = await place.restart(2000);
    expect(delayedOf('later', next)).toBe(3);
    next.clock.advance(0);
    expect(drain(next.queue('q', { durable: true }))).toEqual(['soon', 'transient']);
    next.clock.advance(6999);
    expect(next.queue('q', { durable: true }).readyCount).toBe(0);
    next.clock.advance(1);
    expect(drain(next.queue('q', { durable: true }))).toEqual(['late']);
    expect(delayedOf('later', next)).toBe(0);
  });
});
