import { beforeEach, describe, expect, test } from 'vitest';
import type { Field, FieldTable } from '../../../lib/amqp/field-table.ts';
import type { QueueType } from '../../../lib/broker/queues/queue-arguments.ts';
import { BrokerFixture } from './broker-fixture.ts';

const text = (value: string): Field => ({ type: 'S', value });
const int = (value: number): Field => ({ type: 'I', value });
const flag = (value: boolean): Field => ({ type: 't', value });

const ALL: QueueType[] = ['classic', 'quorum', 'stream'];
const NO_STREAM: QueueType[] = ['classic', 'quorum'];

/** What each argument was declared with, and another value that it may have; by the types of queue that compare it. */
const COMPARED: [name: string, one: Field, other: Field, types: QueueType[]][] = [
  ['x-expires', int(60_000), int(70_000), NO_STREAM],
  ['x-message-ttl', int(1000), int(2000), NO_STREAM],
  ['x-dead-letter-exchange', text('a'), text('b'), NO_STREAM],
  ['x-dead-letter-routing-key', text('a'), text('b'), NO_STREAM],
  ['x-dead-letter-strategy', text('at-most-once'), text('at-least-once'), ['quorum']],
  ['x-max-length', int(1), int(2), NO_STREAM],
  ['x-max-length-bytes', int(1000), int(2000), ALL],
  ['x-max-in-memory-length', int(1), int(2), ['quorum']],
  ['x-max-in-memory-bytes', int(1), int(2), ['quorum']],
  ['x-max-priority', int(1), int(2), ['classic']],
  ['x-overflow', text('drop-head'), text('reject-publish'), NO_STREAM],
  ['x-queue-mode', text('default'), text('lazy'), ['classic']],
  ['x-queue-version', int(1), int(2), ['classic']],
  ['x-single-active-consumer', flag(true), flag(false), NO_STREAM],
  ['x-quorum-initial-group-size', int(1), int(3), ['quorum']],
  ['x-delivery-limit', int(1), int(2), ['quorum']],
  ['x-max-age', text('1D'), text('2D'), ['stream']],
  ['x-stream-max-segment-size-bytes', int(1_000_000), int(2_000_000), ['stream']],
  ['x-stream-filter-size-bytes', int(16), int(32), ['stream']],
  ['x-initial-cluster-size', int(1), int(2), ['stream']],
  ['x-queue-master-locator', text('client-local'), text('random'), ['classic']],
  ['x-queue-leader-locator', text('client-local'), text('balanced'), ALL],
  ['x-consumer-timeout', int(60_000), int(70_000), ALL],
];

let fixture: BrokerFixture;
let base: FieldTable;

beforeEach(async () => {
  fixture = await BrokerFixture.start();
  base = [];
});

const declare = (...args: FieldTable) => fixture.queue('q', { durable: true, arguments: [...base, ...args] });
const inequivalent = (name: string, how: string) =>
  expect.objectContaining({
    reply: 'PRECONDITION_FAILED',
    message: `inequivalent arg '${name}' for queue 'q' in vhost '/': ${how}`,
  });

describe.each(COMPARED.flatMap(([name, one, other, types]) => types.map((type) => ({ name, one, other, type }))))(
  'declaring a $type queue again with another $name',
  ({ name, one, other, type }) => {
    beforeEach(() => {
      base = [['x-queue-type', text(type)]];
      if (name === 'x-dead-letter-routing-key') base.push(['x-dead-letter-exchange', text('dlx')]);
    });

    test('is refused, whether it is changed, left out or added', () => {
      declare([name, one]);
      declare([name, one]);
      const [was, is] = [one, other].map((field) => String('value' in field && field.value));
      const typeName = { S: 'longstr', I: 'signedint', t: 'bool' }[one.type as 'S' | 'I' | 't'];
      const described = `the value '${was}' of type '${typeName}'`;
      expect(() => declare([name, other])).toThrow(inequivalent(name, `received '${is}' but current is '${was}'`));
      expect(() => declare()).toThrow(inequivalent(name, `received none but current is ${described}`));
      fixture.broker.topology.deleteQueue(fixture.session, 'q', { unused: false, empty: false });
      declare();
      expect(() => declare([name, one])).toThrow(inequivalent(name, `received ${described} but current is none`));
    });
  },
);

test.each(['x-message-deduplication', 'x-unknown', 'x-max-age-of-mine'])(
  'an argument that RabbitMQ does not compare may be another one: %s',
  (name) => {
    declare([name, flag(true)]);
    declare([name, flag(false)]);
    declare();
  },
);

/** As RabbitMQ 3.10.8 answers. */
describe('a value of another type', () => {
  test.each<[string, Field]>([
    ['long', { type: 'l', value: 5n }],
    ['byte', { type: 'b', value: 5 }],
    ['unsigned short', { type: 'u', value: 5 }],
    ['timestamp', { type: 'T', value: 5n }],
  ])('is the same where both are integers: %s', (_, field) => {
    declare(['x-max-length', int(5)]);
    declare(['x-max-length', field]);
  });

  test.each<[Field, string]>([
    [{ type: 'd', value: 5 }, "'5.0'"],
    [{ type: 'd', value: 5.5 }, "'5.5'"],
    [{ type: 'd', value: 1e22 }, "'1.0e22'"],
    [text('5'), "'5'"],
    [flag(true), "'true'"],
    [{ type: 'V' }, 'none'],
    [{ type: 'A', value: [int(5), text('a')] }, `'[{signedint,5},{longstr,<<"a">>}]'`],
    [{ type: 'F', value: [['a', int(1)]] }, `'[{<<"a">>,signedint,1}]'`],
    [{ type: 'x', value: Buffer.from('ab') }, "'ab'"],
  ])('is another one else: case %$', (field, shown) => {
    declare(['x-max-length', int(5)]);
    expect(() => declare(['x-max-length', field])).toThrow(
      inequivalent('x-max-length', `received ${shown} but current is '5'`),
    );
  });

  test('two integers of 64 bits that differ in the last digit differ', () => {
    declare(['x-max-length', { type: 'l', value: 2n ** 53n + 1n }]);
    expect(() => declare(['x-max-length', { type: 'l', value: 2n ** 53n }])).toThrow(
      inequivalent('x-max-length', "received '9007199254740992' but current is '9007199254740993'"),
    );
  });

  test('what is refused for its size is shown with all its digits', () => {
    expect(() => declare(['x-message-ttl', { type: 'l', value: 2n ** 53n + 1n }])).toThrow(
      '{value_too_large,9007199254740993}',
    );
    expect(() => declare(['x-max-length', { type: 'l', value: -(2n ** 53n) - 1n }])).toThrow(
      '{value_negative,-9007199254740993}',
    );
  });
});
