import { describe, expect, test } from 'vitest';
import { answer } from '../../../lib/console/answer.ts';
import type { OverviewPage } from '../../../lib/console/overview.ts';
import type { OrphanedMessages } from '../../../lib/engine/node.ts';
import { sample } from '../metrics/sample.ts';
import { deskInMemory } from './desk-in-memory.ts';

const ORPHANED: OrphanedMessages = { logs: 2, bytes: 1000, folder: '/data/messages/orphaned', nextRemovalMs: 5 };

async function overviewFor(tags: string[], orphaned: OrphanedMessages | null) {
  const { desk } = deskInMemory({
    identity: async (user: string) => ({ user, tags, vhosts: ['/'] }),
    queuesNamed: async () => [],
  });
  desk.metrics.observe(sample(0, { node: { dataDir: '/data', orphaned } }));
  const request = new Request('http://localhost/console-api/overview', { headers: { host: 'localhost' } });
  const response = await answer(desk, request, '/overview', {
    remoteAddress: '127.0.0.1',
    user: 'ann',
    sessionId: 'this',
    isSignedIn: async () => true,
    setSession: async () => {},
  });
  return (await response.json()) as OverviewPage;
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
    expect(JSON.stringify({ ...page, orphaned: null })).not.toContain('/data');
  });

  test('are no news when there are none', async () => {
    expect((await overviewFor(['administrator'], null)).orphaned).toBeNull();
  });
});
