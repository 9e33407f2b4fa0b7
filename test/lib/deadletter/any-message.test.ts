/** Whatever a publisher puts into a message: it dies, is looked at, planned and moved without a throw, and is in one place. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Field, FieldTable } from '../../../lib/amqp/field-table.ts';
import type { Properties } from '../../../lib/amqp/properties.ts';
import { isDeathHeader, REPLAY_HEADERS } from '../../../lib/deadletter/headers.ts';
import { type ReplayRequest, replay } from '../../../lib/deadletter/replay.ts';
import { planReplay } from '../../../lib/deadletter/replay-plan.ts';
import { anyTable } from '../amqp/any-field.ts';
import { text } from '../broker/broker-fixture.ts';
import { EngineFixture, guest } from '../engine/embedded/engine-fixture.ts';

const WORK = ['by-key', 'by-fanout', 'by-long-key', 'quorum'];

/** Bytes of which none needs to be UTF-8, as a short string has them. */
const oddShort = fc
  .array(fc.integer({ min: 0x80, max: 0xff }), { minLength: 86, maxLength: 255 })
  .map((bytes) => String.fromCharCode(...bytes.map((byte) => 0xdc00 + byte)));
const oddKey: fc.Arbitrary<Field> = fc.oneof(
  fc.string({ maxLength: 300 }).map((value): Field => ({ type: 'S', value })),
  fc.integer({ min: 250, max: 400 }).map((length): Field => ({ type: 'S', value: 'k'.repeat(length) })),
  fc.uint8Array({ maxLength: 300 }).map((value): Field => ({ type: 'S', value })),
  fc.constant<Field>({ type: 'V' }),
);
const oddText: fc.Arbitrary<Field> = fc.oneof(
  oddKey,
  fc.constantFrom(...WORK, 'dead', '').map((value): Field => ({ type: 'S', value })),
);

const forgedDeath: fc.Arbitrary<Field> = fc.oneof(
  anyTable.map((value): Field => ({ type: 'F', value })),
  fc
    .tuple(oddText, fc.constantFrom('rejected', 'expired', 'other'), oddText, fc.array(oddKey, { maxLength: 3 }))
    .map(([queue, reason, exchange, keys]): Field => {
      const entry: FieldTable = [
        ['queue', queue],
        ...text('reason', reason),
        ['exchange', exchange],
        ['routing-keys', { type: 'A', value: keys }],
        ['count', { type: 'l', value: -1n }],
      ];
      return { type: 'F', value: entry };
    }),
  oddKey,
);

const forgedHeader: fc.Arbitrary<FieldTable[number]> = fc.oneof(
  fc.tuple(
    fc.constant('x-death'),
    fc.oneof(
      fc.array(forgedDeath, { maxLength: 4 }).map((value): Field => ({ type: 'A', value })),
      oddText,
    ),
  ),
  fc.tuple(
    fc.constantFrom('CC', 'BCC'),
    fc.array(oddKey, { maxLength: 4 }).map((value): Field => ({ type: 'A', value })),
  ),
  fc.tuple(fc.constantFrom(...Object.values(REPLAY_HEADERS), 'x-original-queue', 'MT-Fault-InputAddress'), oddText),
  fc.tuple(fc.constantFrom('x-first-death-queue', 'x-delivery-count', 'x-last-death-reason'), oddText),
  fc.tuple(oddShort, oddText),
);

const anyProperties: fc.Arbitrary<Properties> = fc.record(
  {
    headers: fc.tuple(anyTable, fc.array(forgedHeader, { maxLength: 5 })).map(([own, forged]) => [...own, ...forged]),
    correlationId: fc.oneof(fc.string({ maxLength: 60 }), oddShort),
    messageId: oddShort,
    replyTo: fc.string({ maxLength: 20 }),
    expiration: fc.integer({ min: 10_000, max: 1_000_000 }).map(String),
    userId: fc.constant('guest'),
    priority: fc.nat(255),
    deliveryMode: fc.constantFrom(1, 2),
    timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  },
  { requiredKeys: [] },
);

async function start(): Promise<EngineFixture> {
  const place = await EngineFixture.start();
  place.queue('dead');
  place.brokerFixture.bind('amq.fanout', 'dead');
  place.work('by-key');
  place.queue('by-fanout', text('x-dead-letter-exchange', 'amq.fanout'));
  const long = [...text('x-dead-letter-exchange', 'amq.fanout'), ...text('x-dead-letter-routing-key', 'k'.repeat(300))];
  place.queue('by-long-key', long);
  place.work('quorum', text('x-queue-type', 'quorum'));
  return place;
}

/** By a binding of its own exchange: what CC names reaches no queue. */
function publish(place: EngineFixture, work: string, properties: Properties): void {
  place.brokerFixture.exchange(`to-${work}`, 'fanout');
  place.brokerFixture.bind(`to-${work}`, work);
  place.brokerFixture.publish(`to-${work}`, 'key', 'body', properties);
}

const request: ReplayRequest = { vhost: '/', queue: 'dead', force: false, pushOut: false, targetFor: 'all' };

test('a message with any headers dies, is planned and goes back, with all that is its own', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...WORK), anyProperties, async (work, properties) => {
      const place = await start();
      publish(place, work, properties);
      const [before] = await place.messages(work);
      place.die(work);
      const [letter] = await place.messages('dead');
      expect(letter).toMatchObject({ deaths: [{ queue: work, reason: 'rejected', count: 1 }], claimedDeaths: [] });
      const planned = await planReplay(place.engine, guest, request);
      expect(planned).toMatchObject({ moves: 1, movesTo: [{ queue: work, count: 1 }], stays: [] });
      const result = await replay(place.engine, guest, request);
      expect(result).toMatchObject({ moved: 1, skipped: [], stopped: null });
      const [after] = await place.messages(work);
      expect([place.find('dead').readyCount, place.find(work).readyCount]).toEqual([0, 1]);
      expect(after).toMatchObject({ exchange: `to-${work}`, routingKey: 'key', replays: 1, body: before?.body });
      const { headers: had = [], expiration: _, ...kept } = before?.properties ?? {};
      expect(after?.properties).toMatchObject(kept.replyTo === 'amq.rabbitmq.reply-to' ? {} : kept);
      // Dying sorts headers and drops those that cannot be reached behind another of their name.
      const own = had.filter(({ name }, i) => !isDeathHeader(name) && had.findIndex((one) => one.name === name) === i);
      expect(after?.properties.headers).toEqual(expect.arrayContaining(own));
    }),
    { numRuns: 200 },
  );
});

test('a message that says of itself that it died needs a target, is shown as such, and goes where somebody chose', async () => {
  await fc.assert(
    fc.asyncProperty(anyProperties, fc.boolean(), async (properties, force) => {
      const place = await start();
      publish(place, 'dead', properties);
      expect(await place.messages('dead')).toMatchObject([{ deaths: [], replays: 0 }]);
      expect(await planReplay(place.engine, guest, { ...request, force })).toMatchObject({ moves: 0 });
      expect(await replay(place.engine, guest, { ...request, force })).toMatchObject({ moved: 0, stopped: null });
      expect(place.find('dead').readyCount).toBe(1);
      const chosen = { ...request, target: 'by-key' };
      expect(await replay(place.engine, guest, chosen)).toMatchObject({ moved: 1, skipped: [] });
      expect([place.find('dead').readyCount, place.find('by-key').readyCount]).toEqual([0, 1]);
      expect(await place.messages('by-key')).toMatchObject([{ exchange: 'to-dead', routingKey: 'key' }]);
    }),
    { numRuns: 200 },
  );
});
