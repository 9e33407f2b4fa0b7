import { expect, test } from 'vitest';
import type { Consumer } from '../../../../lib/broker/consumers/consumer.ts';
import { ConsumerRing } from '../../../../lib/broker/consumers/consumer-ring.ts';
import { QueueFixture } from '../queue-fixture.ts';
import { newConsumer, RecordingSink } from '../recording-sink.ts';

const queue = new QueueFixture().queue();

function ringOf(wishes: { tag: string; priority?: number }[], single = false) {
  const ring = new ConsumerRing(single);
  const sinks = new Map<string, RecordingSink>();
  const consumers = new Map<string, Consumer>();
  for (const { tag, priority = 0 } of wishes) {
    const sink = new RecordingSink();
    const consumer = newConsumer(queue, sink, { tag, priority });
    sinks.set(tag, sink);
    consumers.set(tag, consumer);
    ring.add(consumer);
  }
  return {
    ring,
    turns: (count: number) => Array.from({ length: count }, () => ring.next()?.tag ?? null),
    sink: (tag: string) => sinks.get(tag) as RecordingSink,
    consumer: (tag: string) => consumers.get(tag) as Consumer,
  };
}

test('consumers of one priority take turns', () => {
  const { turns } = ringOf([{ tag: 'a' }, { tag: 'b' }, { tag: 'c' }]);
  expect(turns(7)).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a']);
});

test('a ring without consumers has nobody', () => {
  expect(ringOf([]).turns(2)).toEqual([null, null]);
});

test('only the highest priority that can take is served, in turns', () => {
  const { turns, sink } = ringOf([
    { tag: 'low' },
    { tag: 'high 1', priority: 2 },
    { tag: 'high 2', priority: 2 },
    { tag: 'middle', priority: 1 },
  ]);
  expect(turns(3)).toEqual(['high 1', 'high 2', 'high 1']);
  sink('high 1').room = false;
  expect(turns(2)).toEqual(['high 2', 'high 2']);
  sink('high 2').room = false;
  expect(turns(1)).toEqual(['middle']);
  sink('middle').room = false;
  expect(turns(1)).toEqual(['low']);
});

test('one that could not take is left out until it is woken, and is served by its priority then', () => {
  const { ring, turns, sink, consumer } = ringOf([{ tag: 'a', priority: 1 }, { tag: 'b' }]);
  sink('a').room = false;
  expect(turns(2)).toEqual(['b', 'b']);
  sink('a').room = true;
  expect(turns(1)).toEqual(['b']);
  ring.wake(consumer('a'));
  expect(turns(2)).toEqual(['a', 'a']);
});

test('waking one twice gives it no second turn', () => {
  const { ring, turns, consumer } = ringOf([{ tag: 'a' }, { tag: 'b' }]);
  ring.wake(consumer('a'));
  ring.wake(consumer('a'));
  expect(turns(4)).toEqual(['a', 'b', 'a', 'b']);
});

test('one that was removed is never served, and the turns go on', () => {
  const { ring, turns, consumer } = ringOf([{ tag: 'a' }, { tag: 'b' }, { tag: 'c' }]);
  expect(turns(1)).toEqual(['a']);
  ring.remove(consumer('b'));
  ring.remove(consumer('b'));
  expect(turns(3)).toEqual(['c', 'a', 'c']);
});

test('one that was removed is not served again when it is woken: a late ack wakes it', () => {
  const { ring, turns, consumer } = ringOf([{ tag: 'a' }, { tag: 'b' }]);
  ring.remove(consumer('a'));
  ring.wake(consumer('a'));
  expect(turns(3)).toEqual(['b', 'b', 'b']);
});

test('a single active consumer is the first that came, and then the first of the highest priority', () => {
  const wishes = [{ tag: 'a' }, { tag: 'c' }, { tag: 'b', priority: 9 }, { tag: 'd', priority: 9 }];
  const { ring, turns, consumer, sink } = ringOf(wishes, true);
  expect(ring.active?.tag).toBe('a');
  expect(turns(2)).toEqual(['a', 'a']);
  sink('a').room = false;
  ring.wake(consumer('b'));
  expect(turns(1)).toEqual([null]);
  ring.remove(consumer('a'));
  expect(ring.active?.tag).toBe('b');
  expect(turns(2)).toEqual(['b', 'b']);
  ring.remove(consumer('c'));
  expect(turns(1)).toEqual(['b']);
  for (const tag of ['b', 'd']) ring.remove(consumer(tag));
  expect(ring.active).toBeUndefined();
  expect(turns(1)).toEqual([null]);
});

test('without single active consumer nobody is the active one', () => {
  expect(ringOf([{ tag: 'a' }]).ring.active).toBeUndefined();
});

test('its capacity is the share of measurements that found somebody with room, the last five as much as all before', () => {
  const { ring, sink, consumer } = ringOf([{ tag: 'a' }]);
  ring.measure();
  expect(ring.capacity).toBe(1);
  sink('a').room = false;
  for (let i = 0; i < 5; i++) ring.measure();
  expect(ring.capacity).toBeCloseTo(0.5);
  ring.remove(consumer('a'));
  ring.measure();
  expect(ring.capacity).toBe(0);
});
