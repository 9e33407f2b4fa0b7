import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { innerHeader } from '../../../lib/web/inner-header.ts';
import { isOfThisMachine, notePeer, peerIn, peerOf } from '../../../lib/web/peer.ts';
import { TrustedProxies } from '../../../lib/web/trusted-proxies.ts';

const LOCAL = '127.0.0.1';
const asked = (from: string, trusted: readonly string[], headers: IncomingHttpHeaders) =>
  peerOf({ remoteAddress: from }, headers, new TrustedProxies(trusted));

test.each<[string, string, readonly string[], IncomingHttpHeaders, string]>([
  ['nobody between', '203.0.113.9', [], {}, '203.0.113.9'],
  ['this machine', LOCAL, [], {}, LOCAL],
  ['this machine over IPv6', '::ffff:127.0.0.1', [], {}, LOCAL],
  ['a proxy on this machine that is not trusted', LOCAL, [], { 'x-forwarded-for': '127.0.0.1' }, 'via 127.0.0.1'],
  ['the same over IPv6', '::1', [], { forwarded: 'for=127.0.0.1' }, 'via ::1'],
  ['a proxy elsewhere that is not trusted', '10.0.0.5', [], { 'x-forwarded-for': '127.0.0.1' }, '10.0.0.5'],
  ['another one trusted', '10.0.0.5', ['10.0.0.6'], { 'x-forwarded-for': '127.0.0.1' }, '10.0.0.5'],
  ['a trusted proxy', LOCAL, [LOCAL], { 'x-forwarded-for': '203.0.113.9' }, '203.0.113.9'],
  ['two trusted', LOCAL, [LOCAL, '10.0.0.0/8'], { 'x-forwarded-for': '203.0.113.9, 10.0.0.7' }, '203.0.113.9'],
  ['a client that lies before it', LOCAL, [LOCAL], { 'x-forwarded-for': '127.0.0.1, 203.0.113.9' }, '203.0.113.9'],
  [
    'a trusted client that lies',
    LOCAL,
    [LOCAL, '10.0.0.0/8'],
    { 'x-forwarded-for': '127.0.0.1, 10.0.0.9' },
    '10.0.0.9',
  ],
  ['the loopback of a trusted machine', '10.0.0.5', ['10.0.0.0/8'], { 'x-forwarded-for': LOCAL }, '10.0.0.5'],
  ['this machine through its own proxy', LOCAL, [LOCAL], { 'x-forwarded-for': LOCAL }, LOCAL],
  ['a trusted proxy that names nobody', LOCAL, [LOCAL], { 'x-forwarded-proto': 'https' }, 'via 127.0.0.1'],
  ['a trusted proxy that hides who asks', LOCAL, [LOCAL], { 'x-forwarded-for': 'unknown' }, 'via 127.0.0.1'],
  ['words where an address should be', LOCAL, [LOCAL], { 'x-forwarded-for': '203.0.113.9, evil' }, 'via 127.0.0.1'],
  ['another header than the one that counts', LOCAL, [LOCAL], { 'x-real-ip': LOCAL }, 'via 127.0.0.1'],
  ['ports', LOCAL, [LOCAL], { 'x-forwarded-for': '203.0.113.9:55, [2001:db8::1]:66' }, '2001:db8::1'],
  ['all trusted', LOCAL, ['0.0.0.0/0'], { 'x-forwarded-for': '203.0.113.9, 203.0.113.8' }, '203.0.113.9'],
  ['a socket that is gone', '', [], {}, ''],
])('who asks: %s', (_, from, trusted, headers, address) => {
  expect(asked(from, trusted, headers).address).toBe(address);
});

test.each([
  'x-forwarded-for',
  'x-real-ip',
  'forwarded',
  'via',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
])('a request of this machine with %s is from outside', (name) => {
  expect(isOfThisMachine(asked(LOCAL, [], { [name]: '' }).address)).toBe(false);
});

test('whatever comes through a proxy from elsewhere, it is never taken for this machine', () => {
  const hop = fc.constantFrom('127.0.0.1', '::1', '[::1]:80', '10.0.0.9', '203.0.113.9', '::ffff:127.0.0.1', 'x', '');
  const socket = fc.constantFrom('127.0.0.1', '::1', '10.0.0.5');
  fc.assert(
    fc.property(
      socket,
      fc.array(hop, { maxLength: 4 }),
      fc.constantFrom('203.0.113.9', '10.0.0.9'),
      (from, lies, who) => {
        // The nearest proxy adds who asked it, whatever that one said.
        const peer = asked(from, [LOCAL, '::1', '10.0.0.0/8'], { 'x-forwarded-for': [...lies, who].join(', ') });
        expect(isOfThisMachine(peer.address)).toBe(false);
      },
    ),
  );
});

test('host and TLS are believed of a trusted proxy only', () => {
  const headers = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'shop.example',
  };
  expect(asked(LOCAL, [LOCAL], { host: 'localhost:15672', ...headers })).toMatchObject({
    isSecure: true,
    host: 'shop.example',
  });
  expect(asked(LOCAL, [], { host: 'localhost:15672', ...headers })).toMatchObject({
    isSecure: false,
    host: 'localhost:15672',
  });
});

test('what the front noted is read by the doors, and nothing that a client wrote', () => {
  const headers: Record<string, string> = {};
  const peer = { address: '203.0.113.9', isSecure: true, host: 'bücher.example' };
  notePeer(headers, peer);
  expect(peerIn(new Headers(headers))).toEqual(peer);
  expect(peerIn(new Headers({ 'x-warren-peer': LOCAL })).address).toBe('');
  expect(innerHeader('peer')).toMatch(/^x-warren-[0-9a-f]{18}-peer$/);
});
