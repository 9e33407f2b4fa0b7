import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Field } from '../../../../lib/amqp/field-table.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import { clusterDocument, vhostDocument } from '../../../../lib/definitions/definition-document.ts';
import { definitionsOfDocument } from '../../../../lib/definitions/definition-file.ts';
import type { DefinitionTransfer } from '../../../../lib/engine/definitions.ts';
import { createDefinitionTransfer, importDefinitions } from '../../../../lib/engine/embedded/definitions.ts';
import type { JsonObject } from '../../../../lib/json/json-value.ts';
import { readJson } from '../../../../lib/json/read-json.ts';
import { writeJson } from '../../../../lib/json/write-json.ts';
import { BrokerFixture, number } from '../../broker/broker-fixture.ts';
import { apiUser } from '../api-user.ts';

const guest = apiUser('guest');
const facts = { compatibleWith: '4.2.9', version: '0.1.0', clusterName: 'rabbit@here' };
/** What a RabbitMQ 3.10.8 exported. */
const real = JSON.parse(readFileSync(join(import.meta.dirname, '../../../fixtures/rabbitmq-definitions.json'), 'utf8'));

let fixture: BrokerFixture;
let transfer: DefinitionTransfer;

beforeEach(async () => {
  fixture = await BrokerFixture.start();
  transfer = createDefinitionTransfer(fixture.broker);
});

const load = (document: JsonObject, vhost?: string): Promise<void> =>
  transfer.importDefinitions(guest, definitionsOfDocument(document, vhost === undefined ? {} : { vhost }));
const exported = async (): Promise<JsonObject> => clusterDocument(await transfer.exportDefinitions(guest), facts);
const errorOf = (document: JsonObject): Promise<string> =>
  load(document).then(
    () => 'no error',
    (error: Error) => error.message,
  );

/** The lists that there are in every release, each sorted, without what later releases say more. */
function comparable(document: JsonObject): object {
  const lists = Object.entries(document).filter(([, value]) => Array.isArray(value)) as [string, JsonObject[]][];
  return Object.fromEntries(
    lists.map(([list, entries]) => {
      const texts = entries
        .filter(({ name }) => name !== 'internal_cluster_id')
        .map(({ type, metadata: _, description: __, tags, limits, arguments: args, ...entry }) => {
          const { 'x-queue-type': ___, ...kept } = (args ?? {}) as JsonObject;
          if (list === 'vhosts') return JSON.stringify(entry.name);
          const shown =
            list === 'exchanges' ? { ...entry, type } : list === 'users' ? { ...entry, tags, limits } : entry;
          const sorted = Object.fromEntries(Object.entries(kept).sort());
          return JSON.stringify(
            { ...shown, arguments: sorted },
            Object.keys({ ...shown, arguments: 0 })
              .sort()
              .concat(Object.keys(sorted)),
          );
        });
      return [list, texts.sort()];
    }),
  );
}

describe('an import', () => {
  test('of what a real RabbitMQ exported leaves nothing out, and can be exported the same', async () => {
    await load(real);
    const { broker } = fixture;
    expect(broker.users.get('rec-user')?.definition).toEqual({
      name: 'rec-user',
      passwordHash: 'w6XjqYCupntyFFfdg+YUgPDSgHPKSrk0BW7GX3sZsbg0CtR0',
      hashingAlgorithm: 'rabbit_password_hashing_sha256',
      tags: ['monitoring', 'policymaker'],
      limits: { 'max-channels': 50 },
    });
    expect(broker.vhosts.get('rec-vhost')?.definition.limits).toEqual({ 'max-connections': 100 });
    expect(broker.vhosts.get('/')?.queues.get('rec.quorum')?.options.type).toBe('quorum');
    expect(broker.vhosts.get('/')?.queues.get('rec.classic')?.policy?.definition).toMatchObject({
      'max-length': 100000,
    });
    expect(fixture.route('rec.x', 'k1')).toEqual(['rec.classic']);
    expect(comparable(await exported())).toEqual(comparable(real));
  });

  test('is stored in one transaction', async () => {
    await load(real);
    expect(fixture.definitions.batches).toHaveLength(1);
    expect(fixture.definitions.texts).toContain('put binding rec.x->rec.int');
  });

  test('that fails to be stored is taken back', async () => {
    fixture.definitions.fail = true;
    expect(
      await errorOf({
        vhosts: [{ name: 'v' }],
        queues: [
          { name: 'q', vhost: 'v' },
          { name: 'r', vhost: '/' },
        ],
      }),
    ).toBe('the definition could not be stored');
    expect(fixture.broker.vhosts.has('v')).toBe(false);
    expect(fixture.vhost.queues.size).toBe(0);
  });

  test.each<[string, Field]>([
    ['an integer of 32 bits', { type: 'I', value: -5 }],
    ['an integer of 64 bits', { type: 'l', value: 2n ** 53n + 1n }],
    ['the largest one', { type: 'l', value: 2n ** 63n - 1n }],
    ['a timestamp', { type: 'T', value: 2n ** 64n - 1n }],
    ['a double with the value of an integer', { type: 'd', value: 5 }],
    ['a double', { type: 'd', value: 1e39 }],
    ['a float', { type: 'f', value: Math.fround(0.1) }],
    ['a flag', { type: 't', value: false }],
    ['a text', { type: 'S', value: '5' }],
    ['bytes', { type: 'x', value: Buffer.from([0xff, 0]) }],
    ['nothing', { type: 'V' }],
    [
      'a list',
      {
        type: 'A',
        value: [
          { type: 'd', value: 5 },
          { type: 'l', value: 5n },
        ],
      },
    ],
    [
      'a table',
      {
        type: 'F',
        value: [
          ['b', { type: 'd', value: 5 }],
          ['a', { type: 'V' }],
        ],
      },
    ],
  ])('of an export brings back a headers binding on %s, which routes what it did', async (_, field) => {
    fixture.queue('q', { durable: true });
    fixture.bind('amq.headers', 'q', '', { arguments: [['h', field]] });
    const isRouted = (value: Field) => fixture.route('amq.headers', '', [['h', value]]).length > 0;
    const others: Field[] = [
      { type: 'l', value: 2n ** 53n },
      { type: 'l', value: 5n },
      { type: 'd', value: 5 },
      { type: 'S', value: '5.0' },
    ];
    const before = others.map(isRouted);
    // The hash of this fixture's user is none.
    const text = writeJson({ ...(await exported()), users: [] });
    await fixture.broker.topology.endQueue(fixture.vhost, fixture.vhost.queues.get('q') as Queue);
    expect(isRouted(field)).toBe(false);
    await load(readJson(text) as JsonObject);
    expect(isRouted(field)).toBe(true);
    expect(others.map(isRouted)).toEqual(before);
    // The same again changes nothing: the binding is known for the same.
    await load(readJson(text) as JsonObject);
    expect(fixture.vhost.exchanges.get('amq.headers')?.bindings.size).toBe(1);
  });

  test('has numbers as they were: of policies, limits and parameters', async () => {
    const text = JSON.stringify({
      vhosts: [{ name: '/', limits: { 'max-queues': '@9007199254740993' } }],
      users: [{ name: 'ann', tags: [], limits: { 'max-channels': '@18446744073709551616' } }],
      policies: [{ vhost: '/', name: 'p', pattern: '', definition: { 'max-length': '@9223372036854775807' } }],
      parameters: [
        {
          ...{ component: 'operator_policy', vhost: '/', name: 'o' },
          value: { pattern: '', definition: { expires: '@9007199254740995' } },
        },
      ],
      global_parameters: [{ name: 'g', value: ['@5', '@5.0', '@-0.0', '@1.0e39', '@9007199254740997', '@0.1'] }],
    }).replace(/"@([^"]*)"/g, '$1');
    await load(readJson(text) as JsonObject);
    const written = writeJson(await exported());
    const numbers = text.match(/\d{16,}/g) ?? [];
    expect(numbers).toHaveLength(5);
    for (const number of numbers) expect(written).toContain(number);
    expect(written).toContain('[5,5.0,-0.0,1.0e39,9007199254740997,0.1]');
  });

  test('names every entry that cannot be, and then changes nothing', async () => {
    expect(
      (
        await errorOf({
          users: [{ name: 'ann', limits: { odd: 1 } }],
          permissions: [{ user: 'nobody', vhost: '/', configure: '', write: '', read: '' }],
          parameters: [{ component: 'shovel', vhost: '/', name: 's', value: {} }],
          policies: [{ vhost: '/', name: 'p', pattern: '(', definition: { 'max-length': -1 } }],
          exchanges: [{ vhost: '/', name: 'e', type: 'odd' }],
          queues: [
            { vhost: '/', name: 'fine' },
            { vhost: '/', name: 'orders', arguments: { 'x-message-ttl': -5 } },
            { vhost: 'none', name: 'q' },
          ],
          bindings: [
            { vhost: '/', source: 'amq.direct', destination: 'fine' },
            { vhost: '/', source: 'amq.direct', destination: 'missing' },
          ],
        })
      ).split('\n'),
    ).toEqual([
      expect.stringMatching(/^users\[0\] 'ann': .*odd/),
      "permissions[0] 'nobody': no user 'nobody'",
      "parameters[0] 's': Validation failed component shovel not found",
      expect.stringMatching(/^policies\[0\] 'p': Validation failed .*maximum length.* regular expression/),
      expect.stringMatching(/^exchanges\[0\] 'e': .*odd/),
      "queues[1] 'orders': invalid arg 'x-message-ttl' for queue 'orders' in vhost '/': {value_negative,-5}",
      "queues[2] 'q': vhost 'none' not found",
      "bindings[1] 'amq.direct -> missing': no queue 'missing' in vhost '/'",
    ]);
    expect(fixture.broker.users.has('ann')).toBe(false);
    expect(fixture.vhost.queues.size).toBe(0);
    expect(fixture.definitions.batches).toEqual([]);
  });

  test('keeps what exists, also where the entry says otherwise', async () => {
    fixture.queue('q', { durable: true, arguments: number('x-max-length', 5) });
    fixture.exchange('e', 'topic');
    fixture.bind('e', 'q', 'k', { arguments: number('n', 1) });
    fixture.publish('', 'q');
    await load({
      queues: [{ vhost: '/', name: 'q', durable: false, arguments: { 'x-max-length': 6 } }],
      exchanges: [{ vhost: '/', name: 'e', type: 'fanout' }],
      bindings: [
        { vhost: '/', source: 'e', destination: 'q', routing_key: 'k', arguments: { n: 1 } },
        { vhost: '/', source: 'e', destination: 'q', routing_key: 'other' },
      ],
    });
    const queue = fixture.vhost.queues.get('q');
    expect([queue?.durable, queue?.options.lengthMax, queue?.readyCount]).toEqual([true, 5, 1]);
    expect(fixture.vhost.exchanges.get('e')?.options.type).toBe('topic');
    expect([...(queue?.incoming ?? [])].map(({ routingKey }) => routingKey)).toEqual(['k', 'other']);
  });

  test('passes over what every broker makes itself', async () => {
    await load({
      exchanges: [
        { vhost: '/', name: '', type: 'direct' },
        { vhost: '/', name: 'amq.direct', type: 'fanout' },
      ],
      queues: [
        { vhost: '/', name: 'amq.gen-x' },
        { vhost: '/', name: 'q' },
      ],
      bindings: [
        { vhost: '/', source: 'amq.fanout', destination: 'amq.gen-x' },
        { vhost: '/', source: '', destination: 'q', routing_key: 'q' },
      ],
      global_parameters: [{ name: 'internal_cluster_id', value: 'theirs' }],
    });
    expect([...fixture.vhost.queues.keys()]).toEqual(['q']);
    expect(fixture.broker.parameters.findGlobal('internal_cluster_id')).not.toBe('theirs');
  });

  test('a queue of that name that belongs to a connection is in the way', async () => {
    fixture.queue('q', { exclusive: true });
    expect(await errorOf({ queues: [{ vhost: '/', name: 'q' }] })).toBe(
      "queues[0] 'q': the queue there is exclusive to a connection",
    );
  });

  test('permissions of the administrator are not asked for', async () => {
    await fixture.broker.accounts.putUser({ name: 'root', tags: ['administrator'] });
    const definitions = definitionsOfDocument({ queues: [{ vhost: '/', name: 'q' }] });
    await transfer.importDefinitions(apiUser('root'), definitions);
    expect(fixture.vhost.queues.has('q')).toBe(true);
  });

  describe('with patterns that cannot be used', () => {
    const [all, pattern] = [{ configure: '.*', write: '.*', read: '.*' }, '(a)\\1'];
    const policy = { vhost: '/', name: 'p', pattern, definition: { 'max-length': 1 } };
    const topic = { user: 'guest', vhost: '/', exchange: 'amq.topic', write: pattern, read: '.*' };
    const document: JsonObject = {
      permissions: [{ user: 'guest', vhost: '/', ...all, read: pattern }],
      topic_permissions: [topic],
      parameters: [{ component: 'operator_policy', vhost: '/', name: 'o', value: { ...policy, 'apply-to': 'queues' } }],
      policies: [policy],
      queues: [{ vhost: '/', name: 'aa' }],
    };

    test('is refused entry by entry', async () => {
      const invalid = 'pattern should be regular expression but is invalid: {"back-references are not supported",4}';
      const refused = "invalid regular expression '(a)\\1': back-references are not supported at byte 4";
      expect((await errorOf(document)).split('\n')).toEqual([
        `permissions[0] 'guest': ${refused}`,
        `topic_permissions[0] 'guest': ${refused}`,
        `parameters[0] 'o': Validation failed ${invalid}`,
        `policies[0] 'p': Validation failed ${invalid}`,
      ]);
      expect(fixture.definitions.batches).toEqual([]);
    });

    test('is no reason not to start: they are kept, match nothing, and are exported as they came', async () => {
      await importDefinitions(fixture.broker, definitionsOfDocument(document), { by: '', takesAnyPattern: true });
      fixture.broker.reportUnusablePatterns();
      expect(fixture.logs.map((line) => /^warning: (.*?)(?: grants| matches)/.exec(line)?.[1])).toEqual([
        "the permission of user 'guest' in vhost '/'",
        "the topic permission of user 'guest' for exchange 'amq.topic' in vhost '/'",
        "the policy 'p' of vhost '/'",
        "the operator policy 'o' of vhost '/'",
      ]);
      expect([fixture.vhost.queues.get('aa')?.policy, fixture.session.user.may('read', '/', 'aa')]).toEqual([
        null,
        false,
      ]);
      expect(await exported()).toMatchObject({
        permissions: [{ user: 'guest', vhost: '/', ...all, read: pattern }],
        topic_permissions: [topic],
        parameters: [{ name: 'o', value: { pattern } }],
        policies: [policy],
      });
    });
  });

  test('an import and an export are for administrators', async () => {
    await fixture.broker.accounts.putUser({ name: 'ann', tags: ['monitoring', 'policymaker'] });
    await expect(transfer.exportDefinitions(apiUser('ann'))).rejects.toThrow('Not administrator user');
    await expect(transfer.importDefinitions(apiUser('ann'), definitionsOfDocument({}))).rejects.toThrow(
      'Not administrator user',
    );
  });
});

describe('an export', () => {
  test('has nothing that is exclusive, nothing that every broker has, and no bindings to them', async () => {
    fixture.queue('mine', { exclusive: true });
    const { name } = fixture.queue('');
    fixture.queue('kept', { autoDelete: true });
    for (const queue of ['mine', name, 'kept']) fixture.bind('amq.direct', queue, 'k');
    const { queues, exchanges, bindings } = await transfer.exportDefinitions(guest);
    expect(queues.map((queue) => queue.name)).toEqual(['kept']);
    expect(exchanges).toEqual([]);
    expect(bindings.map(({ source, destination }) => [source, destination])).toEqual([['amq.direct', 'kept']]);
  });

  test('of one vhost says no vhost in its entries, and goes into any other', async () => {
    await load({ vhosts: [{ name: 'a', description: 'first' }, { name: 'b' }] });
    await load({ queues: [{ name: 'q' }], policies: [{ name: 'p', pattern: '', definition: { expires: 5 } }] }, 'a');
    const document = vhostDocument(await transfer.exportDefinitions(guest, 'a'), facts);
    expect(document).toMatchObject({
      rabbitmq_definition_format: 'single_virtual_host',
      original_vhost_name: 'a',
      description: 'first',
      policies: [{ name: 'p', pattern: '', 'apply-to': 'all', definition: { expires: 5 }, priority: 0 }],
      queues: [{ name: 'q', durable: true, auto_delete: false, arguments: { 'x-queue-type': 'classic' } }],
    });
    expect(JSON.stringify(document.queues)).not.toContain('vhost');
    await load(document, 'b');
    expect(fixture.broker.vhosts.get('b')?.queues.get('q')?.policy?.definition).toEqual({ expires: 5 });
    await expect(transfer.exportDefinitions(guest, 'none')).rejects.toThrow("vhost 'none' not found");
  });
});
