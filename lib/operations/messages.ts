import * as z from 'zod';
import type { PublishResult } from '../engine/messages.ts';
import type { RabbitDesk } from './desk.ts';
import { messageBody, messageProperties, objectName, shortString, vhostName } from './fields.ts';
import { detailOf, operation } from './operation.ts';

const REPEAT_MAX = 100;

/** What became of a publication that was repeated; the lists are those of the last one. */
export interface PublishReport extends PublishResult {
  published: number;
}

export const publishMessage = operation({
  action: 'message.publish',
  role: 'management',
  input: z.strictObject({
    vhost: vhostName,
    exchange: shortString,
    routingKey: shortString,
    properties: messageProperties,
    body: messageBody,
    repeat: z.int().min(1).max(REPEAT_MAX).default(1),
  }),
  async run(desk, actor, { repeat, ...publication }): Promise<PublishReport> {
    let result: PublishResult = { routedTo: [], refusedBy: [], delayed: false };
    for (let i = 0; i < repeat; i++) result = await desk.engine.publish(actor, publication);
    return { ...result, published: repeat };
  },
  outcome: ({ refusedBy }) => (refusedBy.length === 0 ? 'ok' : 'PRECONDITION_FAILED'),
  note: ({ vhost, exchange, routingKey, repeat }, output) => ({
    vhost,
    object: exchange,
    detail: detailOf(
      `${repeat} with key '${routingKey}'`,
      output === undefined ? '' : `reached ${output.routedTo.length} queues`,
      output === undefined || output.refusedBy.length === 0 ? '' : `refused by ${output.refusedBy.length}`,
    ),
  }),
});

const SETTLED = { ack: 'taken', requeue: 'looked at and put back', reject: 'taken and rejected' } as const;

export const fetchMessages = operation({
  action: 'message.get',
  role: 'management',
  input: z.strictObject({
    vhost: vhostName,
    queue: objectName,
    /** The broker says how many are too many. */
    count: z.int().min(0),
    settle: z.enum(['ack', 'requeue', 'reject']),
    /** Of each body. */
    bodyBytesMax: z.int().min(0),
  }),
  run: (desk: RabbitDesk, actor, input) => desk.facts.fetch(actor, input),
  note: ({ vhost, queue, settle }, output) => ({
    vhost,
    object: queue,
    detail: output === undefined ? '' : `${output.length} ${SETTLED[settle]}`,
  }),
});
