/** Hostile requests to both HTTP APIs, each on a connection of its own, by somebody who may do everything. */
import { connect } from 'node:net';
import { Dice } from '../conformance/differential/dice.ts';
import { SANDBOX_NAMES } from '../conformance/sandbox.ts';
import { ask, must } from './api.ts';
import { type Credentials, type HostileRequest, hostileRequest } from './hostile-requests.ts';
import type { Address, Victim } from './victim.ts';
import { WITNESS } from './witness.ts';

const ATTACKERS = 8;
const REQUESTS_PER_ROUND = 2_000;
const TIMED_OUT_MS = 1_000;
const ABANDON_MS = 300;
/** Another address than the owner's, so that the attacker's passwords are not the owner's. */
const FROM = '127.0.0.2';
/** Where a password may be wrong, each request comes from an address of its own: one that is shut tries nothing more. */
const guesserOf = (seed: number): string => `127.1.${(seed >> 8) & 255}.${seed & 255}`;
const USER = 'mallory';
const PASSWORD = 'mallory';
const EVERYTHING = { configure: '.*', write: '.*', read: '.*' };
/** As of a stack trace, or of a path on the disk of the server. */
const TRACE = /\n\s+at \S|node_modules|file:\/\/|\.ts:\d+/;

export interface RequestTally {
  requests: number;
  statuses: Map<number, number>;
  slowestMs: number;
  failures: string[];
}

export async function attackWithRequests(
  victim: Victim,
  requests: number,
  seed: number,
  tally: RequestTally,
): Promise<void> {
  const { http } = victim;
  while (tally.requests < requests && victim.isAlive) {
    await prepare(http);
    const credentials = await signIn(http);
    const last = Math.min(requests, tally.requests + REQUESTS_PER_ROUND);
    const attack = async (): Promise<void> => {
      while (tally.requests < last && victim.isAlive) {
        const own = seed + tally.requests++;
        const request = hostileRequest(new Dice(own), credentials);
        judge(request, await said(http, request, request.mayGuess ? guesserOf(own) : FROM), own, tally);
      }
    };
    await Promise.all(Array.from({ length: ATTACKERS }, attack));
  }
  await tidy(http);
}

function judge(
  request: HostileRequest,
  heard: { text: string; tookMs: number },
  seed: number,
  tally: RequestTally,
): void {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(heard.text)?.[1] ?? 0);
  tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
  tally.slowestMs = Math.max(tally.slowestMs, heard.tookMs);
  const fail = (what: string): void => {
    tally.failures.push(`request of seed ${seed} ${what}: ${request.text.slice(0, 300)}`);
  };
  if (heard.tookMs > TIMED_OUT_MS) fail(`took ${Math.round(heard.tookMs)} ms`);
  // A check that fails says so with 503.
  const isCheck = status === 503 && request.text.includes('/health/checks/');
  if (status >= 500 && !isCheck) fail(`was answered with ${status}`);
  if (status === 0 && !request.isMutated) fail('was not answered');
  if (TRACE.test(heard.text)) fail('was told of the inside of the program');
}

/** The bytes that come back until the other side has closed. */
function said(
  { host, port }: Address,
  { bytes, isMutated }: HostileRequest,
  localAddress: string,
): Promise<{ text: string; tookMs: number }> {
  return new Promise((resolve) => {
    const begin = performance.now();
    const chunks: Buffer[] = [];
    const socket = connect({ host, port, localAddress });
    const end = (): void => {
      clearTimeout(timer);
      socket.resetAndDestroy();
      resolve({ text: Buffer.concat(chunks).toString('latin1'), tookMs: performance.now() - begin });
    };
    // A changed request may promise more than it has: then the other side waits, and is right.
    const timer = setTimeout(end, isMutated ? ABANDON_MS : 5 * TIMED_OUT_MS);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.once('end', end);
    socket.once('close', end);
    socket.write(bytes);
  });
}

async function signIn(http: Address): Promise<Credentials> {
  const { cookie, status } = await ask(http, 'POST', '/console-api/session', { user: USER, password: PASSWORD });
  if (cookie === undefined) throw new Error(`the attacker could not sign in: ${status}`);
  const basic = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');
  return { management: [`Authorization: Basic ${basic}`], console: [`Cookie: ${cookie}`] };
}

/** Puts back what the attack may have taken away, and removes what it has made. */
async function prepare(http: Address): Promise<void> {
  await tidy(http);
  await must(http, 'PUT', `/api/users/${USER}`, { password: PASSWORD, tags: 'administrator' });
  await must(http, 'PUT', `/api/users/${SANDBOX_NAMES.user}`, { password: 'p', tags: '' });
  for (const vhost of ['own', '%2F']) await must(http, 'PUT', `/api/vhosts/${vhost}`);
  for (const user of [USER, SANDBOX_NAMES.user]) {
    await must(http, 'PUT', `/api/permissions/own/${user}`, EVERYTHING);
    await must(http, 'PUT', `/api/permissions/%2F/${user}`, EVERYTHING);
  }
  await must(http, 'PUT', '/api/queues/own/thing', { durable: true });
  await must(http, 'PUT', '/api/exchanges/own/thing', { type: 'fanout' });
  await must(http, 'POST', '/api/bindings/own/e/thing/q/thing', {});
}

async function tidy(http: Address): Promise<void> {
  const names = async (path: string) =>
    (JSON.parse((await must(http, 'GET', path)).text) as { name: string }[]).map(({ name }) => name);
  for (const name of await names('/api/vhosts')) {
    if (name === '/' || name === WITNESS) continue;
    await ask(http, 'DELETE', `/api/vhosts/${encodeURIComponent(name)}/deletion/protection`);
    await must(http, 'DELETE', `/api/vhosts/${encodeURIComponent(name)}`);
  }
  for (const name of await names('/api/users'))
    if (name !== 'guest' && name !== WITNESS) await must(http, 'DELETE', `/api/users/${encodeURIComponent(name)}`);
}
