import { describe, expect, test } from 'vitest';
import type { Field, FieldTable } from '../../../../lib/amqp/field-table.ts';
import { HeadersType } from '../../../../lib/broker/exchanges/headers.ts';
import { boundTo, routed } from './bound-to.ts';

const S = (value: string): Field => ({ type: 'S', value });
const I = (value: number): Field => ({ type: 'I', value });
const mode = (value: string): FieldTable => [['x-match', S(value)]];
const color: FieldTable = [['color', S('red')]];
const both: FieldTable = [
  ['color', S('red')],
  ['size', I(3)],
];

function isMatch(args: FieldTable, headers: FieldTable): boolean {
  const type = new HeadersType();
  type.add(boundTo('q', 'the key does not matter', args));
  return routed(type, 'k', headers).length === 1;
}

describe('x-match', () => {
  test.each(['all', 'all-with-x'])('%s wants every header', (match) => {
    const args = [...mode(match), ...both];
    expect(isMatch(args, both)).toBe(true);
    expect(isMatch(args, [...both, ['more', I(1)]])).toBe(true);
    expect(isMatch(args, color)).toBe(false);
    expect(isMatch(args, [])).toBe(false);
  });

  test.each(['any', 'any-with-x'])('%s wants one header', (match) => {
    const args = [...mode(match), ...both];
    expect(isMatch(args, both)).toBe(true);
    expect(isMatch(args, color)).toBe(true);
    expect(isMatch(args, [['color', S('blue')]])).toBe(false);
    expect(isMatch(args, [])).toBe(false);
  });

  test('absent x-match is all', () => {
    expect(isMatch(both, both)).toBe(true);
    expect(isMatch(both, color)).toBe(false);
  });

  test('all with nothing to match takes everything; any with nothing to match takes nothing', () => {
    expect(isMatch([], [])).toBe(true);
    expect(isMatch(mode('all'), color)).toBe(true);
    expect(isMatch(mode('any'), color)).toBe(false);
    expect(isMatch([...mode('any'), ['x-only', S('v')]], [['x-only', S('v')]])).toBe(false);
  });

  test('keys that start with x- count only in the modes with x', () => {
    const args: FieldTable = [
      ['x-source', S('a')],
      ['color', S('red')],
    ];
    expect(isMatch([...mode('all'), ...args], color)).toBe(true);
    expect(isMatch([...mode('all-with-x'), ...args], color)).toBe(false);
    expect(isMatch([...mode('all-with-x'), ...args], args)).toBe(true);
    expect(isMatch([...mode('any'), ...args], [['x-source', S('a')]])).toBe(false);
    expect(isMatch([...mode('any-with-x'), ...args], [['x-source', S('a')]])).toBe(true);
  });

  test('another x-match is refused', () => {
    const { destination } = boundTo('q', '');
    const checkBinding = (args: FieldTable): void => new HeadersType().checkBinding(destination, '', args);
    expect(() => checkBinding(mode('some'))).toThrow(
      expect.objectContaining({
        reply: 'PRECONDITION_FAILED',
        message: 'Invalid x-match field value <<"some">>; expected all, any, all-with-x, or any-with-x',
      }),
    );
    expect(() => checkBinding([['x-match', { type: 't', value: true }]])).toThrow(
      expect.objectContaining({
        reply: 'PRECONDITION_FAILED',
        message: 'Invalid x-match field type bool (value true); expected longstr',
      }),
    );
    for (const known of ['all', 'any', 'all-with-x', 'any-with-x']) checkBinding(mode(known));
    checkBinding([]);
  });
});

describe('values', () => {
  const value = (wanted: Field, actual: Field): boolean => isMatch([['h', wanted]], [['h', actual]]);

  test('void asks only for presence', () => {
    expect(value({ type: 'V' }, S('anything'))).toBe(true);
    expect(value({ type: 'V' }, { type: 'V' })).toBe(true);
    expect(isMatch([['h', { type: 'V' }]], [])).toBe(false);
    expect(value(S(''), { type: 'V' })).toBe(false);
  });

  test('integers of any width are equal when their value is', () => {
    const integers: Field[] = [
      { type: 'b', value: 5 },
      { type: 'B', value: 5 },
      { type: 's', value: 5 },
      { type: 'u', value: 5 },
      I(5),
      { type: 'i', value: 5 },
      { type: 'l', value: 5n },
      { type: 'L', value: 5n },
    ];
    for (const wanted of integers) for (const actual of integers) expect(value(wanted, actual)).toBe(true);
    expect(value(I(5), I(6))).toBe(false);
  });

  test('kinds do not mix: 1, 1.0, "1" and true differ', () => {
    const kinds: Field[] = [I(1), { type: 'd', value: 1 }, S('1'), { type: 't', value: true }];
    for (const wanted of kinds) for (const actual of kinds) expect(value(wanted, actual)).toBe(wanted === actual);
  });

  test('strings are equal by their bytes', () => {
    expect(value(S('red'), S('red'))).toBe(true);
    expect(value(S('red'), S('Red'))).toBe(false);
    expect(value(S('é'), { type: 'S', value: Buffer.from('é') })).toBe(true);
  });

  test('arrays and tables are compared by what is in them', () => {
    const list = (...values: Field[]): Field => ({ type: 'A', value: values });
    expect(value(list(I(1), S('a')), list({ type: 'l', value: 1n }, S('a')))).toBe(true);
    expect(value(list(I(1), S('a')), list(S('a'), I(1)))).toBe(false);
    expect(value({ type: 'F', value: both }, { type: 'F', value: both })).toBe(true);
    expect(value({ type: 'F', value: both }, { type: 'F', value: color })).toBe(false);
  });

  test('of a header that occurs twice the first counts', () => {
    const twice: FieldTable = [
      ['color', S('red')],
      ['color', S('blue')],
    ];
    expect(isMatch([['color', S('red')]], twice)).toBe(true);
    expect(isMatch([['color', S('blue')]], twice)).toBe(false);
  });
});

test('a removed binding matches no more', () => {
  const type = new HeadersType();
  const [first, second] = [boundTo('a', '', color), boundTo('b', '', color)];
  type.add(first);
  type.add(second);
  expect(routed(type, '', color)).toEqual(['a', 'b']);
  type.remove(first);
  expect(routed(type, '', color)).toEqual(['b']);
});
