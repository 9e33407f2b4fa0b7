import { expect, test } from 'vitest';
import { EXCHANGE_TYPE_NAMES } from '../../../lib/broker/exchanges/exchange-types.ts';
import { buildExchangeArguments, EXCHANGE_TYPES } from '../../../lib/client/exchange-types.ts';
import { fieldTable } from '../../../lib/engine/embedded/typed-table.ts';
import { BrokerFixture } from '../broker/broker-fixture.ts';

const S = (value: string) => ({ type: 'S' as const, value });

test('the form offers just the types that the broker has, with arguments that it takes', async () => {
  const place = await BrokerFixture.start();
  expect(EXCHANGE_TYPES.map(({ type }) => type).toSorted()).toEqual(EXCHANGE_TYPE_NAMES.toSorted());
  for (const { type } of EXCHANGE_TYPES) {
    const filled = { 'x-cache-size': '10', 'x-recent-history-length': '5', 'hash-property': 'message_id' };
    const { table, problems } = buildExchangeArguments(type, filled);
    expect(problems).toEqual({});
    place.exchange(type, type, { arguments: fieldTable(table) });
  }
});

test('a choice that must be made stands at its first', () => {
  expect(buildExchangeArguments('x-delayed-message', {})).toEqual({
    table: [{ name: 'x-delayed-type', field: S('direct') }],
    problems: {},
  });
});

test('what is required and missing, out of bounds, or excludes another is a problem', () => {
  expect(buildExchangeArguments('x-message-deduplication', {}).problems).toEqual({ 'x-cache-size': 'It needs this.' });
  expect(buildExchangeArguments('x-recent-history', { 'x-recent-history-length': '0' }).problems).toEqual({
    'x-recent-history-length': 'At least 1.',
  });
  const both = { 'hash-header': 'h', 'hash-property': 'message_id' };
  expect(Object.keys(buildExchangeArguments('x-consistent-hash', both).problems)).toEqual(['hash-property']);
});

test('what was filled in for another type is left out', () => {
  expect(buildExchangeArguments('direct', { 'x-cache-size': '10' })).toEqual({ table: [], problems: {} });
});
