/** The table of what clients may send on a channel. */
import type { Method } from '../../amqp/method.ts';
import { AmqpError } from '../../amqp/reply-code.ts';
import type { Channel } from '../channel.ts';
import { basicHandlers } from './basic.ts';
import { channelHandlers } from './channel.ts';
import { exchangeHandlers } from './exchange.ts';
import type { Handlers, Later } from './handler.ts';
import { queueHandlers } from './queue.ts';
import { txHandlers } from './tx.ts';

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
