/**
 * Numbers and types on every way in and out: the wire, the management API, the console's API, definitions, a restart. What is
 * said of the management API is what RabbitMQ does, where no test says otherwise.
 */
import { encodeTable, type Field, type FieldTable, findField } from '../../lib/amqp/field-table.ts';
import { typedTable } from '../../lib/engine/embedded/typed-table.ts';
import type { TypedField } from '../../lib/fields/typed-field.ts';
import { ConsoleClient } from './console-client.ts';
import { test as conformanceTest, describe, expect } from './fixtures.ts';
import type { WireChannel } from './wire-channel.ts';

/** Only Warren has a console, and takes nothing for a number that is none or has too many digits. */
const isOurs = !process.env.WARREN_CONFORMANCE_URL;

const test = conformanceTest
  /** Asks the management API with a body as it is written, and answers what was written: a reader would lose numbers. */
  .extend('say', ({ broker }) => async (method: string, path: string, body?: string) => {
    const response = await fetch(`http://127.0.0.1:${broker.consolePort}/api${path}`, {
      method,
      headers: { authorization: `Basic ${btoa('guest:guest')}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, text: await response.text() };
  })
  /** A channel, and a queue that it can get from. */
  .extend('place', async ({ openWire, named }) => {
    const channel = await (await openWire()).openChannel();
    const queue = named('numbers');
    await channel.call('queue.declare', { queue, durable: true });
    return { channel, queue };
  });

/** The header `h` of the first message, as it comes on the wire. */
async function headerIn(place: { channel: WireChannel; queue: string }): Promise<Field | undefined> {
  return findField(await headersIn(place), 'h');
}

/** The headers of the first message; [] where there is none. */
async function headersIn({ channel, queue }: { channel: WireChannel; queue: string }): Promise<FieldTable> {
  const got = await channel.call('basic.get', { queue, noAck: true });
  return got.content?.properties.headers ?? [];
}

/** The text of the value of `h` in an answer. */
const shownIn = (text: string): string | undefined =>
  /"h":((?:\[.*?\]|\{.*?\}|"(?:[^"\\]|\\.)*"|[^,}\]])+)/.exec(text)?.[1];

describe('a header over the management API', () => {
  test.for<[written: string, field: Field, shown?: string]>([
    ['5', { type: 'l', value: 5n }],
    ['-0', { type: 'l', value: 0n }, '0'],
    ['9007199254740993', { type: 'l', value: 9_007_199_254_740_993n }],
    ['9223372036854775807', { type: 'l', value: 2n ** 63n - 1n }],
    ['-9223372036854775808', { type: 'l', value: -(2n ** 63n) }],
    ['5.0', { type: 'd', value: 5 }],
    ['-0.0', { type: 'd', value: -0 }],
    ['0.1', { type: 'd', value: 0.1 }],
    ['1e2', { type: 'd', value: 100 }, '100.0'],
    ['1e39', { type: 'd', value: 1e39 }, '1.0e39'],
    ['true', { type: 't', value: true }],
    ['"5"', { type: 'S', value: '5' }],
    [
      '[5,5.0]',
      {
        type: 'A',
        value: [
          { type: 'l', value: 5n },
          { type: 'd', value: 5 },
        ],
      },
    ],
    ['{"a":5,"a":5.0}', { type: 'F', value: [['a', { type: 'd', value: 5 }]] }, '{"a":5.0}'],
  ])(
    '%s has the type that RabbitMQ gives it, and is shown as it is',
    async ([written, field, shown], { say, place }) => {
      const { queue } = place;
      const body = `{"routing_key":"${queue}","properties":{"headers":{"h":${written}}},"payload":"x","payload_encoding":"string"}`;
      expect(await say('POST', '/exchanges/%2F/amq.default/publish', body)).toEqual({
        status: 200,
        text: '{"routed":true}',
      });
      const peekRequest = '{"count":1,"ackmode":"ack_requeue_true","encoding":"auto"}';
      const { text } = await say('POST', `/queues/%2F/${queue}/get`, peekRequest);
      expect(shownIn(text)).toBe(shown ?? written);
      expect(await headerIn(place)).toEqual(field);
    },
  );

  test.for(['1e400', 'null', '[null]', '{"a":null}', '01', 'NaN', '+1'])(
    '%s is refused',
    async (written, { say, place }) => {
      const body = `{"routing_key":"${place.queue}","properties":{"headers":{"h":${written}}},"payload":"x","payload_encoding":"string"}`;
      const { status, text } = await say('POST', '/exchanges/%2F/amq.default/publish', body);
      expect([status, JSON.parse(text).reason]).toEqual([
        400,
        written.includes('null') ? 'null_not_allowed' : 'not_json',
      ]);
      expect(await headerIn(place)).toBeUndefined();
    },
  );

  // RabbitMQ sends another number.
  test.runIf(isOurs).for(['9223372036854775808', '-9223372036854775809', '18446744073709551615', '1'.repeat(30)])(
    '%s is refused, as no field holds it',
    async (written, { say, place }) => {
      const body = `{"routing_key":"${place.queue}","properties":{"headers":{"h":${written}}},"payload":"x","payload_encoding":"string"}`;
      const { status, text } = await say('POST', '/exchanges/%2F/amq.default/publish', body);
      expect(status).toBe(400);
      expect(text).toContain(`'h': ${written} is not between`);
      expect(await headerIn(place)).toBeUndefined();
    },
  );

  test.for<[Field, string]>([
    [{ type: 'b', value: -128 }, '-128'],
    [{ type: 'B', value: 255 }, '255'],
    [{ type: 's', value: -32_768 }, '-32768'],
    [{ type: 'u', value: 65_535 }, '65535'],
    [{ type: 'I', value: -2_147_483_648 }, '-2147483648'],
    [{ type: 'i', value: 4_294_967_295 }, '4294967295'],
    [{ type: 'l', value: 2n ** 63n - 1n }, '9223372036854775807'],
    [{ type: 'L', value: -1n }, '-1'],
    [{ type: 'T', value: 2n ** 64n - 1n }, '18446744073709551615'],
    [{ type: 'f', value: 5 }, '5.0'],
    [{ type: 'f', value: Math.fround(0.1) }, '0.10000000149011612'],
    [{ type: 'd', value: 100_000 }, '1.0e5'],
    [{ type: 'd', value: -0 }, '-0.0'],
    [{ type: 'd', value: Number.MAX_VALUE }, '1.7976931348623157e308'],
    [{ type: 'x', value: Buffer.from('abc') }, '"abc"'],
    [{ type: 'x', value: Buffer.from([0xff, 0]) }, '"Not UTF-8, base64 is: /wA="'],
    [{ type: 'S', value: Buffer.from([0xff, 0]) }, '"Not UTF-8, base64 is: /wA="'],
  ])('of a client’s is shown as RabbitMQ shows it: case %$', async ([field, shown], { say, place }) => {
    place.channel.publish({ routingKey: place.queue }, 'x', { headers: [['h', field]] });
    await place.channel.call('queue.declare', { queue: place.queue, passive: true });
    const peekRequest = '{"count":1,"ackmode":"ack_requeue_true","encoding":"auto"}';
    const { text } = await say('POST', `/queues/%2F/${place.queue}/get`, peekRequest);
    expect(shownIn(text)).toBe(shown);
    expect(encodeTable([['h', (await headerIn(place)) as Field]])).toEqual(encodeTable([['h', field]]));
  });
});

test.for(['0', '9007199254740993', '18446744073709551615'])(
  'the timestamp %s goes through the management API with all its digits',
  async (seconds, { say, place }) => {
    const body = `{"routing_key":"${place.queue}","properties":{"timestamp":${seconds}},"payload":"x","payload_encoding":"string"}`;
    await say('POST', '/exchanges/%2F/amq.default/publish', body);
    const peekRequest = '{"count":1,"ackmode":"ack_requeue_true","encoding":"auto"}';
    expect((await say('POST', `/queues/%2F/${place.queue}/get`, peekRequest)).text).toContain(`"timestamp":${seconds}`);
    if (isOurs) {
      const { text } = await say('GET', `/queues/%2F/${place.queue}`);
      expect(text).toContain(`"head_message_timestamp":${seconds}`);
    }
    const got = await place.channel.call('basic.get', { queue: place.queue, noAck: true });
    expect(got.content?.properties.timestamp).toBe(BigInt(seconds));
  },
);

describe('arguments over the management API', () => {
  test.for(['5', '5.0', '9007199254740993', '9223372036854775807', '-9223372036854775808', '-0.0', '1.0e39'])(
    '%s of a queue is kept and shown as it is, and found again',
    async (written, { say, named }) => {
      const path = `/queues/%2F/${named('q')}`;
      const body = `{"arguments":{"h":${written}}}`;
      expect((await say('PUT', path, body)).status).toBe(201);
      expect((await say('PUT', path, body)).status).toBe(204);
      expect(shownIn((await say('GET', `${path}?disable_stats=true`)).text)).toBe(written);
    },
  );

  test.for(['5.0', '1e2', '"5"', 'true'])('%s is no length of a queue', async (written, { say, named }) => {
    const { status, text } = await say('PUT', `/queues/%2F/${named('q')}`, `{"arguments":{"x-max-length":${written}}}`);
    expect([status, text]).toEqual([400, expect.stringContaining('expected integer, got')]);
  });

  test('a length of 2^53 + 1 is another one than 2^53', async ({ say, named }) => {
    const path = `/queues/%2F/${named('q')}`;
    await say('PUT', path, '{"arguments":{"x-max-length":9007199254740993}}');
    const { status, text } = await say('PUT', path, '{"arguments":{"x-max-length":9007199254740992}}');
    expect(status).toBe(400);
    expect(text).toContain("received '9007199254740992' but current is '9007199254740993'");
  });

  test('a byte order mark before a body counts for nothing', async ({ say, named }) => {
    const name = named('q');
    expect((await say('PUT', `/queues/%2F/${name}`, '\ufeff{"arguments":{"h":5.0}}')).status).toBe(201);
    const definitions = `\ufeff{"queues":[{"name":"${name}-2","vhost":"/","durable":false,"auto_delete":false,"arguments":{"h":5.0}}]}`;
    expect((await say('POST', '/definitions', definitions)).status).toBe(204);
    expect(shownIn((await say('GET', `/queues/%2F/${name}-2?disable_stats=true`)).text)).toBe('5.0');
    await say('DELETE', `/queues/%2F/${name}-2`);
  });
});

describe('policies, limits and parameters', () => {
  test('are shown with all their digits', async ({ say, named }) => {
    const name = named('p');
    expect((await say('PUT', `/policies/%2F/${name}`, policy('9007199254740993'))).status).toBe(201);
    expect((await say('GET', `/policies/%2F/${name}`)).text).toContain('"max-length":9007199254740993');
    await say('PUT', `/queues/%2F/${name}`, '{}');
    await expect
      .poll(async () => (await say('GET', `/queues/%2F/${name}`)).text, { timeout: 10_000 })
      .toContain('"effective_policy_definition":{"max-length":9007199254740993}');
    await say('DELETE', `/policies/%2F/${name}`);

    await say('PUT', `/vhosts/${name}`, '{}');
    await say('PUT', `/vhost-limits/${name}/max-queues`, '{"value":9007199254740993}');
    expect((await say('GET', `/vhost-limits/${name}`)).text).toContain('{"max-queues":9007199254740993}');
    await say('DELETE', `/vhosts/${name}`);

    const value = '[5,5.0,0.1,9007199254740993,123456789012345678901234567890]';
    await say('PUT', `/global-parameters/${name}`, `{"value":${value}}`);
    expect((await say('GET', `/global-parameters/${name}`)).text).toContain(`"value":${value}`);
    await say('DELETE', `/global-parameters/${name}`);
  });

  test.for<[written: string, shown: string]>([
    ['5.0', '5.0'],
    ['1e2', '100.0'],
    ['-1', '-1'],
    ['null', 'null'],
  ])('%s is no length', async ([written, shown], { say, named }) => {
    const { status, text } = await say('PUT', `/policies/%2F/${named('p')}`, policy(written));
    expect([status, JSON.parse(text).reason]).toEqual([
      400,
      `Validation failed\n\n${shown} is not a valid maximum length\n`,
    ]);
  });

  const policy = (length: string): string => `{"pattern":"^p-","definition":{"max-length":${length}}}`;
});

describe('a headers binding', () => {
  test.for<[of: string, field: Field]>([
    ['an integer of 64 bits', { type: 'l', value: 9_007_199_254_740_993n }],
    ['the largest one', { type: 'l', value: 2n ** 63n - 1n }],
    ['a double with the value of an integer', { type: 'd', value: 5 }],
    ['a float', { type: 'f', value: Math.fround(0.1) }],
    ['a timestamp', { type: 'T', value: 9_007_199_254_740_993n }],
  ])('on %s that was exported, deleted and imported still routes', async ([, field], { broker, say, place }) => {
    const { channel, queue } = place;
    const match: [string, Field][] = [['h', field]];
    await channel.call('queue.bind', { queue, exchange: 'amq.headers', routingKey: queue, arguments: match });
    const { text } = await say('GET', '/definitions');
    await channel.call('queue.delete', { queue });
    expect((await say('POST', '/definitions', text)).status).toBe(204);
    channel.publish({ exchange: 'amq.headers' }, 'x', { headers: match });
    await channel.call('queue.declare', { queue, passive: true });
    expect(await headerIn(place)).toEqual(field);
    // One that differs in type or in the last digit does not come; to older ones 5 and 5.0 are the same.
    if (field.type === 'd' && broker.is3) return;
    const near: Field = field.type === 'd' ? { type: 'l', value: 5n } : { type: 'l', value: 2n ** 53n };
    channel.publish({ exchange: 'amq.headers' }, 'x', { headers: [['h', near]] });
    await channel.call('queue.declare', { queue, passive: true });
    expect(await headerIn(place)).toBeUndefined();
  });
});

/** At the edges of each type, with what amqplib reads; undefined: it does not know the type. */
const FIELDS: [field: TypedField, read: unknown][] = [
  [{ type: 't', value: true }, true],
  [{ type: 'b', value: -128 }, -128],
  [{ type: 'B', value: 255 }, 255],
  [{ type: 's', value: -32_768 }, -32_768],
  [{ type: 'u', value: 65_535 }, 65_535],
  [{ type: 'I', value: -2_147_483_648 }, -2_147_483_648],
  [{ type: 'i', value: 4_294_967_295 }, 4_294_967_295],
  [{ type: 'l', value: '-9223372036854775808' }, -(2 ** 63)],
  [{ type: 'l', value: '9007199254740993' }, 2 ** 53],
  [{ type: 'L', value: '9223372036854775807' }, undefined],
  [
    { type: 'T', value: '18446744073709551615' },
    { '!': 'timestamp', value: 2 ** 64 },
  ],
  [{ type: 'f', value: 5 }, 5],
  [{ type: 'f', value: 3.4028234663852886e38 }, 3.4028234663852886e38],
  [{ type: 'f', value: 'NaN' }, Number.NaN],
  [{ type: 'd', value: 5 }, 5],
  [{ type: 'd', value: 0.1 }, 0.1],
  [{ type: 'd', value: '-0' }, -0],
  [{ type: 'd', value: 1e39 }, 1e39],
  [{ type: 'd', value: '-Infinity' }, Number.NEGATIVE_INFINITY],
  [
    { type: 'D', value: { scale: 255, unscaled: 4_294_967_295 } },
    { '!': 'decimal', value: { places: 255, digits: 4_294_967_295 } },
  ],
  [{ type: 'S', value: 'ü' }, 'ü'],
  [{ type: 'S-bytes', value: '/wA=' }, '\ufffd\0'],
  [{ type: 'x', value: '/wA=' }, Buffer.from([0xff, 0])],
  [{ type: 'V', value: null }, null],
  [
    {
      type: 'A',
      value: [
        { type: 'd', value: 5 },
        { type: 'l', value: '5' },
      ],
    },
    [5, 5],
  ],
  [
    {
      type: 'F',
      value: [
        { name: 'a', field: { type: 'l', value: '1' } },
        { name: 'a', field: { type: 'd', value: 2 } },
      ],
    },
    { a: 2 },
  ],
];

describe.runIf(isOurs)('over the console’s API', () => {
  test('each type arrives as it was sent, and is shown as it came', async ({ broker, place }) => {
    const { channel, queue } = place;
    const client = await ConsoleClient.signedIn(broker);
    for (const [field] of FIELDS) {
      const headers = [{ name: 'h', field }];
      const sent = { vhost: '/', exchange: '', routingKey: queue, properties: { headers }, body: '' };
      expect(await client.act('POST', '/publish', sent), JSON.stringify(field)).toMatchObject({ routedTo: [queue] });
      const page = await client.send('GET', `/messages?vhost=%2F&queue=${queue}`);
      const { messages } = (await page.json()) as { messages: { properties: { headers: object } }[] };
      expect(messages[0]?.properties.headers).toEqual(headers);
      expect(typedTable(await headersIn({ channel, queue }))).toEqual(headers);
    }
  });

  test('a client library reads them', async ({ broker, channel, named }) => {
    const queue = named('q');
    await channel.assertQueue(queue, { durable: false });
    const client = await ConsoleClient.signedIn(broker);
    const known = FIELDS.filter(([, read]) => read !== undefined);
    const headers = known.map(([field], i) => ({ name: `h${i}`, field }));
    await client.act('POST', '/publish', {
      ...{ vhost: '/', exchange: '', routingKey: queue, properties: { headers }, body: '' },
    });
    const got = await channel.get(queue, { noAck: true });
    expect(Object.values(got === false ? {} : (got.properties.headers ?? {}))).toEqual(known.map(([, read]) => read));
  });

  test.for<[TypedField | object, string]>([
    [{ type: 'f', value: 1e39 }, '1e+39 is larger than a float of 32 bits can be'],
    [{ type: 'L', value: '9223372036854775808' }, 'is not between'],
    [{ type: 'l', value: '-9223372036854775809' }, 'is not between'],
    [{ type: 'T', value: '-1' }, 'is not between'],
    [{ type: 'b', value: 128 }, 'is not between'],
    [{ type: 'D', value: { scale: 0, unscaled: -1 } }, 'is not between'],
    [{ type: 'D', value: { scale: 0, unscaled: 4_294_967_296 } }, 'is not between'],
    [{ type: 'l', value: 5 }, 'expected string'],
    [{ type: 'd', value: '5' }, 'Invalid input'],
    [{ type: 'x', value: 'a' }, 'it is no base64'],
  ])('what a type cannot hold is refused before anything is sent: %j', async ([field, reason], { broker, place }) => {
    const client = await ConsoleClient.signedIn(broker);
    const response = await client.send('POST', '/publish', {
      ...{ vhost: '/', exchange: '', routingKey: place.queue, body: '' },
      properties: { headers: [{ name: 'h', field }] },
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { reason: string }).reason).toContain(reason);
    expect(await headerIn(place)).toBeUndefined();
  });
});

describe.runIf(isOurs)('a number that JSON has no word for', () => {
  test('goes from client to client, by a dead-letter exchange and back, and is shown by its name', async ({
    broker,
    say,
    place,
    named,
  }) => {
    const { channel, queue } = place;
    const dying = named('dying');
    await channel.call('queue.declare', {
      queue: dying,
      durable: true,
      arguments: [
        ['x-dead-letter-exchange', { type: 'S', value: '' }],
        ['x-dead-letter-routing-key', { type: 'S', value: queue }],
      ],
    });
    const odd: [string, Field][] = [
      ['f', { type: 'f', value: Number.NaN }],
      ['h', { type: 'd', value: Number.NaN }],
      ['i', { type: 'd', value: Number.NEGATIVE_INFINITY }],
      ['z', { type: 'd', value: -0 }],
    ];
    channel.publish({ routingKey: dying }, 'x', { headers: odd });
    const got = await channel.call('basic.get', { queue: dying });
    if (got.name !== 'basic.get-ok') throw new Error('the message did not come');
    channel.send('basic.reject', { deliveryTag: got.arguments.deliveryTag, requeue: false });
    await channel.call('queue.declare', { queue, passive: true });

    const peekRequest = '{"count":1,"ackmode":"ack_requeue_true","encoding":"auto"}';
    expect(shownIn((await say('POST', `/queues/%2F/${queue}/get`, peekRequest)).text)).toBe('"NaN"');
    const client = await ConsoleClient.signedIn(broker);
    const page = await client.send('GET', `/messages?vhost=%2F&queue=${queue}`);
    const { messages } = (await page.json()) as { messages: { properties: { headers: { name: string }[] } }[] };
    expect(messages[0]?.properties.headers.filter(({ name }) => name.length === 1)).toEqual(typedTable(odd));

    await client.act('POST', '/dead-letters/replay', { vhost: '/', queue });
    const back = await headersIn({ channel, queue: dying });
    expect(encodeTable(back.filter(([name]) => name.length === 1))).toEqual(encodeTable(odd));
  });
});
