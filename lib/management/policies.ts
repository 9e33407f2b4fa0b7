import type { PolicyInfo, PolicyKind, WithProblem } from '../engine/administration.ts';
import { policyOperations } from '../operations/policies.ts';
import { type ApiRoute, acting, type Call, named, param, put } from './api-route.ts';
import { listing, single } from './listing.ts';
import { columnsQuery, listOf, listQuery } from './schema/list.ts';
import { problemField } from './schema/pattern.ts';
import { type PolicyRow, policyPut, policyShape } from './schema/policy.ts';

function policyRow({ applyTo, patternProblem, ...policy }: WithProblem<PolicyInfo>): PolicyRow {
  const { vhost, name, pattern, definition, priority } = policy;
  return { vhost, name, pattern, 'apply-to': applyTo, definition, priority, ...problemField(patternProblem) };
}

async function list(call: Call, kind: PolicyKind) {
  const all = await call.desk.engine.listPolicies(call.actor, kind);
  const { vhost } = call.params;
  return listing(call, vhost === undefined ? all : all.filter((policy) => policy.vhost === vhost), policyRow);
}

function routesFor(root: string, kind: PolicyKind): ApiRoute[] {
  const operations = policyOperations[kind];
  const all = {
    access: 'management',
    query: listQuery,
    answer: listOf(policyShape),
    run: (call: Call) => list(call, kind),
  } as const;
  return [
    { method: 'GET', path: root, ...all },
    { method: 'GET', path: `${root}/:vhost`, ...all },
    {
      method: 'GET',
      path: `${root}/:vhost/:name`,
      access: 'management',
      query: columnsQuery,
      answer: policyShape,
      async run(call) {
        const policy = await call.desk.engine.policy(call.actor, kind, param(call, 'vhost'), param(call, 'name'));
        return single(call, policyRow(policy));
      },
    },
    acting({
      method: 'PUT',
      path: `${root}/:vhost/:name`,
      operation: operations.put,
      body: policyPut,
      input(call) {
        const { 'apply-to': applyTo, ...policy } = call.body;
        return { ...named(call, 'vhost', 'name'), applyTo, ...policy };
      },
      reply: put,
    }),
    acting({
      method: 'DELETE',
      path: `${root}/:vhost/:name`,
      operation: operations.delete,
      input: (call) => named(call, 'vhost', 'name'),
    }),
  ];
}

export const policyRoutes: ApiRoute[] = [
  ...routesFor('/policies', 'policy'),
  ...routesFor('/operator-policies', 'operator_policy'),
];
