import { describe, expect, test } from 'vitest';
import { User } from '../../../../lib/broker/permissions/user.ts';

function userWith(patterns: { configure?: string; write?: string; read?: string }, tags: string[] = []): User {
  const hashingAlgorithm = 'rabbit_password_hashing_sha256';
  const user = new User({ name: 'ann', passwordHash: '', hashingAlgorithm, tags, limits: {} });
  user.permit({ user: 'ann', vhost: '/', configure: '', write: '', read: '', ...patterns });
  return user;
}

describe('permissions', () => {
  test('each access has its own pattern', () => {
    const user = userWith({ configure: '^c$', write: '^w$', read: '^r$' });
    for (const name of ['c', 'w', 'r']) {
      expect([
        name,
        user.may('configure', '/', name),
        user.may('write', '/', name),
        user.may('read', '/', name),
      ]).toEqual([name, name === 'c', name === 'w', name === 'r']);
    }
  });

  test('an empty pattern allows nothing, not even the empty name', () => {
    const user = userWith({});
    expect(user.may('read', '/', '')).toBe(false);
    expect(user.may('read', '/', 'q')).toBe(false);
  });

  test('a pattern is not anchored', () => {
    const user = userWith({ read: 'art' });
    expect(user.may('read', '/', 'party')).toBe(true);
    expect(user.may('read', '/', 'Art')).toBe(false);
  });

  test.each([
    ['^amq\\.', 'amq.gen-x', true],
    ['^(amq\\.gen.*|orders)$', 'orders', true],
    ['^(amq\\.gen.*|orders)$', 'orders.eu', false],
    ['^my\\-app', 'my-app.q', true],
    ['^[\\w\\-\\.]+$', 'my-app.q', true],
    ['^a\\_b\\:c', 'a_b:c', true],
    ['^(?!amq\\.).*', 'orders', true],
    ['^(?!amq\\.).*', 'amq.direct', false],
    // Bytes of UTF-8, as with RabbitMQ.
    ['^..$', 'é', true],
    ['^.$', 'é', false],
    ['(?i)^ORDERS', 'orders', true],
    ['\\Aorders\\z', 'orders', true],
    ['\\Aorders\\Z', 'orders.eu', false],
    ['\\\\A', '\\A', true],
  ])("'%s' on '%s': %s, as administrators write patterns for RabbitMQ", (pattern, name, expected) => {
    expect(userWith({ write: pattern }).may('write', '/', name)).toBe(expected);
  });

  test('a vhost without permissions cannot be entered, and nothing is allowed in it', () => {
    const user = userWith({ read: '.*' });
    expect([user.mayEnter('/'), user.mayEnter('other')]).toEqual([true, false]);
    expect(user.may('read', 'other', 'q')).toBe(false);
    user.forbid('/');
    expect([user.mayEnter('/'), user.may('read', '/', 'q')]).toEqual([false, false]);
  });

  test('permissions given again replace those before', () => {
    const user = userWith({ read: '.*' });
    user.permit({ user: 'ann', vhost: '/', configure: '.*', write: '', read: '' });
    expect([user.may('read', '/', 'q'), user.may('configure', '/', 'q')]).toEqual([false, true]);
  });

  test('the default exchange is asked for and named as amq.default', () => {
    const user = userWith({ write: '^amq\\.default$' });
    user.require('write', 'exchange', '/', '');
    expect(() => user.require('read', 'exchange', '/', '')).toThrow(
      expect.objectContaining({
        reply: 'ACCESS_REFUSED',
        message: "read access to exchange 'amq.default' in vhost '/' refused for user 'ann'",
      }),
    );
  });

  test('what is refused names the access, the thing, the vhost and the user', () => {
    expect(() => userWith({}).require('configure', 'queue', '/', 'q')).toThrow(
      expect.objectContaining({
        reply: 'ACCESS_REFUSED',
        message: "configure access to queue 'q' in vhost '/' refused for user 'ann'",
      }),
    );
  });

  test('a pattern that is kept and cannot be used grants nothing, takes nothing from the others, and says why', () => {
    const user = userWith({ configure: '(a)\\1', write: '.*', read: '(' });
    expect(['configure', 'write', 'read'].map((access) => user.may(access as 'read', '/', 'aa'))).toEqual([
      ...[false, true, false],
    ]);
    expect(user.permissionProblem('/')).toBe(
      'configure: back-references are not supported at byte 4; read: missing ) at byte 1',
    );
    expect([userWith({ read: '.*' }).permissionProblem('/'), user.permissionProblem('other')]).toEqual([null, null]);
  });
});

describe('topic permissions', () => {
  const write = (user: User, routingKey: string) => () => user.requireTopic('write', '/', 'logs', routingKey);
  const permitted = (pattern: string, name = 'ann'): User => {
    const hashingAlgorithm = 'rabbit_password_hashing_sha256';
    const user = new User({ name, passwordHash: '', hashingAlgorithm, tags: [], limits: {} });
    user.permitTopic({ user: name, vhost: '/', exchange: 'logs', write: pattern, read: '' });
    return user;
  };

  test('without one every key is allowed, with one those it matches', () => {
    expect(write(userWith({}), 'any')).not.toThrow();
    const user = permitted('^a\\.');
    expect(write(user, 'a.b')).not.toThrow();
    expect(write(user, 'b.a')).toThrow(
      expect.objectContaining({
        reply: 'ACCESS_REFUSED',
        message: "write access to topic 'b.a' in exchange exchange 'logs' in vhost '/' refused for user 'ann'",
      }),
    );
    expect(() => user.requireTopic('read', '/', 'logs', 'a.b')).toThrow(/^read access to topic/);
    expect(() => user.requireTopic('write', '/', 'other', 'b')).not.toThrow();
    expect(() => user.requireTopic('write', 'other', 'logs', 'b')).not.toThrow();
    user.forbidTopic('/', 'logs');
    expect(write(user, 'b.a')).not.toThrow();
  });

  test('one that is kept with a pattern that cannot be used allows no key, and says why', () => {
    const user = permitted('(');
    expect(write(user, 'a')).toThrow(/^write access to topic 'a'/);
    expect([user.topicProblem('/', 'logs'), user.topicProblem('/', 'other')]).toEqual([
      ...['write: missing ) at byte 1', null],
    ]);
  });

  test('names of user and vhost stand for themselves, whatever is in them', () => {
    const user = permitted('^{username}-{vhost}\\.', 'a.n');
    expect(write(user, 'a.n-/.x')).not.toThrow();
    expect(write(user, 'aan-/.x')).toThrow();
    expect(write(permitted('^{client_id}$'), '{client_id}')).not.toThrow();
  });
});

test('who has not the role is refused in the words for it', () => {
  const refusal = expect.objectContaining({ reply: 'ACCESS_REFUSED', message: 'Not monitor user' });
  expect(() => userWith({}, ['policymaker']).requireRole('monitoring')).toThrow(refusal);
  expect(() => userWith({}, ['monitoring']).requireRole('monitoring')).not.toThrow();
});

test('tags are compared whole', () => {
  const user = userWith({}, ['administrator']);
  expect([user.hasTag('administrator'), user.hasTag('admin')]).toEqual([true, false]);
});
