/** Checks that run one after the other and are counted: the numbers of the closing line. */
import { runNode } from './child.mjs';

export const tally = { passed: 0, failed: 0 };

/**
 * One command, one check. What it prints is shown as it is.
 * @param {string} name
 * @param {string[]} args of node
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function check(name, args, env = process.env) {
  console.log(`\n== ${name}`);
  const code = await runNode(args, { env });
  if (code === 130) process.exit(130);
  if (code === 0) tally.passed++;
  else tally.failed++;
  return code === 0;
}

/** Format, lint, types, layers, dead code: the checks that run no product code. */
export async function staticChecks() {
  const bin = 'node_modules';
  await check('database clients', ['scripts/prisma-generate.mjs']);
  await check('migrations', ['scripts/prisma-migrate.mjs', 'sqlite', 'check']);
  await check('format and lint', [`${bin}/@biomejs/biome/bin/biome`, 'ci', '.']);
  await check('route types', [`${bin}/next/dist/bin/next`, 'typegen'], {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: '1',
  });
  await check('types', [`${bin}/typescript/bin/tsc`, '--noEmit']);
  await check('layers', ['scripts/layers.mjs']);
  await check('dead code', [`${bin}/knip/bin/knip.js`]);
}

/** Says what came of it, as the last line, and ends the process accordingly. */
export function conclude() {
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
  process.exit(tally.failed === 0 && tally.passed > 0 ? 0 : 1);
}
