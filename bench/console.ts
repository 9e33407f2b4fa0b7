/**
 * What the pages of the console cost while a broker has many queues, each with a dead-letter exchange of its own:
 * `node bench/console.ts --help`. Tells wall time of the answers, and CPU time of the main thread and of the broker's.
 */
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type ThreadUsage, threadUsage } from './thread-usage.ts';

const USAGE = `usage: node bench/console.ts [options]

  --url URL       of console and management API (http://guest:guest@127.0.0.1:15672)
  --queues N      with a dead-letter exchange each, and a queue for its dead letters behind it, in a vhost of their
                  own, made at first and deleted at the end (10000)
  --requests N    of each kind, one after the other (50)
  --pid PID       process of the broker on this machine: the CPU time of its two threads is shown
  --churn         queues with a dead-letter exchange are declared and deleted all the time meanwhile
  --keep          leave the queues
`;
const VHOST = 'bench-console';
const A_TIME = 1_000;
/** Of so many queues one has messages, and one has dead letters. */
const BUSY_SHARE = 50;
const IDLE_S = 10;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://guest:guest@127.0.0.1:15672' },
    queues: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '50' },
    pid: { type: 'string' },
    churn: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main(new URL(values.url), Number(values.queues), Number(values.requests));

async function main(url: URL, queues: number, requests: number): Promise<void> {
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const api = apiOf(url, user, password);
  const ask = await signIn(url, user, password);
  await api('PUT', `/vhosts/${VHOST}`);
  await api('PUT', `/permissions/${VHOST}/${user}`, { configure: '.*', write: '.*', read: '.*' });
  await declare(api, queues);
  const churn = values.churn ? churnOf(api) : null;
  // The last minute is told once it is known.
  await setTimeout(5_000);
  line('', 'p50 ms', 'p95 ms', 'main p50', 'main p95', 'broker p50', 'broker p95', 'KiB');
  await idle();
  for (const path of pathsOf(queues)) await measure(path, () => ask(path), requests);
  await churn?.();
  if (!values.keep) await api('DELETE', `/vhosts/${VHOST}`);
}

type Api = (method: string, path: string, body?: object) => Promise<string>;

function apiOf(url: URL, user: string, password: string): Api {
  const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}` };
  return async (method, path, body) => {
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(new URL(`/api${path}`, url.origin), init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
}

async function signIn(url: URL, user: string, password: string): Promise<(path: string) => Promise<string>> {
  const session = await fetch(new URL('/console-api/session', url.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  });
  if (!session.ok) throw new Error(`sign-in: ${session.status} ${await session.text()}`);
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async (path) => {
    const response = await fetch(new URL(`/console-api${path}`, url.origin), { headers: { cookie } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  };
}

async function declare(api: Api, count: number): Promise<void> {
  const queue = (name: string, args: object) => ({ name, durable: true, auto_delete: false, arguments: args });
  for (let at = 0; at < count; at += A_TIME) {
    const some = Array.from({ length: Math.min(A_TIME, count - at) }, (_, i) => at + i);
    await api('POST', `/definitions/${VHOST}`, {
      exchanges: some.map((i) => ({
        ...{ name: `dlx-${i}`, type: 'fanout', durable: true, auto_delete: false, internal: false, arguments: {} },
      })),
      queues: some.flatMap((i) => [
        queue(`work-${i}`, { 'x-dead-letter-exchange': `dlx-${i}`, 'x-max-length': 1 }),
        queue(`dead-${i}`, {}),
      ]),
      bindings: some.map((i) => ({
        ...{ source: `dlx-${i}`, destination: `dead-${i}`, destination_type: 'queue', routing_key: '', arguments: {} },
      })),
    });
  }
  for (let i = 0; i < count; i += BUSY_SHARE) {
    const message = { routing_key: `work-${i}`, payload: 'x', payload_encoding: 'string', properties: {} };
    // The second one pushes out the first, which dies.
    for (let n = 0; n < 2; n++) await api('POST', `/exchanges/${VHOST}/amq.default/publish`, message);
  }
}

/** Returns what ends it. */
function churnOf(api: Api): () => Promise<void> {
  let goesOn = true;
  const run = (async () => {
    for (let i = 0; goesOn; i++) {
      const path = `/queues/${VHOST}/churn-${i}`;
      await api('PUT', path, { durable: false, arguments: { 'x-dead-letter-exchange': 'dlx-0' } });
      await api('DELETE', path);
    }
  })();
  return () => {
    goesOn = false;
    return run;
  };
}

function pathsOf(queues: number): string[] {
  const name = `work-${Math.floor(queues / 2)}`;
  const list = (path: string, query: object) => `${path}?${new URLSearchParams({ vhost: VHOST, ...query })}`;
  return [
    '/overview',
    list('/overview', {}),
    '/vhosts',
    '/history?scope=totals&spanMs=300000',
    '/queues?limit=100',
    ...['ready', 'published', 'oldest', 'consumers'].map((sort) => list('/queues', { sort, order: 'descending' })),
    list('/queues', { text: 'work-9', state: 'unconsumed' }),
    list('/queues', { offset: String(queues), sort: 'ready' }),
    list('/queues/names', { text: 'work-9' }),
    list('/queue', { name }),
    list('/dead-letters/queues', { sort: 'ready', order: 'descending', limit: '8' }),
    list('/dead-letters/queue', { queue: `dead-${Math.floor(queues / 2)}` }),
    '/exchanges?limit=100',
    list('/exchanges', { sort: 'unroutable', order: 'descending' }),
    list('/exchanges', { text: 'dlx-9', limit: '20' }),
    list('/bindings', { source: 'dlx-0' }),
  ];
}

/** What a second costs in which nobody asks. */
async function idle(): Promise<void> {
  const before = usage();
  await setTimeout(IDLE_S * 1_000);
  const after = usage();
  if (before === undefined || after === undefined) return;
  const each = (thread: keyof ThreadUsage) => ((after[thread] - before[thread]) / IDLE_S).toFixed(1);
  line('a second without requests', '', '', each('main'), '', each('broker'), '', '');
}

async function measure(path: string, ask: () => Promise<string>, requests: number): Promise<void> {
  const [wall, main, broker]: [number[], number[], number[]] = [[], [], []];
  let answer = await ask();
  for (let i = 0; i < requests; i++) {
    const before = usage();
    const start = performance.now();
    answer = await ask();
    wall.push(performance.now() - start);
    const after = usage();
    if (before === undefined || after === undefined) continue;
    main.push(after.main - before.main);
    broker.push(after.broker - before.broker);
  }
  const cells = [wall, main, broker].flatMap((times) => [at(times, 0.5), at(times, 0.95)]);
  line(decodeURIComponent(path), ...cells, (answer.length / 1024).toFixed(0));
}

function usage(): ThreadUsage | undefined {
  return values.pid === undefined ? undefined : threadUsage(Number(values.pid));
}

function at(times: number[], share: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1) ?? '';
}

function line(path: string, ...cells: string[]): void {
  process.stdout.write(`${path.padEnd(78)}${cells.map((cell) => cell.padStart(11)).join('')}\n`);
}
