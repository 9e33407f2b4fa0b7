import { beforeEach, describe, expect, test } from 'vitest';
import type { Field, FieldTable } from '../../../../lib/amqp/field-table.ts';
import type { Properties } from '../../../../lib/amqp/properties.ts';
import { Outcome } from '../../../../lib/broker/publishing/publisher.ts';
import { BrokerFixture, number, text } from '../broker-fixture.ts';
import { drain } from '../queue-fixture.ts';
import { headersOf } from '../sample-message.ts';

let fixture: BrokerFixture;
beforeEach(async () => {
  fixture = await BrokerFixture.start();
});

const DELAYED = 'x-delayed-message';
const inner = (type: string): FieldTable => text('x-delayed-type', type);
const delay = (ms: number): Properties => ({ headers: number('x-delay', ms) });
const keyList = (...values: string[]): Field => ({ type: 'A', value: values.map((value) => ({ type: 'S', value })) });
const delayedOf = (exchange: string, at = fixture): number => at.vhost.exchanges.get(exchange)?.type.delayedCount ?? -1;

function setUp(type = 'direct', durable = false): void {
  fixture.exchange('later', DELAYED, { durable, arguments: inner(type) });
  fixture.queue('q', { durable });
  fixture.bind('later', 'q', 'k');
}

describe('waiting', () => {
  test('a message waits as long as its header says, and is delivered with the delay turned negative', () => {
    setUp();
    expect(fixture.publish('later', 'k', 'a', delay(5000))).toBe(Outcome.delayed);
    expect(delayedOf('later')).toBe(1);
    fixture.clock.advance(4999);
    expect(fixture.queue('q').readyCount).toBe(0);
    fixture.clock.advance(1);
    expect(delayedOf('later')).toBe(0);
    let headers: FieldTable = [];
    fixture.queue('q').peek(-1, 1, (message) => {
      headers = headersOf(message);
    });
    expect(headers).toEqual(number('x-delay', -5000));
    expect(drain(fixture.queue('q'))).toEqual(['a']);
  });

  test('messages come in the order in which they are due, and equal ones in the order in which they came', () => {
    setUp();
    for (const [body, ms] of Object.entries({ c: 300, a1: 100, b: 200, a2: 100, a3: 100 })) {
      fixture.publish('later', 'k', body, delay(ms));
    }
    fixture.clock.advance(1000);
    expect(drain(fixture.queue('q'))).toEqual(['a1', 'a2', 'a3', 'b', 'c']);
  });

  test('more than one turn may release are all released', () => {
    setUp();
    for (let i = 0; i < 2500; i++) fixture.publish('later', 'k', String(i), delay(10));
    fixture.clock.advance(10);
    expect(drain(fixture.queue('q'))).toEqual(Array.from({ length: 2500 }, (_, i) => String(i)));
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
    const outcome = fixture.publish('later', 'k', 'a', { headers: [['x-delay', field]] });
    expect(outcome).toBe(waitsMs === null ? Outcome.taken : Outcome.delayed);
    if (waitsMs === null) return;
    fixture.clock.advance(waitsMs - 1);
    expect(fixture.queue('q').readyCount).toBe(0);
    fixture.clock.advance(1);
    expect(fixture.queue('q').readyCount).toBe(1);
  });

  test('what is not to wait is routed by the inner type at once', () => {
    setUp('topic');
    fixture.bind('later', 'q', 'a.*');
    expect(fixture.publish('later', 'a.b')).toBe(Outcome.taken);
    expect(fixture.publish('later', 'b.a')).toBe(Outcome.unroutable);
  });

  test('a message is routed by the bindings of the moment at which it is due', () => {
    setUp();
    fixture.publish('later', 'k', 'a', delay(100));
    fixture.unbind('later', 'q', 'k');
    fixture.queue('other');
    fixture.bind('later', 'other', 'k');
    fixture.clock.advance(100);
    expect([fixture.queue('q').readyCount, fixture.queue('other').readyCount]).toEqual([0, 1]);
  });

  test('copies go to CC and BCC when they are due, and nobody sees BCC', () => {
    setUp();
    for (const name of ['cc', 'bcc']) {
      fixture.queue(name);
      fixture.bind('later', name, name);
    }
    fixture.publish('later', 'k', 'a', {
      headers: [...number('x-delay', 100), ['CC', keyList('cc')], ['BCC', keyList('bcc')]],
    });
    fixture.clock.advance(100);
    for (const name of ['q', 'cc', 'bcc']) {
      fixture.queue(name).peek(-1, 1, (message) => {
        expect(headersOf(message).map(([header]) => header)).toEqual(['x-delay', 'CC']);
      });
      expect(fixture.queue(name).readyCount).toBe(1);
    }
  });

  test('an expiration counts from the moment at which the message is due', () => {
    setUp();
    fixture.publish('later', 'k', 'a', { ...delay(1000), expiration: '500' });
    fixture.clock.advance(1499);
    expect(fixture.queue('q').readyCount).toBe(1);
    fixture.clock.advance(1);
    expect(fixture.queue('q').readyCount).toBe(0);
  });

  test('priority holds after the delay', () => {
    fixture.exchange('later', DELAYED, { arguments: inner('fanout') });
    const queue = fixture.queue('q', { arguments: number('x-max-priority', 5) });
    fixture.bind('later', 'q');
    fixture.publish('later', '', 'low', { ...delay(10), priority: 1 });
    fixture.publish('later', '', 'high', { ...delay(20), priority: 5 });
    fixture.clock.advance(20);
    expect(drain(queue)).toEqual(['high', 'low']);
  });

  test('a message that reaches the exchange through another one waits as well', () => {
    setUp('fanout');
    fixture.exchange('first', 'fanout');
    fixture.bind('first', 'later', '', { destinationType: 'exchange' });
    expect(fixture.publish('first', 'k', 'a', delay(100))).toBe(Outcome.delayed);
    fixture.clock.advance(100);
    expect(fixture.queue('q').readyCount).toBe(1);
  });

  test('dead letters wait, and have left their queue', () => {
    setUp('fanout');
    const work = fixture.queue('work', {
      arguments: [...text('x-dead-letter-exchange', 'later'), ...number('x-message-ttl', 10)],
    });
    fixture.publish('', 'work', 'a', delay(100));
    fixture.clock.advance(10);
    expect([work.readyCount, delayedOf('later'), fixture.queue('q').readyCount]).toEqual([0, 1, 0]);
    fixture.clock.advance(100);
    expect([delayedOf('later'), fixture.queue('q').readyCount]).toEqual([0, 1]);
  });

  test('asking where a message goes delays nothing', () => {
    setUp();
    expect(fixture.route('later', 'k', number('x-delay', 100))).toEqual(['q']);
    expect(delayedOf('later')).toBe(0);
  });

  test('an alternate exchange gets only what is due and still unroutable', () => {
    fixture.queue('rest');
    fixture.exchange('others', 'fanout');
    fixture.bind('others', 'rest');
    fixture.exchange('later', DELAYED, { arguments: [...inner('direct'), ...text('alternate-exchange', 'others')] });
    fixture.publish('later', 'k', 'a', delay(100));
    expect(fixture.queue('rest').readyCount).toBe(0);
    fixture.clock.advance(100);
    expect(fixture.queue('rest').readyCount).toBe(1);
  });
});

describe('declaring', () => {
  test.each<[FieldTable, string]>([
    [[], "Invalid argument, 'x-delayed-type' must be an existing exchange type"],
    [number('x-delayed-type', 1), "Invalid argument, 'x-delayed-type' must be an existing exchange type"],
    [inner(DELAYED), "Invalid argument, 'x-delayed-type' must be an existing exchange type"],
    [inner('x-made-up'), "unknown exchange type 'x-made-up'"],
  ])('%j is refused', (args, message) => {
    expect(() => fixture.exchange('later', DELAYED, { arguments: args })).toThrow(
      expect.objectContaining({ reply: 'PRECONDITION_FAILED', message }),
    );
    expect(fixture.vhost.exchanges.has('later')).toBe(false);
  });

  test('the inner type says which bindings there can be', () => {
    fixture.exchange('later', DELAYED, { arguments: inner('x-consistent-hash') });
    fixture.queue('q');
    expect(() => fixture.bind('later', 'q', 'k')).toThrow('The binding key must be an integer: <<"k">>');
  });

  test('deleting the exchange drops what waits, and one of the same name begins anew', () => {
    setUp();
    fixture.publish('later', 'k', 'a', delay(100));
    fixture.deleteExchange('later');
    expect(fixture.store.bytes).toBe(0);
    setUp();
    expect(delayedOf('later')).toBe(0);
    fixture.clock.advance(1000);
    expect(fixture.queue('q').readyCount).toBe(0);
  });
});

describe('a restart', () => {
  test('keeps what waits with its moment, also what is transient, and releases what has become due', async () => {
    setUp('direct', true);
    fixture.publish('later', 'k', 'soon', { ...delay(1000), deliveryMode: 2 });
    fixture.publish('later', 'k', 'transient', delay(1500));
    fixture.publish('later', 'k', 'late', { ...delay(9000), deliveryMode: 2 });
    const next = await fixture.restart(2000);
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
