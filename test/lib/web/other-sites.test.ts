import { expect, test } from 'vitest';
import { refuseOtherSites } from '../../../lib/web/other-sites.ts';
import { notePeer } from '../../../lib/web/peer.ts';

const asked = (headers: Record<string, string>, seenHost: string | null): Request => {
  notePeer(headers, { address: '203.0.113.9', isSecure: true, host: seenHost });
  return new Request('http://10.0.0.5:15672/api/queues', { headers });
};

test.each<[string, Record<string, string>, string | null, boolean]>([
  ['a program that says nothing', { host: '10.0.0.5:15672' }, '10.0.0.5:15672', true],
  ['a page of this site', { origin: 'http://10.0.0.5:15672' }, '10.0.0.5:15672', true],
  ['a page of this site behind a trusted proxy', { origin: 'https://Warren.example' }, 'WARREN.example', true],
  ['a page that knows only the name behind the proxy', { origin: 'http://10.0.0.5:15672' }, 'warren.example', false],
  ['a page of another site', { origin: 'https://evil.example' }, 'warren.example', false],
  ['a page of no site', { origin: 'null' }, 'warren.example', false],
  ['a host that nobody looked at', { origin: 'https://evil.example' }, null, false],
  [
    'a browser that says so itself',
    { 'sec-fetch-site': 'cross-site', origin: 'https://warren.example' },
    'warren.example',
    false,
  ],
  ['a browser that says it is this one', { 'sec-fetch-site': 'same-origin' }, 'warren.example', true],
])('%s', (_, headers, seenHost, isLetIn) => {
  const refuse = () => refuseOtherSites(asked(headers, seenHost));
  if (isLetIn) expect(refuse).not.toThrow();
  else expect(refuse).toThrow('requests from other sites are refused');
});
