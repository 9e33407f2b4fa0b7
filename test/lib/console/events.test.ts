import { beforeEach, describe, expect, test, vi } from 'vitest';
import { EventHub } from '../../../lib/console/event-hub.ts';
import { EventStream } from '../../../lib/console/event-stream.ts';
import type { Identity } from '../../../lib/engine/actor.ts';
import type { ObjectChange } from '../../../lib/engine/object-change.ts';
import type { Engine } from '../../../lib/engine/port.ts';
import type { Sample } from '../../../lib/engine/sample.ts';
import { Metrics } from '../../../lib/metrics/metrics.ts';
import { sample } from '../metrics/sample.ts';

interface ReceivedEvent {
  id?: string;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever was sent
  data: any;
}

/** What a reader has got so far, comments left out. */
class Ears {
  readonly heard: ReceivedEvent[] = [];
  isEnded = false;
  readonly comments: string[] = [];
  private text = '';
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(body: ReadableStream<Uint8Array>) {
    this.reader = body.getReader();
  }

  /** Takes what lies there. */
  async listen(): Promise<ReceivedEvent[]> {
    const before = this.heard.length;
    for (;;) {
      const nothing = new Promise<'nothing'>((resolve) => setImmediate(() => resolve('nothing')));
      this.pending ??= this.reader.read();
      const got = await Promise.race([this.pending, nothing]);
      if (got === 'nothing') break;
      this.pending = null;
      if (got.done) {
        this.isEnded = true;
        break;
      }
      this.text += new TextDecoder().decode(got.value);
    }
    const blocks = this.text.split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/, 2)));
      if (lines.event === undefined) this.comments.push(block);
      else
        this.heard.push({
          ...(lines.id === undefined ? {} : { id: lines.id }),
          event: lines.event,
          data: JSON.parse(lines.data as string),
        });
    }
    return this.heard.slice(before);
  }

  private pending: Promise<ReadableStreamReadResult<Uint8Array>> | null = null;

  cancel(): Promise<void> {
    return this.reader.cancel();
  }
}

type Queues = NonNullable<NonNullable<Parameters<typeof sample>[1]>['queues']>;

const row = (about: Queues[string] = {}) => about;

let metrics: Metrics;
let hub: EventHub;
let takeSample: (sample: Sample) => void;
let takeChanges: (changes: ObjectChange[] | null) => void;
let identities: Record<string, Identity>;
let signedIn: boolean;
let nowMs: number;
let sessions = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
  nowMs = 1_700_000_000_000;
  signedIn = true;
  identities = {
    ann: { user: 'ann', tags: ['management'], vhosts: ['/'] },
    boss: { user: 'boss', tags: ['monitoring'], vhosts: [] },
  };
  metrics = new Metrics();
  hub = new EventHub(
    {
      identity: async (user: string) => identities[user] ?? null,
      subscribe: (on: typeof takeSample) => {
        takeSample = (one) => {
          metrics.observe(one);
          on(one);
        };
        return () => {};
      },
      watch: (on: typeof takeChanges) => {
        takeChanges = on;
        return () => {};
      },
    } as unknown as Engine,
    metrics,
  );
  return () => vi.useRealTimers();
});

/** Each by a browser of its own, unless `sessionId` says otherwise. */
function open(
  user = 'ann',
  lastEventId: string | null = null,
  everyMs = 1000,
  signal = new AbortController().signal,
  sessionId: string = `session ${++sessions}`,
) {
  const identity = identities[user] as Identity;
  return new Ears(hub.open({ identity, everyMs, lastEventId, sessionId, isSignedIn: async () => signedIn, signal }));
}

/** A second passes. */
async function second(queues: Queues = {}): Promise<void> {
  nowMs += 1000;
  await vi.advanceTimersByTimeAsync(1000);
  takeSample(sample(nowMs, { queues }));
}

const queue = (name: string, vhost = '/'): ObjectChange => ({
  kind: 'queue',
  verb: 'created',
  vhost,
  name,
  user: null,
});
const connection = (name: string, user: string): ObjectChange => ({
  kind: 'connection',
  verb: 'created',
  vhost: '/',
  name,
  user,
});

describe('changes', () => {
  test('are told by whoever may see them: vhosts that one may enter, connections of one’s own', async () => {
    const [ann, boss] = [open('ann'), open('boss')];
    const alarm: ObjectChange = { kind: 'alarm', verb: 'changed', vhost: null, name: 'memory', user: null };
    takeChanges([queue('q'), queue('hidden', 'other'), connection('c', 'ann'), connection('d', 'bob'), alarm]);
    const [hello, changes] = await ann.listen();
    expect(hello).toMatchObject({ event: 'hello', data: { user: 'ann', everyMs: 1000, resumed: false } });
    expect(changes?.data.changes).toEqual([queue('q'), connection('c', 'ann'), alarm]);
    expect((await boss.listen())[1]?.data.changes).toHaveLength(5);
  });

  test('nothing is told of a batch that one may see nothing of', async () => {
    const ann = open('ann');
    takeChanges([queue('hidden', 'other')]);
    expect((await ann.listen()).map(({ event }) => event)).toEqual(['hello']);
  });

  test('who comes back with an id gets what it has missed, and nothing twice', async () => {
    const first = open();
    takeChanges([queue('a')]);
    const id = (await first.listen()).at(-1)?.id as string;
    await first.cancel();
    takeChanges([queue('b'), queue('hidden', 'other')]);
    takeChanges([queue('c')]);
    const [hello, missed, ...rest] = await open('ann', id).listen();
    expect(hello?.data.resumed).toBe(true);
    expect(missed?.data.changes).toEqual([queue('b'), queue('c')]);
    expect(rest).toEqual([]);
    const current = await open('ann', missed?.id as string).listen();
    expect(current.map(({ event }) => event)).toEqual(['hello']);
  });

  test.each(['', 'x', 'other-1', '-1', 'a-b-c'])('who comes back with an id of no use begins anew: %s', async (id) => {
    expect((await open('ann', id).listen())[0]?.data.resumed).toBe(false);
  });

  test('an id that is older than what is kept, or from the time to come, begins anew', async () => {
    const id = (await open().listen())[0]?.id as string;
    const run = id.split('-')[0];
    for (let i = 0; i < 1001; i++) takeChanges([queue(`q${i}`)]);
    expect((await open('ann', id).listen())[0]?.data.resumed).toBe(false);
    expect((await open('ann', `${run}-5000`).listen())[0]?.data.resumed).toBe(false);
    expect((await open('ann', `${run}-1`).listen())[0]?.data.resumed).toBe(true);
  });

  test('too many to be told: everyone looks anew, also who comes back', async () => {
    const ann = open();
    const id = (await ann.listen())[0]?.id as string;
    takeChanges(null);
    const [resync] = await ann.listen();
    expect(resync).toMatchObject({ event: 'resync' });
    expect((await open('ann', id).listen())[0]?.data.resumed).toBe(false);
    expect((await open('ann', resync?.id as string).listen())[0]?.data.resumed).toBe(true);
  });

  test('who may see more or less than before looks anew', async () => {
    const ann = open();
    await ann.listen();
    identities.ann = { ...(identities.ann as Identity), vhosts: ['/', 'other'] };
    takeChanges([{ kind: 'vhost', verb: 'created', vhost: 'other', name: 'other', user: null }]);
    await vi.advanceTimersByTimeAsync(0);
    expect((await ann.listen()).map(({ event }) => event)).toEqual(['resync']);
    takeChanges([queue('seen now', 'other')]);
    expect((await ann.listen())[0]?.data.changes).toEqual([queue('seen now', 'other')]);
  });
});

describe('figures', () => {
  test('come with every sample: totals, and the queues that moved, until they are at rest', async () => {
    const ann = open();
    const quiet = row();
    for (let i = 0; i < 3; i++) await second({ '/\0q': quiet, '/\0r': quiet, 'other\0s': quiet });
    await ann.listen();
    await second({
      '/\0q': row({ ready: 2, consumers: 1, published: 2 }),
      '/\0r': quiet,
      'other\0s': row({ ready: 1 }),
    });
    const [tick] = await ann.listen();
    expect(tick).toMatchObject({
      event: 'tick',
      data: { isCut: false, figures: { atMs: nowMs, clients: 'own' }, node: null, problems: [] },
    });
    expect(tick?.id).toBeUndefined();
    expect(tick?.data.queues).toMatchObject([
      { vhost: '/', name: 'q', ready: 2, consumers: 1, rates: { published: 2 / 3 } },
    ]);
    let last: ReceivedEvent | undefined;
    let ticksWithIt = 0;
    for (let i = 0; i < 10; i++) {
      await second({ '/\0q': row({ ready: 2, consumers: 1, published: 2 }), '/\0r': quiet });
      const [next] = await ann.listen();
      if (next?.data.queues.length === 0) continue;
      last = next;
      ticksWithIt++;
    }
    // The last one says that nothing moves any more.
    expect(last?.data.queues).toMatchObject([{ name: 'q', rates: { published: 0 } }]);
    expect(ticksWithIt).toBeLessThan(8);
  });

  test('come as seldom as was asked for, with all that moved meanwhile', async () => {
    const ann = open('ann', null, 3000);
    await second({});
    await ann.listen();
    for (const name of ['a', 'b', 'c']) await second({ [`/\0${name}`]: row({ ready: 1 }) });
    const ticks = await ann.listen();
    expect(ticks).toHaveLength(1);
    expect(ticks[0]?.data.queues.map((row: { name: string }) => row.name)).toEqual(['c']);
  });

  test('problems name the very counts that come with them', async () => {
    const ann = open();
    await second({});
    await ann.listen();
    for (const ready of [3, 4]) {
      await second({ '/\0dead': row({ ready, deadLettersIn: ready }) });
      const [tick] = await ann.listen();
      expect(tick?.data.deadLetters).toBe(ready);
      expect(tick?.data.problems).toMatchObject([{ title: `${ready} dead letters in dead` }]);
    }
  });

  test('more rows than fit are cut, and said to be', async () => {
    const ann = open();
    await second({});
    await ann.listen();
    await second(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`/\0q${i}`, row({ ready: 1 })])));
    const [tick] = await ann.listen();
    expect(tick?.data.isCut).toBe(true);
    expect(tick?.data.queues).toHaveLength(500);
  });
});

describe('the end of a stream', () => {
  test('when the session has ended, or the user may not use the console any more', async () => {
    const [ann, boss] = [open('ann'), open('boss')];
    identities.boss = { ...(identities.boss as Identity), tags: [] };
    await second();
    expect((await boss.listen()).at(-1)).toEqual({ event: 'bye', data: { reason: 'signed-out' } });
    expect(boss.isEnded).toBe(true);
    await ann.listen();
    expect(ann.isEnded).toBe(false);
    signedIn = false;
    await second();
    await ann.listen();
    expect(ann.isEnded).toBe(true);
    expect(hub.readerCount).toBe(0);
  });

  test('when the browser is gone', async () => {
    const gone = new AbortController();
    const [ann] = [open('ann', null, 1000, gone.signal), open()];
    expect(hub.readerCount).toBe(2);
    gone.abort();
    expect(hub.readerCount).toBe(1);
    await ann.listen();
    expect(ann.isEnded).toBe(true);
  });

  test('when Warren stops: everyone is told, and nobody is let in', async () => {
    const ann = open();
    hub.stop();
    expect((await ann.listen()).at(-1)).toEqual({ event: 'bye', data: { reason: 'stopping' } });
    expect(ann.isEnded).toBe(true);
    expect(() => open()).toThrow('stopping');
  });

  test('a user has so many streams and no more; one that ends makes room', async () => {
    const all = Array.from({ length: 20 }, () => open());
    expect(() => open()).toThrow('too many pages');
    open('boss');
    await all[0]?.cancel();
    open();
  });
});

test('one session has few streams, so that a browser has connections left for what its pages ask', async () => {
  const signal = new AbortController().signal;
  const ofOneBrowser = () => open('ann', null, 1000, signal, 'browser');
  const all = [ofOneBrowser(), ofOneBrowser(), ofOneBrowser()];
  expect(ofOneBrowser).toThrow('Other windows of this browser');
  open('ann', null, 1000, signal, 'another browser');
  await all[0]?.cancel();
  ofOneBrowser();
});

test('a reader that takes nothing misses changes and is told so when it does; figures come later; what is held is bounded', async () => {
  const ann = open();
  await second();
  await ann.listen();
  // Nothing is read from here on: the buffer fills.
  const long = 'x'.repeat(200);
  for (let i = 0; i < 3000; i++) takeChanges([queue(`${long}${i}`)]);
  await second({ '/\0q': row({ ready: 1 }) });
  const heard = await ann.listen();
  const bytes = heard.reduce((sum, { data }) => sum + JSON.stringify(data).length, 0);
  expect(bytes).toBeLessThan(300_000);
  expect(heard.filter(({ event }) => event === 'changes').length).toBeLessThan(1500);
  expect(heard.map(({ event }) => event)).toContain('resync');
  expect(heard.map(({ event }) => event)).not.toContain('tick');
  await second({ '/\0q': row({ ready: 1 }) });
  expect((await ann.listen()).at(-1)).toMatchObject({ event: 'tick', data: { queues: [{ name: 'q' }] } });
  takeChanges([queue('after')]);
  expect((await ann.listen()).at(-1)?.data.changes).toEqual([queue('after')]);
});

test('a reader that takes nothing for long is let go', async () => {
  const ann = open();
  const long = 'x'.repeat(300);
  for (let i = 0; i < 3000; i++) takeChanges([queue(`${long}${i}`)]);
  for (let i = 0; i < 80 && hub.readerCount > 0; i++) await second();
  expect(hub.readerCount).toBe(0);
  await ann.listen();
  expect(ann.isEnded).toBe(true);
});

test('silence is broken by comments', async () => {
  const ann = open('ann', null, 60_000);
  await second();
  await ann.listen();
  for (let i = 0; i < 31; i++) await second();
  expect(await ann.listen()).toEqual([]);
  expect(ann.comments.filter((text) => text === ': still here')).toHaveLength(2);
  expect(ann.comments[0]).toBe('retry: 2000');
});

test('a stream that has ended takes nothing, and ends once', () => {
  let ends = 0;
  const stream = new EventStream({ onRoom: () => {}, onEnd: () => ends++ });
  expect(stream.send('a', {})).toBe(true);
  stream.end();
  stream.end();
  expect(ends).toBe(1);
  expect(stream.send('a', {})).toBe(false);
  expect(stream.isOpen).toBe(false);
});
