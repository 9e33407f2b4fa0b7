import * as z from 'zod';
import { EngineError } from '../engine/errors.ts';
import type { PeekedMessage, PeekPage } from '../engine/messages.ts';
import type { RouteAnswer } from '../engine/routing.ts';
import { messageProperties, objectName, shortString, vhostName } from '../operations/fields.ts';
import { filterFrom, filterInput } from '../operations/message-filter.ts';
import { publishMessage } from '../operations/messages.ts';
import { listMessages, readMessage } from '../operations/reads.ts';
import { queryInteger } from './fields.ts';
import { acting, type Routes, route } from './route.ts';

/** A body beyond this is shown by its beginning. */
export const SHOWN_BODY_BYTES_MAX = 1024 * 1024;

export const messageRoutes = {
  'GET /messages': route({
    input: z.object({
      vhost: vhostName,
      queue: objectName,
      from: z.string().optional(),
      limit: queryInteger(1, 500, 50),
      bodyBytesMax: queryInteger(0, 4096, 256),
      ...filterInput,
    }),
    run(desk, actor, input): Promise<PeekPage> {
      const { filter, rest } = filterFrom(input);
      const { from, ...request } = rest;
      return desk.engine.peek(actor, {
        ...request,
        ...(from === undefined ? {} : { from }),
        ...(filter === undefined ? {} : { filter }),
      });
    },
    read: listMessages,
  }),
  'GET /message': route({
    input: z.object({ vhost: vhostName, queue: objectName, position: z.string().min(1) }),
    async run(desk, actor, { vhost, queue, position }): Promise<PeekedMessage> {
      const request = { vhost, queue, from: position, limit: 1, bodyBytesMax: SHOWN_BODY_BYTES_MAX };
      const message = (await desk.engine.peek(actor, request)).messages[0];
      if (message?.position === position) return message;
      throw new EngineError(
        'NOT_FOUND',
        `the message is no longer ready in queue '${queue}': it was delivered, moved, or has expired`,
      );
    },
    read: readMessage,
  }),
  'POST /publish': acting(publishMessage),
  // A question, but headers do not fit a query: it changes nothing.
  'POST /route': route({
    input: z.strictObject({
      vhost: vhostName,
      exchange: shortString,
      routingKey: shortString,
      properties: messageProperties.default({}),
    }),
    run: (desk, actor, question): Promise<RouteAnswer> => desk.engine.route(actor, question),
  }),
} satisfies Routes;
