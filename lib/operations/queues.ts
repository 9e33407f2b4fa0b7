/** What can be done to queues: declare, delete, purge, pause, resume. */
import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import { EngineError } from '../engine/errors.ts';
import type { Desk } from './desk.ts';
import { objectName, shortString, typedTable, vhostName } from './fields.ts';
import { operation } from './operation.ts';

const qualifiedName = { vhost: vhostName, name: objectName };

/** Bindings that the audit keeps of a queue. */
const KEPT_BINDINGS = 20;

/** What somebody decided of a queue, and what would go with it. */
async function declaredQueue(desk: Desk, actor: Actor, { vhost, name }: { vhost: string; name: string }) {
  const queue = await desk.engine.queue(actor, vhost, name);
  const { type, durable, autoDelete, exclusive, ready, unacked } = queue;
  const of = { destinationType: 'queue', destination: name } as const;
  const { rows: bindings } = await desk.engine.bindings(actor, { vhost, of, limit: KEPT_BINDINGS });
  return { type, durable, autoDelete, exclusive, arguments: queue.arguments, ready, unacked, bindings };
}

export const declareQueue = operation({
  action: 'queue.declare',
  role: 'management',
  input: z.strictObject({
    vhost: vhostName,
    /** '' lets the broker choose. */
    name: shortString,
    durable: z.boolean(),
    autoDelete: z.boolean(),
    arguments: typedTable,
  }),
  run: (desk, actor, input) => desk.engine.declareQueue(actor, input),
  subject: declaredQueue,
  note: ({ vhost, name }, output) => ({
    vhost,
    object: output?.name ?? name,
    detail: output?.created === false ? 'was there already' : '',
  }),
});

/** One that is not there is NOT_FOUND: only on the wire it is no error. */
export const deleteQueue = operation({
  action: 'queue.delete',
  role: 'management',
  input: z.strictObject({ ...qualifiedName, unused: z.boolean().default(false), empty: z.boolean().default(false) }),
  run: async (desk, actor, { vhost, name, unused, empty }) => ({
    messages: await desk.engine.deleteQueue(actor, vhost, name, { unused, empty }),
  }),
  subject: declaredQueue,
  note: ({ vhost, name }, output) => ({
    vhost,
    object: name,
    detail: output === undefined ? '' : `${output.messages} messages went with it`,
  }),
});

export const purgeQueue = operation({
  action: 'queue.purge',
  role: 'management',
  input: z.strictObject(qualifiedName),
  run: async (desk, actor, { vhost, name }) => ({ messages: await desk.engine.purgeQueue(actor, vhost, name) }),
  subject: async (desk, actor, { vhost, name }) => ({ ready: (await desk.engine.queue(actor, vhost, name)).ready }),
  note: ({ vhost, name }, output) => ({
    vhost,
    object: name,
    detail: output === undefined ? '' : `${output.messages} messages removed`,
  }),
});

export const pauseQueue = pausing('queue.pause', true);
export const resumeQueue = pausing('queue.resume', false);

function pausing(action: 'queue.pause' | 'queue.resume', isPaused: boolean) {
  return operation({
    action,
    role: 'management',
    input: z.strictObject(qualifiedName),
    async run(desk, actor, { vhost, name }) {
      await desk.engine.pauseQueue(actor, vhost, name, isPaused);
      return {};
    },
    subject: async (desk, actor, { vhost, name }) => {
      const { isPaused, ready, consumers } = await desk.engine.queue(actor, vhost, name);
      return { isPaused, ready, consumers };
    },
    note: ({ vhost, name }) => ({ vhost, object: name }),
  });
}

/** There is no mirror to bring up to date, and these two do no harm. */
const HARMLESS = ['sync', 'cancel_sync'];

export const actOnQueue = operation({
  action: 'queue.action',
  role: 'administrator',
  input: z.strictObject({ ...qualifiedName, action: z.string() }),
  async run(desk, actor, { vhost, name, action }) {
    await desk.engine.queue(actor, vhost, name);
    if (!HARMLESS.includes(action)) throw new EngineError('INVALID_REQUEST', `unknown_action ${action}`);
    return {};
  },
  note: ({ vhost, name, action }) => ({ vhost, object: name, detail: action }),
});

/** One node: every queue is where it should be. */
export const rebalanceQueues = operation({
  action: 'queues.rebalance',
  role: 'administrator',
  input: z.strictObject({}),
  run: async () => ({}),
  note: () => ({}),
});
