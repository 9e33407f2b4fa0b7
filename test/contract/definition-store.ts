/** What every DefinitionStore keeps to. An adapter's test says how to open an empty one and how to open it again. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type {
  BindingDefinition,
  DefinitionChange,
  DefinitionStore,
  Definitions,
  ExchangeDefinition,
  GlobalParameterDefinition,
  PermissionDefinition,
  PolicyDefinition,
  QueueDefinition,
  TopicPermissionDefinition,
  UserDefinition,
  VhostDefinition,
} from '../../lib/broker/ports.ts';
import { writeJson } from '../../lib/json/write-json.ts';
import {
  ALL,
  BINDING,
  EXCHANGE,
  NOTHING,
  PARAMETER,
  PERMISSION,
  POLICY,
  QUEUE,
  TOPIC_PERMISSION,
  USER,
  VHOST,
  WHOLE,
} from './sample-definitions.ts';

/** A store of definitions that can be closed and opened again. */
export interface DefinitionStoreFixture {
  open(): Promise<DefinitionStore>;
  close(): Promise<void>;
  /** Leaves nothing behind. */
  destroy(): Promise<void>;
}

/** Bytes as hex and every list sorted, so that views and orders of rows do not matter; without what is no more. */
function plain({ deleted: _, ...definitions }: Definitions): unknown {
  const sorted = (list: object[]): string[] =>
    list
      .map((entry) => {
        const fields = Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1));
        return writeJson(fields.map(([key, value]) => [key, value instanceof Uint8Array ? hex(value) : value]));
      })
      .sort();
  return Object.fromEntries(Object.entries(definitions).map(([kind, list]) => [kind, sorted(list)]));
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** `makeFixture` is called before each test; `skipped` is the reason why this adapter cannot run here. */
export function definitionStoreContract(
  name: string,
  makeFixture: () => Promise<DefinitionStoreFixture>,
  skipped?: string,
): void {
  describe.skipIf(skipped)(
    `${name} keeps the contract of DefinitionStore${skipped ? ` (skipped: ${skipped})` : ''}`,
    () => {
      let fixture: DefinitionStoreFixture;
      let store: DefinitionStore;

      beforeEach(async () => {
        fixture = await makeFixture();
        store = await fixture.open();
      });

      afterEach(async () => {
        await fixture.close();
        await fixture.destroy();
      });

      const reopen = async (): Promise<void> => {
        await fixture.close();
        store = await fixture.open();
      };
      const expectKept = async (definitions: Partial<Definitions>): Promise<void> => {
        expect(plain(await store.load())).toEqual(plain({ ...NOTHING, ...definitions }));
      };

      test('a new store has no definitions', () => expectKept({}));

      test('definitions of every kind are read back as they were put', async () => {
        await store.apply(ALL);
        await expectKept(WHOLE);
      });

      test('definitions survive close and reopen', async () => {
        await store.apply(ALL);
        await reopen();
        await expectKept(WHOLE);
        await reopen();
        await expectKept(WHOLE);
      });

      test('many queues and bindings of one call are all there', async () => {
        const queues = Array.from({ length: 450 }, (_, i) => ({ ...QUEUE, name: `q${i}`, id: `id-${i}` }));
        const bindings = queues.map(({ name }, i) => ({ ...BINDING, destination: name, routingKey: `a.${i}` }));
        await store.apply(
          queues.flatMap((queue, i): DefinitionChange[] => [
            { put: 'queue', value: queue },
            { put: 'binding', value: bindings[i] as BindingDefinition },
          ]),
        );
        await expectKept({ queues, bindings });
      });

      test('the changes of one call count in their order', async () => {
        const again = { ...QUEUE, id: 'id-2', arguments: Buffer.from([9]) };
        const other = { ...QUEUE, name: 'other', id: 'id-3' };
        await store.apply([
          { put: 'queue', value: QUEUE },
          { put: 'binding', value: BINDING },
          { put: 'queue', value: again },
          { put: 'binding', value: BINDING },
          { put: 'queue', value: other },
          { delete: 'queue', key: { vhost: other.vhost, name: other.name } },
          { delete: 'binding', key: BINDING },
          { put: 'exchange', value: EXCHANGE },
        ]);
        await expectKept({ queues: [again], exchanges: [EXCHANGE] });
      });

      test('a put replaces what has the same identity', async () => {
        await store.apply(ALL);
        const changed = {
          vhosts: [
            { name: '/', description: '', tags: [], defaultQueueType: null, protectedFromDeletion: false, limits: {} },
          ],
          users: [
            {
              ...USER,
              passwordHash: '',
              hashingAlgorithm: 'rabbit_password_hashing_sha512' as const,
              tags: [],
              limits: {},
            },
          ],
          permissions: [{ ...PERMISSION, configure: '', write: '', read: '.*' }],
          topicPermissions: [{ ...TOPIC_PERMISSION, write: '', read: '.*' }],
          policies: [{ ...POLICY, pattern: '', applyTo: 'all' as const, priority: 0, definition: { expires: 1 } }],
          globalParameters: [{ ...PARAMETER, value: null }],
          exchanges: [{ ...EXCHANGE, type: 'fanout', autoDelete: true, internal: false, arguments: Buffer.from([]) }],
          queues: [{ ...QUEUE, id: 'id-2', autoDelete: false, arguments: Buffer.from([7]) }],
        };
        await store.apply([
          { put: 'vhost', value: changed.vhosts[0] as VhostDefinition },
          { put: 'user', value: changed.users[0] as UserDefinition },
          { put: 'permission', value: changed.permissions[0] as PermissionDefinition },
          { put: 'topic-permission', value: changed.topicPermissions[0] as TopicPermissionDefinition },
          { put: 'policy', value: changed.policies[0] as PolicyDefinition },
          { put: 'global-parameter', value: changed.globalParameters[0] as GlobalParameterDefinition },
          { put: 'exchange', value: changed.exchanges[0] as ExchangeDefinition },
          { put: 'queue', value: changed.queues[0] as QueueDefinition },
          { put: 'binding', value: BINDING },
        ]);
        await expectKept({ ...changed, bindings: [BINDING] });
      });

      test('a delete takes away exactly what it names', async () => {
        await store.apply(ALL);
        await store.apply([
          { put: 'vhost', value: { ...VHOST, name: 'other' } },
          { put: 'user', value: { ...USER, name: 'other' } },
          { put: 'permission', value: { ...PERMISSION, vhost: 'other' } },
          { put: 'topic-permission', value: { ...TOPIC_PERMISSION, exchange: 'other' } },
          { put: 'policy', value: { ...POLICY, kind: 'operator_policy' } },
          { put: 'global-parameter', value: { ...PARAMETER, name: 'other' } },
          { put: 'exchange', value: { ...EXCHANGE, vhost: 'other' } },
          { put: 'queue', value: { ...QUEUE, vhost: 'other', id: 'id-2' } },
          { put: 'binding', value: { ...BINDING, vhost: 'other' } },
        ]);
        await store.apply([
          { delete: 'vhost', key: { name: 'other' } },
          { delete: 'user', key: { name: 'other' } },
          { delete: 'permission', key: { user: 'guest', vhost: 'other' } },
          { delete: 'topic-permission', key: { user: 'guest', vhost: '/', exchange: 'other' } },
          { delete: 'policy', key: { kind: 'operator_policy', vhost: '/', name: 'p' } },
          { delete: 'global-parameter', key: { name: 'other' } },
          { delete: 'exchange', key: { vhost: 'other', name: 'logs' } },
          { delete: 'queue', key: { vhost: 'other', name: 'q' } },
          { delete: 'binding', key: { ...BINDING, vhost: 'other' } },
        ]);
        await expectKept(WHOLE);
      });

      test('a delete does not cascade', async () => {
        await store.apply(ALL);
        await store.apply([
          { delete: 'vhost', key: { name: '/' } },
          { delete: 'user', key: { name: 'guest' } },
          { delete: 'exchange', key: { vhost: '/', name: 'logs' } },
          { delete: 'queue', key: { vhost: '/', name: 'q' } },
        ]);
        await expectKept({
          permissions: [PERMISSION],
          topicPermissions: [TOPIC_PERMISSION],
          policies: [POLICY],
          globalParameters: [PARAMETER],
          bindings: [BINDING],
        });
      });

      test('what was deleted is known by its identity from the same moment on, and survives a reopen', async () => {
        await store.apply(ALL);
        const plainExchange = { ...EXCHANGE, name: 'plain', id: '' };
        await store.apply([
          { put: 'exchange', value: plainExchange },
          { put: 'queue', value: { ...QUEUE, name: 'q\0', id: 'id-2' } },
        ]);
        const deleted = async (): Promise<string[]> => (await store.load()).deleted.sort();
        expect(await deleted()).toEqual([]);
        await store.apply([{ delete: 'queue', key: { vhost: '/', name: 'q' } }]);
        expect(await deleted()).toEqual(['id-1']);
        await store.apply([
          { delete: 'exchange', key: { vhost: '/', name: 'logs' } },
          // It keeps no messages.
          { delete: 'exchange', key: { vhost: '/', name: 'plain' } },
          { delete: 'queue', key: { vhost: '/', name: 'q\0' } },
          { delete: 'queue', key: { vhost: '/', name: 'never' } },
          { put: 'queue', value: { ...QUEUE, id: 'id-3' } },
        ]);
        await reopen();
        expect(await deleted()).toEqual(['id-1', 'id-2', 'log']);
      });

      test('what was not deleted, because another change of its batch failed, is not known as deleted', async () => {
        await store.apply(ALL);
        const failing = store.apply([
          { delete: 'queue', key: { vhost: '/', name: 'q' } },
          { put: 'queue', value: { ...QUEUE, name: null as unknown as string, id: 'id-9' } },
        ]);
        await expect(failing).rejects.toThrow();
        expect((await store.load()).deleted).toEqual([]);
        await expectKept(WHOLE);
      });

      test('deletes of what is absent are fine', async () => {
        const deletes: DefinitionChange[] = [
          { delete: 'vhost', key: { name: 'x' } },
          { delete: 'user', key: { name: 'x' } },
          { delete: 'permission', key: { user: 'x', vhost: 'x' } },
          { delete: 'topic-permission', key: { user: 'x', vhost: 'x', exchange: 'x' } },
          { delete: 'policy', key: { kind: 'policy', vhost: 'x', name: 'x' } },
          { delete: 'global-parameter', key: { name: 'x' } },
          { delete: 'exchange', key: { vhost: 'x', name: 'x' } },
          { delete: 'queue', key: { vhost: 'x', name: 'x' } },
          { delete: 'binding', key: { ...BINDING, source: 'x' } },
        ];
        await store.apply(deletes);
        await store.apply(ALL);
        await store.apply(deletes);
        await expectKept(WHOLE);
      });

      test('an empty batch is fine', async () => {
        await store.apply([]);
        await expectKept({});
      });

      test('bindings differ in each of their fields, arguments included', async () => {
        const bindings: BindingDefinition[] = [
          BINDING,
          { ...BINDING, vhost: 'v' },
          { ...BINDING, source: 's' },
          { ...BINDING, destinationType: 'exchange' },
          { ...BINDING, destination: 'd' },
          { ...BINDING, routingKey: '' },
          { ...BINDING, arguments: Buffer.from([1, 0x61, 0x56]) },
          { ...BINDING, arguments: Buffer.from([1, 0x62, 0x56]) },
        ];
        await store.apply(bindings.map((value) => ({ put: 'binding', value })));
        await expectKept({ bindings });
        for (const key of bindings.slice(1)) await store.apply([{ delete: 'binding', key }]);
        await expectKept({ bindings: [BINDING] });
      });

      test('changes of one batch take effect in their order', async () => {
        await store.apply([
          { put: 'queue', value: QUEUE },
          { delete: 'queue', key: { vhost: '/', name: 'q' } },
          { put: 'queue', value: { ...QUEUE, id: 'id-2' } },
        ]);
        await expectKept({ queues: [{ ...QUEUE, id: 'id-2' }] });
      });

      test('calls take effect in the order in which they were made, also when nobody waits between them', async () => {
        const calls = Array.from({ length: 40 }, (_, i) => {
          const value = { ...QUEUE, id: `id-${i}` };
          return store.apply([
            i % 3 === 2 ? { delete: 'queue', key: { vhost: '/', name: 'q' } } : { put: 'queue', value },
          ]);
        });
        await Promise.all(calls);
        await expectKept({ queues: [{ ...QUEUE, id: 'id-39' }] });
      });

      test('a batch that fails changes nothing, and later calls are not harmed by it', async () => {
        await store.apply(ALL);
        const failing = store.apply([
          { delete: 'binding', key: BINDING },
          { put: 'vhost', value: { ...VHOST, name: 'new' } },
          // A name that is no text cannot be stored anywhere.
          { put: 'queue', value: { ...QUEUE, name: null as unknown as string, id: 'id-9' } },
        ]);
        const after = store.apply([{ put: 'user', value: { ...USER, name: 'later' } }]);
        await expect(failing).rejects.toThrow();
        await after;
        await expectKept({ ...WHOLE, users: [USER, { ...USER, name: 'later' }] });
      });

      test('of many calls that come together only the one that cannot be made fails', async () => {
        const names = Array.from({ length: 700 }, (_, index) => `q${index}`);
        const calls = names.map((name, index) => {
          // Two logs of one name cannot be.
          const id = index === 350 ? 'id-0' : `id-${index}`;
          return store.apply([{ put: 'queue', value: { ...QUEUE, name, id } }]);
        });
        const results = await Promise.allSettled(calls);
        const failed = results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
        expect(failed).toEqual([350]);
        const kept = (await store.load()).queues.map(({ name }) => name);
        expect(kept.sort()).toEqual(names.filter((name) => name !== 'q350').sort());
      });

      test('a failed batch does not come back after a reopen', async () => {
        const bad = { ...QUEUE, name: null as unknown as string };
        await expect(
          store.apply([
            { put: 'vhost', value: VHOST },
            { put: 'queue', value: bad },
          ]),
        ).rejects.toThrow();
        await reopen();
        await expectKept({});
      });

      test('arguments are kept byte by byte, all values and 10 kB of them', async () => {
        const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
        const queues = [
          { ...QUEUE, name: 'every', id: '1', arguments: every },
          { ...QUEUE, name: 'large', id: '2', arguments: Buffer.alloc(10_000, 'x') },
          { ...QUEUE, name: 'none', id: '3', arguments: Buffer.alloc(0) },
          { ...QUEUE, name: 'view', id: '4', arguments: every.subarray(10, 20) },
        ];
        await store.apply(queues.map((value) => ({ put: 'queue', value })));
        await reopen();
        await expectKept({ queues });
      });

      test.each([
        ['empty', ''],
        ['quotes', `'"\`; DROP TABLE "Queue"; --`],
        ['backslashes and percent signs', '\\ \\0 %s $1 ? _'],
        ['spaces at both ends', '  q  '],
        ['line ends and tabs', 'a\r\n\tb'],
        ['other alphabets', 'очередь 队列 キュー طابور'],
        ['characters beyond the basic plane', '🐇👩‍👩‍👧‍👦𝒜'],
        ['composed and decomposed letters', '\u00e9 e\u0301'],
        ['characters that are none', 'a\0b\0\0 \x1b0 \x1be \x1b\0'],
        ['255 bytes', `${'ü'.repeat(127)}x`],
      ])('a name is kept exactly: %s', async (_, name) => {
        const queues = [{ ...QUEUE, name }];
        const bindings = [{ ...BINDING, source: name, destination: name, routingKey: name }];
        const users = [{ ...USER, name, tags: [name] }];
        await store.apply([
          { put: 'queue', value: queues[0] as QueueDefinition },
          { put: 'binding', value: bindings[0] as BindingDefinition },
          { put: 'user', value: users[0] as UserDefinition },
        ]);
        await expectKept({ queues, bindings, users });
        await store.apply([
          { delete: 'queue', key: { vhost: '/', name } },
          { delete: 'binding', key: bindings[0] as BindingDefinition },
          { delete: 'user', key: { name } },
        ]);
        await expectKept({});
      });

      test('names that differ only in case, accents or spaces are different names', async () => {
        const names = ['q', 'Q', 'q ', ' q', '\u00e9', 'e\u0301', 'e', '\u00df', 'ss'];
        const queues = names.map((name, index) => ({ ...QUEUE, name, id: String(index) }));
        await store.apply(queues.map((value) => ({ put: 'queue', value })));
        await expectKept({ queues });
      });

      test('any sequence of puts and deletes leaves what a map would hold', async () => {
        const names = fc.string({
          unit: fc.oneof(
            fc.constantFrom('\0', '\x1b', '0', 'e'),
            fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
          ),
          maxLength: 12,
        });
        const change = fc.record({ isDelete: fc.boolean(), pick: fc.nat(3), bytes: fc.uint8Array({ maxLength: 20 }) });
        await fc.assert(
          fc.asyncProperty(
            fc.array(names, { minLength: 4, maxLength: 4 }),
            fc.array(change, { maxLength: 12 }),
            async (pool, list) => {
              const model = new Map<string, ExchangeDefinition>();
              for (const { name, vhost } of (await store.load()).exchanges)
                await store.apply([{ delete: 'exchange', key: { name, vhost } }]);
              await store.apply(
                list.map(({ isDelete, pick, bytes }): DefinitionChange => {
                  const name = pool[pick] as string;
                  const value = { ...EXCHANGE, name, arguments: bytes };
                  if (isDelete) model.delete(name);
                  else model.set(name, value);
                  return isDelete ? { delete: 'exchange', key: { vhost: '/', name } } : { put: 'exchange', value };
                }),
              );
              expect(plain(await store.load())).toEqual(plain({ ...NOTHING, exchanges: [...model.values()] }));
            },
          ),
          { numRuns: 20 },
        );
      }, 30_000);
    },
  );
}
