import { beforeEach, describe, expect, test } from 'vitest';
import { ADMINISTRATION, type Administration } from '../../../../lib/engine/administration.ts';
import { createAdministration } from '../../../../lib/engine/embedded/administration.ts';
import { createCommands, engineErrorOf } from '../../../../lib/engine/embedded/commands.ts';
import type { Listener } from '../../../../lib/server/listener.ts';
import { BrokerFixture } from '../../broker/broker-fixture.ts';
import { apiUser } from '../api-user.ts';

let fixture: BrokerFixture;
let administration: Administration;
let commands: ReturnType<typeof createCommands>;

beforeEach(async () => {
  fixture = await BrokerFixture.start();
  const { accounts, vhostCommands } = fixture.broker;
  administration = createAdministration(fixture.broker, { connections: new Set() });
  commands = createCommands(fixture.broker, {} as Listener, {} as never);
  await vhostCommands.put({ name: 'v' });
  for (const tag of ['none', 'management', 'policymaker', 'monitoring', 'administrator']) {
    await accounts.putUser({ name: tag, tags: tag === 'none' ? [] : [tag] });
    await accounts.putPermission({ user: tag, vhost: '/', configure: '', write: '', read: '' });
  }
});

const definition = { expires: 1 };
const policy = { vhost: '/', name: 'p', pattern: '', definition };
const permission = { user: 'none', vhost: '/', configure: '', write: '', read: '' };

/** The lowest tag that may; everyone above may as well. */
const WHO: Record<keyof Administration | 'resetLogins', [tag: string, ...args: unknown[]]> = {
  listVhostInfos: ['management'],
  vhost: ['management', '/'],
  putVhost: ['administrator', { name: 'new' }],
  deleteVhost: ['administrator', 'v'],
  listUsers: ['administrator'],
  user: ['administrator', 'none'],
  putUser: ['administrator', { name: 'new', tags: [] }],
  deleteUser: ['administrator', 'none'],
  listPermissions: ['administrator'],
  putPermission: ['administrator', permission],
  deletePermission: ['administrator', '/', 'none'],
  listTopicPermissions: ['administrator'],
  putTopicPermission: ['administrator', { ...permission, exchange: 'e' }],
  deleteTopicPermissions: ['administrator', '/', 'none'],
  listPolicies: ['management', 'policy'],
  policy: ['management', 'policy', '/', 'p'],
  putPolicy: ['policymaker', 'policy', policy],
  deletePolicy: ['policymaker', 'policy', '/', 'p'],
  putVhostLimit: ['administrator', '/', 'max-queues', 5],
  deleteVhostLimit: ['administrator', '/', 'max-queues'],
  putUserLimit: ['administrator', 'none', 'max-channels', 5],
  deleteUserLimit: ['administrator', 'none', 'max-channels'],
  listParameters: ['policymaker'],
  putParameter: ['administrator', { component: 'vhost-limits', vhost: '/', name: 'limits', value: {} }],
  deleteParameter: ['administrator', 'operator_policy', '/', 'op'],
  listGlobalParameters: ['policymaker'],
  putGlobalParameter: ['policymaker', 'x', 1],
  deleteGlobalParameter: ['policymaker', 'x'],
  resetLogins: ['administrator'],
};

const INCLUDES: Record<string, readonly string[]> = {
  management: ['management', 'policymaker', 'monitoring', 'administrator'],
  policymaker: ['policymaker', 'administrator'],
  administrator: ['administrator'],
};

const REFUSED: Record<string, string> = {
  management: 'Not management user',
  policymaker: 'User not authorised to access object',
  administrator: 'Not administrator user',
};

describe('who may', () => {
  test.each(Object.keys(ADMINISTRATION) as (keyof Administration)[])('%s', async (name) => {
    const [lowest, ...args] = WHO[name];
    const { policies, parameters } = fixture.broker;
    const run = administration[name] as (...args: unknown[]) => Promise<unknown>;
    for (const user of ['none', 'management', 'policymaker', 'monitoring', 'administrator', 'stranger']) {
      // What somebody before has deleted.
      await policies.put({ ...policy, kind: 'policy' });
      await policies.put({ ...policy, kind: 'operator_policy', name: 'op' });
      await parameters.putGlobal('x', 1);
      const outcome = await run(apiUser(user), ...args).then(
        () => 'ok',
        (error: unknown) => engineErrorOf(error),
      );
      const text = user === 'stranger' ? "user 'stranger' does not exist" : REFUSED[lowest];
      const refused = { code: 'ACCESS_REFUSED', message: text };
      expect([user, outcome]).toEqual([user, INCLUDES[lowest]?.includes(user) ? 'ok' : refused]);
    }
  });

  test('a policymaker has the vhosts that it may enter, and no operator policies', async () => {
    const elsewhere = administration.putPolicy(apiUser('policymaker'), 'policy', { ...policy, vhost: 'v' });
    await expect(elsewhere).rejects.toThrow('User not authorised to access object');
    const operator = administration.putPolicy(apiUser('policymaker'), 'operator_policy', policy);
    await expect(operator).rejects.toThrow('Not administrator user');
    await administration.putPolicy(apiUser('administrator'), 'policy', { ...policy, vhost: 'v' });
    const seen = async (user: string) =>
      (await administration.listPolicies(apiUser(user), 'policy')).map(({ vhost, name }) => `${vhost} ${name}`);
    expect([await seen('policymaker'), await seen('monitoring')]).toEqual([[], ['v p']]);
  });
});

test('who makes a vhost may use it; who changes one gets nothing by it', async () => {
  const administrator = apiUser('administrator');
  await administration.putVhost(administrator, { name: 'new' });
  await administration.putUser(administrator, { name: 'second', password: 'p', tags: ['administrator'] });
  await administration.putVhost(apiUser('second'), { name: 'new', description: 'changed' });
  const all = { configure: '.*', write: '.*', read: '.*' };
  const permissions = await administration.listPermissions(administrator);
  expect(permissions.filter(({ vhost }) => vhost === 'new')).toEqual([{ user: 'administrator', vhost: 'new', ...all }]);
});

test('administrators and monitoring see vhosts that they may not enter, others do not', async () => {
  for (const user of ['administrator', 'monitoring']) {
    expect((await administration.listVhostInfos(apiUser(user))).map(({ name }) => name)).toEqual(['/', 'v']);
    expect(await commands.listVhosts(apiUser(user))).toEqual(['/', 'v']);
    expect((await commands.listExchanges(apiUser(user))).some(({ vhost }) => vhost === 'v')).toBe(true);
    expect(await commands.exchange(apiUser(user), 'v', 'amq.topic')).toMatchObject({ vhost: 'v' });
    await expect(commands.purgeQueue(apiUser(user), 'v', 'q')).rejects.toThrow(/^access to vhost 'v' refused/);
  }
  for (const user of ['management', 'none']) {
    expect(await commands.listVhosts(apiUser(user))).toEqual(['/']);
    expect((await commands.listExchanges(apiUser(user))).some(({ vhost }) => vhost === 'v')).toBe(false);
    await expect(commands.exchange(apiUser(user), 'v', 'amq.topic')).rejects.toThrow(/^access to vhost 'v' refused/);
  }
  await expect(administration.vhost(apiUser('management'), 'v')).rejects.toThrow(
    'User not authorised to access virtual host',
  );
});

test('queues and exchanges show the policies that are in effect', async () => {
  const user = 'guest';
  fixture.queue('q');
  expect((await commands.queue(apiUser(user), '/', 'q')).effectivePolicyDefinition).toEqual({});
  await administration.putPolicy(apiUser(user), 'policy', { ...policy, definition: { 'alternate-exchange': 'ae' } });
  await administration.putPolicy(apiUser(user), 'operator_policy', { ...policy, name: 'op' });
  expect(await commands.queue(apiUser(user), '/', 'q')).toMatchObject({
    policy: 'p',
    operatorPolicy: 'op',
    effectivePolicyDefinition: { 'alternate-exchange': 'ae', expires: 1 },
  });
  expect(await commands.exchange(apiUser(user), '/', 'amq.topic')).toMatchObject({
    policy: 'p',
    effectivePolicyDefinition: { 'alternate-exchange': 'ae' },
  });
});

test('what is kept with a pattern that cannot be used is shown with its problem', async () => {
  const [user, pattern, problem] = ['guest', '(a)\\1', 'back-references are not supported at byte 4'];
  const { accounts, policies } = fixture.broker;
  const permission = { user: 'none', vhost: 'v', configure: '', write: pattern, read: '.*' };
  const topic = { user: 'none', vhost: 'v', exchange: 'amq.topic', write: '.*', read: pattern };
  const takesAnyPattern = true;
  await accounts.putPermission(permission, takesAnyPattern);
  await accounts.putTopicPermission(topic, takesAnyPattern);
  await policies.put({ ...policy, kind: 'policy', name: 'odd', pattern }, takesAnyPattern);
  expect(await administration.listPermissions(apiUser(user))).toContainEqual({
    ...permission,
    patternProblem: `write: ${problem}`,
  });
  expect(await administration.listTopicPermissions(apiUser(user))).toContainEqual({
    ...topic,
    patternProblem: `read: ${problem}`,
  });
  const one = await administration.policy(apiUser(user), 'policy', policy.vhost, 'odd');
  expect(one).toMatchObject({ pattern, patternProblem: problem });
  expect(await administration.listPolicies(apiUser(user), 'policy')).toContainEqual(one);
  // Where it can be used, nothing is said.
  await administration.putPolicy(apiUser(user), 'policy', { ...policy, name: 'odd' });
  expect(await administration.policy(apiUser(user), 'policy', policy.vhost, 'odd')).not.toHaveProperty(
    'patternProblem',
  );
});

test('a value that cannot be is INVALID_REQUEST, with its reason', async () => {
  const failed = administration.putPolicy(apiUser('guest'), 'policy', { ...policy, definition: {} });
  expect(engineErrorOf(await failed.catch((error: unknown) => error))).toEqual({
    code: 'INVALID_REQUEST',
    message: 'Validation failed\n\nno policy provided\n',
  });
});
