import type { PolicyCommands } from '../policies/policy-commands.ts';
import type { User } from './user.ts';

/** A line for each permission and policy with a pattern that is kept and cannot be used: what it is, and why. */
export function unusablePatterns(users: Iterable<User>, policies: PolicyCommands): string[] {
  const lines: string[] = [];
  const note = (what: string, problem: string | null): void => {
    if (problem !== null) lines.push(`${what}, as its pattern cannot be used: ${problem}`);
  };
  for (const user of users) {
    for (const { vhost } of user.permissionList) {
      note(`the permission of user '${user.name}' in vhost '${vhost}' grants less`, user.permissionProblem(vhost));
    }
    for (const { vhost, exchange } of user.topicPermissionList) {
      const what = `the topic permission of user '${user.name}' for exchange '${exchange}' in vhost '${vhost}'`;
      note(`${what} grants less`, user.topicProblem(vhost, exchange));
    }
  }
  for (const kind of ['policy', 'operator_policy'] as const) {
    for (const policy of policies.list(kind)) {
      const called = kind === 'policy' ? 'policy' : 'operator policy';
      note(`the ${called} '${policy.name}' of vhost '${policy.vhost}' matches nothing`, policies.problem(policy));
    }
  }
  return lines;
}
