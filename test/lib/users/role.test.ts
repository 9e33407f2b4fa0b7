import { expect, test } from 'vitest';
import { hasRole, type Role } from '../../../lib/users/role.ts';

const ROLES: Role[] = ['management', 'policymaker', 'monitoring', 'administrator'];
const rolesOf = (...tags: string[]): Role[] => ROLES.filter((role) => hasRole(tags, role));

test.each<[tag: string, roles: Role[]]>([
  ['management', ['management']],
  ['policymaker', ['management', 'policymaker']],
  ['monitoring', ['management', 'monitoring']],
  ['administrator', ROLES],
  ['impersonator', []],
])('the tag %s gives the roles %j', (tag, roles) => {
  expect(rolesOf(tag)).toEqual(roles);
});

test('tags add up', () => {
  expect(rolesOf('policymaker', 'monitoring')).toEqual(['management', 'policymaker', 'monitoring']);
});

test('no tag is no role', () => {
  expect(rolesOf()).toEqual([]);
});
