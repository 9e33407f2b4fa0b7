/** Somebody well-behaved beside the attack: publishes, waits for the confirm, gets the message back, asks for the health. */
import { type ConfirmChannel, connect } from 'amqplib';
import { must } from './api.ts';
import type { Victim } from './victim.ts';

const EVERY_MS = 50;
/** The witness's vhost, user and queue: no attack knows the name. */
export const WITNESS = 'witness';
const EVERYTHING = { configure: '.*', write: '.*', read: '.*' };

export class Witness {
  /** The longest that any of its requests took, and how many it made. */
  slowestMs = 0;
  requests = 0;
  /** What went wrong for the witness. */
  readonly failures: string[] = [];
  #isEnding = false;
  #ended: Promise<void> = Promise.resolve();

  static async beside(victim: Victim): Promise<Witness> {
    const { http, amqp } = victim;
    await must(http, 'PUT', `/api/vhosts/${WITNESS}`);
    await must(http, 'PUT', `/api/users/${WITNESS}`, { password: WITNESS, tags: '' });
    await must(http, 'PUT', `/api/permissions/${WITNESS}/${WITNESS}`, EVERYTHING);
    const credentials = { username: WITNESS, password: WITNESS, vhost: WITNESS };
    const model = await connect({ hostname: amqp.host, port: amqp.port, heartbeat: 0, ...credentials });
    const witness = new Witness();
    model.on('error', (error: Error) => witness.failures.push(`its connection was closed: ${error.message}`));
    const channel = await model.createConfirmChannel();
    await channel.assertQueue(WITNESS, { durable: true });
    witness.#ended = witness.#watch(victim, channel).finally(() => model.close().catch(() => {}));
    return witness;
  }

  /** Resolves when its last request was answered. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#ended;
  }

  async #watch(victim: Victim, channel: ConfirmChannel): Promise<void> {
    try {
      while (!this.#isEnding) {
        await this.#timed('publish and get', async () => {
          channel.sendToQueue(WITNESS, Buffer.from('still here'), { persistent: true });
          await channel.waitForConfirms();
          const message = await channel.get(WITNESS, { noAck: true });
          return message !== false && message.content.toString() === 'still here';
        });
        await this.#timed('health', () => victim.isHealthy());
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
    } catch (error) {
      this.failures.push(error instanceof Error ? error.message : String(error));
    }
  }

  async #timed(what: string, request: () => Promise<boolean>): Promise<void> {
    const begin = performance.now();
    if (!(await request())) this.failures.push(`${what} failed`);
    this.slowestMs = Math.max(this.slowestMs, performance.now() - begin);
    this.requests++;
  }
}
