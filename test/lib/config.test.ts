import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../lib/config.ts';

test('without any setting it listens on this machine and keeps data in ./data', () => {
  const dataDir = resolve('data');
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    consolePort: 15_672,
    amqpPort: 5_672,
    dataDir,
    databaseUrl: `file:${dataDir}/warren.db`,
    defaultUser: 'guest',
    defaultPass: 'guest',
    defaultVhost: '/',
    logThreshold: 'info',
  });
});

test('an empty value is no value', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '', RABBITMQ_DEFAULT_USER: '' })).toEqual(readConfig({}));
});

test('folders and files are absolute, for the server changes its working folder', () => {
  const config = readConfig({ WARREN_DATA_DIR: 'here', DATABASE_URL: 'file:./there.db' });
  expect(config.dataDir).toBe(resolve('here'));
  expect(config.databaseUrl).toBe(`file:${resolve('there.db')}`);
});

test('a PostgreSQL URL stays as it is', () => {
  const url = 'postgresql://ada:secret@db.example/warren?sslmode=require';
  expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
});

describe('a value that cannot be is refused with one line that names the setting', () => {
  test.each([
    ['PORT', 'x'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '5672 '],
    ['PORT', '5672'],
    ['WARREN_AMQP_PORT', '-1'],
    ['WARREN_AMQP_PORT', '56.72'],
    ['WARREN_LOG_LEVEL', 'verbose'],
    ['DATABASE_URL', 'mysql://localhost/warren'],
  ])('%s=%s', (name, value) => {
    let line = '';
    try {
      readConfig({ [name]: value });
    } catch (error) {
      line = (error as Error).message;
    }
    expect(line).toContain(name);
    expect(line).not.toContain('\n');
  });
});

test('a refused database URL does not show its password', () => {
  expect(() => readConfig({ DATABASE_URL: 'mysql://ada:secret@db/warren' })).toThrow(/^(?!.*secret)/);
});
