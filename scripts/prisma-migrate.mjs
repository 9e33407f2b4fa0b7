// @ts-nocheck: the schema engine has no types of its own.
// Development only: makes and checks migrations with Prisma's schema engine compiled to WASM, on SQLite or PostgreSQL.
//   npm run migration -- sqlite create NAME | check          (postgresql: DATABASE_URL names a server to work on)
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { shadowFactory } from './prisma-shadow.mjs';

const [, , provider, command, name] = process.argv;
const schemaFile = resolve(`prisma/.build/${provider}.prisma`);
const folder = resolve(`prisma/migrations/${provider}`);
const lockFile = join(folder, 'migration_lock.toml');
const lockText = `provider = "${provider}"\n`;

const engine = await loadEngine();
const difference = await engine.diff({
  from: { tag: 'migrations', ...migrations() },
  to: { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }] },
  script: true,
  exitCode: true,
  filters: { externalTables: [], externalEnums: [] },
});
if (command === 'create' && difference.exitCode !== 0) {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  mkdirSync(join(folder, `${stamp}_${name}`), { recursive: true });
  writeFileSync(join(folder, `${stamp}_${name}`, 'migration.sql'), difference.stdout);
  writeFileSync(lockFile, lockText);
  console.log(`created ${stamp}_${name}`);
} else if (difference.exitCode === 0) console.log(`${provider}: migrations match the schema`);
else {
  console.log(difference.stdout);
  process.exitCode = 2;
}
process.exit();

async function loadEngine() {
  const require = createRequire(import.meta.url);
  const binding = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = join(dirname(require.resolve('@prisma/schema-engine-wasm')), 'schema_engine_bg.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': binding });
  binding.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const factory = bindMigrationAwareSqlAdapterFactory(shadowFactory(provider, process.env.DATABASE_URL));
  return binding.SchemaEngine.new({ datamodels: [[schemaFile, readFileSync(schemaFile, 'utf8')]] }, () => {}, factory);
}

function migrations() {
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];
  return {
    baseDir: folder,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : lockText },
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(folder, path, 'migration.sql'), 'utf8') },
      },
    })),
  };
}
