import type { FieldTable } from '../../../../lib/amqp/field-table.ts';
import { SignInAttempts } from '../../../../lib/auth/sign-in-attempts.ts';
import type { MessageStore } from '../../../../lib/broker/ports.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import type { Actor } from '../../../../lib/engine/actor.ts';
import { EMBEDDED_CAPABILITIES } from '../../../../lib/engine/embedded/capabilities.ts';
import {
  type Commands,
  createCommands,
  engineErrorOf,
  type NodeFacts,
} from '../../../../lib/engine/embedded/commands.ts';
import { Sampler } from '../../../../lib/engine/embedded/sampler.ts';
import { EngineError } from '../../../../lib/engine/errors.ts';
import type { PeekedMessage, PeekRequest } from '../../../../lib/engine/messages.ts';
import type { ObjectChange } from '../../../../lib/engine/object-change.ts';
import type { Engine } from '../../../../lib/engine/port.ts';
import { SAMPLE_TABLES, type Sample } from '../../../../lib/engine/sample.ts';
import { SampledLists } from '../../../../lib/lists/sampled-lists.ts';
import { startMetrics } from '../../../../lib/metrics/metrics.ts';
import { DEFAULT_CLIENT_LIMITS } from '../../../../lib/server/client-limits.ts';
import { Listener } from '../../../../lib/server/listener.ts';
import { BrokerFixture, text } from '../../broker/broker-fixture.ts';
import { MemoryDefinitions } from '../../broker/memory-definitions.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { apiUser } from '../api-user.ts';

export const guest = apiUser('guest');

/** The embedded engine over a whole broker: all of its commands, without the thread between. Nobody listens on a port. */
export class EngineFixture {
  readonly brokerFixture: BrokerFixture;
  readonly engine: Commands;
  private readonly listener: Listener;
  private time: NodeJS.Timeout | undefined;

  private constructor(fixture: BrokerFixture) {
    this.brokerFixture = fixture;
    this.listener = new Listener({
      ...{ broker: fixture.broker, hosts: ['127.0.0.1'], port: 0, tls: null, limits: DEFAULT_CLIENT_LIMITS },
      loginAttempts: new SignInAttempts(),
      ...{ clusterName: 'rabbit@here', compatibleWith: '4.2.9', version: '0', log: () => {} },
    });
    this.engine = asSeenFromOutside(
      createCommands(fixture.broker, this.listener, { clusterName: 'rabbit@here' } as NodeFacts),
    );
  }

  /** `definitions`: what an earlier broker stored. */
  static async start(
    store: MessageStore = new MemoryStore(1e9),
    definitions = new MemoryDefinitions(),
  ): Promise<EngineFixture> {
    return new EngineFixture(await BrokerFixture.start(definitions, 1e9, store as MemoryStore));
  }

  /** All of the port, with time that goes by: a second in some milliseconds, until `endTime`. */
  wholeEngine(): Engine {
    const { broker, clock } = this.brokerFixture;
    const sampler = new Sampler(broker, this.listener);
    const subscribers = new Set<(sample: Sample) => void>();
    const watchers = new Set<(changes: ObjectChange[] | null) => void>();
    const sinceMs = clock.now();
    let latest: Sample | undefined;
    const keys: Record<string, readonly string[]> = {};
    const tick = (): void => {
      clock.advance(1_000);
      const sent = sampler.take();
      latest = { ...sent, node: {} } as unknown as Sample;
      for (const table of SAMPLE_TABLES) {
        keys[table] = sent[table].keys ?? keys[table] ?? [];
        latest[table] = { keys: keys[table], values: sent[table].values };
      }
      for (const subscriber of subscribers) subscriber(latest);
    };
    broker.changes.watch(() => {
      setTimeout(() => {
        const changes = broker.changes.take();
        for (const watcher of watchers) watcher(changes);
      }, 5);
    });
    const subscribe: Engine['subscribe'] = (onSample) => {
      subscribers.add(onSample);
      if (latest !== undefined) onSample(latest);
      return () => subscribers.delete(onSample);
    };
    this.time = setInterval(tick, 20);
    return {
      ...this.engine,
      capabilities: EMBEDDED_CAPABILITIES,
      lists: new SampledLists(this.engine, startMetrics({ subscribe })),
      health: () => ({ reachable: true, sinceMs, reason: null, figuresAtMs: latest?.atMs ?? null, slow: [] }),
      subscribe,
      watch(onChanges) {
        watchers.add(onChanges);
        return () => watchers.delete(onChanges);
      },
    };
  }

  endTime(): void {
    clearInterval(this.time);
  }

  /** A user without tags who may do only that in the vhost `/`. */
  async permit(user: string, may: { write?: string; read?: string }): Promise<Actor> {
    const { accounts, users } = this.brokerFixture.broker;
    if (!users.has(user)) await accounts.putUser({ name: user, password: 'p', tags: [] });
    await accounts.putPermission({ user, vhost: '/', configure: '', write: '', read: '', ...may });
    return apiUser(user);
  }

  /** A durable queue. */
  queue(name: string, args: FieldTable = []): Queue {
    return this.brokerFixture.queue(name, { durable: true, arguments: args });
  }

  /** A durable queue whose dead letters go to the queue `dead`. */
  work(name: string, args: FieldTable = [], dead = 'dead'): Queue {
    return this.queue(name, [
      ...text('x-dead-letter-exchange', ''),
      ...text('x-dead-letter-routing-key', dead),
      ...args,
    ]);
  }

  /** Publishes to a queue by its name, persistent; `die` rejects what is at its head. */
  put(queue: string, body = 'x', headers?: FieldTable): void {
    this.brokerFixture.publish('', queue, body, { deliveryMode: 2, ...(headers && { headers }) });
  }

  die(queue: string): void {
    const from = this.find(queue);
    from.get(false, (_message, ticket) => from.reject(ticket));
  }

  find(queue: string): Queue {
    const found = this.brokerFixture.vhost.queues.get(queue);
    if (!found) throw new Error(`there is no queue ${queue}`);
    return found;
  }

  async messages(queue: string, more: Partial<PeekRequest> = {}): Promise<PeekedMessage[]> {
    const page = await this.engine.peek(guest, { vhost: '/', queue, limit: 500, bodyBytesMax: 1000, ...more });
    return page.messages;
  }

  async bodies(queue: string): Promise<string[]> {
    return (await this.messages(queue)).map(({ body }) => Buffer.from(body, 'base64').toString());
  }
}

/** Errors cross to the port as the broker's thread sends them. */
function asSeenFromOutside(commands: Partial<Commands>): Commands {
  const entries = Object.entries(commands).map(([name, command]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await (command as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        const { code, message } = engineErrorOf(error);
        throw new EngineError(code, message);
      }
    },
  ]);
  return Object.fromEntries(entries) as Commands;
}
