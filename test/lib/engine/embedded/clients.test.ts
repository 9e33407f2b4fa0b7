import { beforeEach, expect, test } from 'vitest';
import type { Clients } from '../../../../lib/engine/clients.ts';
import { createClients } from '../../../../lib/engine/embedded/clients.ts';
import type { Listener } from '../../../../lib/server/listener.ts';
import { BrokerFixture } from '../../broker/broker-fixture.ts';
import { apiUser } from '../api-user.ts';

let clients: Clients;
let closed: string[];

/** One connection for each user, as far as these commands look at it. */
beforeEach(async () => {
  const { broker } = await BrokerFixture.start();
  const names = ['none', 'management', 'other', 'monitoring', 'administrator'];
  closed = [];
  const connections = [];
  for (const name of names) {
    const tags = name === 'none' ? [] : [name === 'other' ? 'management' : name];
    await broker.accounts.putUser({ name, tags });
    connections.push({
      name: `of ${name}`,
      hasEntered: true,
      isOpen: true,
      session: { user: broker.users.get(name) },
      channels: new Map(),
      force: (reason: string) => closed.push(`${name}: ${reason}`),
    });
  }
  connections.push({ name: 'of nobody yet', hasEntered: false, isOpen: false });
  clients = createClients(broker, { connections, turn: { end: () => {} } } as unknown as Listener);
});

const as = apiUser;

test('who has no tag for management sees nothing, who watches the broker sees all, others their own', async () => {
  await expect(clients.listConnections(as('none'))).rejects.toThrow('Not management user');
  await expect(clients.listChannels(as('none'))).rejects.toThrow('Not management user');
  await expect(clients.listConsumers(as('none'))).rejects.toThrow('Not management user');
  await expect(clients.listConnections(as('gone'))).rejects.toThrow("user 'gone' does not exist");
  await expect(clients.connection(as('management'), 'of other')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(clients.connection(as('administrator'), 'of nobody yet')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('everybody closes their own connections, administrators all', async () => {
  await clients.closeConnection(as('management'), 'of management', 'mine');
  await expect(clients.closeConnection(as('management'), 'of other', 'not mine')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(clients.closeConnection(as('monitoring'), 'of other', 'not mine')).rejects.toMatchObject({
    code: 'ACCESS_REFUSED',
    message: 'User not authorised to access object',
  });
  await clients.closeConnection(as('administrator'), 'of other', 'may');
  expect(closed).toEqual(['management: mine', 'other: may']);
});

test('all of a user are closed by that user and by administrators', async () => {
  await expect(clients.closeConnectionsOfUser(as('monitoring'), 'other', 'no')).rejects.toMatchObject({
    code: 'ACCESS_REFUSED',
  });
  expect(await clients.closeConnectionsOfUser(as('other'), 'other', 'mine')).toBe(1);
  expect(await clients.closeConnectionsOfUser(as('administrator'), 'none', 'may')).toBe(1);
  expect(await clients.closeConnectionsOfUser(as('administrator'), 'nobody', 'may')).toBe(0);
  expect(closed).toEqual(['other: mine', 'none: may']);
});
