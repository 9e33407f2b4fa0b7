import { expect, test } from 'vitest';
import { octetsText } from '../../../lib/amqp/octets.ts';

test.each<[Buffer, string]>([
  [Buffer.alloc(0), 'all octets = <<>>'],
  [Buffer.of(0, 255), 'all octets = <<0,255>>'],
  [Buffer.from('abc'), 'all octets = <<"abc">>'],
  [Buffer.from('0123456789abcdef'), 'all octets = <<"0123456789abcdef">>'],
  [Buffer.from('0123456789abcdefg'), 'first 16 octets = <<"0123456789abcdef">>'],
])('%o: %s', (bytes, text) => {
  expect(octetsText(bytes, 0, bytes.length)).toBe(text);
});
