/** What style asks of every file and no linter knows. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const LINES_MAX = 500;
/** Tables may be long: every row is read alone. */
const TABLES: readonly string[] = ['lib/amqp/method.ts'];
const DRAWERS = /^(utils?|helpers?|common|misc|shared|types?|constants?|index)\.(ts|tsx|mjs|js)$/;
const CODE = /\.(ts|tsx|mjs|cjs|js|css)$/;
/** Next, Playwright and the like find these by their name. */
const NAMES_OF_TOOLS =
  /^(\.dependency-cruiser\.cjs|next-env\.d\.ts|not-found\.tsx|global-error\.tsx|.*\.(config|test|spec)\..*)$/;

const IGNORED = ['.git', ...readFileSync('.gitignore', 'utf8').trim().split('\n')].map((line) => {
  const name = line
    .replace(/^\/|\/$/g, '')
    .replaceAll('.', '\\.')
    .replaceAll('*', '[^/]*');
  return new RegExp(line.startsWith('/') ? `^${name}$` : `(^|/)${name}$`);
});

/** Without git, which a machine that only runs the tests need not have. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (IGNORED.some((pattern) => pattern.test(path)) || path === 'test/fixtures') return [];
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const files = filesIn('.');
const code = files.filter((file) => CODE.test(file));
const documents = files.filter((file) => file.endsWith('.md') && !basename(file).startsWith('NOTE-'));

const read = (file: string): string => readFileSync(file, 'utf8');

test('the files of the project are seen', () => {
  expect(code.length).toBeGreaterThan(150);
  expect(code).toContain('lib/boot.ts');
});

test(`no file has more than ${LINES_MAX} lines`, () => {
  const long = code.filter((file) => !TABLES.includes(file) && read(file).split('\n').length - 1 > LINES_MAX);
  expect(long, 'split them by what they know').toEqual([]);
});

test('no file is a drawer', () => {
  const drawers = code.filter((file) => DRAWERS.test(basename(file)));
  expect(drawers, 'name a file by the noun that it exports').toEqual([]);
});

test('file names are kebab-case', () => {
  const named = code.filter((file) => !NAMES_OF_TOOLS.test(basename(file)));
  const odd = named.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(slow|d))?\.[a-z]+$/.test(basename(file)));
  expect(odd).toEqual([]);
});

test('only lib/config.ts reads the environment', () => {
  const product = code.filter((file) => /^(app|components|lib)\//.test(file) && file !== 'lib/config.ts');
  const readers = product.filter((file) => /process\.env\b/.test(read(file)));
  expect(readers, 'take a setting as a parameter; lib/boot.ts has the configuration').toEqual([]);
});

test('what the server process says goes through lib/log.ts', () => {
  const product = code.filter((file) => /^(app|components|lib)\/|^instrumentation/.test(file) && file !== 'lib/log.ts');
  const printers = product.filter((file) => /\bconsole\.\w+\(|\bprocess\.std(out|err)\b/.test(read(file)));
  expect(product.length).toBeGreaterThan(100);
  expect(printers, 'use the log that is handed in, or currentLog()').toEqual([]);
});

test('a linter or the compiler is silenced only with a reason', () => {
  const silenced = code.filter(
    (file) => file !== 'test/tidy.test.ts' && /@ts-(ignore|nocheck)|biome-ignore [^:\n]*:?\s*$/m.test(read(file)),
  );
  expect(silenced).toEqual([]);
});

describe('every path that a document names exists', () => {
  test.each(documents)('%s', (document) => {
    const named = [...read(document).matchAll(/`([\w.()[\]@-]+(?:\/[\w.()[\]@-]+)+\/?)`|\]\((?!https?:)([^)#\s]+)/g)];
    const paths = named.map(([, inCode, linked]) => inCode ?? join(dirname(document), linked ?? ''));
    const roots = new Set(files.map((file) => file.split('/')[0]));
    const absent = paths.filter((path) => roots.has(path.split('/')[0] ?? '') && !existsSync(path));
    expect(absent).toEqual([]);
  });
});
