import { expect, test } from 'vitest';
import { SecretKey } from '../../../lib/auth/secret-key.ts';
import { Sessions } from '../../../lib/auth/sessions.ts';
import { PrismaDefinitionStore } from '../../../lib/db/definitions.ts';
import { SessionRecords } from '../../../lib/db/sessions.ts';
import { scratchDatabase } from './scratch-database.ts';

const ANN = {
  name: 'ann',
  passwordHash: 'aGFzaA==',
  hashingAlgorithm: 'rabbit_password_hashing_sha256' as const,
  tags: [],
  limits: {},
};

const ORIGIN = { remoteAddress: '::1', userAgent: '' };

test('a new password ends the sessions of its user, and so does the end of the user; nothing else does', async () => {
  const database = await scratchDatabase();
  const sessions = new Sessions(new SessionRecords(database), new SecretKey());
  const store = new PrismaDefinitionStore(database, (user) => sessions.forget(user));
  await store.apply([
    { put: 'user', value: ANN },
    { put: 'user', value: { ...ANN, name: 'bob' } },
  ]);
  const { token: bobs } = await sessions.begin('bob', ORIGIN);
  const signIn = async () => {
    const { token } = await sessions.begin('ann', ORIGIN);
    expect(await sessions.user(token)).toBe('ann');
    return token;
  };
  const token = await signIn();
  await store.apply([{ put: 'user', value: { ...ANN, tags: ['administrator'], limits: { 'max-channels': 1 } } }]);
  expect(await sessions.user(token)).toBe('ann');
  await store.apply([{ put: 'user', value: { ...ANN, passwordHash: '' } }]);
  expect(await sessions.user(token)).toBeNull();
  const again = await signIn();
  await store.apply([{ delete: 'user', key: { name: 'ann' } }]);
  expect(await sessions.user(again)).toBeNull();
  await store.apply([{ put: 'user', value: ANN }]);
  expect(await sessions.user(again)).toBeNull();
  expect(await sessions.user(bobs)).toBe('bob');
});
