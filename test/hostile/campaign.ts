/** One Warren under all attacks, one after the other, and what is to be said of how it fared. */
import { ask, must } from './api.ts';
import { attackWithFrames, type FrameTally } from './frame-attack.ts';
import { attackWithPatterns, type PatternTally } from './pattern-attack.ts';
import { attackWithRequests, type RequestTally } from './request-attack.ts';
import { Victim } from './victim.ts';
import { Witness } from './witness.ts';

/** Vhosts come and go with what was declared in them, so that memory can be compared. */
const FRAMES_PER_ROUND = 100_000;
/** The most time that a request of the witness may take while others attack. */
const SLOWEST_MS_MAX = 1_000;
/** The most that the heap may grow from the first tenth to the end, on its way from one collection to the next. */
const GROWTH_MIB_MAX = 64;
/** The most requests of a hundred that may be turned away before they are tried. */
const TURNED_AWAY_PERCENT_MAX = 2;
const SHOWN_MAX = 20;

export interface CampaignSize {
  frames: number;
  requests: number;
  patterns: number;
}

export interface CampaignReport {
  seed: number;
  frames: FrameTally;
  requests: RequestTally;
  patterns: PatternTally;
  witness: { requests: number; slowestMs: number };
  /** Resident, in MiB: when the attack began, after its first tenth, and at its end. */
  memory: { before: number; early: number; after: number };
  /** Everything that may not be; empty: it held. */
  failures: string[];
}

export async function campaign(
  size: CampaignSize,
  seed: number,
  progress: (line: string) => void = () => {},
): Promise<CampaignReport> {
  const victim = await Victim.start();
  const witness = await Witness.beside(victim);
  try {
    const frames: FrameTally = { frames: 0, connections: 0, ends: new Map(), unforeseen: [] };
    const requests: RequestTally = { requests: 0, statuses: new Map(), slowestMs: 0, failures: [] };
    const patterns: PatternTally = { patterns: 0, requests: 0, refused: 0, slowestMs: 0, failures: [] };
    const memory = { before: victim.residentMib, early: 0, after: 0 };
    const ends: string[] = [];
    try {
      memory.early = await frameRounds(victim, size.frames, seed, frames, progress);
      memory.after = victim.residentMib;
      progress(`${frames.frames} frames on ${frames.connections} connections, ${Math.round(memory.after)} MiB`);
      await attackWithPatterns(victim, size.patterns, seed, patterns);
      progress(`${patterns.patterns} patterns in ${patterns.requests} requests, ${patterns.refused} refused`);
      await attackWithRequests(victim, size.requests, seed, requests);
      progress(`${requests.requests} requests, slowest ${Math.round(requests.slowestMs)} ms`);
      await witness.end();
    } catch (error) {
      ends.push(`the owner could not go on: ${error instanceof Error ? error.message : String(error)}`);
    }
    const { slowestMs } = witness;
    const report = { seed, frames, requests, patterns, witness: { requests: witness.requests, slowestMs }, memory };
    return { ...report, failures: [...ends, ...failuresOf(report, victim, witness)] };
  } finally {
    await victim.stop();
    await witness.end();
  }
}

/** Returns the memory after the first tenth. */
async function frameRounds(
  victim: Victim,
  total: number,
  seed: number,
  tally: FrameTally,
  progress: (line: string) => void,
): Promise<number> {
  let early = victim.residentMib;
  for (let round = 0; tally.frames < total && victim.isAlive; round++) {
    const vhost = `round-${round}`;
    await must(victim.http, 'PUT', `/api/vhosts/${vhost}`);
    const count = Math.min(FRAMES_PER_ROUND, total - tally.frames);
    await attackWithFrames(victim.amqp, vhost, count, seed + round * FRAMES_PER_ROUND, tally, () => victim.isAlive);
    await ask(victim.http, 'DELETE', `/api/vhosts/${vhost}`);
    if (tally.frames <= total / 10 || round === 0) early = Math.max(early, victim.residentMib);
    if (round % 10 === 9) progress(`${tally.frames} frames, ${Math.round(victim.residentMib)} MiB`);
  }
  return early;
}

function failuresOf(report: Omit<CampaignReport, 'failures'>, victim: Victim, witness: Witness): string[] {
  const { frames, requests, patterns, memory } = report;
  const turnedAway = (100 * (requests.statuses.get(429) ?? 0)) / Math.max(1, requests.requests);
  const grown = Math.round(memory.after - memory.early);
  return [
    ...(victim.isAlive ? [] : ['the process has ended']),
    ...victim.complaints.slice(0, SHOWN_MAX).map((line) => `logged: ${line}`),
    ...frames.unforeseen.slice(0, SHOWN_MAX),
    ...patterns.failures.slice(0, SHOWN_MAX),
    ...requests.failures.slice(0, SHOWN_MAX),
    ...(turnedAway > TURNED_AWAY_PERCENT_MAX ? [`${Math.round(turnedAway)} % of the requests were not tried`] : []),
    ...witness.failures.slice(0, SHOWN_MAX).map((line) => `the neighbour: ${line}`),
    ...(witness.slowestMs > SLOWEST_MS_MAX ? [`the neighbour waited for ${Math.round(witness.slowestMs)} ms`] : []),
    ...(grown > GROWTH_MIB_MAX ? [`memory grew by ${grown} MiB after the first tenth of the frames`] : []),
  ];
}

/** The report as text for people. */
export function reportText({ seed, frames, requests, patterns, witness, memory, failures }: CampaignReport): string {
  const counts = (of: Map<number, number>): string =>
    [...of]
      .sort(([a], [b]) => a - b)
      .map(([code, count]) => `${code}: ${count}`)
      .join(', ');
  const mib = (value: number): string => `${Math.round(value)} MiB`;
  return [
    `seed ${seed}`,
    `frames    ${frames.frames} on ${frames.connections} connections; they ended with ${counts(frames.ends)}`,
    `patterns  ${patterns.patterns} in ${patterns.requests} requests, ${patterns.refused} refused, slowest ${Math.round(patterns.slowestMs)} ms`,
    `requests  ${requests.requests}, slowest ${Math.round(requests.slowestMs)} ms; statuses ${counts(requests.statuses)}`,
    `neighbour ${witness.requests} requests, slowest ${Math.round(witness.slowestMs)} ms`,
    `memory    ${mib(memory.before)} before, ${mib(memory.early)} after the first tenth of the frames, ${mib(memory.after)} after all of them`,
    ...failures.map((line) => `FAILED    ${line}`),
  ].join('\n');
}
