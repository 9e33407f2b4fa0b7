import { beforeEach, describe, expect, test } from 'vitest';
import type { User } from '../../../../lib/broker/permissions/user.ts';
import { Owner } from '../../../../lib/broker/queues/owner.ts';
import { patternSteps } from '../../../../lib/pattern/pattern.ts';
import { BrokerFixture } from '../broker-fixture.ts';

let fixture: BrokerFixture;

beforeEach(async () => {
  fixture = await BrokerFixture.start();
});

const all = { configure: '.*', write: '.*', read: '.*' };

async function ann(): Promise<User> {
  await fixture.broker.accounts.putUser({ name: 'ann', password: 'secret', tags: ['management'] });
  return fixture.broker.accounts.user('ann');
}

describe('users', () => {
  test('a user that was put can sign in and is stored', async () => {
    expect(await fixture.broker.accounts.putUser({ name: 'ann', password: 'secret', tags: ['a', 'a'] })).toEqual({
      created: true,
    });
    expect(fixture.broker.authenticate('ann', 'secret', '10.0.0.1')?.definition.tags).toEqual(['a']);
    expect(fixture.definitions.texts).toEqual(['put user ann']);
  });

  test('a hash is kept as it comes, and with neither hash nor password nobody can sign in', async () => {
    const { accounts } = fixture.broker;
    const hashingAlgorithm = 'rabbit_password_hashing_sha512';
    await accounts.putUser({ name: 'ann', passwordHash: 'aGFzaA==', hashingAlgorithm, tags: [] });
    expect(accounts.user('ann').definition).toMatchObject({ passwordHash: 'aGFzaA==', hashingAlgorithm });
    await accounts.putUser({ name: 'ann', password: 'x', tags: [] });
    expect(fixture.broker.authenticate('ann', 'x', '10.0.0.1')).not.toBeNull();
    expect(await accounts.putUser({ name: 'ann', tags: [] })).toEqual({ created: false });
    expect(fixture.broker.authenticate('ann', 'x', '10.0.0.1')).toBeNull();
  });

  test('a user that is put again stays the same object, with its permissions and limits', async () => {
    const user = await ann();
    await fixture.broker.accounts.putPermission({ user: 'ann', vhost: '/', ...all });
    await fixture.broker.accounts.putUser({ name: 'ann', password: 'other', tags: ['administrator'] });
    expect(fixture.broker.accounts.user('ann')).toBe(user);
    expect([user.mayEnter('/'), user.hasTag('administrator')]).toEqual([true, true]);
  });

  test.each([
    [{ name: '', tags: [] }, 'the name of a user cannot be empty'],
    [{ name: 'x'.repeat(256), tags: [] }, 'the name of a user cannot have more than 255 bytes'],
    [{ name: 'x\0', tags: [] }, 'the name of a user cannot contain U+0000'],
    [{ name: 'x', tags: Array.from({ length: 33 }, String) }, 'more than 32 tags'],
    [{ name: 'x', tags: [], passwordHash: 'abc' }, 'password_hash is not base64'],
    [
      { name: 'x', tags: [], passwordHash: '', hashingAlgorithm: 'crc' as never },
      'hashing_algorithm is none of rabbit_password_hashing_sha256, rabbit_password_hashing_sha512, rabbit_password_hashing_md5',
    ],
    [{ name: 'x', tags: [], password: 'a', passwordHash: 'b' }, 'both_password_and_password_hash_are_provided'],
  ])('%o is refused: %s', async (wishes, text) => {
    await expect(fixture.broker.accounts.putUser(wishes)).rejects.toMatchObject({
      name: 'InvalidSetting',
      message: text,
    });
  });

  test('a deleted user takes its permissions along, and its connections are told to go', async () => {
    const user = await ann();
    const { accounts } = fixture.broker;
    await accounts.putPermission({ user: 'ann', vhost: '/', ...all });
    await accounts.putTopicPermission({ user: 'ann', vhost: '/', exchange: 'amq.topic', write: 'a', read: 'a' });
    const evicted: string[] = [];
    fixture.broker.watchEvictions((affects, reason) => {
      if (affects({ user, vhost: fixture.vhost, owner: null }) && !affects(fixture.session)) evicted.push(reason);
    });
    fixture.definitions.batches.length = 0;
    await accounts.deleteUser('ann');
    expect(evicted).toEqual(["user 'ann' is deleted"]);
    expect(fixture.definitions.texts).toEqual([
      'delete user ann',
      'delete permission ann',
      'delete topic-permission ann',
    ]);
    await expect(accounts.deleteUser('ann')).rejects.toMatchObject({ reply: 'NOT_FOUND' });
    expect(() => fixture.broker.connect(user, '/', new Owner())).toThrow(
      expect.objectContaining({ message: "access to vhost '/' refused for user 'ann'" }),
    );
  });

  test('what could not be stored did not happen', async () => {
    const user = await ann();
    fixture.definitions.fail = true;
    const { accounts } = fixture.broker;
    const failed = { reply: 'INTERNAL_ERROR' };
    await expect(accounts.putUser({ name: 'bob', tags: [] })).rejects.toMatchObject(failed);
    expect(fixture.broker.users.has('bob')).toBe(false);
    await expect(accounts.putUser({ name: 'ann', tags: ['administrator'] })).rejects.toMatchObject(failed);
    expect([user.hasTag('administrator'), user.definition.passwordHash]).toEqual([false, 'hash of secret']);
    await expect(accounts.putPermission({ user: 'ann', vhost: '/', ...all })).rejects.toMatchObject(failed);
    expect(user.mayEnter('/')).toBe(false);
  });
});

describe('permissions', () => {
  test('hold at once, also for routes that are remembered', async () => {
    await ann();
    const { accounts } = fixture.broker;
    await accounts.putPermission({ user: 'ann', vhost: '/', ...all });
    const session = fixture.newSession('ann');
    fixture.queue('q');
    expect(fixture.publish('', 'q', 'x', {}, session)).toBe(1);
    const before = fixture.vhost.version;
    expect(await accounts.putPermission({ user: 'ann', vhost: '/', ...all, write: '^other$' })).toEqual({
      created: false,
    });
    expect(fixture.vhost.version).toBeGreaterThan(before);
    expect(() => fixture.publish('', 'q', 'x', {}, session)).toThrow(/^write access to exchange 'amq.default'/);
    await accounts.deletePermission('/', 'ann');
    expect(session.user.mayEnter('/')).toBe(false);
  });

  test('need a user, a vhost and regular expressions', async () => {
    await ann();
    const { accounts } = fixture.broker;
    await expect(accounts.putPermission({ user: 'bob', vhost: '/', ...all })).rejects.toMatchObject({
      reply: 'NOT_FOUND',
      message: "no user 'bob'",
    });
    await expect(accounts.putPermission({ user: 'ann', vhost: 'v', ...all })).rejects.toMatchObject({
      reply: 'NOT_FOUND',
      message: "vhost 'v' not found",
    });
    for (const access of ['configure', 'write', 'read']) {
      const permission = { user: 'ann', vhost: '/', ...all, [access]: '(a)\\1' };
      await expect(accounts.putPermission(permission)).rejects.toMatchObject({
        name: 'InvalidSetting',
        message: "invalid regular expression '(a)\\1': back-references are not supported at byte 4",
      });
    }
    expect(fixture.definitions.texts.filter((text) => text.includes('permission'))).toEqual([]);
    await expect(accounts.deletePermission('/', 'ann')).rejects.toMatchObject({ reply: 'NOT_FOUND' });
  });
});

describe('topic permissions', () => {
  beforeEach(async () => {
    await ann();
    await fixture.broker.accounts.putPermission({ user: 'ann', vhost: '/', ...all });
    await fixture.broker.accounts.putTopicPermission({
      user: 'ann',
      vhost: '/',
      exchange: 'amq.topic',
      write: '^{username}\\.',
      read: '^in\\.',
    });
  });

  test('a publish to a topic exchange needs one for each of its keys', () => {
    const session = fixture.newSession('ann');
    fixture.queue('q');
    fixture.bind('amq.topic', 'q', '#');
    expect(fixture.publish('amq.topic', 'ann.x', 'x', {}, session)).toBe(1);
    expect(() => fixture.publish('amq.topic', 'bob.x', 'x', {}, session)).toThrow(/^write access to topic 'bob.x'/);
    const copies = { headers: [['CC', { type: 'A', value: [{ type: 'S', value: 'bob.y' }] }]] as never };
    expect(() => fixture.publish('amq.topic', 'ann.x', 'x', copies, session)).toThrow(/^write access to topic 'bob.y'/);
    expect(fixture.publish('amq.direct', 'bob.x', 'x', {}, session)).toBe(0);
  });

  test('binding to and unbinding from a topic exchange needs one to read the key', () => {
    const session = fixture.newSession('ann');
    fixture.queue('q');
    fixture.bind('amq.topic', 'q', 'in.x', {}, session);
    expect(() => fixture.bind('amq.topic', 'q', 'out.x', {}, session)).toThrow(/^read access to topic 'out.x'/);
    expect(() => fixture.unbind('amq.topic', 'q', 'out.x', {}, session)).toThrow(/^read access to topic 'out.x'/);
    fixture.bind('amq.direct', 'q', 'out.x', {}, session);
  });

  test('need patterns that can be used, also with the names of user and vhost in them', async () => {
    const { accounts } = fixture.broker;
    const topic = { user: 'ann', vhost: '/', exchange: 'amq.topic', write: '.*', read: '.*' };
    const longName = 'x'.repeat(200);
    await accounts.putUser({ name: longName, tags: [] });
    const refused = [{ write: '(' }, { read: 'a{65536}' }, { user: longName, read: '(?:{username}){100}' }];
    for (const patterns of refused) {
      await expect(accounts.putTopicPermission({ ...topic, ...patterns })).rejects.toMatchObject({
        name: 'InvalidSetting',
      });
    }
    await accounts.putTopicPermission({ ...topic, read: '(?:{username}){100}', write: '^{username}\\.' });
    // What held before still does.
    expect(() => fixture.publish('amq.topic', 'bob.x', 'x', {}, fixture.newSession('ann'))).toThrow();
    expect(fixture.publish('amq.topic', 'ann.x', 'x', {}, fixture.newSession('ann'))).toBe(0);
  });

  test('cost a publisher no more than his key is long, whatever key he chooses', async () => {
    const { accounts } = fixture.broker;
    await accounts.putTopicPermission({ user: 'ann', vhost: '/', exchange: 'amq.topic', write: '^(a+)+$', read: '' });
    const session = fixture.newSession('ann');
    const steps = patternSteps();
    for (let i = 0; i < 200; i++) {
      const key = `${'a'.repeat(36 + i)}!`;
      expect(() => fixture.publish('amq.topic', key, 'x', {}, session)).toThrow(/^write access to topic/);
    }
    expect(patternSteps() - steps).toBeLessThan(200 * 256 * 10);
  });

  test('are gone when they are deleted, one exchange or all', async () => {
    const session = fixture.newSession('ann');
    const { accounts } = fixture.broker;
    await accounts.deleteTopicPermissions('/', 'ann', 'other');
    expect(() => fixture.publish('amq.topic', 'bob.x', 'x', {}, session)).toThrow();
    await accounts.deleteTopicPermissions('/', 'ann');
    expect(fixture.publish('amq.topic', 'bob.x', 'x', {}, session)).toBe(0);
  });
});
