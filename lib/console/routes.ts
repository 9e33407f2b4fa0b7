import { auditRoutes } from './audit.ts';
import { bindingRoutes } from './bindings.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { eventRoutes } from './events.ts';
import { exchangeRoutes } from './exchanges.ts';
import { messageRoutes } from './messages.ts';
import { overviewRoutes } from './overview.ts';
import { queueRoutes } from './queues.ts';
import type { Route } from './route.ts';
import { sessionRoutes } from './session.ts';

/** The console's HTTP API, all of it. */
export const ROUTES: readonly Route[] = [
  ...sessionRoutes,
  ...overviewRoutes,
  ...queueRoutes,
  ...exchangeRoutes,
  ...bindingRoutes,
  ...messageRoutes,
  ...deadLetterRoutes,
  ...eventRoutes,
  ...auditRoutes,
];

const byPath = new Map<string, Map<string, Route>>();
for (const route of ROUTES) {
  const methods = byPath.get(route.path) ?? new Map<string, Route>();
  byPath.set(route.path, methods.set(route.method, route));
}

/** The route, or the methods that this path knows; undefined for a path that is not there. */
export function findRoute(method: string, path: string): Route | { methods: string[] } | undefined {
  const methods = byPath.get(path);
  if (methods === undefined) return undefined;
  return methods.get(method) ?? { methods: [...methods.keys()] };
}
