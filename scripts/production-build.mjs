/**
 * Makes what runs alone: .next/standalone with its static files, and beside it a fingerprint of the sources, by which a
 * start knows whether the build is current. Paths are relative to the project's folder.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { runNode } from './child.mjs';

const FINGERPRINT = '.next/built-from';
const SOURCES = [
  '{app,components,lib,public}/**/*',
  '{instrumentation,instrumentation-node}.ts',
  'prisma/models.prisma',
  'prisma/migrations/**/*',
  'scripts/{production-build,prisma-generate}.mjs',
  '{next.config.js,postcss.config.mjs,tsconfig.json,package-lock.json}',
];

/** True when a build is there and made from the sources as they are. */
export function isBuilt() {
  return existsSync(FINGERPRINT) && readFileSync(FINGERPRINT, 'utf8') === fingerprint();
}

/** Resolves with 0, or with the exit code of what failed. */
export async function build() {
  if (!existsSync('node_modules/typescript')) {
    console.error('Cannot build: the development packages are not installed. Run `npm ci --include=dev`.');
    return 1;
  }
  // What is edited while it builds is not in the build: the next start must see a difference.
  const before = fingerprint();
  rmSync(FINGERPRINT, { force: true });
  rmSync('.next/standalone', { recursive: true, force: true });
  const generated = await runNode(['scripts/prisma-generate.mjs']);
  if (generated !== 0) return generated;
  const env = { ...process.env, NODE_ENV: /** @type {const} */ ('production'), NEXT_TELEMETRY_DISABLED: '1' };
  const built = await runNode(['node_modules/next/dist/bin/next', 'build'], { env });
  if (built !== 0) return built;
  cpSync('.next/static', '.next/standalone/.next/static', { recursive: true });
  if (existsSync('public')) cpSync('public', '.next/standalone/public', { recursive: true });
  writeFileSync(FINGERPRINT, before);
  return 0;
}

function fingerprint() {
  const hash = createHash('sha256');
  const files = globSync(SOURCES)
    .filter((file) => !file.startsWith('lib/db/generated') && statSync(file).isFile())
    .sort();
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
