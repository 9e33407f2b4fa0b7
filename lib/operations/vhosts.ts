import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import type { Desk } from './desk.ts';
import { vhostName } from './fields.ts';
import { type ActNote, operation } from './operation.ts';

interface Named {
  name: string;
}

const named = z.strictObject({ name: vhostName });

/** What somebody decided of a vhost. */
async function decided(desk: Desk, actor: Actor, { name }: Named) {
  const vhost = await desk.engine.vhost(actor, name);
  const { description, tags, defaultQueueType, protectedFromDeletion, tracing, limits } = vhost;
  return { name, description, tags, defaultQueueType, protectedFromDeletion, tracing, limits };
}

/** Who sees the vhost sees what is done to it. */
const note = ({ name }: Named): ActNote => ({ vhost: name, object: name });

/** What is left out keeps its value, or gets the default in a new vhost. */
export const putVhost = operation({
  action: 'vhost.put',
  role: 'administrator',
  input: z.strictObject({
    name: vhostName,
    description: z.string().optional(),
    tags: z.array(z.string()).optional(),
    defaultQueueType: z.string().nullable().optional(),
    protectedFromDeletion: z.boolean().optional(),
    tracing: z.boolean().optional(),
  }),
  run: (desk, actor, input) => desk.engine.putVhost(actor, input),
  subject: decided,
  note,
});

export const deleteVhost = operation({
  action: 'vhost.delete',
  role: 'administrator',
  input: named,
  async run(desk, actor, { name }) {
    await desk.engine.deleteVhost(actor, name);
    return {};
  },
  subject: decided,
  note,
});

async function protect(desk: Desk, actor: Actor, { name }: Named, protectedFromDeletion: boolean) {
  // A put would make one that is not there.
  await desk.engine.vhost(actor, name);
  await desk.engine.putVhost(actor, { name, protectedFromDeletion });
  return {};
}

export const protectVhost = operation({
  action: 'vhost.protect',
  role: 'administrator',
  input: named,
  run: (desk, actor, input) => protect(desk, actor, input, true),
  subject: decided,
  note,
});

export const unprotectVhost = operation({
  action: 'vhost.unprotect',
  role: 'administrator',
  input: named,
  run: (desk, actor, input) => protect(desk, actor, input, false),
  subject: decided,
  note,
});

/** A vhost runs as soon as it exists. */
export const startVhost = operation({
  action: 'vhost.start',
  role: 'administrator',
  input: z.strictObject({ name: vhostName, node: z.string() }),
  run: async () => ({}),
  note: ({ name, node }) => ({ ...note({ name }), detail: `on ${node}` }),
});
