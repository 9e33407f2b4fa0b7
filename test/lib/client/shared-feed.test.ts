import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FeedEvent } from '../../../lib/client/event-feed.ts';
import { type Channel, type FeedWorld, type Locks, SharedFeed } from '../../../lib/client/shared-feed.ts';
import { FakeSource } from './fake-source.ts';

/** Warren and a browser with several windows. Whatever is under way between them waits until `settle`, in order. */
class Scene {
  readonly windows: Window[] = [];
  readonly sources: FakeSource[] = [];
  /** Changes so far; the id of the last is its number. */
  changeCount = 0;
  /** Changes up to this one are not known any more. */
  forgotten = 0;
  mayConnect = true;
  private readonly deliveries: (() => void)[] = [];
  readonly channels = new Map<string, Set<FakeChannel>>();
  readonly locks = new Map<string, LockRequest[]>();

  later(deliver: () => void): void {
    this.deliveries.push(deliver);
  }

  async settle(steps = Number.POSITIVE_INFINITY): Promise<void> {
    for (let i = 0; i < steps; i++) {
      await Promise.resolve();
      const deliver = this.deliveries.shift();
      if (deliver === undefined) return;
      deliver();
    }
  }

  open(user = 'ann', everyMs = 1000, isSharing = true): Window {
    const window = new Window(this, user, isSharing);
    this.windows.push(window);
    window.feed.start(everyMs);
    return window;
  }

  /** What Warren does with a new stream. */
  connect(url: string): FakeSource {
    const source = new FakeSource(url);
    this.sources.push(source);
    if (!this.mayConnect) {
      this.later(() => source.readyState !== 2 && source.fail(2));
      return source;
    }
    this.later(() => this.greet(source));
    return source;
  }

  change(): void {
    this.changeCount++;
    for (const source of this.openSources()) this.send(source, this.changeCount);
  }

  tick(): void {
    for (const source of this.openSources()) this.later(() => source.readyState !== 2 && source.send('tick', {}));
  }

  openSources(): FakeSource[] {
    return this.sources.filter(({ readyState }) => readyState !== 2);
  }

  /** Of this run of Warren only the newest changes are known. */
  forget(): void {
    this.forgotten = this.changeCount;
  }

  private greet(source: FakeSource): void {
    if (source.readyState === 2) return;
    const asked = new URLSearchParams(source.url.split('?')[1]).get('lastEventId');
    const known = asked === null ? -1 : Number(asked);
    const resumed = known >= this.forgotten;
    source.send('hello', { resumed, user: 'ann' }, String(resumed ? known : this.changeCount));
    if (resumed) for (let id = known + 1; id <= this.changeCount; id++) this.send(source, id);
  }

  private send(source: FakeSource, id: number): void {
    this.later(() => source.readyState !== 2 && source.send('changes', { changes: [] }, String(id)));
  }
}

interface LockRequest {
  grant: () => void;
  signal: AbortSignal;
  owner: Window;
}

class FakeChannel implements Channel {
  onmessage: Channel['onmessage'] = null;
  private readonly scene: Scene;
  private readonly peers: Set<FakeChannel>;

  constructor(scene: Scene, name: string) {
    this.scene = scene;
    this.peers = scene.channels.get(name) ?? new Set();
    scene.channels.set(name, this.peers);
    this.peers.add(this);
  }

  postMessage(message: unknown): void {
    if (!this.peers.has(this)) throw new Error('a closed channel is silent');
    const data = structuredClone(message);
    for (const peer of this.peers)
      if (peer !== this) this.scene.later(() => this.peers.has(peer) && peer.onmessage?.({ data } as MessageEvent));
  }

  close(): void {
    this.peers.delete(this);
  }
}

class Window {
  readonly feed: SharedFeed;
  readonly events: FeedEvent[] = [];
  /** Changes up to this one are on its page. */
  known = -1;
  missed = 0;
  private readonly scene: Scene;
  private readonly channels: FakeChannel[] = [];
  private readonly sources: FakeSource[] = [];

  constructor(scene: Scene, user: string, isSharing: boolean) {
    this.scene = scene;
    const locks: Locks = { request: (name, { signal }, hold) => this.request(name, signal, hold) };
    const channel = (name: string): Channel => {
      const made = new FakeChannel(scene, name);
      this.channels.push(made);
      return made;
    };
    const world: FeedWorld = {
      open: (url) => {
        const source = scene.connect(url);
        this.sources.push(source);
        return source;
      },
      sharing: isSharing ? { locks, channel } : null,
    };
    this.feed = new SharedFeed(world, user, (event) => this.take(event));
  }

  get isReading(): boolean {
    return this.sources.some(({ readyState }) => readyState !== 2);
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  /** As a browser does it: nothing of the page runs any more. */
  vanish(): void {
    for (const channel of this.channels) channel.close();
    for (const source of this.sources) source.close();
    for (const [name, queue] of this.scene.locks)
      this.leave(
        name,
        queue.find(({ owner }) => owner === this),
      );
    this.scene.windows.splice(this.scene.windows.indexOf(this), 1);
    // Only its timers are left to end.
    this.feed.stop();
  }

  private take(event: FeedEvent): void {
    this.events.push(event);
    const id = Number(event.id);
    // A page that is not resumed asks for everything.
    if (event.type === 'hello' && !event.data.resumed) this.known = this.scene.changeCount;
    if (event.type !== 'changes') return;
    if (id > this.known + 1) this.missed++;
    this.known = Math.max(this.known, id);
  }

  private request(name: string, signal: AbortSignal, hold: () => Promise<void>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const queue = this.scene.locks.get(name) ?? [];
      this.scene.locks.set(name, queue);
      let isHeld = false;
      const request: LockRequest = {
        owner: this,
        signal,
        grant: () => {
          isHeld = true;
          void hold().then(() => {
            this.leave(name, request);
            resolve(undefined);
          });
        },
      };
      signal.addEventListener('abort', () => {
        if (isHeld) return;
        this.leave(name, request);
        reject(new Error('aborted'));
      });
      queue.push(request);
      if (queue[0] === request) this.grantNext(queue);
    });
  }

  private leave(name: string, request: LockRequest | undefined): void {
    const queue = this.scene.locks.get(name) ?? [];
    const at = request === undefined ? -1 : queue.indexOf(request);
    if (at === -1) return;
    queue.splice(at, 1);
    if (at === 0) this.grantNext(queue);
  }

  private grantNext(queue: LockRequest[]): void {
    const [first] = queue;
    if (first !== undefined) this.scene.later(() => queue[0] === first && !first.signal.aborted && first.grant());
  }
}

let scene: Scene;

beforeEach(() => {
  vi.useFakeTimers();
  scene = new Scene();
});

afterEach(() => {
  for (const { feed } of scene.windows) feed.stop();
  vi.useRealTimers();
});

describe('windows of one browser', () => {
  test('have one stream among them, and all get what it says', async () => {
    for (let i = 0; i < 8; i++) scene.open();
    await scene.settle();
    scene.change();
    await scene.settle();
    expect(scene.openSources()).toHaveLength(1);
    expect(scene.windows).toHaveLength(8);
    for (const { types, known } of scene.windows) {
      expect(types.slice(-2)).toEqual(['hello', 'changes']);
      expect(known).toBe(1);
    }
  });

  test('a window that comes later is live at once, and asks for what was before', async () => {
    scene.open();
    await scene.settle();
    scene.change();
    await scene.settle();
    const late = scene.open();
    await scene.settle();
    expect(late.events).toMatchObject([{ type: 'hello', data: { resumed: false, user: 'ann' } }]);
    expect(scene.windows[0]?.types).toEqual(['hello', 'changes']);
  });

  test('what a window hears before it is greeted does not make it believe that it knows all', async () => {
    scene.open();
    await scene.settle();
    scene.change();
    const late = scene.open();
    await scene.settle();
    expect(late.events).toMatchObject([{ type: 'hello', data: { resumed: false } }]);
  });

  test('when the reader closes the next one reads on from the last event, and nobody has to ask anew', async () => {
    const [first, second, third] = [scene.open(), scene.open(), scene.open()];
    await scene.settle();
    scene.change();
    await scene.settle();
    const before = [second.events.length, third.events.length];
    first.vanish();
    scene.change();
    await scene.settle();
    expect(second.isReading).toBe(true);
    expect(scene.openSources()).toHaveLength(1);
    expect(scene.openSources()[0]?.url).toContain('lastEventId=1');
    for (const [i, window] of [second, third].entries()) {
      const events = window.events.slice(before[i]);
      expect(events).toMatchObject([
        { type: 'hello', data: { resumed: true } },
        { type: 'changes', id: '2' },
      ]);
    }
  });

  test('a window that goes out of sight lets the stream go, and comes back for what it has missed', async () => {
    const [first, second] = [scene.open(), scene.open()];
    await scene.settle();
    first.feed.stop();
    await scene.settle();
    expect([first.isReading, second.isReading]).toEqual([false, true]);
    scene.change();
    await scene.settle();
    expect(first.known).toBe(0);
    first.feed.start(1000);
    await scene.settle();
    expect(first.events.at(-1)).toMatchObject({ type: 'hello', data: { resumed: false } });
    const count = second.events.length;
    first.feed.stop();
    first.feed.start(1000);
    await scene.settle();
    // Nothing happened meanwhile: there is nothing to ask for.
    expect(first.events.at(-1)).toMatchObject({ type: 'hello', data: { resumed: true } });
    expect(second.types.slice(count)).toEqual([]);
  });

  test('the loss of the stream is known to all, and so is its return', async () => {
    const [reader, listener] = [scene.open(), scene.open()];
    await scene.settle();
    scene.mayConnect = false;
    scene.openSources()[0]?.fail(2);
    await scene.settle();
    expect([reader.types.at(-1), listener.types.at(-1)]).toEqual(['lost', 'lost']);
    const late = scene.open();
    await scene.settle();
    expect(late.types).toEqual([]);
    scene.change();
    scene.mayConnect = true;
    await vi.advanceTimersByTimeAsync(2_000);
    await scene.settle();
    for (const { types, known } of [reader, listener]) {
      expect(types.slice(-3)).toEqual(['lost', 'hello', 'changes']);
      expect(known).toBe(1);
    }
    expect(late.known).toBe(1);
  });

  test('windows that want figures at other distances have another stream, at theirs', async () => {
    for (const everyMs of [1000, 5000, 1000, 5000]) scene.open('ann', everyMs);
    await scene.settle();
    expect(scene.openSources().map(({ url }) => url.split('?')[1])).toEqual(['everyMs=1000', 'everyMs=5000']);
    // All choose the same again.
    for (const { feed } of scene.windows) feed.start(5000);
    await scene.settle();
    expect(scene.openSources()).toHaveLength(1);
  });

  test('pages of two users share nothing', async () => {
    const [ann, bob] = [scene.open('ann'), scene.open('bob')];
    await scene.settle();
    expect([ann.isReading, bob.isReading]).toEqual([true, true]);
  });

  test('the end of a session is known to all', async () => {
    const [, listener] = [scene.open(), scene.open()];
    await scene.settle();
    scene.openSources()[0]?.send('bye', { reason: 'signed-out' });
    await scene.settle();
    expect(listener.types.slice(-2)).toEqual(['bye', 'lost']);
  });

  test('where there are no locks each window reads for itself', async () => {
    for (let i = 0; i < 2; i++) scene.open('ann', 1000, false);
    await scene.settle();
    expect(scene.openSources()).toHaveLength(2);
    scene.change();
    await scene.settle();
    expect(scene.windows.map(({ known }) => known)).toEqual([1, 1]);
  });
});

test('whatever windows come, go and vanish, and whenever: none misses a change, and there is one stream', async () => {
  const command = fc.oneof(
    fc.constant({ do: 'open' as const }),
    fc.record({ do: fc.constantFrom('vanish', 'hide', 'show'), window: fc.nat(5) }),
    fc.constant({ do: 'change' as const }),
    fc.constant({ do: 'change' as const }),
    fc.constant({ do: 'forget' as const }),
    fc.constant({ do: 'drop' as const }),
    fc.record({ do: fc.constant('settle' as const), steps: fc.nat(3) }),
    fc.record({ do: fc.constant('settle' as const), steps: fc.nat(20) }),
  );
  let informed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 40 }), async (commands) => {
      scene = new Scene();
      const shown = new Set<Window>();
      for (const one of commands) {
        const window = 'window' in one ? scene.windows[one.window % Math.max(1, scene.windows.length)] : undefined;
        if (one.do === 'open') shown.add(scene.open());
        else if (one.do === 'change') scene.change();
        else if (one.do === 'forget') scene.forget();
        else if (one.do === 'drop') for (const source of scene.openSources()) source.fail(2);
        else if ('steps' in one) await scene.settle(one.steps);
        else if (window !== undefined) {
          if (one.do === 'vanish') window.vanish();
          else if (one.do === 'hide') window.feed.stop();
          else if (!shown.has(window)) window.feed.start(1000);
          if (one.do === 'show') shown.add(window);
          else shown.delete(window);
        }
        expect(scene.openSources().length).toBeLessThanOrEqual(1);
      }
      // Until the longest wait for a connection is over.
      for (let i = 0; i < 35; i++) {
        await scene.settle();
        scene.tick();
        await vi.advanceTimersByTimeAsync(1_000);
      }
      await scene.settle();
      expect(scene.openSources()).toHaveLength(shown.size === 0 ? 0 : 1);
      for (const window of shown) {
        expect(window.missed).toBe(0);
        expect(window.known).toBe(scene.changeCount);
        if (window.known > 0) informed++;
      }
      for (const { feed } of scene.windows) feed.stop();
    }),
    { numRuns: 500 },
  );
  expect(informed).toBeGreaterThan(0);
});
