/**
 * npm run migration -- sqlite|postgresql create NAME      makes a migration where the models have changed
 * npm run migration -- sqlite|postgresql check            fails where migrations and models differ
 *
 * Development only. Prisma's schema engine, compiled to WASM, does the work, so nothing is downloaded. For PostgreSQL
 * DATABASE_URL names a server on which a scratch database may be made.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as binding from '@prisma/schema-engine-wasm/schema_engine_bg';
import { shadowFactory } from './prisma-shadow.mjs';

const [, , provider = '', command, name] = process.argv;
const schemaFile = resolve(`prisma/.build/${provider}.prisma`);
const folder = resolve(`prisma/migrations/${provider}`);
const lockFile = join(folder, 'migration_lock.toml');

const factory = shadowFactory(provider, process.env.DATABASE_URL || undefined);
const schema = readFileSync(schemaFile, 'utf8');
await startEngine();
const engine = await binding.SchemaEngine.new(
  { datamodels: [[schemaFile, schema]] },
  () => {},
  bindMigrationAwareSqlAdapterFactory(factory),
);
const difference = await engine.diff({
  from: { tag: 'migrations', ...migrations() },
  to: { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: schema }] },
  script: true,
  exitCode: true,
  filters: { externalTables: [], externalEnums: [] },
});
const differs = difference.exitCode !== 0;
if (command === 'create' && name !== undefined && differs) create(`${timestamp()}_${name}`, difference.stdout ?? '');
else if (differs) console.error(`${provider}: migrations and prisma/models.prisma differ:\n${difference.stdout}`);
else console.log(`${provider}: migrations match the models`);
// The engine keeps handles open.
process.exit(differs && command !== 'create' ? 1 : 0);

/**
 * @param {string} migration
 * @param {string} sql
 */
function create(migration, sql) {
  mkdirSync(join(folder, migration), { recursive: true });
  writeFileSync(join(folder, migration, 'migration.sql'), sql);
  writeFileSync(lockFile, lockText());
  console.log(`created ${migration}`);
}

function timestamp() {
  return new Date().toISOString().replace(/\D/g, '').slice(0, 14);
}

function lockText() {
  return existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : `provider = "${provider}"\n`;
}

/** The package expects a bundler to load its WASM file; this is what the bundler would do. */
async function startEngine() {
  const main = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const wasm = readFileSync(join(dirname(main), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, {
    './schema_engine_bg.js': /** @type {WebAssembly.ModuleImports} */ (/** @type {unknown} */ (binding)),
  });
  binding.__wbg_set_wasm(instance.exports);
  const start = /** @type {() => void} */ (instance.exports.__wbindgen_start);
  start();
}

function migrations() {
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  return {
    baseDir: folder,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: lockText() },
    migrationDirectories: names
      .map((entry) => entry.name)
      .sort()
      .map((path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: /** @type {const} */ ('ok'),
            value: readFileSync(join(folder, path, 'migration.sql'), 'utf8'),
          },
        },
      })),
  };
}
