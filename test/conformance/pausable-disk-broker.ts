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

/** The disk of this machine, whose syncs can be made to wait. */
class PausableDisk {
  /** How many syncs wait: some do at any time, all of them while the disk is paused. */
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

  pause(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  resume(): void {
    this.#open();
  }
}

export class PausableDiskBroker {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly disk: PausableDisk;
  readonly stop: () => Promise<void>;

  private constructor(port: number, disk: PausableDisk, stop: () => Promise<void>) {
    this.port = port;
    this.disk = disk;
    this.stop = stop;
  }

  static async start(): Promise<PausableDiskBroker> {
    const dataDir = mkdtempSync(join(tmpdir(), 'warren-pausable-'));
    const pausable = new PausableDisk();
    const log = (): void => {};
    const store = new DiskStore({ disk: pausable.disk, dataDir, freeBytesMin: 0, log });
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
      ...{ clusterName: 'rabbit@pausable', compatibleWith: '4.2.9', version: '0' },
    });
    const { amqpPort } = await listener.listen();
    return new PausableDiskBroker(amqpPort, pausable, async () => {
      pausable.resume();
      await listener.stop();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    });
  }
}
