/**
 * How long the management API takes while a broker has many queues: `node bench/management.ts --help`.
 * Beside the wall time of the answers it tells the CPU time of the process: on a shared machine that is what counts.
 */
import { parseArgs } from 'node:util';
import { processUsage } from './process-usage.ts';

const USAGE = `usage: node bench/management.ts [options]

  --url URL       of the management API (http://guest:guest@127.0.0.1:15672)
  --queues N      in a vhost of their own, made at first and deleted at the end (10000)
  --requests N    of each kind, one after the other (50)
  --pid PID       process of the broker: its CPU time per request is shown
  --keep          leave the queues
`;
const VHOST = 'bench-management';
const QUEUES_A_TIME = 2_000;
const SORTS = [
  '',
  'name',
  'type',
  'state',
  'policy',
  'messages',
  'messages_ready',
  'messages_unacknowledged',
  'message_bytes',
  'consumers',
  'message_stats.publish',
  'message_stats.publish_details.rate',
  'message_stats.deliver_get_details.rate',
  'message_stats.ack_details.rate',
  'idle_since',
  'arguments.x-max-length',
];

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://guest:guest@127.0.0.1:15672' },
    queues: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '50' },
    pid: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main(new URL(values.url), Number(values.queues), Number(values.requests));

async function main(url: URL, queues: number, requests: number): Promise<void> {
  const headers = { authorization: `Basic ${btoa(`${url.username}:${url.password}`)}` };
  const ask = async (method: string, path: string, body?: object): Promise<string> => {
    const response = await fetch(new URL(`/api${path}`, url.origin), {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
  await ask('PUT', `/vhosts/${VHOST}`);
  await ask('PUT', `/permissions/${VHOST}/${url.username}`, { configure: '.*', write: '.*', read: '.*' });
  const names = Array.from({ length: queues }, (_, i) => `bench-${i}`);
  for (let at = 0; at < queues; at += QUEUES_A_TIME) {
    const some = names.slice(at, at + QUEUES_A_TIME);
    await ask('POST', `/definitions/${VHOST}`, {
      queues: some.map((name) => ({ name, durable: true, auto_delete: false, arguments: { 'x-max-length': 1000 } })),
    });
  }
  const pages = SORTS.map((sort) => `/queues?page=1&page_size=100${sort && `&sort=${sort}&sort_reverse=true`}`);
  const filters = ['&name=bench-9', '&use_regex=true&name=9%2B%24'].map((filter) => `/queues?page=1${filter}`);
  const paths = ['/overview', ...pages, ...filters, `/queues/${VHOST}/${names[0]}`, '/queues?disable_stats=true'];
  line('', 'p50 ms', 'p95 ms', 'CPU ms', 'KiB');
  for (const path of paths) {
    let answer = '';
    const times: number[] = [];
    await ask('GET', path);
    const before = cpuMs();
    for (let i = 0; i < requests; i++) {
      const start = performance.now();
      answer = await ask('GET', path);
      times.push(performance.now() - start);
    }
    const cpu = before === undefined ? '' : (((cpuMs() as number) - before) / requests).toFixed(1);
    times.sort((a, b) => a - b);
    const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] as number).toFixed(1);
    line(path, at(0.5), at(0.95), cpu, (answer.length / 1024).toFixed(0));
  }
  if (!values.keep) await ask('DELETE', `/vhosts/${VHOST}`);
}

function cpuMs(): number | undefined {
  const usage = processUsage(values.pid === undefined ? undefined : Number(values.pid));
  return usage && usage.cpuSeconds * 1000;
}

function line(path: string, ...cells: string[]): void {
  process.stdout.write(`${path.padEnd(90)}${cells.map((cell) => cell.padStart(9)).join('')}\n`);
}
