/** What somebody types as a password is found nowhere afterwards: not in the output of the built program, and not in its files. */
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freePorts } from './conformance/broker.ts';
import { killPrograms, Program } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'warren-secrets-'));
const SECRET = 'kX7qGzRw';
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

afterAll(() => {
  killPrograms();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends a request as it is written, which no client library would let pass. */
function raw(port: number, line: string, headers: string[] = [], body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
    const own = ['Host: localhost', `Content-Length: ${Buffer.byteLength(body)}`];
    if (!headers.some((header) => header.startsWith('Connection'))) own.push('Connection: close');
    socket.write(`${[`${line} HTTP/1.1`, ...own, ...headers].join('\r\n')}\r\n\r\n${body}`);
    setTimeout(() => socket.destroy(), 2_000).unref();
  });
}

test('a password in a path, a body or a header is in no log, no database and no file', async () => {
  const [port = 0, amqp, prometheus] = await freePorts(3);
  const program = new Program({
    ...{ PORT: String(port), WARREN_AMQP_PORT: String(amqp), WARREN_PROMETHEUS_PORT: String(prometheus) },
    ...{ WARREN_DATA_DIR: folder, WARREN_LOG_LEVEL: 'debug' },
  });
  await program.ready();

  const path = `/api/auth/hash_password/${SECRET}`;
  const guest = [`Authorization: ${basic('guest', 'guest')}`];
  const hashed = await raw(port, `GET ${path}`, guest);
  expect(hashed).toContain('"ok":');
  expect(await raw(port, `GET ${path}%FF`, guest)).toContain('400 Bad Request');
  for (const line of [
    `HEAD ${path}`,
    `PUT ${path}`,
    `DELETE ${path}`,
    `POST ${path}/more`,
    `PATCH ${path}`,
    `GET ${path}`,
  ])
    await raw(port, line, line === `GET ${path}` ? [] : guest);
  await raw(port, `GET ${path}%`, [...guest, 'Connection: Upgrade', 'Upgrade: websocket']);
  await raw(port, `GET ${path}`, [...guest, 'Connection: Upgrade', 'Upgrade: websocket']);
  await raw(port, `GET /queues/%2F/${SECRET}%FF?password=${SECRET}`);
  await raw(port, `GET //${SECRET}`);
  await raw(port, 'GET /api/whoami', [`Authorization: ${basic('guest', SECRET)}`]);
  await raw(port, 'GET /api/whoami', [`Authorization: ${basic('ada', SECRET)}`]);
  const json = ['Content-Type: application/json', ...guest];
  await raw(port, 'POST /console-api/session', json, JSON.stringify({ user: 'guest', password: SECRET }));
  await raw(port, 'POST /console-api/session', json, `{"user":"guest","password":"${SECRET}"`);
  await raw(port, 'PUT /api/users/ada', json, JSON.stringify({ password: SECRET, tags: 'management' }));
  await raw(port, 'PUT /api/users/ben', json, JSON.stringify({ password: SECRET, tags: 7 }));
  const value = { deep: [{ password: SECRET, uri: `amqp://ada:${SECRET}@host` }] };
  await raw(port, 'PUT /api/global-parameters/vault', json, JSON.stringify({ value }));
  const audit = await raw(port, 'GET /api/global-parameters/vault', guest);
  expect(audit).toContain(SECRET);

  program.child.kill('SIGTERM');
  await program.exit();
  expect(program.output).toContain('Console  http://localhost');
  expect(program.output).not.toContain(SECRET);
  const files = globSync('**/*', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile());
  expect(files).toContain('warren.db');
  const rows = readFileSync(join(folder, 'warren.db')).toString('latin1');
  // The parameter itself is kept as it was put, once; the audit of it is not another copy.
  expect(rows.split(`"password":"${SECRET}"`)).toHaveLength(2);
  expect(rows.replace(JSON.stringify(value), '')).not.toContain(SECRET);
  const others = files.filter((one) => !one.startsWith('warren.db'));
  expect(others.length).toBeGreaterThan(0);
  for (const file of others)
    expect([file, readFileSync(join(folder, file)).toString('latin1').includes(SECRET)]).toEqual([file, false]);
}, 90_000);
