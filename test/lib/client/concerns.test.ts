import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { renew } from '../../../lib/client/concerns.ts';

test('an act makes old what it concerns and the list of acts, and nothing else', async () => {
  const client = new QueryClient();
  const keys = [['queues', 'list', {}], ['exchanges', 'list', {}], ['messages', 'page'], ['activity'], ['audit', {}]];
  for (const queryKey of [...keys, ['sessions', false], ['history', {}]]) client.setQueryData(queryKey, {});
  const old = () =>
    client
      .getQueryCache()
      .getAll()
      .filter((query) => query.state.isInvalidated)
      .map(({ queryKey }) => queryKey[0]);
  await renew(client, 'messages');
  expect(old()).toEqual(['queues', 'exchanges', 'messages', 'activity', 'audit']);
  await renew(client, 'session');
  expect(old()).toContain('sessions');
  expect(old()).not.toContain('history');
});
