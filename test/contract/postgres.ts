/**
 * A PostgreSQL to test with: WARREN_TEST_POSTGRES_URL names one whose tables the tests may empty, else the one that is installed here
 * is started, on a free port of the loopback interface with a folder of its own.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../conformance/broker.ts';

export interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
}

const VERSIONS = '/usr/lib/postgresql';
const START_MS = 30_000;

/** True when `startPostgres` would have one. */
export function hasPostgres(): boolean {
  return process.env.WARREN_TEST_POSTGRES_URL !== undefined || programs() !== undefined;
}

export async function startPostgres(): Promise<Postgres> {
  const url = process.env.WARREN_TEST_POSTGRES_URL;
  if (url !== undefined) return { url, stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'warren-postgres-'));
  const owner = whoMayRun();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const [port] = await freePorts(1);
  const bin = programs() as string;
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'warren', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...owner,
    cwd: folder,
    stdio: 'pipe',
  });
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])],
    {
      ...owner,
      cwd: folder,
      stdio: 'ignore',
    },
  );
  try {
    await listens(
      server,
      () => spawnSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).status === 0,
    );
  } catch (error) {
    await stop(server, folder);
    throw error;
  }
  return { url: `postgresql://warren@127.0.0.1:${port}/postgres`, stop: () => stop(server, folder) };
}

function programs(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  const folders = readdirSync(VERSIONS).map((version) => join(VERSIONS, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** PostgreSQL does not run as root; its package brings a user for it. */
function whoMayRun(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function listens(server: ChildProcess, isReady: () => boolean): Promise<void> {
  const end = Date.now() + START_MS;
  while (Date.now() < end && server.exitCode === null) {
    if (isReady()) return;
    await pause(50);
  }
  throw new Error('PostgreSQL does not start');
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    // "Immediate": what it holds is thrown away anyhow.
    server.kill('SIGQUIT');
    await once(server, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
}
