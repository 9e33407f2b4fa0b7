/** One broker, one run: topology, threads, the window that is measured, settling, verdict. */
import { randomInt } from 'node:crypto';
import { RunClock } from './clock.ts';
import { Crew } from './crew.ts';
import { type LatencySummary, summarizeLatency } from './latency.ts';
import { Link } from './link.ts';
import type { Options } from './options.ts';
import { type Plan, planOf } from './plan.ts';
import { type ProcessUsage, processUsage } from './process-usage.ts';
import { moved, Tally, type Totals } from './tally.ts';
import type { ThreadResult } from './thread-protocol.ts';
import { declareTopology, deleteTopology } from './topology.ts';
import { type Verdict, verdictOf } from './verdict.ts';

const WARM_UP_SECONDS = 1;
const STEP_MS = 20;

export interface RunResult extends Verdict {
  readonly broker: string;
  readonly publishedPerSecond: number;
  readonly consumedPerSecond: number;
  readonly confirmedPerSecond: number;
  readonly published: number;
  readonly consumed: number;
  readonly confirmed: number;
  readonly nacked: number;
  readonly returned: number;
  readonly redelivered: number;
  readonly foreign: number;
  /** Microseconds. */
  readonly latency: LatencySummary | undefined;
  readonly confirmLatency: LatencySummary | undefined;
  readonly clientCpuSeconds: number;
  readonly brokerCpuSeconds: number | undefined;
  readonly brokerRssMib: number | undefined;
  readonly wallSeconds: number;
}

interface Instant extends Totals {
  readonly atNs: number;
}

/** Rejects with the broker's own reason when it refuses or goes away. */
export async function runOnce(
  url: string,
  options: Options,
  pid: number | undefined,
  progress: (line: string) => void,
): Promise<RunResult> {
  const plan = planOf(options);
  const link = await Link.open(url);
  try {
    const waiting = await declareTopology(link, plan, options);
    const measured = await measure(url, options, plan, waiting, pid, progress);
    if (!options.keep) await deleteTopology(link, plan);
    return { broker: link.product, ...measured };
  } finally {
    await link.close();
  }
}

async function measure(
  url: string,
  options: Options,
  plan: Plan,
  waiting: number,
  pid: number | undefined,
  progress: (line: string) => void,
): Promise<Omit<RunResult, 'broker'>> {
  const tally = new Tally(plan.threads);
  const baseNs = process.hrtime.bigint();
  const clock = new RunClock(baseNs);
  const crew = await Crew.gather({ url, options, plan, run: randomInt(256), baseNs, tally: tally.buffer });
  const ticker = setInterval(() => progress(progressLine(tally)), 1000);
  try {
    const instant = (): Instant => ({ ...tally.totals(), atNs: clock.nowNs() });
    const before = processUsage(pid);
    const cpuBefore = process.cpuUsage();
    const start = instant();
    crew.start();
    const target = options.drain ? options.count || waiting : options.count;
    const window = await publishing(crew, instant, options, target);
    await crew.stop();
    await settling(crew, tally, options, plan, target);
    const cpu = process.cpuUsage(cpuBefore);
    const wallSeconds = (clock.nowNs() - start.atNs) / 1e9;
    const after = processUsage(pid);
    const results = await crew.finish();
    return {
      ...summary(results, start, window),
      ...usage(before, after),
      ...verdict(),
      clientCpuSeconds: (cpu.user + cpu.system) / 1e6,
      wallSeconds,
    };

    function verdict(): Verdict {
      const { queueArguments, confirmWindow } = options;
      const expected = { queueArguments, confirms: confirmWindow > 0, waiting: options.drain ? target : undefined };
      return verdictOf(plan, results, expected);
    }
  } finally {
    clearInterval(ticker);
    await crew.dismiss();
  }
}

/** Waits until the time is over or the count is reached; the window is what lies between the first second and the end of the time. */
async function publishing(
  crew: Crew,
  instant: () => Instant,
  options: Options,
  target: number,
): Promise<[Instant, Instant] | undefined> {
  const { seconds, drain } = options;
  const startNs = instant().atNs;
  const warmNs = startNs + Math.min(WARM_UP_SECONDS, seconds / 2) * 1e9;
  let warm: Instant | undefined;
  let quiet = { count: -1, sinceNs: startNs };
  for (;;) {
    const now = instant();
    const count = drain ? now.consumed : now.published;
    if (count !== quiet.count) quiet = { count, sinceNs: now.atNs };
    if (target > 0 && count >= target) return undefined;
    if (drain && (target === 0 || now.atNs - quiet.sinceNs > options.settleSeconds * 1e9)) return undefined;
    if (!warm && now.atNs >= warmNs) warm = now;
    if (seconds > 0 && now.atNs - startNs >= seconds * 1e9) return [warm ?? now, now];
    const nextNs = seconds > 0 ? (warm ? startNs + seconds * 1e9 : warmNs) - now.atNs : Number.POSITIVE_INFINITY;
    await crew.pause(target > 0 || drain ? STEP_MS : Math.max(1, Math.ceil(nextNs / 1e6)));
  }
}

/** Waits until all has arrived and is confirmed, or nothing more comes. */
async function settling(crew: Crew, tally: Tally, options: Options, plan: Plan, target: number): Promise<void> {
  const confirms = options.confirmWindow > 0;
  let silentMs = 0;
  let last = tally.totals();
  while (silentMs < options.settleSeconds * 1000) {
    const { published, settled, consumed } = last;
    const deliveries = options.drain ? target : (published * plan.copies) >>> 0;
    const arrived = plan.consumers.length === 0 || moved(deliveries, consumed) < 2 ** 31;
    if (arrived && (!confirms || settled === published)) return;
    await crew.pause(STEP_MS);
    const now = tally.totals();
    silentMs = now.consumed === consumed && now.settled === settled ? silentMs + STEP_MS : 0;
    last = now;
  }
}

function summary(results: readonly ThreadResult[], start: Instant, window: [Instant, Instant] | undefined) {
  const sum = (of: (result: ThreadResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const latest = (of: (result: ThreadResult) => number): number => Math.max(...results.map(of));
  const published = sum((result) => result.published.reduce((total, [, count]) => total + count, 0));
  const confirmed = sum((result) => result.confirmed);
  const consumed = sum((result) => result.consumed);
  const rate = (counter: keyof Totals, total: number, lastNs: number): number => {
    const [from, to] = window ?? [start, { ...start, atNs: lastNs }];
    const ns = to.atNs - from.atNs;
    return ns > 0 ? Math.round((window ? moved(from[counter], to[counter]) : total) / (ns / 1e9)) : 0;
  };
  return {
    publishedPerSecond: rate(
      'published',
      published,
      latest((result) => result.lastPublishedNs),
    ),
    consumedPerSecond: rate(
      'consumed',
      consumed,
      latest((result) => result.lastConsumedNs),
    ),
    confirmedPerSecond: rate(
      'settled',
      confirmed,
      latest((result) => result.lastSettledNs),
    ),
    published,
    consumed,
    confirmed,
    nacked: sum((result) => result.nacked),
    returned: sum((result) => result.returned),
    redelivered: sum((result) => result.redelivered),
    foreign: sum((result) => result.foreign),
    latency: summarizeLatency(results.flatMap((result) => result.latency)),
    confirmLatency: summarizeLatency(results.flatMap((result) => result.confirmLatency)),
  };
}

function usage(before: ProcessUsage | undefined, after: ProcessUsage | undefined) {
  return {
    brokerCpuSeconds: before && after ? Math.round((after.cpuSeconds - before.cpuSeconds) * 100) / 100 : undefined,
    brokerRssMib: after?.rssMib,
  };
}

function progressLine(tally: Tally): string {
  const { published, consumed, settled } = tally.totals();
  return `published ${published}  consumed ${consumed}  confirmed ${settled}`;
}
