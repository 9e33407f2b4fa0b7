import { expect, test } from 'vitest';
import { cipherParts, distinguishedName } from '../../../lib/server/tls-facts.ts';

test.each([
  ['TLS_AES_256_GCM_SHA384', 'any', 'aes_256_gcm', 'aead'],
  ['TLS_CHACHA20_POLY1305_SHA256', 'any', 'chacha20_poly1305', 'aead'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ecdhe_rsa', 'aes_128_gcm', 'aead'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 'ecdhe_ecdsa', 'aes_256_cbc', 'sha384'],
  ['TLS_RSA_WITH_AES_128_CBC_SHA', 'rsa', 'aes_128_cbc', 'sha'],
])('%s is key exchange %s, cipher %s, hash %s', (standardName, keyExchange, cipher, hash) => {
  expect(cipherParts({ standardName })).toEqual({ keyExchange, cipher, hash });
});

test('a distinguished name begins with its most specific part', () => {
  expect(distinguishedName('C=DE\nO=Warren\nCN=ann')).toBe('CN=ann,O=Warren,C=DE');
});
