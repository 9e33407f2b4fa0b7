/** The built program as a child of a test, on free ports and with a data directory of its own, as `npm start` runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { expect } from 'vitest';

const READY_MS = 30_000;
const running = new Set<ChildProcess>();

export class Program {
  readonly child: ChildProcess;
  readonly settings: Record<string, string>;
  output = '';
  private readonly ended: Promise<number | NodeJS.Signals | null>;

  constructor(settings: Record<string, string>, command = [process.execPath, 'scripts/start.mjs']) {
    const [file = '', ...args] = command;
    this.settings = settings;
    // A group of its own, as a terminal gives one: Ctrl-C goes to all of it.
    this.child = spawn(file, args, { env: { ...process.env, DATABASE_URL: '', ...settings }, detached: true });
    running.add(this.child);
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk) => (this.output += chunk));
    this.ended = new Promise((resolve) => this.child.on('exit', (code, signal) => resolve(code ?? signal)));
  }

  get lastLine(): string {
    return this.output.trim().split('\n').at(-1) ?? '';
  }

  get console(): string {
    return `http://127.0.0.1:${this.settings.PORT}`;
  }

  exit(): Promise<number | NodeJS.Signals | null> {
    return this.ended;
  }

  async ready(): Promise<void> {
    const answers = async () => (await fetch(`${this.console}/healthz`).catch(() => null))?.status;
    await expect.poll(answers, { timeout: READY_MS, interval: 100, message: this.output }).toBe(200);
  }

  /** Signs in to the console as guest. */
  async signIn(headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.console}/console-api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ user: 'guest', password: 'guest' }),
    });
  }
}

/** Whatever a test left running. */
export function killPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
}
