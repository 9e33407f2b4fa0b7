/**
 * The policies of one vhost, and which of them is in effect where: per object one of the users' and one of the
 * operators', each the one of highest priority among those that match. Asked when something changes, never per message.
 */
import type { JsonObject } from '../../json/json-value.ts';
import { keptPattern, type Pattern } from '../../pattern/pattern.ts';
import type { PolicyDefinition } from '../ports.ts';
import type { QueueType } from '../queues/queue-arguments.ts';
import { isApplicable, mergeDefinitions } from './policy-keys.ts';

/** What policies say of one object. Names are null where there is no such policy. */
export interface AppliedPolicy {
  policy: string | null;
  operatorPolicy: string | null;
  definition: Readonly<JsonObject>;
}

interface Policy {
  definition: PolicyDefinition;
  pattern: Pattern;
}

const QUEUE_KINDS: Record<QueueType, string> = {
  classic: 'classic_queues',
  quorum: 'quorum_queues',
  stream: 'streams',
};

export class PolicyBook {
  /** By kind; the most important first. */
  private readonly policies: Record<PolicyDefinition['kind'], Policy[]> = { policy: [], operator_policy: [] };

  /** A pattern that cannot be used matches nothing: it is checked where it is set. */
  put(definition: PolicyDefinition): void {
    const pattern = keptPattern(definition.pattern);
    this.remove(definition.kind, definition.name);
    const list = this.policies[definition.kind];
    list.push({ definition, pattern });
    list.sort(({ definition: a }, { definition: b }) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
  }

  /** Instructions of all patterns but that of one policy: what every name in the vhost costs a byte at most. */
  patternSizeWithout(kind: PolicyDefinition['kind'], name: string): number {
    const others = [...this.policies.policy, ...this.policies.operator_policy].filter(
      ({ definition }) => definition.kind !== kind || definition.name !== name,
    );
    return others.reduce((sum, { pattern }) => sum + pattern.size, 0);
  }

  /** Removes a policy; one that is not there is no error. */
  remove(kind: PolicyDefinition['kind'], name: string): void {
    const list = this.policies[kind];
    const at = list.findIndex(({ definition }) => definition.name === name);
    if (at >= 0) list.splice(at, 1);
  }

  find(kind: PolicyDefinition['kind'], name: string): PolicyDefinition | undefined {
    return this.policies[kind].find(({ definition }) => definition.name === name)?.definition;
  }

  /** Why the policy's pattern cannot be used; null: it can, or there is no such policy. */
  problem(kind: PolicyDefinition['kind'], name: string): string | null {
    return this.policies[kind].find(({ definition }) => definition.name === name)?.pattern.problem ?? null;
  }

  list(kind: PolicyDefinition['kind']): PolicyDefinition[] {
    return this.policies[kind].map(({ definition }) => definition);
  }

  forQueue(name: string, type: QueueType): AppliedPolicy | null {
    const matches = ({ definition, pattern }: Policy): boolean =>
      ['all', 'queues', QUEUE_KINDS[type]].includes(definition.applyTo) &&
      isApplicable(definition.definition, type) &&
      pattern.test(name);
    return applied(this.policies.policy.find(matches), this.policies.operator_policy.find(matches));
  }

  /** Operators limit queues only. */
  forExchange(name: string): AppliedPolicy | null {
    const found = this.policies.policy.find(
      ({ definition, pattern }) => ['all', 'exchanges'].includes(definition.applyTo) && pattern.test(name),
    );
    return applied(found, undefined);
  }
}

function applied(user: Policy | undefined, operator: Policy | undefined): AppliedPolicy | null {
  if (!user && !operator) return null;
  return {
    policy: user?.definition.name ?? null,
    operatorPolicy: operator?.definition.name ?? null,
    definition: mergeDefinitions(user?.definition.definition ?? {}, operator?.definition.definition ?? {}),
  };
}
