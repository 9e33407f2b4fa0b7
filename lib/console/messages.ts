import * as z from 'zod';
import { EngineError } from '../engine/errors.ts';
import type { PeekedMessage, PeekPage, PublishResult } from '../engine/messages.ts';
import type { RouteAnswer } from '../engine/routing.ts';
import { messageBody, messageProperties, objectName, queryInteger, shortString, vhostName } from './fields.ts';
import { filterFrom, filterInput } from './message-filter.ts';
import { type Route, route } from './route.ts';

/** A body beyond this is shown by its beginning. */
export const SHOWN_BODY_BYTES_MAX = 1024 * 1024;
const REPEAT_MAX = 100;

/** What became of a publication that was repeated; the lists are those of the last one. */
export interface PublishReport extends PublishResult {
  published: number;
}

export const messageRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/messages',
    input: z.object({
      vhost: vhostName,
      queue: objectName,
      from: z.string().optional(),
      limit: queryInteger(1, 500, 50),
      bodyBytesMax: queryInteger(0, 4096, 256),
      ...filterInput,
    }),
    allow: 'console',
    run(desk, actor, input): Promise<PeekPage> {
      const { filter, rest } = filterFrom(input);
      const { from, ...request } = rest;
      return desk.engine.peek(actor, {
        ...request,
        ...(from === undefined ? {} : { from }),
        ...(filter === undefined ? {} : { filter }),
      });
    },
    reads: ({ vhost, queue }) => ({ action: 'message.list', vhost, object: queue }),
  }),
  route({
    method: 'GET',
    path: '/message',
    input: z.object({ vhost: vhostName, queue: objectName, position: z.string().min(1) }),
    allow: 'console',
    async run(desk, actor, { vhost, queue, position }): Promise<PeekedMessage> {
      const request = { vhost, queue, from: position, limit: 1, bodyBytesMax: SHOWN_BODY_BYTES_MAX };
      const message = (await desk.engine.peek(actor, request)).messages[0];
      if (message?.position === position) return message;
      throw new EngineError(
        'NOT_FOUND',
        `the message is no longer ready in queue '${queue}': it was delivered, moved, or has expired`,
      );
    },
    reads: ({ vhost, queue, position }) => ({
      action: 'message.read',
      vhost,
      object: queue,
      detail: `at position ${position}`,
    }),
  }),
  route({
    method: 'POST',
    path: '/publish',
    input: z.strictObject({
      vhost: vhostName,
      exchange: shortString,
      routingKey: shortString,
      properties: messageProperties,
      body: messageBody,
      repeat: z.int().min(1).max(REPEAT_MAX).default(1),
    }),
    allow: 'console',
    async run(desk, actor, { repeat, ...publication }): Promise<PublishReport> {
      let result: PublishResult = { routedTo: [], refusedBy: [], delayed: false };
      for (let i = 0; i < repeat; i++) result = await desk.engine.publish(actor, publication);
      return { ...result, published: repeat };
    },
    audit: ({ vhost, exchange, routingKey, repeat }, output) => ({
      action: 'message.publish',
      vhost,
      object: exchange,
      detail: `${repeat} with key '${routingKey}'${output === undefined ? '' : `, reached ${output.routedTo.length} queues`}`,
    }),
  }),
  route({
    // A question, but headers do not fit a query: it changes nothing and is not audited.
    method: 'POST',
    path: '/route',
    input: z.strictObject({
      vhost: vhostName,
      exchange: shortString,
      routingKey: shortString,
      properties: messageProperties.default({}),
    }),
    allow: 'console',
    run: (desk, actor, question): Promise<RouteAnswer> => desk.engine.route(actor, question),
  }),
];
