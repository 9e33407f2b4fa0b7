import { describe, expect, test } from 'vitest';
import { readDefinitions } from '../../../lib/definitions/definition-file.ts';
import type { TypedField } from '../../../lib/fields/typed-field.ts';

const errorOf = (text: string, options = {}): string => {
  try {
    readDefinitions(text, options);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};
const json = (document: object): string => JSON.stringify(document);

describe('YAML', () => {
  test('as people write it: the default vhost, durable, no arguments', () => {
    const { exchanges, queues, bindings } = readDefinitions(`
      exchanges:
        - name: orders
          type: topic
      queues:
        - name: billing
          arguments:
            x-queue-type: quorum
            x-message-ttl: 60000
        - name: mail
          vhost: shop
          durable: false
      bindings:
        - source: orders
          destination: billing
          routing_key: "order.*"
    `);
    expect(exchanges).toEqual([
      {
        at: "exchanges[0] 'orders'",
        value: {
          vhost: '/',
          name: 'orders',
          type: 'topic',
          durable: true,
          autoDelete: false,
          internal: false,
          arguments: [],
        },
      },
    ]);
    expect(queues.map(({ value }) => value)).toEqual([
      {
        vhost: '/',
        name: 'billing',
        durable: true,
        autoDelete: false,
        arguments: [
          { name: 'x-queue-type', field: { type: 'S', value: 'quorum' } },
          { name: 'x-message-ttl', field: { type: 'l', value: '60000' } },
        ],
      },
      { vhost: 'shop', name: 'mail', durable: false, autoDelete: false, arguments: [] },
    ]);
    expect(bindings).toEqual([
      {
        at: "bindings[0] 'orders -> billing'",
        value: {
          vhost: '/',
          source: 'orders',
          destinationType: 'queue',
          destination: 'billing',
          routingKey: 'order.*',
          arguments: [],
        },
      },
    ]);
  });

  test('a list that is mistyped is an error, and so is a text that is no YAML', () => {
    expect(errorOf('queue: []')).toMatch(/^queue: is no list of definitions; there are users, vhosts,/);
    expect(errorOf('queues: [a')).toMatch(/^the definitions are no YAML: .* at line 1/);
    expect(errorOf('just text')).toBe('the definitions must be an object with lists such as queues');
    expect(errorOf('')).toBe('the definitions must be an object with lists such as queues');
  });

  test('an alias inside of what it names is refused', () => {
    expect(errorOf('queues: &x\n  - name: q\n    arguments: { a: *x }')).toContain('or in itself');
  });

  test('a file cannot grow without bounds by references to itself', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(errorOf(lines.join('\n'))).toMatch(/^the definitions are no YAML: /);
  });
});

describe('numbers', () => {
  const argumentsOf = (text: string) => readDefinitions(text).queues[0]?.value.arguments;
  const NUMBERS: [text: string, field: TypedField][] = [
    ['5', { type: 'l', value: '5' }],
    ['9007199254740993', { type: 'l', value: '9007199254740993' }],
    ['-9223372036854775808', { type: 'l', value: '-9223372036854775808' }],
    ['18446744073709551615', { type: 'T', value: '18446744073709551615' }],
    ['5.0', { type: 'd', value: 5 }],
    ['-0.0', { type: 'd', value: '-0' }],
    ['1e39', { type: 'd', value: 1e39 }],
    ['0.1', { type: 'd', value: 0.1 }],
  ];

  test.each(NUMBERS)('%s is the same in JSON and in YAML', (text, field) => {
    const table = [{ name: 'a', field }];
    expect(argumentsOf(`{"queues":[{"name":"q","vhost":"/","arguments":{"a":${text}}}]}`)).toEqual(table);
    expect(argumentsOf(`queues: [{ name: q, arguments: { a: ${text} } }]`)).toEqual(table);
  });

  test('what no field can hold is refused by its name', () => {
    const reason =
      "queues[0] 'q': arguments: 'a': 18446744073709551616 is not between -9223372036854775808 and 9223372036854775807";
    expect(errorOf('{"queues":[{"name":"q","vhost":"/","arguments":{"a":18446744073709551616}}]}')).toBe(reason);
    expect(errorOf('queues: [{ name: q, arguments: { a: 18446744073709551616 } }]')).toBe(reason);
    expect(errorOf('{"queues":[{"name":"q","vhost":"/","arguments":{"a":1e400}}]}')).toContain('1e400 is larger than');
    expect(errorOf('queues: [{ name: q, arguments: { a: .nan } }]')).toContain('NaN is no number');
    expect(errorOf('queues: [{ name: q, arguments: { a: -.inf } }]')).toContain('-Infinity is no number');
  });
});

test.each([
  ['JSON', '{"queues":[{"name":"q","vhost":"/"}]}'],
  ['YAML', 'queues: [{ name: q }]'],
])('a byte order mark before %s counts for nothing', (_, text) => {
  expect(readDefinitions(`\ufeff${text}`)).toEqual(readDefinitions(text));
});

describe('JSON', () => {
  test('every entry that is wrong is named, with what is wrong', () => {
    expect(
      errorOf(
        json({
          queues: [
            { vhost: '/', name: 'ok' },
            { name: 'no-vhost' },
            { vhost: '/' },
            { vhost: '/', name: 'orders', durable: 'yes' },
            7,
          ],
          exchanges: [{ vhost: '/', name: 'e' }],
          bindings: [{ vhost: '/', source: 'e', destination: 'q', destination_type: 'topic' }],
          policies: {},
          users: [{ name: 'u', password_hash: 'no base 64', hashing_algorithm: 'rabbit_password_hashing_sha256' }],
        }),
      ).split('\n'),
    ).toEqual([
      "users[0] 'u': password_hash must be base64",
      'policies must be a list',
      "exchanges[0] 'e': type is missing",
      "queues[1] 'no-vhost': vhost is missing",
      'queues[2]: name is missing',
      "queues[3] 'orders': durable must be true or false",
      'queues[4]: must be an object',
      "bindings[0] 'e -> q': destination_type 'topic' is neither queue nor exchange",
    ]);
  });

  test('the first twenty errors are shown, and how many there are more', () => {
    const lines = errorOf(json({ queues: Array(25).fill({}) })).split('\n');
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('and 5 more');
  });

  test('a text that is no JSON is said with what is wrong', () => {
    expect(errorOf('{"queues": [}')).toMatch(/^the definitions are no JSON: line 1, column 13: a value is missing$/);
  });

  test('fields that other releases have are no error', () => {
    expect(readDefinitions(json({ rabbit_version: '4.2.9', shiny_new_list: [1] })).queues).toEqual([]);
  });

  test('users: hashes stay, tags may be one text, and releases before 3.6 hashed with MD5', () => {
    const { users } = readDefinitions(
      json({
        rabbit_version: '3.5.7',
        users: [
          { name: 'a', password_hash: 'AAAA', tags: 'administrator,monitoring' },
          {
            name: 'b',
            password_hash: '',
            hashing_algorithm: 'rabbit_password_hashing_sha512',
            tags: ['x'],
            limits: {},
          },
        ],
      }),
    );
    expect(users.map(({ value }) => value)).toEqual([
      {
        name: 'a',
        passwordHash: 'AAAA',
        hashingAlgorithm: 'rabbit_password_hashing_md5',
        tags: ['administrator', 'monitoring'],
      },
      { name: 'b', passwordHash: '', hashingAlgorithm: 'rabbit_password_hashing_sha512', tags: ['x'], limits: {} },
    ]);
  });

  test('vhosts: what RabbitMQ puts under metadata counts too', () => {
    const { vhosts } = readDefinitions(
      json({
        vhosts: [
          { name: 'a', metadata: { description: 'A', default_queue_type: 'quorum' }, limits: { 'max-queues': 5 } },
          { name: 'b', description: 'B', tags: ['t'], default_queue_type: 'undefined', tracing: true },
        ],
      }),
    );
    expect(vhosts.map(({ value }) => value)).toEqual([
      { name: 'a', description: 'A', defaultQueueType: 'quorum', limits: { 'max-queues': 5 } },
      { name: 'b', description: 'B', tags: ['t'], tracing: true },
    ]);
  });

  test('policies lose the keys of mirroring, which is gone, and go when they had no others', () => {
    const { policies } = readDefinitions(
      json({
        policies: [
          { vhost: '/', name: 'ha', pattern: '.*', definition: { 'ha-mode': 'all' } },
          { vhost: '/', name: 'both', pattern: '.*', definition: { 'ha-mode': 'all', 'max-length': 5 }, priority: 2 },
        ],
      }),
    );
    expect(policies).toEqual([
      {
        at: "policies[1] 'both'",
        value: { vhost: '/', name: 'both', pattern: '.*', definition: { 'max-length': 5 }, priority: 2 },
      },
    ]);
  });

  test('the type of a queue may stand beside its arguments', () => {
    const queue = { vhost: '/', name: 'q', type: 'quorum' };
    expect(readDefinitions(json({ queues: [queue] })).queues[0]?.value.arguments).toEqual([
      { name: 'x-queue-type', field: { type: 'S', value: 'quorum' } },
    ]);
    expect(errorOf(json({ queues: [{ ...queue, arguments: { 'x-queue-type': 'classic' } }] }))).toBe(
      "queues[0] 'q': type is 'quorum', but x-queue-type is 'classic'",
    );
    expect(errorOf(json({ queues: [{ ...queue, type: 'odd' }] }))).toBe(
      "queues[0] 'q': type 'odd' is none of classic, quorum, stream",
    );
  });

  test('for one vhost everything goes there, and nothing that belongs to all comes along', () => {
    const { queues, users, vhosts, globalParameters } = readDefinitions(
      json({
        users: [{ name: 'u' }],
        vhosts: [{ name: 'v' }],
        global_parameters: [{ name: 'g', value: 1 }],
        queues: [{ name: 'q' }, { name: 'r', vhost: 'other' }],
      }),
      { vhost: 'mine' },
    );
    expect(queues.map(({ value }) => value.vhost)).toEqual(['mine', 'mine']);
    expect({ users, vhosts, globalParameters }).toEqual({ users: [], vhosts: [], globalParameters: [] });
  });
});
