/**
 * A RabbitMQ to compare with: RABBITMQ_URL names one that runs, else the one that is installed here is started, on free ports of the
 * loopback interface, with a node name and a data folder of its own.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './broker.ts';
import { eventually } from './patience.ts';
import { serverProperties } from './server-properties.ts';

export interface Oracle {
  readonly host: string;
  readonly port: number;
  /** The port of the management API; 0 when none is known. */
  readonly consolePort: number;
  readonly version: string;
  stop(): Promise<void>;
}

const INSTALLED = '/usr/lib/rabbitmq/lib';
const START_MS = 90_000;

/** True when `findOracle` would find one. */
export function hasOracle(): boolean {
  return process.env.RABBITMQ_URL !== undefined || installedScript() !== undefined;
}

/** Undefined when there is none. One that is started has the management API when `withApi` says so: it takes longer. */
export async function findOracle({ withApi = false } = {}): Promise<Oracle | undefined> {
  const url = process.env.RABBITMQ_URL;
  if (url) {
    const { hostname: host, port } = new URL(url);
    return described(host, Number(port), 0, async () => {});
  }
  const script = installedScript();
  return script === undefined ? undefined : startInstalled(script, withApi);
}

/** The server's own script: the wrapper of the distribution insists on a user and folders of the system. */
function installedScript(): string | undefined {
  if (!existsSync(INSTALLED)) return undefined;
  const version = readdirSync(INSTALLED).find((name) => name.startsWith('rabbitmq_server-'));
  const script = version && join(INSTALLED, version, 'sbin/rabbitmq-server');
  return script && existsSync(script) ? script : undefined;
}

async function startInstalled(script: string, withApi: boolean): Promise<Oracle> {
  const folder = mkdtempSync(join(tmpdir(), 'rabbitmq-oracle-'));
  const [port, distribution, names, consolePort = 0] = await freePorts(withApi ? 4 : 3);
  writeFileSync(join(folder, 'enabled_plugins'), withApi ? '[rabbitmq_management].' : '[].');
  const settings = [`management.tcp.port = ${consolePort}`, 'management.tcp.ip = 127.0.0.1'];
  writeFileSync(join(folder, 'rabbitmq.conf'), withApi ? settings.join('\n') : '');
  const child = spawn(script, {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      RABBITMQ_NODENAME: `oracle-${process.pid}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(distribution),
      ERL_EPMD_PORT: String(names),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    } as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv,
    stdio: 'ignore',
    // A group of its own: the script starts others.
    detached: true,
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    // The daemon of names that it started stays otherwise.
    spawnSync('epmd', ['-port', String(names), '-kill']);
    rmSync(folder, { recursive: true, force: true });
  };
  const alive = () => child.exitCode === null;
  const answer = await eventually(
    () => (alive() ? serverProperties('127.0.0.1', port as number).catch(() => undefined) : undefined),
    (properties) => properties !== undefined || !alive(),
    START_MS,
  );
  if (answer) return described('127.0.0.1', port as number, consolePort, stop);
  await stop();
  throw new Error(`the RabbitMQ at ${script} did not start`);
}

async function described(host: string, port: number, consolePort: number, stop: () => Promise<void>): Promise<Oracle> {
  const { version } = await serverProperties(host, port);
  return { host, port, consolePort, version, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  const patience = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), 30_000);
  await exit;
  clearTimeout(patience);
}
