/**
 * node scripts/prisma-generate.mjs
 * Builds a schema for each database from prisma/models.prisma and a client from each schema, into lib/db/generated.
 * Needs no network. Does nothing where the clients already belong to the models.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROVIDERS = ['sqlite', 'postgresql'];

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const cli = 'node_modules/prisma/build/index.js';
const stamp = 'lib/db/generated/made-from';
const models = readFileSync('prisma/models.prisma', 'utf8');
const madeFrom = createHash('sha256')
  .update(models)
  .update(readFileSync('scripts/prisma-generate.mjs'))
  .update(readFileSync('package-lock.json'))
  .digest('hex');

if (!existsSync(cli)) console.log('prisma is not installed: no database client is generated');
else if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== madeFrom) {
  mkdirSync('prisma/.build', { recursive: true });
  rmSync('lib/db/generated', { recursive: true, force: true });
  for (const provider of PROVIDERS) generate(provider);
  writeFileSync(stamp, madeFrom);
}

/** @param {string} provider */
function generate(provider) {
  const schema = `prisma/.build/${provider}.prisma`;
  writeFileSync(
    schema,
    `// Generated from ../models.prisma. Do not edit.
generator client {
  provider               = "prisma-client"
  output                 = "../../lib/db/generated/${provider}"
  runtime                = "nodejs"
  moduleFormat           = "esm"
  generatedFileExtension = "ts"
  importFileExtension    = "ts"
}

datasource db {
  provider = "${provider}"
}

${models}`,
  );
  // The CLI insists on a schema engine and would download one; generating never runs it, so any file that exists will do.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' };
  execFileSync(process.execPath, [cli, 'generate', '--no-hints', '--schema', schema], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
