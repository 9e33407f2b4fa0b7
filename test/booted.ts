/** A start in a process of its own: that it is up, or what it said before it ended by itself. */
import { type ChildProcess, fork } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { onTestFinished } from 'vitest';
import { freePorts } from './conformance/broker.ts';

export interface Booted {
  child: ChildProcess;
  /** The exit code of the process; null: it runs. */
  exitCode: number | null;
  /** Lines of stderr so far. */
  complaints: string[];
  /** Ends it in order; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Longer than a failed start may take to undo itself. */
const PATIENCE_MS = 20_000;

/** Settings with ports of their own. */
export async function settingsFor(dataDir: string): Promise<Record<string, string>> {
  const [amqp, console, prometheus, amqps] = await freePorts(4);
  return {
    WARREN_DATA_DIR: dataDir,
    WARREN_AMQP_PORT: String(amqp),
    PORT: String(console),
    WARREN_PROMETHEUS_PORT: String(prometheus),
    WARREN_AMQPS_PORT: String(amqps),
  };
}

/** Resolves when it is up or has ended; what neither comes up nor ends is killed, and fails the test. */
export async function bootWith(settings: Record<string, string>): Promise<Booted> {
  const { WARREN_AMQPS_PORT: _, ...plain } = settings;
  const env = { ...(settings.WARREN_TLS_CERT ? settings : plain), PATH: process.env.PATH };
  const child = fork(new URL('./boot-process.ts', import.meta.url), [], {
    env: env as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const complaints: string[] = [];
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text += chunk;
    complaints.splice(0, complaints.length, ...text.split('\n').filter((line) => line !== ''));
  });
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const up = new Promise<null>((resolve) => child.once('message', () => resolve(null)));
  const overdue = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`neither up nor ended: ${text}`)), PATIENCE_MS).unref();
  });
  const exitCode = await Promise.race([gone, up, overdue]);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await Promise.race([gone, overdue]);
  };
  return { child, exitCode, complaints, stop };
}

/** Rejects when somebody has the port. */
export function occupy(port: string | undefined): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(Number(port), '127.0.0.1', () => resolve(server));
  });
}
