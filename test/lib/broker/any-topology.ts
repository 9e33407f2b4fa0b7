/** Random topologies and messages, in the port's words. */
import fc from 'fast-check';
import type { BindingInfo } from '../../../lib/engine/bindings.ts';
import type { ExchangeDeclaration } from '../../../lib/engine/exchanges.ts';
import type { TypedTable } from '../../../lib/fields/typed-field.ts';

export interface AnyTopology {
  queues: string[];
  exchanges: ExchangeDeclaration[];
  bindings: BindingInfo[];
}

export interface AnyMessage {
  exchange: string;
  routingKey: string;
  headers: TypedTable;
}

const TYPES = [
  'direct',
  'fanout',
  'topic',
  'headers',
  'x-consistent-hash',
  'x-modulus-hash',
  'x-random',
  'x-local-random',
  'x-recent-history',
  'x-message-deduplication',
  'x-delayed-message',
] as const;
type Type = (typeof TYPES)[number];

const QUEUES = ['q0', 'q1', 'q2', 'q3'];
const KEYS = ['', 'a', 'b', 'a.b', 'a.b.c'];
const PATTERNS = [...KEYS, '#', '*', 'a.*', '#.c', 'a.#', '*.b.#'];

const text = (value: string) => ({ type: 'S' as const, value });
const TABLES: TypedTable[] = [
  [],
  [{ name: 'colour', field: text('red') }],
  [
    { name: 'x-match', field: text('any') },
    { name: 'colour', field: text('red') },
    { name: 'size', field: { type: 'I', value: 3 } },
  ],
];

const key = fc.constantFrom(...KEYS);

const exchange = fc.record({
  type: fc.constantFrom<Type>(...TYPES),
  alternate: fc.option(fc.nat(4), { freq: 2 }),
});

const binding = fc.record({
  from: fc.nat(3),
  to: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...QUEUES) }, { weight: 1, arbitrary: fc.nat(3) }),
  key: fc.constantFrom(...PATTERNS),
  weight: fc.integer({ min: 1, max: 3 }),
  arguments: fc.constantFrom(...TABLES),
});

/** `prefix` makes the names its own. An alternate exchange may be missing. */
export function anyTopology(): fc.Arbitrary<(prefix: string) => AnyTopology> {
  return fc
    .record({
      exchanges: fc.array(exchange, { minLength: 4, maxLength: 4 }),
      bindings: fc.array(binding, { maxLength: 14 }),
    })
    .map(
      (drawn) =>
        (prefix: string): AnyTopology => ({
          queues: QUEUES.map((name) => prefix + name),
          exchanges: drawn.exchanges.map(({ type, alternate }, i) => ({
            vhost: '/',
            name: `${prefix}e${i}`,
            type,
            durable: false,
            autoDelete: false,
            internal: false,
            arguments: [
              ...(alternate === null ? [] : [{ name: 'alternate-exchange', field: text(`${prefix}e${alternate}`) }]),
              ...(type === 'x-message-deduplication'
                ? [{ name: 'x-cache-size', field: { type: 'I' as const, value: 9 } }]
                : []),
              ...(type === 'x-delayed-message' ? [{ name: 'x-delayed-type', field: text('topic') }] : []),
            ],
          })),
          bindings: drawn.bindings.flatMap(({ from, to, ...rest }): BindingInfo[] => {
            const type = drawn.exchanges[from]?.type;
            const isQueue = typeof to === 'string';
            if (type === 'x-local-random' && !isQueue) return [];
            const routingKey =
              type === 'x-consistent-hash' ? String(rest.weight) : type === 'x-local-random' ? '' : rest.key;
            return [
              {
                vhost: '/',
                source: `${prefix}e${from}`,
                destinationType: isQueue ? 'queue' : 'exchange',
                destination: isQueue ? prefix + to : `${prefix}e${to}`,
                routingKey,
                arguments: rest.arguments,
              },
            ];
          }),
        }),
    );
}

/** A message to the first exchange, or straight to a queue. */
export function anyMessage(): fc.Arbitrary<(prefix: string) => AnyMessage> {
  const list = (name: string, keys: string[] | null): TypedTable =>
    keys === null ? [] : [{ name, field: { type: 'A', value: keys.map(text) } }];
  return fc
    .record({
      toQueue: fc.constantFrom(false, false, false, true),
      key,
      headers: fc.constantFrom(...TABLES),
      cc: fc.option(fc.array(key, { maxLength: 2 }), { freq: 3 }),
      bcc: fc.option(fc.array(key, { maxLength: 2 }), { freq: 3 }),
      id: fc.option(fc.constantFrom('1', '2'), { freq: 2 }),
    })
    .map(
      (drawn) =>
        (prefix: string): AnyMessage => ({
          exchange: drawn.toQueue ? '' : `${prefix}e0`,
          routingKey: drawn.toQueue ? `${prefix}q1` : drawn.key,
          headers: [
            ...drawn.headers.filter(({ name }) => name !== 'x-match'),
            ...list('CC', drawn.cc),
            ...list('BCC', drawn.bcc),
            ...(drawn.id === null ? [] : [{ name: 'x-deduplication-header', field: text(drawn.id) }]),
          ],
        }),
    );
}
