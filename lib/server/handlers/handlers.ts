/** One handler a method that a client may send on a channel. */
import type { Method, MethodArguments, MethodName } from '../../amqp/method.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import type { Channel } from '../channel.ts';
import { basicHandlers } from './basic.ts';
import { channelHandlers } from './channel.ts';
import { exchangeHandlers } from './exchange.ts';
import { queueHandlers } from './queue.ts';
import { txHandlers } from './tx.ts';

/** What a handler returns when its reply must wait: nothing further of the connection is read until it settles. */
export type Later = Promise<void> | undefined;

export type Handlers = {
  [K in MethodName]?: (channel: Channel, args: MethodArguments[K]) => Later;
};

const HANDLERS: Handlers = {
  ...channelHandlers,
  ...exchangeHandlers,
  ...queueHandlers,
  ...basicHandlers,
  ...txHandlers,
};

/** Runs the handler of a method; COMMAND_INVALID when clients may not send it. */
export function handleMethod(channel: Channel, method: Method): Later {
  const handler = HANDLERS[method.name] as ((channel: Channel, args: unknown) => Later) | undefined;
  if (!handler) throw new AmqpError('COMMAND_INVALID', 'unimplemented method');
  return handler(channel, method.arguments);
}

/** Sends a reply now, or after what it reports is stored. */
export function replyAfter(stored: Promise<void> | undefined, reply: () => void): Later {
  if (stored === undefined) {
    reply();
    return undefined;
  }
  return stored.then(reply);
}
