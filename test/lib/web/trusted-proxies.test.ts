import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainAddress, TrustedProxies } from '../../../lib/web/trusted-proxies.ts';

test.each([
  [['10.0.0.1'], '10.0.0.1', true],
  [['10.0.0.1'], '10.0.0.2', false],
  [['10.0.0.0/8'], '10.255.0.1', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['192.168.1.128/25', '127.0.0.1'], '192.168.1.127', false],
  [['192.168.1.128/25', '127.0.0.1'], '127.0.0.1', true],
  [['fd00::/8'], 'fd12:3456::1', true],
  [['fd00::/8'], 'fe80::1', false],
  [['::1'], '::1', true],
  [['::ffff:10.0.0.0/104'], '10.1.2.3', true],
  [['::ffff:10.0.0.0/104'], '11.1.2.3', false],
  [['10.0.0.0/8'], plainAddress('::ffff:10.1.2.3'), true],
  [['10.0.0.0/8'], 'via 10.0.0.1', false],
  [['0.0.0.0/0'], '', false],
  [[], '127.0.0.1', false],
])('%j trusts %s: %s', (entries, address, isTrusted) => {
  expect(new TrustedProxies(entries).has(address as string)).toBe(isTrusted);
});

test.each(['10.0.0.0/33', '10.0.0', 'proxy', '10.0.0.1/', '10.0.0.1/-1', '10.0.0.1/8/8', 'fd00::/129', '1.2.3.4:80'])(
  '%s is refused',
  (entry) => {
    expect(() => new TrustedProxies(['127.0.0.1', entry])).toThrow(`'${entry}' is no address and no network`);
  },
);

test.each([
  ['203.0.113.9', '203.0.113.9'],
  [' 203.0.113.9 ', '203.0.113.9'],
  ['203.0.113.9:1234', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::FFFF:cb00:7109', '203.0.113.9'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['unknown', null],
  ['_hidden', null],
  ['203.0.113.09', null],
  ['1.2.3', null],
  ['0x7f000001', null],
  ['', null],
  ['via 127.0.0.1', null],
])('%s is the address %s', (text, address) => {
  expect(plainAddress(text)).toBe(address);
});

test('an address has one form, however it is written', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = plainAddress(text) as string;
      expect(plainAddress(address)).toBe(address);
      expect(plainAddress(text.toUpperCase())).toBe(address);
      if (!text.includes(':')) expect(plainAddress(`::ffff:${text}`)).toBe(address);
    }),
  );
});
