import { expect, test } from 'vitest';
import { LIMITS } from '../../../lib/broker/limits.ts';
import { readQueueArguments } from '../../../lib/broker/queues/queue-arguments.ts';
import { argumentText, buildArguments } from '../../../lib/client/queue-arguments.ts';
import { queueSnippet } from '../../../lib/client/snippets.ts';
import { fieldTable } from '../../../lib/engine/embedded/typed-table.ts';

test('what is filled in becomes typed arguments in the order of the form', () => {
  const { table, problems } = buildArguments({
    'x-max-priority': '5',
    'x-message-ttl': '60000',
    'x-dead-letter-exchange': '(default exchange)',
    'x-dead-letter-routing-key': 'dead',
    'x-single-active-consumer': 'true',
    'x-max-length': '',
  });
  expect(problems).toEqual({});
  expect(table).toEqual([
    { name: 'x-message-ttl', field: { type: 'l', value: '60000' } },
    { name: 'x-dead-letter-exchange', field: { type: 'S', value: '' } },
    { name: 'x-dead-letter-routing-key', field: { type: 'S', value: 'dead' } },
    { name: 'x-max-priority', field: { type: 'l', value: '5' } },
    { name: 'x-single-active-consumer', field: { type: 't', value: true } },
  ]);
});

test('what cannot be is told at its field', () => {
  const { problems } = buildArguments({
    'x-message-ttl': 'soon',
    'x-expires': '0',
    'x-max-priority': '256',
    'x-overflow': 'reject-publish',
    'x-dead-letter-routing-key': 'k',
  });
  expect(Object.keys(problems).sort()).toEqual([
    'x-dead-letter-routing-key',
    'x-expires',
    'x-max-priority',
    'x-message-ttl',
    'x-overflow',
  ]);
});

test('each type has its own arguments, and says what it is', () => {
  const texts = {
    'x-max-priority': '5',
    'x-delivery-limit': '-1',
    'x-max-age': '7D',
    'x-max-length-bytes': '1000',
    'x-message-ttl': '10',
  };
  const names = (type: 'classic' | 'quorum' | 'stream') =>
    buildArguments(texts, type).table.map(({ name, field }) => `${name}=${field.value}`);
  expect(names('classic')).toEqual(['x-message-ttl=10', 'x-max-length-bytes=1000', 'x-max-priority=5']);
  expect(names('quorum')).toEqual([
    'x-queue-type=quorum',
    'x-message-ttl=10',
    'x-max-length-bytes=1000',
    'x-delivery-limit=-1',
  ]);
  expect(names('stream')).toEqual(['x-queue-type=stream', 'x-max-length-bytes=1000', 'x-max-age=7D']);
});

test('a choice that a type does not have is left out', () => {
  const texts = { 'x-max-length': '5', 'x-overflow': 'reject-publish-dlx' };
  expect(buildArguments(texts).table).toHaveLength(2);
  expect(buildArguments(texts, 'quorum').table.map(({ name }) => name)).toEqual(['x-queue-type', 'x-max-length']);
});

test('what only some types have is checked there', () => {
  expect(buildArguments({ 'x-max-age': 'a week' }, 'stream').problems).toHaveProperty('x-max-age');
  expect(buildArguments({ 'x-max-age': 'a week' }).problems).toEqual({});
  const sure = { 'x-dead-letter-exchange': 'dlx', 'x-dead-letter-strategy': 'at-least-once' };
  expect(buildArguments(sure, 'quorum').problems).toHaveProperty('x-dead-letter-strategy');
  const whole = { ...sure, 'x-overflow': 'reject-publish', 'x-max-length': '10' };
  expect(buildArguments(whole, 'quorum').problems).toEqual({});
});

test('an argument reads with its meaning', () => {
  expect(argumentText('x-message-ttl', { type: 'l', value: '90000' })).toBe('90,000 ms (1 min)');
  expect(argumentText('x-max-length-bytes', { type: 'I', value: 1048576 })).toBe('1,048,576 (1 MiB)');
  expect(argumentText('x-overflow', { type: 'S', value: 'drop-head' })).toBe('drop-head');
});

test('a number is taken up to the bound that the broker has, with all its digits', () => {
  const TAKEN: [name: string, text: string, isTaken: boolean][] = [
    ['x-message-ttl', String(LIMITS.ttlMsMax), true],
    ['x-message-ttl', String(LIMITS.ttlMsMax + 1), false],
    ['x-expires', '0', false],
    ['x-expires', String(LIMITS.ttlMsMax), true],
    ['x-max-length', '9007199254740993', true],
    ['x-max-length', '9223372036854775807', true],
    ['x-max-length', '9223372036854775808', false],
    ['x-max-length', '5.0', false],
    ['x-max-length', '-1', false],
    ['x-max-priority', String(LIMITS.priorityMax + 1), false],
  ];
  for (const [name, text, isTaken] of TAKEN) {
    const { table, problems } = buildArguments({ [name]: text });
    expect(name in problems, `${name} ${text}`).toBe(!isTaken);
    if (!isTaken) continue;
    expect(table).toEqual([{ name, field: { type: 'l', value: text } }]);
    readQueueArguments(fieldTable(table), '/', 'q');
  }
  expect(argumentText('x-max-length', { type: 'l', value: '9007199254740993' })).toBe('9,007,199,254,740,993');
  expect(argumentText('x-max-length', { type: 'd', value: 5 })).toBe('5.0');
});

test('a snippet says a number that JavaScript cannot hold with its type', () => {
  const queue = { name: 'q', durable: true, autoDelete: false };
  const args = buildArguments({ 'x-max-length': '9007199254740993' }).table;
  expect(queueSnippet('JavaScript', { ...queue, arguments: args })).toContain(
    "\"x-max-length\": { '!': 'long', value: 9007199254740993n }",
  );
  expect(queueSnippet('Python', { ...queue, arguments: args })).toContain('"x-max-length": 9007199254740993,');
});

test('the snippets say the same', () => {
  const { table } = buildArguments({ 'x-message-ttl': '1000' });
  const queue = { name: 'orders', durable: true, autoDelete: false, arguments: table };
  expect(queueSnippet('JavaScript', queue)).toContain('"x-message-ttl": 1000');
  expect(queueSnippet('Python', queue)).toContain('durable=True,');
  expect(queueSnippet('Python', queue)).toContain('"x-message-ttl": 1000,');
});
