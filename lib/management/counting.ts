/** Counts that are looked at and begun again: logins, and the history behind rates. */
import * as z from 'zod';
import type { LoginFigures } from '../engine/figures.ts';
import { type ApiRoute, type Call, NO_CONTENT, ok, param } from './api-route.ts';
import { notFound } from './failure.ts';
import { nodeName } from './node-name.ts';
import { emptyList } from './schema/health.ts';
import { loginAttempts } from './schema/login.ts';

async function requireNode(call: Call): Promise<void> {
  if (param(call, 'node') !== (await nodeName(call))) throw notFound();
}

function attempts(protocol: string, { succeeded, failed }: LoginFigures): object {
  return {
    protocol,
    auth_attempts: succeeded + failed,
    auth_attempts_failed: failed,
    auth_attempts_succeeded: succeeded,
  };
}

async function resetAttempts(call: Call) {
  await requireNode(call);
  await call.desk.facts.resetLogins(call.actor);
  return NO_CONTENT;
}

async function resetStatistics(call: Call) {
  if (call.params.node !== undefined) await requireNode(call);
  call.desk.metrics.reset();
  return NO_CONTENT;
}

export const countingRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/auth/attempts/:node',
    access: 'monitoring',
    answer: z.array(loginAttempts),
    async run(call) {
      await requireNode(call);
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
      await requireNode(call);
      return ok([]);
    },
  },
  {
    method: 'DELETE',
    path: '/auth/attempts/:node',
    access: 'administrator',
    action: 'logins.reset',
    run: resetAttempts,
  },
  {
    method: 'DELETE',
    path: '/auth/attempts/:node/source',
    access: 'administrator',
    action: 'logins.reset',
    run: resetAttempts,
  },
  { method: 'DELETE', path: '/reset', access: 'administrator', action: 'statistics.reset', run: resetStatistics },
  { method: 'DELETE', path: '/reset/:node', access: 'administrator', action: 'statistics.reset', run: resetStatistics },
];
