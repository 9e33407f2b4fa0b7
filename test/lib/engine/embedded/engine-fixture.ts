import type { FieldTable } from '../../../../lib/amqp/field-table.ts';
import { SignInAttempts } from '../../../../lib/auth/sign-in-attempts.ts';
import type { MessageStore } from '../../../../lib/broker/ports.ts';
import type { Queue } from '../../../../lib/broker/queues/queue.ts';
import { createCommands, engineErrorOf, type NodeFacts } from '../../../../lib/engine/embedded/commands.ts';
import { EngineError } from '../../../../lib/engine/errors.ts';
import type { Engine, PeekedMessage, PeekRequest } from '../../../../lib/engine/port.ts';
import { DEFAULT_CLIENT_LIMITS } from '../../../../lib/server/client-limits.ts';
import { Listener } from '../../../../lib/server/listener.ts';
import { BrokerFixture, text } from '../../broker/broker-fixture.ts';
import { MemoryDefinitions } from '../../broker/memory-definitions.ts';
import { MemoryStore } from '../../store/memory-store.ts';

export const guest = { user: 'guest' };

/** The embedded engine over a whole broker: all of its commands, without the thread between. Nobody listens on a port. */
export class EngineFixture {
  readonly brokerFixture: BrokerFixture;
  readonly engine: Engine;

  private constructor(fixture: BrokerFixture) {
    this.brokerFixture = fixture;
    const listener = new Listener({
      ...{ broker: fixture.broker, hosts: ['127.0.0.1'], port: 0, tls: null, limits: DEFAULT_CLIENT_LIMITS },
      loginAttempts: new SignInAttempts(),
      ...{ clusterName: 'rabbit@here', compatibleWith: '4.2.9', version: '0', log: () => {} },
    });
    this.engine = asSeenFromOutside(
      createCommands(fixture.broker, listener, { clusterName: 'rabbit@here' } as NodeFacts),
    );
  }

  /** `definitions`: what an earlier broker stored. */
  static async start(
    store: MessageStore = new MemoryStore(1e9),
    definitions = new MemoryDefinitions(),
  ): Promise<EngineFixture> {
    return new EngineFixture(await BrokerFixture.start(definitions, 1e9, store as MemoryStore));
  }

  /** A user without tags who may do only that in the vhost `/`. */
  async permit(user: string, may: { write?: string; read?: string }): Promise<{ user: string }> {
    const { accounts, users } = this.brokerFixture.broker;
    if (!users.has(user)) await accounts.putUser({ name: user, password: 'p', tags: [] });
    await accounts.putPermission({ user, vhost: '/', configure: '', write: '', read: '', ...may });
    return { user };
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
function asSeenFromOutside(commands: Partial<Engine>): Engine {
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
  return Object.fromEntries(entries) as Engine;
}
