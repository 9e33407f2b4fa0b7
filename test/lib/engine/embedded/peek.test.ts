import { beforeEach, describe, expect, test } from 'vitest';
import type { Field } from '../../../../lib/amqp/field-table.ts';
import type { Properties } from '../../../../lib/amqp/properties.ts';
import { createCommands } from '../../../../lib/engine/embedded/commands.ts';
import type { MessageFilter, PeekPage } from '../../../../lib/engine/messages.ts';
import type { Listener } from '../../../../lib/server/listener.ts';
import { BrokerFixture, text } from '../../broker/broker-fixture.ts';
import { apiUser } from '../api-user.ts';

let fixture: BrokerFixture;
let commands: ReturnType<typeof createCommands>;
const guest = apiUser('guest');

beforeEach(async () => {
  fixture = await BrokerFixture.start();
  commands = createCommands(fixture.broker, {} as Listener, {} as never);
  fixture.queue('dead');
  fixture.queue('q', {
    arguments: [...text('x-dead-letter-exchange', ''), ...text('x-dead-letter-routing-key', 'dead')],
  });
  fixture.bind('amq.topic', 'q', '#');
});

const bodies = ({ messages }: PeekPage): string[] => messages.map(({ body }) => Buffer.from(body, 'base64').toString());

const peek = (filter?: MessageFilter, queue = 'q', limit = 50, from?: string) =>
  commands.peek(guest, {
    ...{ vhost: '/', queue, limit, bodyBytesMax: 100 },
    ...(filter && { filter }),
    ...(from !== undefined && { from }),
  });

const publish = (key: string, body: string, properties: Properties = {}) =>
  fixture.publish('amq.topic', key, body, properties);

describe('messages are found', () => {
  beforeEach(() => {
    publish('order.paid', 'one', {
      headers: [
        ['tenant', { type: 'S', value: 'acme' }],
        ['attempt', { type: 'I', value: 3 }],
        ['urgent', { type: 't', value: true }],
        ['tags', { type: 'A', value: [{ type: 'S', value: 'a' }] }],
      ],
    });
    publish('order.sent', 'two', { headers: [['tenant', { type: 'S', value: 'globex' }]] });
    publish('invoice.paid', 'three');
  });

  test.each<[string, MessageFilter, string[]]>([
    ['a text in the body', { containing: 'tw' }, ['two']],
    ['a text in the routing key', { containing: 'invoice' }, ['three']],
    ['a routing key', { routingKey: 'order.sent' }, ['two']],
    ['a pattern of words', { routingKey: 'order.*' }, ['one', 'two']],
    ['a pattern of any words', { routingKey: '#.paid' }, ['one', 'three']],
    ['a part of a routing key, which is none', { routingKey: 'order' }, []],
    ['a header that is there', { header: { name: 'tenant' } }, ['one', 'two']],
    ['a header with that text', { header: { name: 'tenant', value: 'acme' } }, ['one']],
    ['a header with that number', { header: { name: 'attempt', value: '3' } }, ['one']],
    ['a header that is true', { header: { name: 'urgent', value: 'true' } }, ['one']],
    ['a list that is there', { header: { name: 'tags' } }, ['one']],
    ['a list, which is equal to no text', { header: { name: 'tags', value: 'a' } }, []],
    ['the value of a header, which is no name', { header: { name: 'acme' } }, []],
    ['a cause of death that nobody has', { deathReason: 'rejected' }, []],
    ['all of it together', { containing: 'o', routingKey: 'order.*', header: { name: 'tenant' } }, ['one', 'two']],
    ['nothing in particular', {}, ['one', 'two', 'three']],
  ])('by %s', async (_by, filter, found) => {
    const page = await peek(filter);
    expect(bodies(page)).toEqual(found);
    expect(page).toMatchObject({ ready: 3, scanned: 3, next: null });
  });
});

test('a number in a header is found by its value as it is shown, and by every way to write a float', async () => {
  const NUMBERS: [field: Field, written: string[], others: string[]][] = [
    [{ type: 'l', value: 2n ** 53n + 1n }, ['9007199254740993'], ['9007199254740992', '9007199254740993.0']],
    [{ type: 'd', value: 5 }, ['5.0', '5', '0.5e1'], ['5.1', '', 'x']],
    [{ type: 'd', value: 1e22 }, ['1.0e22', '1e22'], ['1e23']],
    [{ type: 'd', value: Number.NaN }, ['NaN'], ['0']],
    [{ type: 'f', value: Number.NEGATIVE_INFINITY }, ['-Infinity'], ['Infinity']],
    [{ type: 'D', scale: 1, unscaled: 50 }, ['5.0', '5'], ['50']],
  ];
  for (const [field, written, others] of NUMBERS) {
    publish('k', 'here', { headers: [['h', field]] });
    const found = async (value: string) => bodies(await peek({ header: { name: 'h', value } }));
    for (const value of written) expect(await found(value), value).toEqual(['here']);
    for (const value of others) expect(await found(value), value).toEqual([]);
    await commands.purgeQueue(guest, '/', 'q');
  }
});

test('dead letters are found by what they died of, in any queue', async () => {
  const queue = fixture.queue('q', {
    arguments: [...text('x-dead-letter-exchange', ''), ...text('x-dead-letter-routing-key', 'dead')],
  });
  publish('k', 'refused');
  queue.get(false, (_message, ticket) => queue.reject(ticket));
  publish('k', 'late', { expiration: '10' });
  fixture.clock.advance(20);
  expect(bodies(await peek({ deathReason: 'rejected' }, 'dead'))).toEqual(['refused']);
  expect(bodies(await peek({ deathReason: 'expired' }, 'dead'))).toEqual(['late']);
  expect(bodies(await peek({ deathReason: 'maxlen' }, 'dead'))).toEqual([]);
  // A text of the body is no cause of death.
  publish('k', 'rejected');
  expect(bodies(await peek({ deathReason: 'rejected' }))).toEqual([]);
});

test('a page goes on where the one before ended, also among those that were looked for', async () => {
  for (let i = 0; i < 25; i++) publish(i % 2 === 0 ? 'even' : 'odd', String(i));
  const seen: string[] = [];
  let from: string | undefined;
  let pages = 0;
  do {
    const page = await peek({ routingKey: 'odd' }, 'q', 5, from);
    seen.push(...bodies(page));
    from = page.next ?? undefined;
    pages++;
  } while (from !== undefined);
  expect(seen).toEqual(Array.from({ length: 12 }, (_, i) => String(2 * i + 1)));
  expect(pages).toBe(3);
});

test.each(['classic', 'quorum'])(
  'looking changes nothing: order, redelivered and counters of a %s queue',
  async (type) => {
    const queue = fixture.queue('looked', { durable: true, arguments: text('x-queue-type', type) });
    fixture.bind('amq.topic', 'looked', 'l.#');
    for (let i = 0; i < 5; i++) publish('l.k', String(i));
    for (let i = 0; i < 30; i++) await peek({ containing: '3', routingKey: 'l.*' }, 'looked', 2);
    expect(queue.counters).toMatchObject({ delivered: 0, redelivered: 0, deliveryLimited: 0 });
    const taken: [string, boolean][] = [];
    for (let i = 0; i < 5; i++) {
      queue.get(true, (message, _ticket, redelivered) => {
        taken.push([message.bodyBytes.toString('utf8', message.bodyStart, message.bodyEnd), redelivered]);
      });
    }
    expect(taken).toEqual(Array.from({ length: 5 }, (_, i) => [String(i), false]));
  },
);

describe("another connection's exclusive queue", () => {
  const locked = { reply: 'RESOURCE_LOCKED' };

  test.each(['peek', 'fetch', 'move'] as const)(
    'gives nothing to a %s of the console, and its figures are shown',
    async (verb) => {
      fixture.queue('own', { exclusive: true });
      fixture.publish('', 'own', 'secret');
      const asked = {
        peek: () => peek(undefined, 'own'),
        fetch: () =>
          commands.fetch(guest, { vhost: '/', queue: 'own', count: 1, settle: 'requeue', bodyBytesMax: 100 }),
        move: () => commands.move(guest, '/', 'own', [], { pushOut: false }),
      };
      await expect(asked[verb]()).rejects.toMatchObject(locked);
      expect(await commands.queue(guest, '/', 'own')).toMatchObject({ exclusive: true, ready: 1 });
    },
  );
});
