/**
 * node scripts/layers.mjs
 * Checks who imports whom. Guards against a check that sees nothing: a floor on the modules seen, a rule for every room
 * of lib, and breaches in test/fixtures that have to be found.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

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
  'management-is-a-door': 'lib/management/queues.ts',
  'json-stands-alone': 'lib/json/json-value.ts',
  'fields-know-types-and-json': 'lib/fields/json-table.ts',
  'pattern-stands-alone': 'lib/pattern/pattern.ts',
  'broker-knows-rules-only': 'lib/broker/topology.ts',
  'store-keeps-messages': 'lib/store/segment.ts',
  'server-speaks-to-broker': 'lib/server/channel.ts',
  'engine-is-a-port': 'lib/engine/queues.ts',
  'embedded-is-one-broker': 'lib/engine/embedded/engine.ts',
  'auth-knows-no-door': 'lib/auth/sign-ins.ts',
  'auth-sees-types-only': 'lib/auth/sessions.ts',
  'db-serves-ports': 'lib/db/sessions.ts',
  'db-sees-types-only': 'lib/db/definitions.ts',
  'installation-compares-records': 'lib/installation/belonging.ts',
  'definitions-are-text': 'lib/definitions/definition-file.ts',
  'dead-letters-work-over-the-port': 'lib/deadletter/replay.ts',
  'metrics-come-from-samples': 'lib/metrics/metrics.ts',
  'health-comes-from-samples': 'lib/health/health.ts',
  'health-sees-types-only': 'lib/health/trend.ts',
  'lists-come-from-samples': 'lib/lists/sampled-lists.ts',
  'prometheus-tells-figures': 'lib/prometheus/scrape.ts',
  'console-is-a-door': 'lib/console/overview.ts',
  'client-asks-over-http': 'lib/client/session.ts',
  'client-sees-types-only': 'lib/client/queues.ts',
};

/**
 * @typedef {{ name: string, comment: string, from: { path?: unknown }, to: { pathNot?: unknown } }} Rule
 * @typedef {{ rule: { name: string }, from: string, to: string, comment?: string }} Violation
 * @param {string} folder
 * @param {string[]} parts
 * @returns {{ modules: number, violations: Violation[], comments: Map<string, string>, rules: Rule[] }}
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
  /** @type {Rule[]} */
  const rules = summary.ruleSetUsed.forbidden;
  const comments = new Map(rules.map(({ name, comment }) => [name, comment]));
  return { modules: summary.totalCruised, violations: summary.violations, comments, rules };
}

/**
 * Whether a rule lets the folder see nothing but itself and what the rule names.
 * @param {Rule} rule
 * @param {string} folder
 */
function confines({ from, to }, folder) {
  const own = folder === 'lib/engine/' ? '^lib/engine/(?!embedded/)' : `^${folder}`;
  return from.path === own && String(to.pathNot).split('|').includes(own);
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
const rooms = readdirSync('lib', { withFileTypes: true }).filter((entry) => entry.isDirectory());
const folders = ['lib/engine/embedded/', ...rooms.map(({ name }) => `lib/${name}/`)];
for (const folder of folders)
  if (!found.rules.some((rule) => confines(rule, folder)))
    problems.push(`${folder} has no rule that says whom it may see: give it a row in .dependency-cruiser.cjs`);
for (const [name, file] of Object.entries(PLANTED))
  if (!planted.some(({ rule, from }) => rule.name === name && from === file))
    problems.push(`the planted breach of ${name} in test/fixtures was not found`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`layers: ${found.modules} modules keep to them`);
