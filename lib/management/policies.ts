import type { JsonValue, PolicyInfo, PolicyKind } from '../engine/administration.ts';
import { requireKeys } from './arguments.ts';
import { type Call, type Entry, NO_CONTENT, param, put } from './entry.ts';
import { listing, single } from './listing.ts';

function policyRow({ vhost, name, pattern, applyTo, definition, priority }: PolicyInfo): Record<string, unknown> {
  return { vhost, name, pattern, 'apply-to': applyTo, definition, priority };
}

/** Tools send numbers as strings. */
function priorityOf(value: JsonValue): JsonValue {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
}

async function list(call: Call, kind: PolicyKind) {
  const all = await call.desk.engine.listPolicies(call.actor, kind);
  const { vhost } = call.params;
  return listing(call, vhost === undefined ? all : all.filter((policy) => policy.vhost === vhost), policyRow);
}

function entriesFor(root: string, kind: PolicyKind, writes: Entry['access'], noun: string): Entry[] {
  return [
    { method: 'GET', path: root, access: 'management', run: (call) => list(call, kind) },
    { method: 'GET', path: `${root}/:vhost`, access: 'management', run: (call) => list(call, kind) },
    {
      method: 'GET',
      path: `${root}/:vhost/:name`,
      access: 'management',
      async run(call) {
        const policy = await call.desk.engine.policy(call.actor, kind, param(call, 'vhost'), param(call, 'name'));
        return single(call, policyRow(policy));
      },
    },
    {
      method: 'PUT',
      path: `${root}/:vhost/:name`,
      access: writes,
      action: `${noun}.put`,
      async run(call) {
        const { body } = call;
        requireKeys(body, 'pattern', 'definition');
        return put(
          await call.desk.engine.putPolicy(call.actor, kind, {
            vhost: param(call, 'vhost'),
            name: param(call, 'name'),
            pattern: body.pattern as JsonValue,
            definition: body.definition as JsonValue,
            ...(body['apply-to'] !== undefined && { applyTo: body['apply-to'] }),
            ...(body.priority !== undefined && { priority: priorityOf(body.priority) }),
          }),
        );
      },
    },
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
