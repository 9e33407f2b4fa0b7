import { noQuery } from './fields.ts';
import { type Routes, route } from './route.ts';

export const capabilityRoutes = {
  'GET /capabilities': route({ input: noQuery, run: async ({ engine }) => engine.capabilities }),
} satisfies Routes;
