/** Counts that are looked at and begun again: logins, and the history behind rates. */

import * as z from 'zod';
import type { LoginFigures } from '../engine/figures.ts';
import { requireNode, resetLogins, resetStatistics } from '../operations/node.ts';
import { type ApiRoute, acting, ok, param } from './api-route.ts';
import { emptyList } from './schema/health.ts';
import { loginAttempts } from './schema/login.ts';

function attempts(protocol: string, { succeeded, failed }: LoginFigures): object {
  return {
    protocol,
    auth_attempts: succeeded + failed,
    auth_attempts_failed: failed,
    auth_attempts_succeeded: succeeded,
  };
}

const reset = (path: string, operation: typeof resetLogins | typeof resetStatistics): ApiRoute =>
  acting({ method: 'DELETE', path, operation, input: ({ params: { node } }) => ({ node }) });

export const countingRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/auth/attempts/:node',
    access: 'monitoring',
    answer: z.array(loginAttempts),
    async run(call) {
      await requireNode(call.desk, param(call, 'node'));
      const { logins } = await call.desk.facts.figures();
      return ok([attempts('http', logins.http), attempts('amqp091', logins.amqp091)]);
    },
  },
  {
    method: 'GET',
    path: '/auth/attempts/:node/source',
    access: 'monitoring',
    answer: emptyList,
    // As with a RabbitMQ that is not told to track them: where logins come from is not counted.
    async run(call) {
      await requireNode(call.desk, param(call, 'node'));
      return ok([]);
    },
  },
  ...['/auth/attempts/:node', '/auth/attempts/:node/source'].map((path) => reset(path, resetLogins)),
  ...['/reset', '/reset/:node'].map((path) => reset(path, resetStatistics)),
];
