/** What a channel that is gone gives back, and in which order. */
import { beforeEach, expect, test } from 'vitest';
import { ChannelFixture } from './channel-fixture.ts';

let here: ChannelFixture;

beforeEach(async () => {
  here = await ChannelFixture.start();
});

test('messages are back before the next single active consumer takes any', () => {
  here.brokerFixture.queue('single', { arguments: [['x-single-active-consumer', { type: 't', value: true }]] });
  here.send('basic.qos', { prefetchCount: 1 });
  here.send('basic.consume', { queue: 'single', consumerTag: 'first' });
  const other = here.beside();
  other.send('basic.consume', { queue: 'single', consumerTag: 'second' });
  for (const body of ['a', 'b']) here.publish('single', body);
  here.channel.release();
  expect(other.heard()).toEqual(['basic.consume-ok', 'basic.deliver 1 again "a"', 'basic.deliver 2 "b"']);
});

test('a cancelled single active consumer keeps what it had, and the next takes the rest', () => {
  here.brokerFixture.queue('single', { arguments: [['x-single-active-consumer', { type: 't', value: true }]] });
  here.send('basic.qos', { prefetchCount: 1 });
  here.send('basic.consume', { queue: 'single', consumerTag: 'first' });
  const other = here.beside();
  other.send('basic.consume', { queue: 'single', consumerTag: 'second' });
  for (const body of ['a', 'b']) here.publish('single', body);
  here.send('basic.cancel', { consumerTag: 'first' });
  expect(other.heard()).toEqual(['basic.consume-ok', 'basic.deliver 1 "b"']);
});

test('a quorum queue gets back by consumer tag what consumers had, and by delivery tag what was got', () => {
  here.brokerFixture.queue('log', { durable: true, arguments: [['x-queue-type', { type: 'S', value: 'quorum' }]] });
  for (const body of ['z', '2', 'a']) here.publish('log', body);
  here.send('basic.qos', { prefetchCount: 1 });
  here.send('basic.consume', { queue: 'log', consumerTag: 'z' });
  here.send('basic.get', { queue: 'log' });
  here.send('basic.consume', { queue: 'log', consumerTag: 'a' });
  here.channel.release();
  const other = here.beside();
  for (const _ of 'three') other.send('basic.get', { queue: 'log' });
  expect(other.heard().slice(0, 3)).toEqual([
    'basic.get-ok 1 again "2"',
    'basic.get-ok 2 again "a"',
    'basic.get-ok 3 again "z"',
  ]);
});
