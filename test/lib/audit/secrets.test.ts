import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceOf } from '../../../lib/audit/difference.ts';
import { withoutSecrets } from '../../../lib/audit/secrets.ts';

const SECRET = 'correct horse battery staple';
const NAMES = ['password', 'Password', 'password_hash', 'passwd', 'hashing_algorithm', 'client_secret', 'api-key'];
const MORE_NAMES = [
  'accessToken',
  'token',
  'ssl.password',
  'pass',
  'hash',
  'authorization',
  'private_key',
  'credentials',
];

/** Plain data with the secret in it, as deep as it comes; what surrounds it holds none. */
const withSecret = fc.letrec<{ around: unknown; holder: unknown }>((tie) => ({
  around: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.constant('text'),
    fc.array(tie('around'), { maxLength: 2 }),
  ),
  holder: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.record({ secret: fc.constantFrom(...NAMES, ...MORE_NAMES) }).map(({ secret }) => ({ [secret]: SECRET })),
    fc.constantFrom(...NAMES).map((name) => ({ name, field: { type: 'S', value: SECRET } })),
    fc.constantFrom(...NAMES).map((name) => ({ component: 'x', name, value: { nested: SECRET } })),
    fc.constant({ uri: `amqps://ada:${encodeURIComponent(SECRET)}@host/vhost` }),
    fc.tuple(tie('around'), tie('holder')),
    fc.record({ name: fc.constant('q'), arguments: tie('holder'), more: tie('around') }),
  ),
})).holder;

test('a secret at any depth of what was or is now is not kept', () => {
  fc.assert(
    fc.property(withSecret, fc.boolean(), (holder, isAfter) => {
      const thing = { definition: holder };
      const { before, after } = isAfter ? differenceOf({}, thing) : differenceOf(thing, {});
      const kept = `${before}${after}`;
      expect(kept).not.toContain(SECRET);
      expect(kept).not.toContain(encodeURIComponent(SECRET));
    }),
  );
});

test.each([
  ['amqp://ada:s3cret@host:5672/v', 'amqp://ada:…@host:5672/v'],
  ['amqp://:s3cret@host', 'amqp://:…@host'],
  ['see amqp://a:b@c and postgresql://d:e:f@g', 'see amqp://a:…@c and postgresql://d:…@g'],
  ['amqp://host:5672/v', 'amqp://host:5672/v'],
  ['amqp://host:5672/v?user=a@b', 'amqp://host:5672/v?user=a@b'],
])('of a URL the password is left out: %s', (text, shown) => {
  expect(withoutSecrets({ uri: text })).toEqual({ uri: shown });
});

test('what only sounds like one is kept', () => {
  const exchange = { arguments: { 'hash-header': 'x', 'x-message-ttl': 1 }, passive: false, compass: 'N' };
  expect(withoutSecrets(exchange)).toEqual(exchange);
});

test('the name of a secret is kept, and that it is there', () => {
  expect(withoutSecrets([{ component: 'vault', name: 'token', value: 'x' }])).toEqual([
    { component: 'vault', name: 'token' },
  ]);
});

test('nesting without end is cut', () => {
  let nested: unknown = 'x';
  for (let i = 0; i < 20_000; i++) nested = [nested];
  expect(JSON.stringify(withoutSecrets(nested))).toMatch(/^\[+"…"\]+$/);
});
