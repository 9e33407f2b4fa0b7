import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import type { PolicyKind } from '../engine/administration.ts';
import type { QualifiedName } from '../engine/sort-keys.ts';
import type { Role } from '../users/role.ts';
import type { Desk } from './desk.ts';
import { jsonValue, shortString, vhostName } from './fields.ts';
import { type ActNote, operation } from './operation.ts';

const qualifiedName = { vhost: vhostName, name: shortString };
const note = ({ vhost, name }: QualifiedName): ActNote => ({ vhost, object: name });

/** The broker checks the values, and says all that is wrong with them. */
const put = z.strictObject({
  ...qualifiedName,
  pattern: jsonValue,
  applyTo: jsonValue.optional(),
  priority: jsonValue.optional(),
  definition: jsonValue,
});

function operationsOn(kind: PolicyKind, noun: 'policy' | 'operator-policy', role: Role) {
  const decided = async (desk: Desk, actor: Actor, { vhost, name }: QualifiedName) => {
    const { pattern, applyTo, priority, definition } = await desk.engine.policy(actor, kind, vhost, name);
    return { pattern, applyTo, priority, definition };
  };
  return {
    put: operation({
      action: `${noun}.put`,
      role,
      input: put,
      run: (desk, actor, policy) => desk.engine.putPolicy(actor, kind, policy),
      subject: decided,
      note,
    }),
    delete: operation({
      action: `${noun}.delete`,
      role,
      input: z.strictObject(qualifiedName),
      async run(desk, actor, { vhost, name }) {
        await desk.engine.deletePolicy(actor, kind, vhost, name);
        return {};
      },
      subject: decided,
      note,
    }),
  };
}

/** By kind. */
export const policyOperations = {
  policy: operationsOn('policy', 'policy', 'policymaker'),
  operator_policy: operationsOn('operator_policy', 'operator-policy', 'administrator'),
};
