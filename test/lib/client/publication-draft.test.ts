import { expect, test } from 'vitest';
import { LIMITS } from '../../../lib/broker/limits.ts';
import { newFieldDraft } from '../../../lib/client/field-drafts.ts';
import { buildPublication, type PublicationDraft } from '../../../lib/client/publication-draft.ts';

const draft = (about: Partial<PublicationDraft> = {}): PublicationDraft => ({
  vhost: '/',
  to: 'exchange',
  exchange: 'shop',
  queue: '',
  routingKey: 'k',
  bodyForm: 'json',
  body: '{"a":1}',
  contentType: 'application/json',
  persistent: true,
  priority: '',
  expiration: '',
  timestamp: '',
  texts: {},
  headers: [],
  repeat: '1',
  ...about,
});

test('only what is set becomes a property', () => {
  const built = buildPublication(draft({ priority: '3', texts: { messageId: 'm', appId: '' } }));
  expect(built.flawed).toBe(false);
  expect(built.publication.properties).toEqual({
    contentType: 'application/json',
    deliveryMode: 2,
    priority: 3,
    messageId: 'm',
  });
});

test('a queue is reached through the default exchange', () => {
  expect(buildPublication(draft({ to: 'queue', queue: 'orders' })).publication).toMatchObject({
    exchange: '',
    routingKey: 'orders',
  });
  expect(buildPublication(draft({ to: 'queue' })).problems).toHaveProperty('queue');
});

test('a body that is not what it claims is told', () => {
  expect(buildPublication(draft({ body: '{' })).problems.body).toContain('Not JSON');
  expect(buildPublication(draft({ bodyForm: 'base64', body: 'a' })).problems).toHaveProperty('body');
  expect(buildPublication(draft({ bodyForm: 'text', body: '{' })).flawed).toBe(false);
});

test('numbers have their bounds', () => {
  const { problems } = buildPublication(draft({ priority: '256', expiration: '-1', timestamp: 'x', repeat: '101' }));
  expect(Object.keys(problems).sort()).toEqual(['expiration', 'priority', 'repeat', 'timestamp']);
});

test.each<[Partial<PublicationDraft>, 'priority' | 'expiration' | 'timestamp', string | number | undefined]>([
  [{ priority: '255' }, 'priority', 255],
  [{ priority: '5.0' }, 'priority', undefined],
  [{ expiration: String(LIMITS.ttlMsMax) }, 'expiration', String(LIMITS.ttlMsMax)],
  [{ expiration: String(LIMITS.ttlMsMax + 1) }, 'expiration', undefined],
  [{ expiration: '9007199254740993' }, 'expiration', undefined],
  [{ timestamp: '9007199254740993' }, 'timestamp', '9007199254740993'],
  [{ timestamp: '18446744073709551615' }, 'timestamp', '18446744073709551615'],
  [{ timestamp: '18446744073709551616' }, 'timestamp', undefined],
  [{ timestamp: '1e3' }, 'timestamp', undefined],
])('a number is taken up to the bound that the broker has: %j', (about, name, value) => {
  const { publication, problems } = buildPublication(draft(about));
  expect(publication.properties[name]).toBe(value);
  expect(name in problems).toBe(value === undefined);
});

test('the body is sent as it was written', () => {
  const body = '{"id":1234567890123456789,"price":1.10,"price":1e400}';
  expect(Buffer.from(buildPublication(draft({ body })).publication.body, 'base64').toString()).toBe(body);
});

test('a flawed header stops it', () => {
  expect(buildPublication(draft({ headers: [newFieldDraft('n', 'integer', 'x')] })).flawed).toBe(true);
});

const LONG = '\u20ac'.repeat(86);

test.each([
  ['exchange', { to: 'exchange', exchange: LONG }],
  ['routingKey', { to: 'exchange', routingKey: LONG }],
  ['queue', { to: 'queue', queue: LONG }],
  ['contentType', { contentType: LONG }],
  ['messageId', { texts: { messageId: LONG } }],
] as const)('a text that is too long for the protocol is said of its field: %s', (field, change) => {
  const { problems, flawed } = buildPublication(draft(change));
  expect([problems, flawed]).toEqual([{ [field]: 'This is longer than 255 bytes in UTF-8.' }, true]);
});

test('the address that is not chosen is not looked at', () => {
  expect(buildPublication(draft({ to: 'queue', queue: 'q', exchange: LONG, routingKey: LONG })).problems).toEqual({});
  expect(buildPublication(draft({ to: 'exchange', queue: LONG })).problems).toEqual({});
});
