import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DiskStore } from '../../lib/store/disk-store.ts';
import { EngineFixture, guest } from '../lib/engine/embedded/engine-fixture.ts';
import { FaultyDisk } from '../lib/store/faulty-disk.ts';
import { Random } from '../lib/store/random.ts';
import { movingContract } from './moving-engine.ts';

movingContract('The embedded engine with messages in memory', {
  start: () => EngineFixture.start(),
  restart: ({ brokerFixture }) => EngineFixture.start(brokerFixture.store, brokerFixture.definitions),
});

let disk = new FaultyDisk(new Random(1));
let stores: DiskStore[] = [];

function newStore(): DiskStore {
  const store = new DiskStore({ disk, dataDir: '/data', freeBytesMin: 0, log: () => {} });
  stores.push(store);
  return store;
}

/** Everything is on the disk and nothing in memory any more. */
async function restart({ brokerFixture }: EngineFixture): Promise<EngineFixture> {
  await brokerFixture.store.sync();
  await stores.pop()?.close();
  disk = disk.crash(false);
  return EngineFixture.start(newStore(), brokerFixture.definitions);
}

async function start(): Promise<EngineFixture> {
  disk = new FaultyDisk(new Random(1));
  return EngineFixture.start(newStore());
}

afterEach(async () => {
  vi.useRealTimers();
  disk.holdsSyncs = false;
  while (disk.settleSync());
  await Promise.all(stores.map((store) => store.close()));
  stores = [];
});

movingContract('The embedded engine with messages on a disk', { start, restart });

describe('when the disk fails', () => {
  let fixture: EngineFixture;
  /** So large that each is read from its file by itself. */
  const bodyOf = (mark: string) => mark.padEnd(200_000, '.');

  beforeEach(async () => {
    fixture = await start();
    fixture.queue('dead');
    fixture.work('orders');
    for (let i = 0; i < 5; i++) fixture.put('dead', bodyOf(`<${i}>`));
    fixture.put('orders', bodyOf('<there>'));
    fixture.put('orders', bodyOf('<behind>'));
    fixture = await restart(fixture);
  });

  async function moves() {
    const messages = await fixture.messages('dead');
    return messages.map(({ position, properties }) => ({
      ...{ position, properties, target: 'orders', exchange: '', routingKey: 'orders', replayHeaded: false },
    }));
  }

  /** Turns a byte of a body over in the file that has it. */
  function damage(mark: string): void {
    let damaged = 0;
    for (const { written } of disk.files.values()) {
      const at = written.indexOf(mark);
      if (at < 0) continue;
      written.writeUInt8(written.readUInt8(at) ^ 0xff, at);
      damaged++;
    }
    expect(damaged).toBe(1);
  }

  const ready = () => [fixture.find('dead').readyCount, fixture.find('orders').readyCount];

  test('a message that cannot be read closes its queue: those before it have moved, the others say why not', async () => {
    const asked = await moves();
    damage('<2>');
    const result = await fixture.engine.move(guest, '/', 'dead', asked, { pushOut: false });
    expect(result.moved).toEqual(asked.slice(0, 2).map(({ position }) => position));
    expect(result.skipped.map(({ position }) => position)).toEqual(asked.slice(2).map(({ position }) => position));
    expect(result.skipped).toHaveLength(3);
    for (const { reason } of result.skipped) expect(reason).toMatch(/queue 'dead' .* is closed: .* is corrupt/);
    expect(result.durable).toBe(true);
    expect(fixture.find('orders').readyCount).toBe(4);
    const peek = fixture.engine.peek(guest, { vhost: '/', queue: 'dead', limit: 1, bodyBytesMax: 0 });
    await expect(peek).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
  });

  test('a target whose messages cannot be read takes nothing: all stay', async () => {
    const asked = await moves();
    damage('<there>');
    const result = await fixture.engine.move(guest, '/', 'dead', asked, { pushOut: false });
    expect([result.moved, result.skipped.length, fixture.find('dead').readyCount]).toEqual([[], 5, 5]);
    for (const { reason } of result.skipped) expect(reason).toContain("queue 'orders' in vhost '/' is closed");
    expect(await fixture.messages('dead')).toHaveLength(5);
  });

  test('a disk that takes nothing does not hold the answer up: what moved is told, and that it may come back', async () => {
    const asked = await moves();
    disk.holdsSyncs = true;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = fixture.engine.move(guest, '/', 'dead', asked, { pushOut: false });
    await vi.advanceTimersByTimeAsync(5_001);
    const result = await answer;
    expect([result.moved.length, result.skipped, result.durable]).toEqual([5, [], false]);
    expect(ready()).toEqual([0, 7]);
    vi.useRealTimers();
    // The process ends there: each is where it was, or where it went.
    fixture = await EngineFixture.start(crashed(), fixture.brokerFixture.definitions);
    expect(ready()).toEqual([5, 2]);
  });

  function crashed(): DiskStore {
    disk = disk.crash(true);
    stores = [];
    return newStore();
  }
});
