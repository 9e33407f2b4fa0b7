/** Declaring a queue again: which of its arguments have to be the same, and which may be others. */
import type { Field, FieldTable } from '../../lib/amqp/field-table.ts';
import { number, text } from './field.ts';
import { test as conformanceTest, describe, expect } from './fixtures.ts';
import { Refused } from './refusal.ts';

type Type = 'classic' | 'quorum' | 'stream';

/** Declares a queue on a channel of its own; resolves to the refusal, or to 'ok'. */
const test = conformanceTest.extend('declare', ({ wire }) => {
  let id = 0;
  return async (queue: string, args: FieldTable): Promise<string> => {
    const channel = await wire.openChannel(++id);
    try {
      await channel.call('queue.declare', { queue, durable: true, arguments: args });
      return 'ok';
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.text;
    }
  };
});

const ALL: Type[] = ['classic', 'quorum', 'stream'];
const NO_STREAM: Type[] = ['classic', 'quorum'];
const flag = (value: boolean): Field => ({ type: 't', value });

/** A value, another one, the types that compare it, and what older releases do not know of it. */
const COMPARED: [name: string, one: Field, other: Field, types: Type[], newFor?: Type[]][] = [
  ['x-expires', number(60_000), number(70_000), NO_STREAM],
  ['x-message-ttl', number(1000), number(2000), NO_STREAM],
  ['x-dead-letter-exchange', text('a'), text('b'), NO_STREAM],
  ['x-dead-letter-strategy', text('at-most-once'), text('at-least-once'), ['quorum']],
  ['x-max-length', number(1), number(2), NO_STREAM],
  ['x-max-length-bytes', number(1000), number(2000), ALL],
  ['x-max-in-memory-length', number(1), number(2), ['quorum']],
  ['x-max-in-memory-bytes', number(1), number(2), ['quorum']],
  ['x-max-priority', number(1), number(2), ['classic']],
  ['x-overflow', text('drop-head'), text('reject-publish'), NO_STREAM],
  ['x-queue-mode', text('default'), text('lazy'), ['classic']],
  ['x-queue-version', number(1), number(2), ['classic']],
  ['x-single-active-consumer', flag(true), flag(false), NO_STREAM],
  ['x-quorum-initial-group-size', number(1), number(3), ['quorum']],
  ['x-delivery-limit', number(1), number(2), ['quorum']],
  ['x-max-age', text('1D'), text('2D'), ['stream']],
  ['x-stream-max-segment-size-bytes', number(1_000_000), number(2_000_000), ['stream']],
  ['x-stream-filter-size-bytes', number(16), number(32), ['stream'], ['stream']],
  ['x-initial-cluster-size', number(1), number(2), ['stream']],
  ['x-queue-master-locator', text('client-local'), text('random'), ['classic']],
  ['x-queue-leader-locator', text('client-local'), text('random'), ALL, ['classic']],
  // What the time for acks is has to be known, whoever declared the queue first.
  ['x-consumer-timeout', number(60_000), number(70_000), ALL, ALL],
];

describe.for(COMPARED)('%s', ([name, one, other, types, newFor = []]) => {
  test.for(types)('has to be the same in a %s queue', async (type, { broker, declare, named }) => {
    if (broker.is3 && newFor.includes(type)) return;
    const queue = named('again');
    const args = (field?: Field): FieldTable => [
      ['x-queue-type', text(type)],
      ...(field === undefined ? [] : ([[name, field]] as FieldTable)),
    ];
    const shown = (field: Field): string => String('value' in field && field.value);
    const typeName = { S: 'longstr', I: 'signedint', t: 'bool' }[one.type as 'S' | 'I' | 't'];
    const refused = (how: string): string =>
      `PRECONDITION_FAILED - inequivalent arg '${name}' for queue '${queue}' in vhost '/': ${how}`;
    expect(await declare(queue, args(one))).toBe('ok');
    expect(await declare(queue, args(one))).toBe('ok');
    expect(await declare(queue, args(other))).toBe(
      refused(`received '${shown(other)}' but current is '${shown(one)}'`),
    );
    expect(await declare(queue, args())).toBe(
      refused(`received none but current is the value '${shown(one)}' of type '${typeName}'`),
    );
  });
});

test('an argument that no queue knows may be another one, or left out', async ({ declare, named }) => {
  const queue = named('again');
  expect(await declare(queue, [['x-unknown', number(1)]])).toBe('ok');
  expect(await declare(queue, [['x-unknown', number(2)]])).toBe('ok');
  expect(await declare(queue, [])).toBe('ok');
});

describe('the value of an argument', () => {
  test('may be an integer of any width, and no other type', async ({ declare, named }) => {
    const queue = named('again');
    const declared = (field: Field): Promise<string> => declare(queue, [['x-max-length', field]]);
    const refused = (received: string): string =>
      `PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue '${queue}' in vhost '/': received ${received} but current is '5'`;
    expect(await declared(number(5))).toBe('ok');
    for (const type of ['l', 'L', 'T'] as const) expect(await declared({ type, value: 5n })).toBe('ok');
    for (const type of ['b', 'B', 's', 'u', 'i'] as const) expect(await declared({ type, value: 5 })).toBe('ok');
    expect(await declared({ type: 'd', value: 5 })).toBe(refused("'5.0'"));
    expect(await declared({ type: 'f', value: 0.5 })).toBe(refused("'0.5'"));
    expect(await declared({ type: 'd', value: 1e22 })).toBe(refused("'1.0e22'"));
    expect(await declared(text('5'))).toBe(refused("'5'"));
    expect(await declared(flag(true))).toBe(refused("'true'"));
    expect(await declared({ type: 'V' })).toBe(refused('none'));
    expect(await declared({ type: 'x', value: Buffer.from('ab') })).toBe(refused("'ab'"));
    expect(await declared({ type: 'A', value: [number(5), text('a')] })).toBe(
      refused(`'[{signedint,5},{longstr,<<"a">>}]'`),
    );
    expect(await declared({ type: 'F', value: [['a', number(1)]] })).toBe(refused(`'[{<<"a">>,signedint,1}]'`));
  });

  test('is compared with all its digits, and shown with them', async ({ declare, named }) => {
    const queue = named('again');
    const long = (value: bigint): FieldTable => [['x-max-length', { type: 'l', value }]];
    expect(await declare(queue, long(2n ** 53n + 1n))).toBe('ok');
    expect(await declare(queue, long(2n ** 53n))).toContain(
      "received '9007199254740992' but current is '9007199254740993'",
    );
    expect(await declare(named('new'), [['x-message-ttl', { type: 'l', value: 2n ** 53n + 1n }]])).toContain(
      '{value_too_large,9007199254740993}',
    );
  });
});
