import { AmqpError } from '../../amqp/reply-code.ts';
import type { Handlers } from './handler.ts';

export const channelHandlers: Handlers = {
  'channel.open': () => {
    throw new AmqpError('CHANNEL_ERROR', "second 'channel.open' seen");
  },

  'channel.close': (channel) => {
    channel.release();
    channel.connection.channels.forget(channel);
    channel.send('channel.close-ok', {});
    return undefined;
  },

  'channel.flow': (channel, { active }) => {
    if (!active) throw new AmqpError('NOT_IMPLEMENTED', 'active=false');
    channel.send('channel.flow-ok', { active });
    return undefined;
  },

  // Access tickets are gone from the protocol; old clients still ask for one.
  'access.request': (channel) => {
    channel.send('access.request-ok', { ticket: 1 });
    return undefined;
  },
};
