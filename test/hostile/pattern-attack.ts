/** Patterns of strangers against names that were built to hurt them, in every place that takes a pattern. */
import { connect } from 'amqplib';
import { Dice } from '../conformance/differential/dice.ts';
import { ask, must } from './api.ts';
import type { Victim } from './victim.ts';

const VHOST = 'patterns';
const USER = 'patterns';
const EVERYTHING = { configure: '.*', write: '.*', read: '.*' };
const TIMED_OUT_MS = 1_000;

/** Patterns that make an engine that tries all ways try very many. */
const HURTFUL = [
  'a'.repeat(36),
  'ab'.repeat(60),
  'a.'.repeat(60),
  'x'.repeat(200),
  '0'.repeat(120),
  ' '.repeat(100),
].flatMap((text) => [`${text}!`, text, `!${text}`]);
const KNOWN = [
  '^(a+)+$',
  '^(a|a)*$',
  '^(a|aa)+$',
  '(.*a){25}',
  '^(\\w+\\s?)*$',
  '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}$',
  '(x+x+)+y',
  '((((a*)*)*)*)*b',
  '(a?){60}a{60}',
  '(?i)^(([a-z])+.)+[A-Z]([a-z])+$',
  '^(.*?,){11}P',
  '[[:punct:]]+$',
  '\\A\\Q(a+)+\\E\\z',
  'a{1000}{1000}{1000}',
  '(?=a+)+b',
  '(a)\\1+',
  '',
];

export interface PatternTally {
  patterns: number;
  /** Settings and questions, and of them those that were refused as no pattern. */
  requests: number;
  refused: number;
  slowestMs: number;
  failures: string[];
}

export async function attackWithPatterns(
  victim: Victim,
  patterns: number,
  seed: number,
  tally: PatternTally,
): Promise<void> {
  const { http, amqp } = victim;
  const dice = new Dice(seed);
  await must(http, 'PUT', `/api/vhosts/${VHOST}`);
  await must(http, 'PUT', `/api/users/${USER}`, { password: USER, tags: 'management' });
  await must(http, 'PUT', `/api/permissions/${VHOST}/${USER}`, EVERYTHING);
  for (const name of HURTFUL) await must(http, 'PUT', `/api/queues/${VHOST}/${encodeURIComponent(name)}`, {});

  const timed = async (what: string, request: () => Promise<number>): Promise<void> => {
    const begin = performance.now();
    const status = await request();
    const tookMs = performance.now() - begin;
    tally.requests++;
    tally.slowestMs = Math.max(tally.slowestMs, tookMs);
    if (status === 400) tally.refused++;
    if (tookMs > TIMED_OUT_MS) tally.failures.push(`${what} took ${Math.round(tookMs)} ms`);
    if (status >= 500) tally.failures.push(`${what} was answered with ${status}`);
  };
  const set = (what: string, path: string, body: object) =>
    timed(what, async () => (await ask(http, 'PUT', path, body)).status);

  for (let i = 0; i < patterns && victim.isAlive; i++) {
    const pattern = i < KNOWN.length ? (KNOWN[i] as string) : anyPattern(dice, 0);
    const of = (what: string) => `${what} with the pattern ${JSON.stringify(pattern)}`;
    const definition = { 'max-length': 1000 };
    await set(of('a policy'), `/api/policies/${VHOST}/p`, { pattern, definition, 'apply-to': 'queues' });
    await set(of('an operator policy'), `/api/operator-policies/${VHOST}/p`, {
      pattern,
      definition,
      'apply-to': 'queues',
    });
    const query = `page=1&use_regex=true&name=${encodeURIComponent(pattern)}`;
    await timed(of('a list'), async () => (await ask(http, 'GET', `/api/queues/${VHOST}?${query}`)).status);
    const topic = { exchange: 'amq.topic', write: pattern, read: pattern };
    await set(of('a topic permission'), `/api/topic-permissions/${VHOST}/${USER}`, topic);
    const permission = { ...EVERYTHING, write: `amq\\.topic|${pattern}` };
    await set(of('a permission'), `/api/permissions/${VHOST}/${USER}`, permission);
    await timed(of('publishing'), async () => {
      await publish(amqp.host, amqp.port, dice.one(HURTFUL));
      return 204;
    });
    tally.patterns++;
  }
  await must(http, 'DELETE', `/api/vhosts/${VHOST}`);
  await must(http, 'DELETE', `/api/users/${USER}`);
}

/** A key that the topic permission decides on. Being refused is fine. */
async function publish(hostname: string, port: number, key: string): Promise<void> {
  const model = await connect({ hostname, port, username: USER, password: USER, vhost: VHOST, heartbeat: 0 });
  model.on('error', () => {});
  const channel = await model.createConfirmChannel();
  channel.on('error', () => {});
  channel.publish('amq.topic', key, Buffer.from('x'));
  await channel.waitForConfirms().catch(() => {});
  await model.close().catch(() => {});
}

const ATOMS = [
  'a',
  'b',
  'x',
  '.',
  '\\w',
  '\\d',
  '\\s',
  '[a-z]',
  '[^b]',
  '[[:alnum:]]',
  '[[:punct:]]',
  '\\.',
  '\\Qa.\\E',
  '0',
];
const QUANTIFIERS = [
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '*+',
  '++',
  '{2}',
  '{2,}',
  '{0,9}',
  '{30}',
  '{1,100}',
  '{,3}',
  '{1000}',
];
const ODD = [
  '(?=a)',
  '(?!a)',
  '(?<=a)',
  '\\1',
  '(?>a+)',
  '(?R)',
  '\\K',
  '\\X',
  '[',
  '(',
  ')',
  '*',
  '{',
  '\\',
  '(?i)',
  '(?s-i:a)',
];

/** Anything that looks like a pattern, and now and then what is none. */
function anyPattern(dice: Dice, depth: number): string {
  let made = '';
  for (let parts = 1 + dice.number(4); parts > 0; parts--) {
    const kind = dice.number(10);
    if (kind === 0) made += dice.one(ODD);
    else if (kind < 5 && depth < 5) made += `${dice.one(['(', '(?:'])}${anyPattern(dice, depth + 1)})`;
    else made += dice.one(ATOMS);
    if (dice.chance(60)) made += dice.one(QUANTIFIERS);
    if (dice.chance(15)) made += '|';
  }
  if (depth === 0 && dice.chance(40)) made = `${dice.one(['^', '\\A', ''])}${made}${dice.one(['$', '\\z', '\\Z', ''])}`;
  return made;
}
