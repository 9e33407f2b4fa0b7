import { encodeTable } from '../../amqp/field-table.ts';
import { Broker } from '../../broker/broker.ts';
import type { Definitions } from '../../broker/ports.ts';
import { definitionOf } from '../../broker/topology.ts';
import { DEFAULT_HASHING_ALGORITHM } from '../../users/hashing-algorithm.ts';
import { EMPTY_STORE } from './empty-store.ts';

/**
 * A copy of the broker without its messages, to see what it would say: nothing that happens to it has effects outside
 * of it. Resolves without waiting for anything outside of memory.
 */
export async function trialOf(broker: Broker): Promise<Broker> {
  const trial = new Broker({
    // Nothing expires in it.
    clock: { now: () => broker.clock.now(), after: () => () => {} },
    store: EMPTY_STORE,
    definitions: { load: async () => definitionsOf(broker), apply: async () => {} },
    verifyPassword: () => false,
    node: '',
    loopbackUsers: [],
    hashPassword: () => ({ passwordHash: '', hashingAlgorithm: DEFAULT_HASHING_ALGORITHM }),
    log: () => {},
  });
  await trial.start({ user: null, password: '', vhost: null });
  return trial;
}

/** What is not durable too, but not what belongs to a connection. */
function definitionsOf(broker: Broker): Definitions {
  const vhosts = [...broker.vhosts.values()];
  const users = [...broker.users.values()];
  return {
    vhosts: vhosts.map(({ definition }) => definition),
    users: users.map(({ definition }) => definition),
    permissions: users.flatMap((user) => user.permissionList),
    topicPermissions: users.flatMap((user) => user.topicPermissionList),
    policies: [...broker.policies.list('policy'), ...broker.policies.list('operator_policy')],
    globalParameters: broker.parameters.listGlobal(),
    exchanges: vhosts.flatMap((vhost) =>
      [...vhost.exchanges.values()]
        .filter(({ predeclared }) => !predeclared)
        .map(({ name, options: { arguments: args, ...options } }) => {
          const id = `${vhost.name}\0${name}`;
          return { ...options, vhost: vhost.name, name, id, arguments: encodeTable(args) };
        }),
    ),
    queues: vhosts.flatMap((vhost) =>
      [...vhost.queues.values()].filter(({ owner }) => owner === null).map(definitionOf),
    ),
    // Those that an import brings are only checked, and no routes are asked for.
    bindings: [],
    deleted: [],
  };
}
