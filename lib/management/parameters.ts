/** Runtime parameters, global ones, and the limits of vhosts and users. */

import type { Limits, ParameterInfo } from '../engine/administration.ts';
import { deleteUserLimit, deleteVhostLimit, putUserLimit, putVhostLimit } from '../operations/limits.ts';
import { deleteGlobalParameter, deleteParameter, putGlobalParameter, putParameter } from '../operations/parameters.ts';
import { type ApiRoute, acting, type Call, named, param, put } from './api-route.ts';
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
  acting({
    method: 'PUT',
    path: '/parameters/:component/:vhost/:name',
    operation: putParameter,
    body: parameterPut,
    input: (call) => ({ ...named(call, 'component', 'vhost', 'name'), value: call.body.value }),
    reply: put,
  }),
  acting({
    method: 'DELETE',
    path: '/parameters/:component/:vhost/:name',
    operation: deleteParameter,
    input: (call) => named(call, 'component', 'vhost', 'name'),
  }),
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
  acting({
    method: 'PUT',
    path: '/global-parameters/:name',
    operation: putGlobalParameter,
    body: parameterPut,
    input: (call) => ({ name: param(call, 'name'), value: call.body.value }),
    reply: put,
  }),
  acting({
    method: 'DELETE',
    path: '/global-parameters/:name',
    operation: deleteGlobalParameter,
    input: (call) => named(call, 'name'),
  }),
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
  acting({
    method: 'PUT',
    path: '/vhost-limits/:vhost/:name',
    operation: putVhostLimit,
    body: limitPut,
    input: (call) => ({ ...named(call, 'vhost', 'name'), value: call.body.value }),
  }),
  acting({
    method: 'DELETE',
    path: '/vhost-limits/:vhost/:name',
    operation: deleteVhostLimit,
    input: (call) => named(call, 'vhost', 'name'),
  }),
  { method: 'GET', path: '/user-limits', ...USER_LIMITS },
  { method: 'GET', path: '/user-limits/:user', ...USER_LIMITS },
  acting({
    method: 'PUT',
    path: '/user-limits/:user/:name',
    operation: putUserLimit,
    body: limitPut,
    input: (call) => ({ ...named(call, 'user', 'name'), value: call.body.value }),
  }),
  acting({
    method: 'DELETE',
    path: '/user-limits/:user/:name',
    operation: deleteUserLimit,
    input: (call) => named(call, 'user', 'name'),
  }),
];

export const parameterRoutes: ApiRoute[] = [...parameterRoutesOnly, ...globalRoutes, ...limitRoutes];
