/** The Warren that is attacked: the built program in a process of its own, and what it shows of itself from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, residentMib } from '../conformance/broker.ts';

const START_MS = 60_000;
const STOP_MS = 15_000;
const HOST = '127.0.0.1';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export class Victim {
  readonly amqp: Address;
  readonly http: Address;
  /** Lines that it has logged as errors. */
  readonly complaints: string[] = [];
  readonly #child: ChildProcess;
  readonly #folder: string;
  #isAlive = true;

  private constructor(amqpPort: number, consolePort: number) {
    this.amqp = { host: HOST, port: amqpPort };
    this.http = { host: HOST, port: consolePort };
    this.#folder = mkdtempSync(join(tmpdir(), 'warren-hostile-'));
    this.#child = spawn(process.execPath, ['--max-semi-space-size=8', 'scripts/start.mjs'], {
      env: {
        PATH: process.env.PATH,
        HOST,
        PORT: String(consolePort),
        WARREN_AMQP_PORT: String(amqpPort),
        WARREN_DATA_DIR: join(this.#folder, 'data'),
        WARREN_PROMETHEUS_PORT: '0',
        WARREN_LOG_LEVEL: 'error',
      } as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let hasStarted = false;
    const hear = (text: Buffer): void => {
      for (const line of String(text).split('\n')) {
        if (hasStarted && line !== '') this.complaints.push(line);
        // The last line of a start.
        if (line.startsWith('Data ')) hasStarted = true;
      }
    };
    this.#child.stdout?.on('data', hear);
    this.#child.stderr?.on('data', hear);
    this.#child.once('exit', () => {
      this.#isAlive = false;
    });
  }

  /** Resolves when it answers. */
  static async start(): Promise<Victim> {
    const [amqpPort = 0, consolePort = 0] = await freePorts(2);
    const victim = new Victim(amqpPort, consolePort);
    const deadline = performance.now() + START_MS;
    while (!(await victim.isHealthy())) {
      if (!victim.isAlive || performance.now() > deadline) throw new Error('the Warren to attack did not start');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return victim;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get residentMib(): number {
    return residentMib(this.#child.pid as number);
  }

  async isHealthy(): Promise<boolean> {
    const answer = await fetch(`http://${HOST}:${this.http.port}/healthz`).catch(() => null);
    await answer?.arrayBuffer();
    return answer?.status === 200;
  }

  async stop(): Promise<void> {
    if (this.#isAlive) {
      const exit = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGTERM');
      const patience = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
      await exit;
      clearTimeout(patience);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
