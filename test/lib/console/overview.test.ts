import { describe, expect, test } from 'vitest';
import { answer } from '../../../lib/console/answer.ts';
import type { Engine, OrphanedMessages } from '../../../lib/engine/port.ts';
import { deskInMemory } from './desk-in-memory.ts';

const ORPHANED: OrphanedMessages = { logs: 2, bytes: 1000, folder: '/data/messages/orphaned', nextRemovalMs: 5 };

async function overviewFor(tags: string[], orphaned: OrphanedMessages | null) {
  const overview = { alarms: [], totals: {}, nowMs: 0, dataDir: '/data', orphaned };
  const { desk } = deskInMemory({
    identity: async (user: string) => ({ user, tags, vhosts: ['/'] }),
    overview: async () => overview,
    listQueues: async () => [],
    listExchanges: async () => [],
    listBindings: async () => [],
  } as unknown as Partial<Engine>);
  const request = new Request('http://localhost/console-api/overview', { headers: { host: 'localhost' } });
  const response = await answer(desk, request, '/overview', {
    remoteAddress: '127.0.0.1',
    user: 'ann',
    sessionId: 'this',
    isSignedIn: async () => true,
    setSession: async () => {},
  });
  return (await response.json()) as { orphaned: OrphanedMessages | null; overview: object };
}

describe('messages that were set aside', () => {
  test.each([
    [['administrator'], true],
    [['monitoring'], true],
    [['management'], false],
    [['policymaker'], false],
  ])('are shown to %j: %s', async (tags, isShown) => {
    const page = await overviewFor(tags, ORPHANED);
    expect(page.orphaned).toEqual(isShown ? ORPHANED : null);
    expect(JSON.stringify(page.overview)).not.toContain('/data');
  });

  test('are no news when there are none', async () => {
    expect((await overviewFor(['administrator'], null)).orphaned).toBeNull();
  });
});
