/**
 * The broker that the suite speaks to: Warren as a child process, on free ports and with a data directory of its own; or, with
 * WARREN_CONFORMANCE_URL, any broker that runs already, whose management API is at the port WARREN_CONFORMANCE_API_PORT. Run against a RabbitMQ, the suite proves itself.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Administrator, administratorOf } from './command.ts';
import { serverProperties } from './server-properties.ts';

export interface TestBroker {
  /** amqp://guest:guest@host:port */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The port of the management API; 0 when nobody said where it is. */
  readonly consolePort: number;
  /** Undefined when the broker is not ours. */
  readonly pid: number | undefined;
  /** The version that the broker says it has; Warren names the RabbitMQ whose behaviour it has. */
  readonly version: string;
  /** Older than the behaviour that the tests describe. */
  readonly is3: boolean;
  /** Undefined when the broker is not ours. */
  readonly administrator: Administrator | undefined;
  stop(): Promise<void>;
}

/** `settings` are those of Warren's environment. */
export async function startBroker(settings: Record<string, string> = {}): Promise<TestBroker> {
  const external = process.env.WARREN_CONFORMANCE_URL;
  const apiPort = Number(process.env.WARREN_CONFORMANCE_API_PORT ?? 0);
  return external ? described(external, undefined, async () => {}, apiPort) : startWarren(settings);
}

async function described(
  url: string,
  child: ChildProcess | undefined,
  stop: () => Promise<void>,
  consolePort = 0,
): Promise<TestBroker> {
  const { hostname: host, port } = new URL(url);
  const { version } = await serverProperties(host, Number(port));
  const administrator = child && administratorOf(child);
  const is3 = version.startsWith('3.');
  return { url, host, port: Number(port), consolePort, pid: child?.pid, version, is3, administrator, stop };
}

async function startWarren(settings: Record<string, string>): Promise<TestBroker> {
  const dataDir = mkdtempSync(join(tmpdir(), 'warren-conformance-'));
  const [amqpPort, consolePort] = await freePorts(2);
  const child = fork(new URL('./broker-process.ts', import.meta.url), [], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(consolePort),
      WARREN_AMQP_PORT: String(amqpPort),
      WARREN_DATA_DIR: dataDir,
      WARREN_LOG_LEVEL: 'error',
      WARREN_PROMETHEUS_PORT: '0',
      ...settings,
    } as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.on('data', (text: Buffer) => {
    complaints += text;
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error(`the broker did not start: ${complaints}`)));
  });
  return described(`amqp://guest:guest@127.0.0.1:${amqpPort}`, child, stop, consolePort);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(patience);
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Resident memory of a process. */
export function residentMib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
