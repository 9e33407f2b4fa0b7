/** What a person may ask for on the command line. */
import { parseArgs } from 'node:util';
import { brokerAddress } from './broker-url.ts';
import { STAMP_BYTES } from './stamp.ts';

export const USAGE = `usage: npm run bench -- [options]

  --url URL            a broker; given more than once, the brokers take turns (amqp://127.0.0.1)
  --rounds N           how often each of them has its turn (1)
  --label TEXT         what to call a broker in the table, one per --url (its product and version)
  --pid PID            process of a broker, one per --url: its CPU and memory are shown

  --producers N --consumers N   connections of each kind, one channel each (1 1)
  --queues N           queues, producers and consumers are spread over them (1)
  --queue-prefix TEXT  of their names (bench)
  --queue-arg KEY=VALUE         argument of the queues: a number, true, false, else a string; may be repeated
  --exchange TYPE      bind the queues to an exchange: fanout and headers copy to all, direct and topic route by queue name
  --routing-key KEY --binding-key KEY   one key for all, with direct and topic: every message goes to every queue

  --size BYTES         of a body, at least ${STAMP_BYTES} (1024)
  --persistent         delivery mode 2 and durable queues
  --mandatory          unroutable messages are returned
  --confirm N          publisher confirms, at most N outstanding per producer (0: none)
  --ack N              ack every N deliveries, all of them at once (0: automatic)
  --prefetch N         per consumer (0: unlimited)

  --time SECONDS       publish for so long; the first second does not count (10)
  --count N            publish N messages in all; with --time: whichever comes first
  --rate N             messages a second in all (0: as fast as possible)
  --max-backlog N      producers pause while more than N deliveries are on their way (0: off)
  --publish-only       no consumers
  --drain              no producers: consume N messages, or what waits in the queues
  --keep               leave the queues at the end, and what is in them at the start
  --settle SECONDS     silence after which what is missing counts as lost (5)

  --latency            measure publish to delivery, and publish to confirm
  --threads N          threads of the generator (1)
  --json               one JSON line a run instead of a table
  --quiet              no progress

  Numbers may end in k or m. Exit status: 0 good · 1 lost, duplicated, out of order or never confirmed · 2 the broker refused · 64 usage
`;

export class UsageError extends Error {}

const FLAGS = ['persistent', 'mandatory', 'publish-only', 'drain', 'keep', 'latency', 'json', 'quiet', 'help'] as const;
const TEXTS = [
  'rounds',
  'producers',
  'consumers',
  'queues',
  'queue-prefix',
  'exchange',
  'routing-key',
  'binding-key',
  'size',
] as const;
const NUMBERS = ['confirm', 'ack', 'prefetch', 'time', 'count', 'rate', 'max-backlog', 'settle', 'threads'] as const;
const LISTS = ['url', 'label', 'pid', 'queue-arg'] as const;

export type Options = ReturnType<typeof parseOptions>;

export function parseOptions(args: readonly string[]) {
  const { flag, text, list } = parsed(args);
  const number = (name: (typeof TEXTS | typeof NUMBERS)[number], otherwise: number, lowest = 0): number => {
    const given = text(name);
    if (given === undefined) return otherwise;
    const match = /^(\d+(?:\.\d+)?)([km]?)$/.exec(given);
    const value = match ? Number(match[1]) * (match[2] === 'm' ? 1e6 : match[2] === 'k' ? 1e3 : 1) : Number.NaN;
    if (!(value >= lowest)) throw new UsageError(`--${name} ${given}: a number, at least ${lowest}, is needed`);
    return value;
  };
  const urls = list('url') ?? ['amqp://127.0.0.1'];
  const drain = flag('drain');
  const publishOnly = flag('publish-only');
  const count = number('count', 0);
  const options = {
    help: flag('help'),
    urls,
    rounds: number('rounds', 1, 1),
    labels: list('label') ?? [],
    pids: (list('pid') ?? []).map(Number),
    producers: drain ? 0 : number('producers', 1, 1),
    consumers: publishOnly ? 0 : number('consumers', 1, 1),
    queues: number('queues', 1, 1),
    queuePrefix: text('queue-prefix') ?? 'bench',
    queueArguments: (list('queue-arg') ?? []).map(keyAndValue),
    exchange: text('exchange'),
    routingKey: text('routing-key'),
    bindingKey: text('binding-key'),
    bodyBytes: number('size', 1024, STAMP_BYTES),
    persistent: flag('persistent'),
    mandatory: flag('mandatory'),
    confirmWindow: number('confirm', 0),
    ackEvery: number('ack', 0),
    prefetch: number('prefetch', 0),
    seconds: number('time', count > 0 || drain ? 0 : 10),
    count,
    rate: number('rate', 0),
    maxBacklog: publishOnly ? 0 : number('max-backlog', 0),
    drain,
    keep: flag('keep'),
    settleSeconds: number('settle', 5),
    latency: flag('latency'),
    threads: number('threads', 1, 1),
    json: flag('json'),
    quiet: flag('quiet'),
  };
  if (drain && publishOnly) throw new UsageError('--drain and --publish-only exclude each other');
  if (options.prefetch > 0 && options.ackEvery > options.prefetch)
    throw new UsageError('--ack above --prefetch would wait for ever');
  if (!options.exchange && (options.routingKey ?? options.bindingKey) !== undefined)
    throw new UsageError('a key needs --exchange');
  if (options.bindingKey !== undefined && options.routingKey === undefined)
    throw new UsageError('--binding-key needs --routing-key');
  for (const url of urls) {
    try {
      brokerAddress(url);
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }
  return options;
}

function parsed(args: readonly string[]) {
  const config: Record<string, { type: 'boolean' | 'string'; multiple?: boolean }> = {};
  for (const name of FLAGS) config[name] = { type: 'boolean' };
  for (const name of [...TEXTS, ...NUMBERS]) config[name] = { type: 'string' };
  for (const name of LISTS) config[name] = { type: 'string', multiple: true };
  try {
    const { values } = parseArgs({ args: [...args], options: config });
    return {
      flag: (name: (typeof FLAGS)[number]) => values[name] === true,
      text: (name: string) => values[name] as string | undefined,
      list: (name: (typeof LISTS)[number]) => values[name] as string[] | undefined,
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function keyAndValue(text: string): [string, string | number | boolean] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--queue-arg ${text}: KEY=VALUE is needed`);
  const value = text.slice(at + 1);
  if (value === 'true' || value === 'false') return [text.slice(0, at), value === 'true'];
  return [text.slice(0, at), /^-?\d+$/.test(value) ? Number(value) : value];
}
