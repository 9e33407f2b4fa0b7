/** One limit of a vhost or of a user, by RabbitMQ's name for it. */
import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import type { Desk } from './desk.ts';
import { jsonValue, vhostName } from './fields.ts';
import { type ActNote, operation } from './operation.ts';

interface OfVhost {
  vhost: string;
  name: string;
}

const ofVhost = { vhost: vhostName, name: z.string() };
const vhostNote = ({ vhost, name }: OfVhost): ActNote => ({ vhost, object: name });

async function vhostLimit(desk: Desk, actor: Actor, { vhost, name }: OfVhost) {
  return { [name]: (await desk.engine.vhost(actor, vhost)).limits[name] };
}

export const putVhostLimit = operation({
  action: 'vhost-limit.put',
  role: 'administrator',
  input: z.strictObject({ ...ofVhost, value: jsonValue }),
  async run(desk, actor, { vhost, name, value }) {
    await desk.engine.putVhostLimit(actor, vhost, name, value);
    return {};
  },
  subject: vhostLimit,
  note: vhostNote,
});

export const deleteVhostLimit = operation({
  action: 'vhost-limit.delete',
  role: 'administrator',
  input: z.strictObject(ofVhost),
  async run(desk, actor, { vhost, name }) {
    await desk.engine.deleteVhostLimit(actor, vhost, name);
    return {};
  },
  subject: vhostLimit,
  note: vhostNote,
});

interface OfUser {
  user: string;
  name: string;
}

const ofUser = { user: z.string().min(1), name: z.string() };
const userNote = ({ user, name }: OfUser): ActNote => ({ object: user, detail: name });

async function userLimit(desk: Desk, actor: Actor, { user, name }: OfUser) {
  return { [name]: (await desk.engine.user(actor, user)).limits[name] };
}

export const putUserLimit = operation({
  action: 'user-limit.put',
  role: 'administrator',
  input: z.strictObject({ ...ofUser, value: jsonValue }),
  async run(desk, actor, { user, name, value }) {
    await desk.engine.putUserLimit(actor, user, name, value);
    return {};
  },
  subject: userLimit,
  note: userNote,
});

export const deleteUserLimit = operation({
  action: 'user-limit.delete',
  role: 'administrator',
  input: z.strictObject(ofUser),
  async run(desk, actor, { user, name }) {
    await desk.engine.deleteUserLimit(actor, user, name);
    return {};
  },
  subject: userLimit,
  note: userNote,
});
