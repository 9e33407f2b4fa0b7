import type { MethodArguments, MethodName } from '../../amqp/method.ts';
import type { Channel } from '../channel.ts';

/** What a handler returns when its reply must wait: nothing further of the connection is read until it settles. */
export type Later = Promise<void> | undefined;

/** One function a method that a client may send on a channel. */
export type Handlers = {
  [K in MethodName]?: (channel: Channel, args: MethodArguments[K]) => Later;
};

/** Sends a reply now, or after what it reports is stored. */
export function replyAfter(stored: Promise<void> | undefined, reply: () => void): Later {
  if (stored === undefined) {
    reply();
    return undefined;
  }
  return stored.then(reply);
}
