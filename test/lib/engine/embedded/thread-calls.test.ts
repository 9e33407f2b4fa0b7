import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ThreadCalls } from '../../../../lib/engine/embedded/thread-calls.ts';

interface Sent {
  id: number;
  command: string;
}

class CallsFixture {
  readonly sent: Sent[] = [];
  readonly lines: string[] = [];
  readonly calls = new ThreadCalls({
    send: ({ id, command }) => this.sent.push({ id, command }),
    log: (level, text) => this.lines.push(`${level} ${text}`),
  });

  constructor() {
    this.calls.start();
  }

  /** What became of a call so far. */
  ask(command: 'identity' | 'importDefinitions' | 'publish' | 'deleteQueue'): { outcome: string } {
    const asked = { outcome: 'pending' };
    this.calls.call(command, []).then(
      (result) => (asked.outcome = String(result)),
      (error: { code: string; message: string }) => (asked.outcome = `${error.code}: ${error.message}`),
    );
    return asked;
  }

  /** Time goes by, and the thread says something each second. */
  async alive(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      await vi.advanceTimersByTimeAsync(1_000);
      this.calls.heard();
    }
  }
}

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2030, 0, 1, 12) }));
afterEach(() => void vi.useRealTimers());

describe('a call', () => {
  test('that is answered in time is the answer', async () => {
    const fixture = new CallsFixture();
    const asked = fixture.ask('identity');
    await fixture.alive(9);
    fixture.calls.resolve(1, 'ada');
    await fixture.alive(30);
    expect(asked.outcome).toBe('ada');
  });

  test('that is not answered in time is refused, says that it may have been done, and its late answer is dropped', async () => {
    const fixture = new CallsFixture();
    const asked = fixture.ask('identity');
    await fixture.alive(11);
    expect(asked.outcome).toBe(
      'UNAVAILABLE: the broker did not answer within 10 s; what was asked for may have been done',
    );
    fixture.calls.resolve(1, 'late');
    fixture.calls.reject(1, 'NOT_FOUND', 'later');
    await fixture.alive(1);
    expect(asked.outcome).toMatch(/^UNAVAILABLE/);
    const next = fixture.ask('identity');
    fixture.calls.resolve(2, 'ben');
    await fixture.alive(1);
    expect(next.outcome).toBe('ben');
    expect(fixture.lines).toEqual([]);
  });

  test.each([
    ['publish', 60],
    ['deleteQueue', 60],
    ['importDefinitions', 600],
  ] as const)('%s has %i s', async (command, seconds) => {
    const fixture = new CallsFixture();
    const asked = fixture.ask(command);
    await fixture.alive(seconds - 1);
    expect(asked.outcome).toBe('pending');
    await fixture.alive(2);
    expect(asked.outcome).toContain(`within ${seconds} s`);
  });

  test('that the thread refuses is refused with its words', async () => {
    const fixture = new CallsFixture();
    const asked = fixture.ask('deleteQueue');
    fixture.calls.reject(1, 'NOT_FOUND', "no queue 'q'");
    await fixture.alive(1);
    expect(asked.outcome).toBe("NOT_FOUND: no queue 'q'");
  });

  test.each([
    ['close', 'pending'],
    ['end', 'UNAVAILABLE: the broker has stopped'],
  ] as const)('after %s is not sent; one that waits: %s', async (how, outcome) => {
    const fixture = new CallsFixture();
    const before = fixture.ask('identity');
    fixture.calls[how]('the broker has stopped');
    const after = fixture.ask('identity');
    await fixture.alive(1);
    expect([before.outcome, after.outcome]).toEqual([outcome, 'UNAVAILABLE: the broker has stopped']);
    expect(fixture.sent).toHaveLength(1);
  });
});

describe('a thread that says nothing', () => {
  test('for two seconds is said in the log, once, and when it is back, and calls are refused at once meanwhile', async () => {
    const fixture = new CallsFixture();
    await fixture.alive(5);
    const [short, long] = [fixture.ask('identity'), fixture.ask('importDefinitions')];
    await vi.advanceTimersByTimeAsync(1_900);
    expect([fixture.calls.isHanging, short.outcome]).toEqual([false, 'pending']);
    await vi.advanceTimersByTimeAsync(300);
    const since = 'the broker has not answered since 2030-01-01T12:00:05.000Z';
    expect(fixture.lines).toEqual([`error ${since}: requests are refused until it does`]);
    expect(short.outcome).toBe(`UNAVAILABLE: ${since}; what was asked for may have been done`);
    const refused = fixture.ask('identity');
    await vi.advanceTimersByTimeAsync(0);
    expect(refused.outcome).toBe(`UNAVAILABLE: ${since}; nothing was done`);
    expect(fixture.sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fixture.lines).toHaveLength(1);
    fixture.calls.heard();
    expect(fixture.lines.slice(1)).toEqual(['warning the broker answers again, after 62 s']);
    expect(long.outcome).toBe('pending');
    fixture.calls.resolve(2, 'imported');
    await fixture.alive(1);
    expect(long.outcome).toBe('imported');
    expect(fixture.ask('identity').outcome).toBe('pending');
    expect(fixture.sent).toHaveLength(3);
  });

  test('is not complained about when it is this thread that did not listen', async () => {
    const fixture = new CallsFixture();
    await fixture.alive(1);
    const asked = fixture.ask('identity');
    // The clock goes on, and no timer of this thread ran.
    vi.setSystemTime(Date.now() + 30_000);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 30_000);
    await vi.advanceTimersByTimeAsync(250);
    expect([fixture.calls.isHanging, fixture.lines, asked.outcome]).toEqual([false, [], 'pending']);
    vi.restoreAllMocks();
  });

  test('is noticed in a real thread that is blocked, and so is that it goes on', async () => {
    vi.useRealTimers();
    const script = `
      const { parentPort, workerData } = require('node:worker_threads');
      setInterval(() => parentPort.postMessage({ kind: 'beat' }), 200);
      parentPort.on('message', ({ id, command }) => {
        if (command === 'importDefinitions') Atomics.wait(workerData, 0, 0);
        parentPort.postMessage({ id, result: 'done' });
      });`;
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(script, { eval: true, workerData: gate });
    const lines: string[] = [];
    const calls = new ThreadCalls({
      send: (message) => worker.postMessage(message),
      log: (_, text) => lines.push(text),
    });
    worker.on('message', ({ id, result }) => {
      calls.heard();
      if (id !== undefined) calls.resolve(id, result);
    });
    await new Promise((resolve) => worker.once('message', resolve));
    calls.start();
    const [blocking, waiting] = [calls.call('importDefinitions', []), calls.call('identity', [])];
    await expect(waiting).rejects.toThrow('what was asked for may have been done');
    await expect(calls.call('identity', [])).rejects.toThrow('nothing was done');
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    expect(await blocking).toBe('done');
    expect(await calls.call('identity', [])).toBe('done');
    expect(lines.map((line) => line.replace(/\d{4}-.*Z/, 'then').replace(/\d+ s$/, 'n s'))).toEqual([
      'the broker has not answered since then: requests are refused until it does',
      'the broker answers again, after n s',
    ]);
    calls.close('over');
    await worker.terminate();
  }, 20_000);
});

describe('health', () => {
  test('while the thread answers it is reachable since the start, and who waits for more than a second is slow', async () => {
    const fixture = new CallsFixture();
    const startedAtMs = Date.now();
    fixture.ask('publish');
    await fixture.alive(1);
    fixture.ask('identity');
    expect(fixture.calls.health()).toEqual({ reachable: true, sinceMs: startedAtMs, reason: null, slow: [] });
    await fixture.alive(2);
    const slow = fixture.calls.health().slow.map(({ command, waitingMs }) => [command, Math.round(waitingMs / 1000)]);
    expect(slow).toEqual([
      ['publish', 3],
      ['identity', 2],
    ]);
  });

  test('while it says nothing it is not reachable, since it was last heard; and afterwards since it answers again', async () => {
    const fixture = new CallsFixture();
    await fixture.alive(5);
    const heardAtMs = Date.now();
    await vi.advanceTimersByTimeAsync(3_000);
    const { reachable, sinceMs, reason } = fixture.calls.health();
    expect([reachable, sinceMs]).toEqual([false, heardAtMs]);
    expect(reason).toContain('has not answered since');
    fixture.calls.heard();
    expect(fixture.calls.health()).toEqual({ reachable: true, sinceMs: Date.now(), reason: null, slow: [] });
  });

  test.each([0, 3])(
    'once it has ended, after %i s of silence, it is not reachable since it answered last',
    async (s) => {
      const fixture = new CallsFixture();
      await fixture.alive(5);
      const endedAtMs = Date.now();
      await vi.advanceTimersByTimeAsync(s * 1_000);
      fixture.calls.close('the broker is stopping');
      fixture.calls.heard();
      await vi.advanceTimersByTimeAsync(1_000);
      fixture.calls.end('the broker has stopped');
      const ended = { reachable: false, sinceMs: endedAtMs, reason: 'the broker has stopped', slow: [] };
      expect(fixture.calls.health()).toEqual(ended);
    },
  );
});
