/** A broker in this process, with a socket and files of its own, whose disk is as slow as a test wants it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashPassword, verifyPassword } from '../../lib/auth/password.ts';
import { SignInAttempts } from '../../lib/auth/sign-in-attempts.ts';
import { Broker } from '../../lib/broker/broker.ts';
import { systemClock } from '../../lib/broker/clock.ts';
import { DEFAULT_CLIENT_LIMITS } from '../../lib/server/client-limits.ts';
import { Listener } from '../../lib/server/listener.ts';
import { systemDisk } from '../../lib/store/disk.ts';
import { DiskStore } from '../../lib/store/disk-store.ts';
import { MemoryDefinitions } from '../lib/broker/memory-definitions.ts';

/** The disk of this machine, of which a sync can be held up. */
class HeldDisk {
  /** Syncs that were asked for while they are held. */
  waiting = 0;
  #gate = Promise.resolve();
  #open: () => void = () => {};

  readonly disk = {
    ...systemDisk,
    sync: async (file: number): Promise<void> => {
      this.waiting++;
      await this.#gate;
      this.waiting--;
      await systemDisk.sync(file);
    },
  };

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#open();
  }
}

export class HeldBroker {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly disk: HeldDisk;
  readonly stop: () => Promise<void>;

  private constructor(port: number, disk: HeldDisk, stop: () => Promise<void>) {
    this.port = port;
    this.disk = disk;
    this.stop = stop;
  }

  static async start(): Promise<HeldBroker> {
    const dataDir = mkdtempSync(join(tmpdir(), 'warren-held-'));
    const held = new HeldDisk();
    const log = (): void => {};
    const store = new DiskStore({ disk: held.disk, dataDir, freeBytesMin: 0, log });
    const definitions = new MemoryDefinitions();
    const broker = new Broker({
      node: 'rabbit@here',
      loopbackUsers: ['guest'],
      clock: systemClock,
      store,
      definitions,
      verifyPassword,
      hashPassword,
      log,
    });
    await broker.start({ user: 'guest', password: 'guest', vhost: '/' });
    const listener = new Listener({
      ...{ broker, hosts: ['127.0.0.1'], port: 0, tls: null, limits: DEFAULT_CLIENT_LIMITS, log },
      loginAttempts: new SignInAttempts(),
      ...{ clusterName: 'rabbit@held', compatibleWith: '4.2.9', version: '0' },
    });
    const { amqpPort } = await listener.listen();
    return new HeldBroker(amqpPort, held, async () => {
      held.release();
      await listener.stop();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
  }
}
