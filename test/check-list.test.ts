/** The rules where brokers go wrong are numbered, and each has its one conformance test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const RULES = 53;
const FOLDER = join(import.meta.dirname, 'conformance/check-list');

test('each rule of the check list has exactly one test', () => {
  const numbers = readdirSync(FOLDER).flatMap((file) => {
    const source = readFileSync(join(FOLDER, file), 'utf8');
    return [...source.matchAll(/^ *test\(\s*'(\d+): /gm)].map(([, number]) => Number(number));
  });
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: RULES }, (_, i) => i + 1));
});
