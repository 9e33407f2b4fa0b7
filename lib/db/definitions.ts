/** Definitions in the database. Calls take effect one after the other, each as a whole. */
import { createHash } from 'node:crypto';
import type {
  BindingDefinition,
  DefinitionChange,
  DefinitionStore,
  Definitions,
  Limits,
  PolicyDefinition,
  QueueDefinition,
  UserDefinition,
} from '../broker/ports.ts';
import type { JsonValue } from '../json/json-value.ts';
import { readJson } from '../json/read-json.ts';
import { writeJson } from '../json/write-json.ts';
import { escapeNul, unescapeNul } from './any-text.ts';
import type { Database } from './database.ts';
import { Prisma } from './generated/sqlite/client.ts';

type Transaction = Parameters<Parameters<Database['$transaction']>[0]>[0];

/** Prisma ends a transaction that takes longer; an import may have many thousand changes, and all or none count. */
const TRANSACTION_MS = 5_000;
const CHANGE_MS = 20;
/** Changes of one transaction: the first of them should not wait for too many others. */
const GROUP_CHANGES_MAX = 500;
/** Rows of one statement: the databases bound the number of its values. */
const ROWS_MAX = 200;

interface Call {
  changes: DefinitionChange[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class PrismaDefinitionStore implements DefinitionStore {
  private readonly database: Database;
  private readonly secretChanged: (user: string) => void;
  private readonly waiting: Call[] = [];
  private isWriting = false;

  /** `secretChanged` is told of users who are gone or have another password: their sessions have ended. */
  constructor(database: Database, secretChanged: (user: string) => void = () => {}) {
    this.database = database;
    this.secretChanged = secretChanged;
  }

  async load(): Promise<Definitions> {
    const { database } = this;
    const [vhosts, users, permissions, topics, policies, parameters, exchanges, queues, bindings, deleted] =
      await Promise.all([
        database.vhost.findMany(),
        database.user.findMany(),
        database.permission.findMany(),
        database.topicPermission.findMany(),
        database.policy.findMany(),
        database.globalParameter.findMany(),
        database.exchange.findMany(),
        database.queue.findMany(),
        database.binding.findMany(),
        database.deletedLog.findMany({ select: { logId: true } }),
      ]);
    return {
      vhosts: vhosts.map((row) => ({ ...row, tags: JSON.parse(row.tags), limits: stored(row.limits) as Limits })),
      users: users.map(
        (row) =>
          ({ ...row, tags: (row.tags as string[]).map(unescapeNul), limits: stored(row.limits) }) as UserDefinition,
      ),
      permissions,
      topicPermissions: topics,
      policies: policies.map((row) => ({ ...row, definition: stored(row.definition) }) as PolicyDefinition),
      globalParameters: parameters.map(({ name, value }) => ({ name, value: stored(value) })),
      exchanges: exchanges.map(({ logId, ...exchange }) => ({ ...exchange, id: logId })),
      queues: queues.map(({ logId, ...queue }) => ({ ...queue, id: logId })),
      bindings: bindings.map(({ argumentsHash: _, ...binding }) => binding as BindingDefinition),
      deleted: deleted.map(({ logId }) => logId),
    };
  }

  /** Calls that come while one is under way share the next transaction: a commit costs more than a change. */
  apply(changes: DefinitionChange[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ changes, resolve, reject });
      if (!this.isWriting) void this.write();
    });
  }

  private async write(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const group = this.nextGroup();
      try {
        await this.transact(group.flatMap(({ changes }) => changes));
        for (const { resolve } of group) resolve();
      } catch (error) {
        // Each fails by itself only: none may take others with it.
        if (group.length === 1) group[0]?.reject(error);
        else for (const { changes, resolve, reject } of group) await this.transact(changes).then(resolve, reject);
      }
    }
    this.isWriting = false;
  }

  /** At least one call; more of them as long as they have not too many changes for one transaction. */
  private nextGroup(): Call[] {
    let size = this.waiting[0]?.changes.length ?? 0;
    let count = 1;
    for (let next = this.waiting[count]; next; next = this.waiting[++count]) {
      size += next.changes.length;
      if (size > GROUP_CHANGES_MAX) break;
    }
    return this.waiting.splice(0, count);
  }

  private async transact(changes: DefinitionChange[]): Promise<void> {
    const [only] = changes;
    if (only !== undefined && changes.length === 1 && !isOfUser(only) && !endsLog(only)) {
      // One statement is a transaction.
      await make(this.database, only);
      return;
    }
    const users = await this.database.$transaction(
      async (transaction) => {
        const changed = await changedSecrets(transaction, changes);
        for (const step of steps(changes)) await step(transaction);
        for (const user of changed) await transaction.session.deleteMany({ where: { user } });
        return changed;
      },
      { timeout: TRANSACTION_MS + changes.length * CHANGE_MS },
    );
    for (const user of users) this.secretChanged(user);
  }
}

/** However deep: it was taken once, and must not keep the broker from starting. */
function stored(text: string): JsonValue {
  return readJson(text, Number.POSITIVE_INFINITY);
}

function isOfUser(change: DefinitionChange): boolean {
  return 'put' in change ? change.put === 'user' : change.delete === 'user';
}

function endsLog(change: DefinitionChange): boolean {
  return 'delete' in change && (change.delete === 'queue' || change.delete === 'exchange');
}

/** Users that the changes end, or whose password they change. */
async function changedSecrets(database: Transaction, changes: DefinitionChange[]): Promise<Set<string>> {
  const changed = new Set<string>();
  for (const change of changes) {
    if ('delete' in change) {
      if (change.delete === 'user') changed.add(change.key.name);
    } else if (change.put === 'user') {
      const { name, passwordHash } = change.value;
      const before = await database.user.findUnique({ where: { name } });
      if (before && before.passwordHash !== passwordHash) changed.add(name);
    }
  }
  return changed;
}

async function make(database: Transaction, change: DefinitionChange): Promise<void> {
  if ('delete' in change) return remove(database, change);
  switch (change.put) {
    case 'vhost': {
      const { tags, limits } = change.value;
      const value = { ...change.value, tags: JSON.stringify(tags), limits: writeJson(limits) };
      await database.vhost.upsert({ where: { name: value.name }, create: value, update: value });
      return;
    }
    case 'user': {
      const { tags, limits } = change.value;
      // A column of type JSON holds no U+0000 in PostgreSQL either.
      const value = { ...change.value, tags: tags.map(escapeNul), limits: writeJson(limits) };
      await database.user.upsert({ where: { name: value.name }, create: value, update: value });
      return;
    }
    case 'permission': {
      const { value } = change;
      const { user, vhost } = value;
      await database.permission.upsert({ where: { user_vhost: { user, vhost } }, create: value, update: value });
      return;
    }
    case 'topic-permission': {
      const { value } = change;
      const { user, vhost, exchange } = value;
      const where = { user_vhost_exchange: { user, vhost, exchange } };
      await database.topicPermission.upsert({ where, create: value, update: value });
      return;
    }
    case 'policy': {
      const value = { ...change.value, definition: writeJson(change.value.definition) };
      const { kind, vhost, name } = value;
      const where = { kind_vhost_name: { kind, vhost, name } };
      await database.policy.upsert({ where, create: value, update: value });
      return;
    }
    case 'global-parameter': {
      const { name } = change.value;
      const value = { name, value: writeJson(change.value.value) };
      await database.globalParameter.upsert({ where: { name }, create: value, update: value });
      return;
    }
    case 'exchange': {
      const { id: logId, ...rest } = change.value;
      const value = { ...rest, logId, arguments: bytes(rest.arguments) };
      const { vhost, name } = value;
      await database.exchange.upsert({ where: { vhost_name: { vhost, name } }, create: value, update: value });
      return;
    }
    case 'queue':
      return putQueues(database, [change.value]);
    case 'binding':
      return putBindings(database, [change.value]);
  }
}

/** Queues and bindings come by the ten thousand: those that come in a row are put together, many in one statement. */
function* steps(changes: DefinitionChange[]): Generator<(database: Transaction) => Promise<void>> {
  for (let at = 0; at < changes.length; ) {
    const queues = new Map<string, QueueDefinition>();
    const bindings: BindingDefinition[] = [];
    let next = changes[at];
    while (next !== undefined && 'put' in next && queues.size + bindings.length < ROWS_MAX) {
      // The last of equals wins; one statement could not put it twice.
      if (next.put === 'queue') queues.set(`${next.value.vhost}\0${next.value.name}`, next.value);
      else if (next.put === 'binding') bindings.push(next.value);
      else break;
      next = changes[++at];
    }
    if (queues.size > 0) yield (database) => putQueues(database, [...queues.values()]);
    if (bindings.length > 0) yield (database) => putBindings(database, bindings);
    if (queues.size + bindings.length === 0) {
      const change = changes[at++] as DefinitionChange;
      yield (database) => make(database, change);
    }
  }
}

// SQL that both databases know: Prisma's own statements cost more than the rows.
async function putQueues(database: Transaction, queues: QueueDefinition[]): Promise<void> {
  const rows = queues.map(
    ({ vhost, name, id, autoDelete, isPaused, arguments: args }) =>
      Prisma.sql`(${vhost}, ${name}, ${id}, ${autoDelete}, ${isPaused}, ${bytes(args)})`,
  );
  await database.$executeRaw`
    INSERT INTO "Queue" ("vhost", "name", "logId", "autoDelete", "isPaused", "arguments")
    VALUES ${Prisma.join(rows)}
    ON CONFLICT ("vhost", "name") DO UPDATE SET
      "logId" = excluded."logId", "autoDelete" = excluded."autoDelete", "isPaused" = excluded."isPaused",
      "arguments" = excluded."arguments"`;
}

async function putBindings(database: Transaction, bindings: BindingDefinition[]): Promise<void> {
  const rows = bindings.map((binding) => {
    const { vhost, source, destinationType, destination, routingKey, argumentsHash } = bindingKey(binding);
    return Prisma.sql`(${vhost}, ${source}, ${destinationType}, ${destination}, ${routingKey}, ${argumentsHash},
      ${bytes(binding.arguments)})`;
  });
  await database.$executeRaw`
    INSERT INTO "Binding"
      ("vhost", "source", "destinationType", "destination", "routingKey", "argumentsHash", "arguments")
    VALUES ${Prisma.join(rows)}
    ON CONFLICT DO NOTHING`;
}

// deleteMany: something that is not there is no error.
async function remove(database: Transaction, change: Extract<DefinitionChange, { delete: string }>): Promise<void> {
  switch (change.delete) {
    case 'vhost':
      await database.vhost.deleteMany({ where: change.key });
      return;
    case 'user':
      await database.user.deleteMany({ where: change.key });
      return;
    case 'permission':
      await database.permission.deleteMany({ where: change.key });
      return;
    case 'topic-permission':
      await database.topicPermission.deleteMany({ where: change.key });
      return;
    case 'policy':
      await database.policy.deleteMany({ where: change.key });
      return;
    case 'global-parameter':
      await database.globalParameter.deleteMany({ where: change.key });
      return;
    case 'exchange':
      await noteDeleted(database, Prisma.sql`"Exchange"`, change.key);
      await database.exchange.deleteMany({ where: change.key });
      return;
    case 'queue':
      await noteDeleted(database, Prisma.sql`"Queue"`, change.key);
      await database.queue.deleteMany({ where: change.key });
      return;
    case 'binding':
      await database.binding.deleteMany({ where: bindingKey(change.key) });
  }
}

/**
 * Notes identities of deleted queues and exchanges: a start must tell their logs from those that its database never
 * knew.
 */
async function noteDeleted(
  database: Transaction,
  table: Prisma.Sql,
  { vhost, name }: { vhost: string; name: string },
): Promise<void> {
  await database.$executeRaw`
    INSERT INTO "DeletedLog" ("logId", "deletedAtMs")
    SELECT "logId", CAST(${Date.now()} AS BIGINT) FROM ${table}
    WHERE "vhost" = ${vhost} AND "name" = ${name} AND "logId" <> ''
    ON CONFLICT DO NOTHING`;
}

function bindingKey(binding: BindingDefinition) {
  const { vhost, source, destinationType, destination, routingKey } = binding;
  const argumentsHash = createHash('sha256').update(binding.arguments).digest('hex');
  return { vhost, source, destinationType, destination, routingKey, argumentsHash };
}

/** A copy of the bytes in memory of its own, as Prisma wants it. */
function bytes(view: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view);
}
