import { AmqpError } from '../../amqp/reply-code.ts';
import { isReplyName, REPLY_TO } from '../../broker/queues/reply-queue.ts';
import { resourceText } from '../../broker/resource.ts';
import type { Channel } from '../channel.ts';
import { type Handlers, replyAfter } from './handler.ts';

/** An empty name stands for the queue that was last declared on the channel. */
export function queueName(channel: Channel, name: string): string {
  if (name !== '') return name;
  if (channel.lastDeclaredQueue !== null) return channel.lastDeclaredQueue;
  throw new AmqpError('NOT_FOUND', 'no previously declared queue');
}

/** With neither queue nor key given, the key is the queue's name as well. */
function bindingOf(channel: Channel, args: { queue: string; exchange: string; routingKey: string }) {
  const destination = queueName(channel, args.queue);
  const routingKey = args.queue === '' && args.routingKey === '' ? destination : args.routingKey;
  return { source: args.exchange, destinationType: 'queue' as const, destination, routingKey };
}

/** Declaring the place of somebody's answers tells whether they still wait for them. */
function declareReplyQueue(channel: Channel, queue: string, nowait: boolean): undefined {
  const { vhost } = channel.connection.session;
  if (queue !== REPLY_TO && !vhost.replyQueues.has(queue)) {
    throw new AmqpError('NOT_FOUND', `no ${resourceText('queue', queue, vhost.name)}`);
  }
  if (!nowait) channel.send('queue.declare-ok', { queue, messageCount: 0, consumerCount: 1 });
}

export const queueHandlers: Handlers = {
  'queue.declare': (channel, args) => {
    const { broker, session } = channel.connection;
    if (isReplyName(args.queue)) return declareReplyQueue(channel, args.queue, args.nowait);
    const name = args.queue === '' && args.passive ? queueName(channel, '') : args.queue;
    const { queue, stored } = broker.topology.declareQueue(session, { ...args, name });
    channel.lastDeclaredQueue = queue.name;
    return replyAfter(stored, () => {
      if (args.nowait) return;
      const { readyCount: messageCount } = queue;
      channel.send('queue.declare-ok', { queue: queue.name, messageCount, consumerCount: queue.consumers.all.length });
    });
  },

  'queue.bind': (channel, args) => {
    const { broker, session } = channel.connection;
    const bind = { ...bindingOf(channel, args), arguments: args.arguments };
    return replyAfter(broker.topology.bind(session, bind), () => {
      if (!args.nowait) channel.send('queue.bind-ok', {});
    });
  },

  'queue.unbind': (channel, args) => {
    const { broker, session } = channel.connection;
    const bind = { ...bindingOf(channel, args), arguments: args.arguments };
    return replyAfter(broker.topology.unbind(session, bind), () => channel.send('queue.unbind-ok', {}));
  },

  'queue.purge': (channel, args) => {
    const { broker, session } = channel.connection;
    const messageCount = broker.topology.purgeQueue(session, queueName(channel, args.queue));
    if (!args.nowait) channel.send('queue.purge-ok', { messageCount });
    return undefined;
  },

  'queue.delete': (channel, args) => {
    const { broker, session } = channel.connection;
    const onlyIf = { unused: args.ifUnused, empty: args.ifEmpty };
    const name = queueName(channel, args.queue);
    const { count: messageCount, stored } = channel.deferringCancels(() =>
      broker.topology.deleteQueue(session, name, onlyIf),
    );
    return replyAfter(stored, () => {
      if (!args.nowait) channel.send('queue.delete-ok', { messageCount });
      channel.sendCancels();
    });
  },
};
