import type * as z from 'zod';
import { auditRoutes } from './audit.ts';
import { bindingRoutes } from './bindings.ts';
import { capabilityRoutes } from './capabilities.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { eventRoutes } from './events.ts';
import { exchangeRoutes } from './exchanges.ts';
import { messageRoutes } from './messages.ts';
import { overviewRoutes } from './overview.ts';
import { queueRoutes } from './queues.ts';
import type { Route } from './route.ts';
import { sessionRoutes } from './session.ts';

/** The console's HTTP API, all of it. */
const TABLE = {
  ...sessionRoutes,
  ...overviewRoutes,
  ...capabilityRoutes,
  ...queueRoutes,
  ...exchangeRoutes,
  ...bindingRoutes,
  ...messageRoutes,
  ...deadLetterRoutes,
  ...eventRoutes,
  ...auditRoutes,
};

type Table = typeof TABLE;

/** What each route takes and answers, by method and path: the browser's half of the contract. */
export type Api = {
  [P in keyof Table]: { input: z.input<Table[P]['input']>; output: Awaited<ReturnType<Table[P]['run']>> };
};

export type PlacedRoute = Route & { method: string; path: string };

export const ROUTES: readonly PlacedRoute[] = Object.entries<Route>(TABLE).map(([place, route]) => {
  const [method, path] = place.split(' ') as [string, string];
  return { method, path, ...route };
});

const byPath = new Map<string, Map<string, PlacedRoute>>();
for (const route of ROUTES) {
  const methods = byPath.get(route.path) ?? new Map<string, PlacedRoute>();
  byPath.set(route.path, methods.set(route.method, route));
}

/** The route, or the methods that this path knows; undefined for a path that is not there. */
export function findRoute(method: string, path: string): PlacedRoute | { methods: string[] } | undefined {
  const methods = byPath.get(path);
  if (methods === undefined) return undefined;
  return methods.get(method) ?? { methods: [...methods.keys()] };
}
