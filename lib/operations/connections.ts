import * as z from 'zod';
import { detailOf, operation } from './operation.ts';

/** What a client is told where nobody gave a reason; the words are RabbitMQ's. */
const CLOSED_BY_API = 'Closed via management plugin';

const reason = z.string().optional();

export const closeConnection = operation({
  action: 'connection.close',
  role: 'management',
  input: z.strictObject({ name: z.string().min(1), reason }),
  async run(desk, actor, { name, reason = CLOSED_BY_API }) {
    await desk.engine.closeConnection(actor, name, reason);
    return {};
  },
  async subject(desk, actor, { name }) {
    const { user, vhost, userProvidedName, authMechanism, channels } = await desk.engine.connection(actor, name);
    return { user, vhost, userProvidedName, authMechanism, channels };
  },
  note: ({ name, reason = '' }) => ({ object: name, detail: reason }),
});

export const closeConnectionsOfUser = operation({
  action: 'connection.close-all',
  role: 'management',
  input: z.strictObject({ user: z.string().min(1), reason }),
  run: async (desk, actor, { user, reason = CLOSED_BY_API }) => ({
    closed: await desk.engine.closeConnectionsOfUser(actor, user, reason),
  }),
  note: ({ user, reason = '' }, output) => ({
    object: user,
    detail: detailOf(reason, output === undefined ? '' : `${output.closed} closed`),
  }),
});
