import { expect, test } from 'vitest';
import { shownAt } from '../../../lib/management/api-routes.ts';

test('what a path stands for is shown by the GET of that path, whatever it calls its parts', () => {
  const shown = shownAt('/vhosts/:name', { name: 'v' });
  expect([shown?.route.path, shown?.route.method, shown?.params]).toEqual(['/vhosts/:vhost', 'GET', { vhost: 'v' }]);
  expect(shownAt('/queues/:vhost/:name', { vhost: 'v', name: 'q' })?.params).toEqual({ vhost: 'v', name: 'q' });
  expect(shownAt('/vhosts/:vhost/start/:node', { vhost: 'v', node: 'n' })).toBeUndefined();
});
