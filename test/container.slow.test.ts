/** No container engine is needed: the image's files are put together as the Dockerfile says, and its command is run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../lib/config.ts';
import { readImage, readService } from './container-files.ts';

const image = readImage();
const service = readService();

test('all that the image copies is in a build', () => {
  const sources = image.copies.flatMap((copy) => copy.sources);
  expect(sources).toContain('.next/standalone');
  expect(sources.filter((source) => !existsSync(source))).toEqual([]);
});

test('a build carries nothing but the server and what it needs', () => {
  const parts = ['.next', 'node_modules', 'package.json', 'prisma', 'server.js'];
  expect(readdirSync('.next/standalone').filter((name) => !parts.includes(name))).toEqual([]);
});

test('all that a build reads is sent to the container engine', () => {
  const sent = new Set(
    readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1)),
  );
  const needed = ['app', 'components', 'lib', 'prisma', 'scripts', 'instrumentation*.ts', 'next.config.js'];
  needed.push('package.json', 'package-lock.json', '.npmrc', 'postcss.config.mjs', 'prisma.config.ts', 'tsconfig.json');
  expect(needed.filter((name) => !sent.has(name))).toEqual([]);
});

test('it runs without rights, and data lies in a volume', () => {
  expect(image.user).toBe('node');
  expect(image.volumes).toEqual([image.environment.WARREN_DATA_DIR]);
});

test('docker-compose.yml fits the image', () => {
  expect(service.ports).toEqual(image.exposed);
  const prometheusPort = String(readConfig({}).prometheus?.port);
  expect(image.exposed).toEqual([image.environment.PORT, image.environment.WARREN_AMQP_PORT, prometheusPort]);
  expect(service.mounts).toEqual(image.volumes);
  const settings = readFileSync('lib/config.ts', 'utf8');
  expect(service.settings.length).toBeGreaterThan(3);
  expect(service.settings.filter((name) => !settings.includes(`'${name}'`))).toEqual([]);
});

describe('started from a copied folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'warren-container-'));
  const data = join(folder, 'data');
  const root = join(folder, 'image');
  let env: NodeJS.ProcessEnv;
  let server: ChildProcess;
  let output = '';

  beforeAll(async () => {
    for (const { sources, target } of image.copies) {
      for (const source of sources) {
        const to =
          target.endsWith('/') && !existsSync(join(source, 'server.js')) ? join(target, basename(source)) : target;
        cpSync(source, join(root, to), { recursive: true, verbatimSymlinks: true });
      }
    }
    mkdirSync(data);
    const ports = { PORT: String(await freePort()), WARREN_AMQP_PORT: String(await freePort()) };
    env = { NODE_ENV: 'production', ...image.environment, ...ports, WARREN_DATA_DIR: data, PATH: process.env.PATH };
    server = start(image.command);
    server.stdout?.on('data', (chunk) => (output += chunk));
    server.stderr?.on('data', (chunk) => (output += chunk));
  });

  afterAll(() => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command of the image; `node` is this test's. */
  function start([command = '', ...args]: string[]): ChildProcess {
    return spawn(command === 'node' ? process.execPath : command, args, { cwd: root, env, stdio: 'pipe' });
  }

  test('the health check passes', async () => {
    const healthy = async () => (await exit(start(image.healthcheck))) === 0;
    await expect.poll(healthy, { timeout: 30_000, interval: 300, message: output }).toBe(true);
    expect(output).toContain('Console  http://localhost:');
  });

  test('the console has its styles and scripts', async () => {
    const page = await fetch(`http://127.0.0.1:${env.PORT}/login`);
    expect(page.status).toBe(200);
    const assets = [...(await page.text()).matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(
      ([, path]) => path,
    );
    expect(assets.length).toBeGreaterThan(1);
    for (const path of assets) expect((await fetch(`http://127.0.0.1:${env.PORT}${path}`)).status, path).toBe(200);
  });

  test('a second one on the same data ends with one line', async () => {
    const second = spawn(process.execPath, image.command.slice(1), {
      cwd: root,
      env: { ...env, PORT: String(await freePort()), WARREN_AMQP_PORT: String(await freePort()) },
    });
    let said = '';
    second.stderr.on('data', (chunk) => (said += chunk));
    expect(await exit(second)).toBe(1);
    expect(said.trim().split('\n').at(-1)).toBe(
      `Warren cannot start: the data directory ${data} is in use by another Warren (process ${server.pid})`,
    );
  });

  test('a stop takes less than ten seconds, and data stays', async () => {
    const ended = exit(server);
    const startedAt = Date.now();
    server.kill('SIGTERM');
    await ended;
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect(readdirSync(data)).toContain('warren.db');
  });
});

function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('exit', (code) => resolve(code)));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
