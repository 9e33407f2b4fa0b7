/** Every step of a start fails once: the process ends by itself with one line, and leaves nothing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lockDataDir } from '../lib/data-dir-lock.ts';
import { lockDefinitions } from '../lib/db/definitions-lock.ts';
import { bootWith, occupy, settingsFor } from './booted.ts';
import { CertificateAuthority } from './conformance/certificate-authority.ts';
import { scratchFolder } from './lib/db/scratch-database.ts';

/** Puts something in the way of a start; returns the settings that meet it. */
type Obstacle = (settings: Record<string, string>, folder: string) => Promise<Record<string, string>>;

const portInUse =
  (name: string, more: Record<string, string> = {}): Obstacle =>
  async (settings) => {
    const server = await occupy(settings[name]);
    onTestFinished(() => void server.close());
    return { ...settings, ...more };
  };

const file = (folder: string, text: string): string => {
  const path = join(folder, 'file');
  writeFileSync(path, text);
  return path;
};

const obstacles: [step: string, line: RegExp, Obstacle][] = [
  ['a setting', /^WARREN_LOG_LEVEL is 'loud'/, async (settings) => ({ ...settings, WARREN_LOG_LEVEL: 'loud' })],
  [
    'the file of definitions',
    /^WARREN_LOAD_DEFINITIONS .* cannot be read/,
    async (settings, folder) => ({ ...settings, WARREN_LOAD_DEFINITIONS: join(folder, 'absent') }),
  ],
  [
    'what is in the file of definitions',
    /^WARREN_LOAD_DEFINITIONS/,
    async (settings, folder) => ({ ...settings, WARREN_LOAD_DEFINITIONS: file(folder, '{"queues": 5}') }),
  ],
  [
    'definitions that cannot be made',
    /^definitions were not loaded: /,
    async (settings, folder) => {
      const definitions = {
        queues: [{ vhost: 'absent', name: 'q', durable: true, auto_delete: false, arguments: {} }],
      };
      return { ...settings, WARREN_LOAD_DEFINITIONS: file(folder, JSON.stringify(definitions)) };
    },
  ],
  [
    'the data directory',
    /^cannot use the data directory /,
    async (settings, folder) => ({ ...settings, WARREN_DATA_DIR: join(file(folder, ''), 'data') }),
  ],
  [
    'the folder of the database',
    /^cannot use the database file:.*: ENOENT/,
    async (settings, folder) => ({ ...settings, DATABASE_URL: `file:${join(folder, 'absent', 'w.db')}` }),
  ],
  [
    'a file that is no database',
    /^cannot use the database file:.*: file is not a database$/,
    async (settings, folder) => ({ ...settings, DATABASE_URL: `file:${file(folder, 'x'.repeat(5000))}` }),
  ],
  [
    'a database server that is not there',
    /^cannot use the database postgresql:\/\/warren@127\.0\.0\.1:\d+\/warren: connect ECONNREFUSED/,
    async (settings) => ({
      ...settings,
      DATABASE_URL: `postgresql://warren:geheim@127.0.0.1:${settings.WARREN_AMQPS_PORT}/warren?x=geheim`,
    }),
  ],
  [
    'the key',
    /secret\.key holds no key/,
    async (settings) => {
      const { WARREN_DATA_DIR: dataDir = '' } = settings;
      await (await bootWith(settings)).stop();
      writeFileSync(join(dataDir, 'secret.key'), 'no key');
      return settings;
    },
  ],
  [
    'the folder of the messages',
    /messages/,
    async (settings) => {
      const { WARREN_DATA_DIR: dataDir = '' } = settings;
      mkdirSync(dataDir);
      writeFileSync(join(dataDir, 'messages'), '');
      return settings;
    },
  ],
  ['the AMQP port', /^AMQP port \d+ on 127\.0\.0\.1 is in use$/, portInUse('WARREN_AMQP_PORT')],
  [
    'certificates',
    /^certificates cannot be used: /,
    async (settings, folder) => {
      const path = file(folder, 'no certificate');
      return { ...settings, WARREN_TLS_CERT: path, WARREN_TLS_KEY: path };
    },
  ],
  [
    'the AMQPS port, when AMQP listens already',
    /^AMQPS port \d+ on 127\.0\.0\.1 is in use$/,
    async (settings, folder) => {
      const { cert, key } = new CertificateAuthority('boot').sign('/CN=localhost');
      return portInUse('WARREN_AMQPS_PORT', { WARREN_TLS_CERT: cert, WARREN_TLS_KEY: key })(settings, folder);
    },
  ],
  [
    'the Prometheus port that was asked for',
    /^Prometheus port \d+ on 127\.0\.0\.1 is in use$/,
    portInUse('WARREN_PROMETHEUS_PORT'),
  ],
];

describe('a start that fails ends by itself with one line, and leaves ports and locks to the next', () => {
  test.each(obstacles)('%s', async (_, line, obstacle) => {
    const folder = scratchFolder();
    const good = await settingsFor(join(folder, 'data'));
    const bad = await obstacle(good, folder);
    const { exitCode, complaints } = await bootWith(bad);
    expect(complaints).toEqual([expect.stringMatching(line)]);
    expect(complaints.join()).not.toContain('geheim');
    expect(exitCode).toBe(1);
    for (const port of [good.WARREN_AMQP_PORT, good.WARREN_PROMETHEUS_PORT]) {
      // The one that was in use still is, by the test.
      const freed = await occupy(port).catch(() => null);
      if (freed === null) expect(line.source).toContain('is in use');
      else freed.close();
    }
    lockDataDir(good.WARREN_DATA_DIR as string)();
    mkdirSync(good.WARREN_DATA_DIR as string, { recursive: true });
    const unwatched = { log: () => {}, lost: () => {} };
    await (await lockDefinitions(`file:${join(good.WARREN_DATA_DIR as string, 'warren.db')}`, unwatched)).release();
  });
});

test('a start that nothing is in the way of takes what the failed ones left', async () => {
  const settings = await settingsFor(join(scratchFolder(), 'data'));
  const blocker = await occupy(settings.WARREN_AMQP_PORT);
  expect((await bootWith(settings)).exitCode).toBe(1);
  blocker.close();
  const running = await bootWith(settings);
  expect([running.exitCode, running.complaints]).toEqual([null, []]);
  await running.stop();
  expect([running.child.exitCode, running.complaints]).toEqual([0, []]);
});
