/** A queue under random use, against a book of what every message has gone through. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Consumer, DeliverySink } from '../../../../lib/broker/consumers/consumer.ts';
import type { Message } from '../../../../lib/broker/messages/message.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import type { QueueOptions } from '../../../../lib/broker/queues/queue-arguments.ts';
import { QueueFixture } from '../queue-fixture.ts';
import { newConsumer } from '../recording-sink.ts';
import { bodyOf, sampleMessage } from '../sample-message.ts';

type Step =
  | { do: 'publish'; priority: number; expiration: number | null; size: number }
  | { do: 'get'; noAck: boolean }
  | { do: 'ack' | 'reject'; pick: number }
  | { do: 'requeue'; picks: number[] }
  | { do: 'consume'; prefetch: number; noAck: boolean; priority: number }
  | { do: 'cancel'; pick: number }
  | { do: 'fill' | 'empty'; pick: number }
  | { do: 'wait'; ms: number }
  | { do: 'takeOut'; pick: number }
  | { do: 'purge' };

const pick = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      priority: fc.nat(4),
      expiration: fc.option(fc.nat(60), { freq: 2 }),
      size: fc.nat(30),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('get' as const), noAck: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('ack' as const, 'reject' as const), pick }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('requeue' as const), picks: fc.array(pick, { maxLength: 5 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('consume' as const),
      prefetch: fc.nat(3),
      noAck: fc.boolean(),
      priority: fc.nat(1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('fill' as const, 'empty' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takeOut' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const) }) },
);

const options: fc.Arbitrary<Partial<QueueOptions>> = fc.record({
  messageTtlMs: fc.constantFrom(null, null, 0, 25),
  lengthMax: fc.constantFrom(null, null, 0, 3),
  bytesMax: fc.constantFrom(null, null, 60),
  overflow: fc.constantFrom('drop-head' as const, 'reject-publish' as const, 'reject-publish-dlx' as const),
  priorityMax: fc.constantFrom(0, 0, 2),
  singleActiveConsumer: fc.boolean(),
});

interface TrackedMessage {
  number: number;
  size: number;
  priority: number;
  publishedAtMs: number;
  expiresAtMs: number | null;
  wasDelivered: boolean;
  left: string | null;
}

class Book implements DeliverySink {
  readonly fixture = new QueueFixture();
  readonly queue: Queue;
  readonly consumers: Consumer[] = [];
  /** The consumer that is active under single-active-consumer: the first to come, then the first of the highest priority. */
  private active: Consumer | undefined;
  readonly unacked = new Map<number, { tracked: TrackedMessage; consumer: Consumer | null }>();
  private readonly full = new Set<Consumer>();
  private readonly published: TrackedMessage[] = [];
  private readonly options: Partial<QueueOptions>;
  private deadSeen = 0;

  constructor(wishes: Partial<QueueOptions>) {
    this.options = wishes;
    this.queue = this.fixture.queue(wishes);
  }

  hasRoom(consumer: Consumer): boolean {
    return !this.full.has(consumer);
  }

  deliver(consumer: Consumer, message: Message, ticket: number, redelivered: boolean): void {
    this.delivered(consumer, message, ticket, redelivered);
    if (ticket >= 0) consumer.unackedCount++;
  }

  cancelled(): void {}

  describe(): { channel: string; connectionName: string | null; user: string } {
    return { channel: '', connectionName: null, user: '' };
  }

  run(one: Step): void {
    const { queue, fixture } = this;
    switch (one.do) {
      case 'publish':
        this.publish(one);
        break;
      case 'get':
        queue.get(one.noAck, (message, ticket, redelivered) => this.delivered(null, message, ticket, redelivered));
        break;
      case 'ack':
      case 'reject': {
        const ticket = [...this.unacked.keys()][one.pick % Math.max(1, this.unacked.size)];
        if (ticket !== undefined) this.settle(one.do, ticket);
        break;
      }
      case 'requeue': {
        const open = [...this.unacked.keys()];
        const tickets = [...new Set(one.picks.map((index) => open[index % open.length]))].filter(
          (t) => t !== undefined,
        );
        const woken = tickets.map((ticket) => this.forget(ticket).consumer);
        queue.requeue(tickets);
        for (const consumer of woken) if (consumer) queue.wake(consumer);
        break;
      }
      case 'consume':
        this.consumers.push(newConsumer(queue, this, { ...one, tag: String(this.consumers.length) }));
        queue.subscribe(this.consumers.at(-1) as Consumer);
        this.active ??= this.consumers[0];
        queue.dispatch();
        break;
      case 'cancel': {
        const [consumer] = this.consumers.splice(one.pick % Math.max(1, this.consumers.length), 1);
        if (consumer) queue.unsubscribe(consumer);
        if (consumer === this.active) this.active = [...this.consumers].sort((a, b) => b.priority - a.priority)[0];
        break;
      }
      case 'fill':
      case 'empty': {
        const consumer = this.consumers[one.pick % Math.max(1, this.consumers.length)];
        if (!consumer) break;
        if (one.do === 'fill') this.full.add(consumer);
        else if (this.full.delete(consumer)) queue.wake(consumer);
        break;
      }
      case 'wait':
        fixture.clock.advance(one.ms);
        break;
      case 'takeOut': {
        const ready = this.ready();
        const chosen = ready[one.pick % Math.max(1, ready.length)];
        if (!chosen) break;
        expect(queue.takeOut(chosen.ticket, () => true)).toBe(true);
        this.leave(chosen.tracked, 'taken out');
        break;
      }
      case 'purge': {
        const ready = this.ready();
        expect(queue.purge()).toBe(ready.length);
        for (const { tracked } of ready) this.leave(tracked, 'purged');
      }
    }
    // Timers that are due now may fire now.
    fixture.clock.advance(0);
    this.noteDeaths();
    this.check();
  }

  /** Everything that is still there leaves; then each message has left exactly once. */
  finish(): void {
    while (this.consumers.length > 0) this.run({ do: 'cancel', pick: 0 });
    for (const ticket of [...this.unacked.keys()]) this.settle('ack', ticket);
    this.noteDeaths();
    this.run({ do: 'purge' });
    expect(this.published.filter((tracked) => tracked.left === null)).toEqual([]);
    expect(this.queue.unackedCount + this.queue.readyCount).toBe(0);
    this.queue.delete();
    expect(this.fixture.store.bytes).toBe(0);
    expect(this.fixture.clock.waiting).toBe(0);
  }

  private publish({ priority, expiration, size }: Extract<Step, { do: 'publish' }>): void {
    const number = this.published.length;
    const body = `${number}:`.padEnd(size, 'x');
    const times = [expiration, this.options.messageTtlMs ?? null].filter((ms) => ms !== null);
    const now = this.fixture.clock.now();
    const tracked: TrackedMessage = {
      number,
      size: body.length,
      priority: Math.min(priority, this.options.priorityMax ?? 0),
      publishedAtMs: now,
      expiresAtMs: times.length === 0 ? null : now + Math.min(...times),
      wasDelivered: false,
      left: null,
    };
    this.published.push(tracked);
    const properties = { priority, ...(expiration !== null && { expiration: String(expiration) }) };
    const taken = this.queue.publish(sampleMessage(body, properties));
    if (!taken && this.options.overflow === 'reject-publish') this.leave(tracked, 'refused');
    if (!taken) expect(this.options.overflow).not.toBe('drop-head');
  }

  private settle(how: 'ack' | 'reject', ticket: number): void {
    const { tracked, consumer } = this.forget(ticket);
    if (how === 'ack') this.queue.ack(ticket, tracked.size);
    else this.queue.reject(ticket);
    if (how === 'ack') this.leave(tracked, 'acked');
    if (consumer) this.queue.wake(consumer);
  }

  private forget(ticket: number): { tracked: TrackedMessage; consumer: Consumer | null } {
    const open = this.unacked.get(ticket) as { tracked: TrackedMessage; consumer: Consumer | null };
    this.unacked.delete(ticket);
    if (open.consumer) open.consumer.unackedCount--;
    return open;
  }

  private delivered(consumer: Consumer | null, message: Message, ticket: number, redelivered: boolean): void {
    const tracked = this.trackedOf(bodyOf(message));
    const now = this.fixture.clock.now();
    expect(tracked.left).toBeNull();
    expect([tracked.number, redelivered]).toEqual([tracked.number, tracked.wasDelivered]);
    const isFresh = tracked.expiresAtMs === null || tracked.expiresAtMs > now || tracked.publishedAtMs === now;
    expect([tracked.number, isFresh]).toEqual([tracked.number, true]);
    if (consumer) expect(this.consumers).toContain(consumer);
    tracked.wasDelivered = true;
    if (ticket < 0) this.leave(tracked, 'delivered without ack');
    else this.unacked.set(ticket, { tracked, consumer });
  }

  private noteDeaths(): void {
    const { dead } = this.fixture;
    for (; this.deadSeen < dead.length; this.deadSeen++) {
      const death = dead[this.deadSeen] as (typeof dead)[number];
      this.leave(this.trackedOf(death.body), death.reason);
    }
  }

  private leave(tracked: TrackedMessage, way: string): void {
    expect([tracked.number, tracked.left]).toEqual([tracked.number, null]);
    tracked.left = way;
  }

  private trackedOf(body: string): TrackedMessage {
    return this.published[Number.parseInt(body, 10)] as TrackedMessage;
  }

  private ready(): { tracked: TrackedMessage; ticket: number }[] {
    const found: { tracked: TrackedMessage; ticket: number }[] = [];
    this.queue.peek(-1, 10_000, (message, ticket) => found.push({ tracked: this.trackedOf(bodyOf(message)), ticket }));
    return found;
  }

  private check(): void {
    const { queue, unacked } = this;
    const ready = this.ready().map(({ tracked }) => tracked);
    const open = [...unacked.values()].map(({ tracked }) => tracked);
    const sum = (list: TrackedMessage[]): number => list.reduce((total, tracked) => total + tracked.size, 0);
    expect([queue.readyCount, queue.readyBytes]).toEqual([ready.length, sum(ready)]);
    expect([queue.unackedCount, queue.unackedBytes]).toEqual([open.length, sum(open)]);
    const present = [...ready, ...open].map((tracked) => tracked.number).sort((a, b) => a - b);
    expect(present).toEqual(this.published.filter((tracked) => tracked.left === null).map((tracked) => tracked.number));
    const inOrder = [...ready].sort((a, b) => b.priority - a.priority || a.number - b.number);
    expect(ready).toEqual(inOrder);
    const { lengthMax, bytesMax, overflow } = this.options;
    if (overflow === 'drop-head') {
      expect(queue.readyCount).toBeLessThanOrEqual(lengthMax ?? Number.POSITIVE_INFINITY);
      expect(queue.readyBytes).toBeLessThanOrEqual(bytesMax ?? Number.POSITIVE_INFINITY);
    }
    const [head] = ready;
    if (head?.expiresAtMs) expect(head.expiresAtMs).toBeGreaterThan(this.fixture.clock.now());
    const served = this.options.singleActiveConsumer
      ? [this.active].filter((one) => one !== undefined)
      : this.consumers;
    if (ready.length > 0) expect(served.filter((consumer) => consumer.canTake())).toEqual([]);
    const isIdle = ready.length + open.length + this.consumers.length === 0;
    expect(queue.idleSinceMs === null).toBe(!isIdle);
  }
}

test('whatever is done to a queue, counts are true, order holds, and every message leaves exactly once', () => {
  fc.assert(
    fc.property(options, fc.array(step, { maxLength: 120, size: 'max' }), (wishes, steps) => {
      const book = new Book(wishes);
      for (const one of steps) book.run(one);
      book.finish();
    }),
    { numRuns: 400 },
  );
}, 60_000);
