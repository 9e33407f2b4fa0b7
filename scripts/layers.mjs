/**
 * node scripts/layers.mjs
 * Checks who imports whom. Two guards against a check that sees nothing: a floor on the modules seen, and a breach in
 * test/fixtures that has to be found.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const MODULES_MIN = 150;
/** Rules, and the files that break them. */
const PLANTED = {
  'amqp-stands-alone': 'lib/amqp/frame.ts',
  'no-cycle': 'lib/amqp/frame.ts',
  'no-cycle-of-types': 'lib/store/disk-log.ts',
  'web-is-below-the-apis': 'lib/web/peer.ts',
  'audit-says-what-it-is': 'lib/audit/entry.ts',
  'figures-stand-alone': 'lib/figures/figure.ts',
  'users-stand-alone': 'lib/users/role.ts',
  'operations-know-no-door': 'lib/operations/perform.ts',
  'doors-perform-operations': 'lib/console/queues.ts',
  'console-sees-the-port': 'lib/management/queues.ts',
};

/**
 * @typedef {{ rule: { name: string }, from: string, to: string, comment?: string }} Violation
 * @param {string} folder
 * @param {string[]} parts
 * @returns {{ modules: number, violations: Violation[], comments: Map<string, string> }}
 */
function cruise(folder, parts) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      `${process.cwd()}/node_modules/dependency-cruiser/bin/dependency-cruiser.mjs`,
      ...['--config', `${process.cwd()}/.dependency-cruiser.cjs`, '--output-type', 'json'],
      ...parts,
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser ended with ${status}: ${stderr}`);
  const { summary } = JSON.parse(stdout);
  /** @type {{ name: string, comment: string }[]} */
  const rules = summary.ruleSetUsed.forbidden;
  const comments = new Map(rules.map(({ name, comment }) => [name, comment]));
  return { modules: summary.totalCruised, violations: summary.violations, comments };
}

const found = cruise(
  '.',
  ['app', 'components', 'lib', 'instrumentation.ts', 'instrumentation-node.ts'].filter(existsSync),
);
const planted = cruise('test/fixtures/breach', ['lib']).violations;
const problems = found.violations.map(
  ({ rule, from, to }) => `${from} → ${to}\n    ${rule.name}: ${found.comments.get(rule.name)}`,
);
if (found.modules < MODULES_MIN)
  problems.push(
    `only ${found.modules} modules seen, there are more than ${MODULES_MIN}: does the parser still read TypeScript?`,
  );
for (const [name, file] of Object.entries(PLANTED))
  if (!planted.some(({ rule, from }) => rule.name === name && from === file))
    problems.push(`the planted breach of ${name} in test/fixtures was not found`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`layers: ${found.modules} modules keep to them`);
