import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type { Desk } from './desk.ts';
import { shortString, vhostName } from './fields.ts';
import { type ActNote, operation } from './operation.ts';

interface Of {
  user: string;
  vhost: string;
}

const of = { user: z.string().min(1, 'must not be empty'), vhost: vhostName };
/** A pattern; the broker says what is wrong with it. */
const pattern = z.string();

async function permission(desk: Desk, actor: Actor, { user, vhost }: Of) {
  const all = await desk.engine.listPermissions(actor);
  return all.find((one) => one.user === user && one.vhost === vhost);
}

const note = ({ user, vhost }: Of): ActNote => ({ vhost, object: user });

export const putPermission = operation({
  action: 'permission.put',
  role: 'administrator',
  input: z.strictObject({ ...of, configure: pattern, write: pattern, read: pattern }),
  run: (desk, actor, input) => desk.engine.putPermission(actor, input),
  subject: permission,
  note,
});

export const deletePermission = operation({
  action: 'permission.delete',
  role: 'administrator',
  input: z.strictObject(of),
  async run(desk, actor, { user, vhost }) {
    if ((await permission(desk, actor, { user, vhost })) === undefined)
      throw new EngineError('NOT_FOUND', `user '${user}' has no permissions in vhost '${vhost}'`);
    await desk.engine.deletePermission(actor, vhost, user);
    return {};
  },
  subject: permission,
  note,
});

interface TopicOf extends Of {
  /** Left out: all of the vhost. */
  exchange?: string | undefined;
}

/** By exchange. */
async function topicPermissions(desk: Desk, actor: Actor, { user, vhost, exchange }: TopicOf) {
  const own = (await desk.engine.listTopicPermissions(actor)).filter(
    (one) => one.user === user && one.vhost === vhost && (exchange === undefined || one.exchange === exchange),
  );
  return Object.fromEntries(own.map((one) => [one.exchange, { write: one.write, read: one.read }]));
}

const topicNote = ({ user, vhost, exchange }: TopicOf): ActNote => ({
  vhost,
  object: user,
  detail: exchange === undefined ? '' : `for exchange '${exchange}'`,
});

export const putTopicPermission = operation({
  action: 'topic-permission.put',
  role: 'administrator',
  input: z.strictObject({ ...of, exchange: shortString, write: pattern, read: pattern }),
  run: (desk, actor, input) => desk.engine.putTopicPermission(actor, input),
  subject: topicPermissions,
  note: topicNote,
});

export const deleteTopicPermissions = operation({
  action: 'topic-permission.delete',
  role: 'administrator',
  input: z.strictObject({ ...of, exchange: shortString.optional() }),
  async run(desk, actor, { user, vhost, exchange }) {
    await desk.engine.deleteTopicPermissions(actor, vhost, user, exchange);
    return {};
  },
  subject: topicPermissions,
  note: topicNote,
});
