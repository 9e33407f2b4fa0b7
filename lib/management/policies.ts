import type { PolicyInfo, PolicyKind, WithProblem } from '../engine/administration.ts';
import { type Call, type Entry, entry, NO_CONTENT, param, put } from './entry.ts';
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

function entriesFor(
  root: string,
  kind: PolicyKind,
  writes: Entry['access'],
  noun: 'policy' | 'operator-policy',
): Entry[] {
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
    entry({
      method: 'PUT',
      path: `${root}/:vhost/:name`,
      access: writes,
      action: `${noun}.put`,
      body: policyPut,
      async run(call) {
        const { pattern, definition, priority, 'apply-to': applyTo } = call.body;
        return put(
          await call.desk.engine.putPolicy(call.actor, kind, {
            ...{ vhost: param(call, 'vhost'), name: param(call, 'name'), pattern, definition },
            ...(applyTo !== undefined && { applyTo }),
            ...(priority !== undefined && { priority }),
          }),
        );
      },
    }),
    {
      method: 'DELETE',
      path: `${root}/:vhost/:name`,
      access: writes,
      action: `${noun}.delete`,
      async run(call) {
        await call.desk.engine.deletePolicy(call.actor, kind, param(call, 'vhost'), param(call, 'name'));
        return NO_CONTENT;
      },
    },
  ];
}

export const policyEntries: Entry[] = [
  ...entriesFor('/policies', 'policy', 'policymaker', 'policy'),
  ...entriesFor('/operator-policies', 'operator_policy', 'administrator', 'operator-policy'),
];
