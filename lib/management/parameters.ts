/** Runtime parameters, global ones, and the limits of vhosts and users. */
import type { Limits, ParameterInfo } from '../engine/administration.ts';
import type { JsonValue } from '../json/json-value.ts';
import { type ApiRoute, apiRoute, type Call, NO_CONTENT, param, put } from './api-route.ts';
import { notFound } from './failure.ts';
import { listing, single } from './listing.ts';
import { columnsQuery, listOf, listQuery } from './schema/list.ts';
import {
  globalParameterShape,
  limitPut,
  parameterPut,
  parameterShape,
  userLimitsShape,
  vhostLimitsShape,
} from './schema/parameter.ts';

async function parameters(call: Call): Promise<ParameterInfo[]> {
  const { component, vhost, name } = call.params;
  return (await call.desk.engine.listParameters(call.actor)).filter(
    (one) =>
      (component === undefined || one.component === component) &&
      (vhost === undefined || one.vhost === vhost) &&
      (name === undefined || one.name === name),
  );
}

const LIST = {
  access: 'policymaker',
  query: listQuery,
  answer: listOf(parameterShape),
  run: async (call: Call) => listing(call, await parameters(call)),
} as const;

const parameterRoutesOnly: ApiRoute[] = [
  { method: 'GET', path: '/parameters', ...LIST },
  { method: 'GET', path: '/parameters/:component', ...LIST },
  { method: 'GET', path: '/parameters/:component/:vhost', ...LIST },
  {
    method: 'GET',
    path: '/parameters/:component/:vhost/:name',
    access: 'policymaker',
    query: columnsQuery,
    answer: parameterShape,
    async run(call) {
      const [found] = await parameters(call);
      if (found === undefined) throw notFound();
      return single(call, found);
    },
  },
  apiRoute({
    method: 'PUT',
    path: '/parameters/:component/:vhost/:name',
    // All components that there are limit what others may do.
    access: 'administrator',
    action: 'parameter.put',
    body: parameterPut,
    async run(call) {
      const [component, vhost, name] = [param(call, 'component'), param(call, 'vhost'), param(call, 'name')];
      const { value } = call.body;
      return put(await call.desk.engine.putParameter(call.actor, { component, vhost, name, value }));
    },
  }),
  {
    method: 'DELETE',
    path: '/parameters/:component/:vhost/:name',
    access: 'administrator',
    action: 'parameter.delete',
    async run(call) {
      const [component, vhost, name] = [param(call, 'component'), param(call, 'vhost'), param(call, 'name')];
      await call.desk.engine.deleteParameter(call.actor, component, vhost, name);
      return NO_CONTENT;
    },
  },
];

const globalRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/global-parameters',
    access: 'policymaker',
    query: listQuery,
    answer: listOf(globalParameterShape),
    run: async (call) => listing(call, await call.desk.engine.listGlobalParameters(call.actor)),
  },
  {
    method: 'GET',
    path: '/global-parameters/:name',
    access: 'policymaker',
    query: columnsQuery,
    answer: globalParameterShape,
    async run(call) {
      const all = await call.desk.engine.listGlobalParameters(call.actor);
      const found = all.find(({ name }) => name === param(call, 'name'));
      if (found === undefined) throw notFound();
      return single(call, found);
    },
  },
  apiRoute({
    method: 'PUT',
    path: '/global-parameters/:name',
    access: 'policymaker',
    action: 'global-parameter.put',
    body: parameterPut,
    run: async (call) =>
      put(await call.desk.engine.putGlobalParameter(call.actor, param(call, 'name'), call.body.value)),
  }),
  {
    method: 'DELETE',
    path: '/global-parameters/:name',
    access: 'policymaker',
    action: 'global-parameter.delete',
    async run(call) {
      await call.desk.engine.deleteGlobalParameter(call.actor, param(call, 'name'));
      return NO_CONTENT;
    },
  },
];

/** Rows of the vhosts or users that have limits; a row without limits would be taken for one. */
function limited(all: { name: string; limits: Limits }[], key: 'vhost' | 'user', only?: string) {
  return all
    .filter(({ name, limits }) => (only === undefined || name === only) && Object.keys(limits).length > 0)
    .map(({ name, limits }) => ({ [key]: name, value: limits }));
}

const vhostLimits = async (call: Call) =>
  listing(call, limited(await call.desk.engine.listVhostInfos(call.actor), 'vhost', call.params.vhost));

async function userLimits(call: Call) {
  const { engine } = call.desk;
  const { user } = call.params;
  const users = user === undefined ? await engine.listUsers(call.actor) : [await engine.user(call.actor, user)];
  return listing(call, limited(users, 'user'));
}

/** Setting and lifting one limit of a vhost or of a user. */
function limitWrites(
  of: 'vhost' | 'user',
  set: (call: Call, name: string, value: JsonValue) => Promise<void>,
  lift: (call: Call, name: string) => Promise<void>,
): ApiRoute[] {
  const path = `/${of}-limits/:${of}/:name`;
  return [
    apiRoute({
      method: 'PUT',
      path,
      access: 'administrator',
      action: `${of}-limit.put`,
      body: limitPut,
      async run(call) {
        await set(call, param(call, 'name'), call.body.value);
        return NO_CONTENT;
      },
    }),
    {
      method: 'DELETE',
      path,
      access: 'administrator',
      action: `${of}-limit.delete`,
      async run(call) {
        await lift(call, param(call, 'name'));
        return NO_CONTENT;
      },
    },
  ];
}

const VHOST_LIMITS = {
  access: 'management',
  query: listQuery,
  answer: listOf(vhostLimitsShape),
  run: vhostLimits,
} as const;

const USER_LIMITS = {
  access: 'administrator',
  query: listQuery,
  answer: listOf(userLimitsShape),
  run: userLimits,
} as const;

const limitRoutes: ApiRoute[] = [
  { method: 'GET', path: '/vhost-limits', ...VHOST_LIMITS },
  { method: 'GET', path: '/vhost-limits/:vhost', ...VHOST_LIMITS },
  ...limitWrites(
    'vhost',
    (call, name, value) => call.desk.engine.putVhostLimit(call.actor, param(call, 'vhost'), name, value),
    (call, name) => call.desk.engine.deleteVhostLimit(call.actor, param(call, 'vhost'), name),
  ),
  { method: 'GET', path: '/user-limits', ...USER_LIMITS },
  { method: 'GET', path: '/user-limits/:user', ...USER_LIMITS },
  ...limitWrites(
    'user',
    (call, name, value) => call.desk.engine.putUserLimit(call.actor, param(call, 'user'), name, value),
    (call, name) => call.desk.engine.deleteUserLimit(call.actor, param(call, 'user'), name),
  ),
];

export const parameterRoutes: ApiRoute[] = [...parameterRoutesOnly, ...globalRoutes, ...limitRoutes];
